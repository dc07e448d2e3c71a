// The Swedish calendar against days looked up in almanacs.
#include "gateway/custody/calendar.h"

#include <gtest/gtest.h>

using stafett::custody::Calendar;
using stafett::custody::Eves;
using stafett::custody::monthsAfter;

namespace {

TEST(Calendar, KnowsTheHolidaysThatNeverMove) {
    const Calendar calendar;
    EXPECT_EQ(calendar.holiday("2026-01-01"), "Nyårsdagen");
    EXPECT_EQ(calendar.holiday("2026-01-06"), "Trettondedag jul");
    EXPECT_EQ(calendar.holiday("2026-05-01"), "Första maj");
    EXPECT_EQ(calendar.holiday("2026-06-06"), "Sveriges nationaldag");
    EXPECT_EQ(calendar.holiday("2026-12-25"), "Juldagen");
    EXPECT_EQ(calendar.holiday("2026-12-26"), "Annandag jul");
    EXPECT_EQ(calendar.holiday("2026-12-27"), "");
}

TEST(Calendar, GoesFromYearToYearAndBack) {
    const Calendar calendar;
    EXPECT_EQ(calendar.holiday("2025-06-21"), "Midsommardagen");
    EXPECT_EQ(calendar.holiday("2026-06-20"), "Midsommardagen");
    EXPECT_EQ(calendar.holiday("2025-11-01"), "Alla helgons dag");
    EXPECT_EQ(calendar.holiday("2026-10-31"), "Alla helgons dag");
    EXPECT_FALSE(calendar.isWorkingDay("2025-06-20"));
    EXPECT_TRUE(calendar.isWorkingDay("2024-06-20"));
}

TEST(Calendar, WritesNoDayThatFourDigitsCannotSay) {
    EXPECT_EQ(Calendar().workingDaysFrom("9999-12-30", 10), "9999-12-31");
    EXPECT_EQ(monthsAfter("9999-12-01", 1), "9999-12-31");
}

TEST(Calendar, FollowsEaster) {
    const Calendar calendar;
    struct Year {
        const char *good_friday, *monday, *ascension, *pentecost;
    };
    // The earliest and the latest Easter of our time stand among them (2008, 2038).
    for (const Year& y : {Year{"2008-03-21", "2008-03-24", "2008-05-01", "2008-05-11"},
                          Year{"2018-03-30", "2018-04-02", "2018-05-10", "2018-05-20"},
                          Year{"2024-03-29", "2024-04-01", "2024-05-09", "2024-05-19"},
                          Year{"2025-04-18", "2025-04-21", "2025-05-29", "2025-06-08"},
                          Year{"2026-04-03", "2026-04-06", "2026-05-14", "2026-05-24"},
                          Year{"2027-03-26", "2027-03-29", "2027-05-06", "2027-05-16"},
                          Year{"2038-04-23", "2038-04-26", "2038-06-03", "2038-06-13"}}) {
        EXPECT_EQ(calendar.holiday(y.good_friday), "Långfredagen") << y.good_friday;
        EXPECT_EQ(calendar.holiday(y.monday), "Annandag påsk") << y.monday;
        EXPECT_FALSE(calendar.isWorkingDay(y.ascension)) << y.ascension;
        EXPECT_EQ(calendar.holiday(y.pentecost), "Pingstdagen") << y.pentecost;
    }
}

TEST(Calendar, FollowsMidsummerAndAllSaints) {
    const Calendar calendar;
    for (const char* day : {"2020-06-20", "2024-06-22", "2026-06-20", "2027-06-26"}) {
        EXPECT_EQ(calendar.holiday(day), "Midsommardagen") << day;
    }
    for (const char* day : {"2020-10-31", "2024-11-02", "2026-10-31", "2027-11-06"}) {
        EXPECT_EQ(calendar.holiday(day), "Alla helgons dag") << day;
    }
}

TEST(Calendar, R34_TheNationalDayTookThePlaceOfPentecostMonday) {
    const Calendar calendar;
    EXPECT_FALSE(calendar.isWorkingDay("2004-05-31"));  // Annandag pingst
    EXPECT_TRUE(calendar.isWorkingDay("2003-06-06"));
    EXPECT_TRUE(calendar.isWorkingDay("2005-05-16"));
    EXPECT_FALSE(calendar.isWorkingDay("2005-06-06"));
}

TEST(Calendar, KeepsTheEvesThatAreSet) {
    const Calendar closed;
    const Calendar open(Eves{.christmas = false, .new_years = false, .midsummer = false});
    for (const char* eve : {"2026-12-24", "2026-12-31", "2026-06-19"}) {
        EXPECT_FALSE(closed.isWorkingDay(eve)) << eve;
        EXPECT_TRUE(open.isWorkingDay(eve)) << eve;
        EXPECT_EQ(closed.holiday(eve), "") << eve << " is no holiday by law";
    }
}

TEST(Calendar, CountsWorkingDaysOverHolidays) {
    const Calendar calendar;
    EXPECT_EQ(calendar.workingDaysFrom("2026-04-02", 1), "2026-04-07");   // Easter
    EXPECT_EQ(calendar.workingDaysFrom("2026-12-23", 1), "2026-12-28");   // Christmas
    EXPECT_EQ(calendar.workingDaysFrom("2026-12-23", 4), "2027-01-04");   // and New Year
    EXPECT_EQ(calendar.workingDaysFrom("2026-01-07", -1), "2026-01-05");  // Epiphany
    EXPECT_EQ(calendar.workingDaysFrom("2026-06-18", 1), "2026-06-22");   // Midsummer
    EXPECT_EQ(calendar.workingDaysFrom("2026-11-21", 0), "2026-11-23");   // a Saturday
    EXPECT_EQ(calendar.workingDaysFrom("2026-11-23", 0), "2026-11-23");
}

TEST(Calendar, CountsBothWaysAlike) {
    const Calendar calendar;
    EXPECT_EQ(calendar.workingDaysBetween("2026-04-02", "2026-04-07"), 1);
    EXPECT_EQ(calendar.workingDaysBetween("2026-04-07", "2026-04-02"), -1);
    EXPECT_EQ(calendar.workingDaysBetween("2026-11-23", "2026-11-23"), 0);
    for (int days = 1; days < 300; ++days) {
        const auto there = calendar.workingDaysFrom("2026-03-02", days);
        EXPECT_EQ(calendar.workingDaysBetween("2026-03-02", there), days);
        EXPECT_TRUE(calendar.isWorkingDay(there));
        EXPECT_EQ(calendar.workingDaysFrom(there, -days), "2026-03-02");
    }
}

TEST(Calendar, AMonthWithoutThatDayEndsEarlier) {
    EXPECT_EQ(monthsAfter("2026-01-31", 1), "2026-02-28");
    EXPECT_EQ(monthsAfter("2023-11-30", 3), "2024-02-29");
    EXPECT_EQ(monthsAfter("2026-05-15", 12), "2027-05-15");
}

}  // namespace
