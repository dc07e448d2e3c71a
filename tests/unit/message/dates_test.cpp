#include "gateway/message/dates.h"

#include <gtest/gtest.h>

using namespace stafett;
using namespace stafett::message;

namespace {

std::string utc(const Result<std::string>& result) {
    return result ? *result : std::string(result.error().info().id);
}
std::string utc(const Result<LocalTime>& result) {
    return result ? result->utc + (result->ambiguous ? "?" : "")
                  : std::string(result.error().info().id);
}

}  // namespace

TEST(Dates, AreRealAndOfOneForm) {
    for (const char* date :
         {"2026-01-01", "2000-02-29", "2024-02-29", "0001-01-01", "9999-12-31"}) {
        EXPECT_TRUE(isDate(date)) << date;
    }
    for (const char* date : {"", "2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10",
                             "2026-01-32", "2026-1-1", "20260101", "2026-01-01T", "2026-01-01 ",
                             "2026/01/01", "3 Sept. 2019", "2016-11-18+01:00", "２026-01-1"}) {
        EXPECT_FALSE(isDate(date)) << date;
    }
}

TEST(StockholmTime, ChangesDayAndOffsetWhereTheClockDoes) {
    EXPECT_EQ(stockholmDate(*parseTime("2026-01-01T22:59:59Z")), "2026-01-01");
    EXPECT_EQ(stockholmDate(*parseTime("2026-01-01T23:00:00Z")), "2026-01-02");
    EXPECT_EQ(stockholmDate(*parseTime("2026-06-30T22:00:00Z")), "2026-07-01");
    EXPECT_EQ(utc(fromStockholm("2026-01-15T12:00:00")), "2026-01-15T11:00:00Z");
    EXPECT_EQ(utc(fromStockholm("2026-07-15T12:00:00.999")), "2026-07-15T10:00:00Z");
    EXPECT_EQ(utc(fromStockholm("2027-01-01T00:30:00")), "2026-12-31T23:30:00Z");
    EXPECT_EQ(toStockholm("2026-01-15T11:00:00Z"), "2026-01-15T12:00:00");
    EXPECT_EQ(toStockholm("2026-07-15T10:00:00Z"), "2026-07-15T12:00:00");
}

TEST(StockholmTime, TheHourThatComesTwiceIsTheFirstAndTheMissingOneIsAnError) {
    EXPECT_EQ(utc(fromStockholm("2026-10-25T01:59:59")), "2026-10-24T23:59:59Z");
    EXPECT_EQ(utc(fromStockholm("2026-10-25T02:30:00")), "2026-10-25T00:30:00Z?");
    EXPECT_EQ(utc(fromStockholm("2026-10-25T03:00:00")), "2026-10-25T02:00:00Z");
    EXPECT_EQ(utc(fromStockholm("2026-03-29T01:59:59")), "2026-03-29T00:59:59Z");
    EXPECT_EQ(utc(fromStockholm("2026-03-29T02:00:00")), "ST-MAP-005");
    EXPECT_EQ(utc(fromStockholm("2026-03-29T02:59:59")), "ST-MAP-005");
    EXPECT_EQ(utc(fromStockholm("2026-03-29T03:00:00")), "2026-03-29T01:00:00Z");
}

TEST(StockholmTime, RefusesWhatIsNoTime) {
    for (const char* time : {"", "2026-01-15", "2026-01-15T12:00", "2026-01-15T24:00:00",
                             "2026-01-15T12:60:00", "2026-01-15T12:00:60", "2026-01-15T12:00:00Z",
                             "2026-01-15T12:00:00.", "2026-01-15 12:00:00", "2026-02-30T12:00:00",
                             "2026-01-15T12:00:00.1x", "2026-01-15t12:00:00"}) {
        EXPECT_EQ(utc(fromStockholm(time)), "ST-MAP-005") << time;
    }
}

TEST(OffsetTime, BecomesUtcInWholeSeconds) {
    EXPECT_EQ(utc(fromOffset("2026-01-15T12:00:00Z")), "2026-01-15T12:00:00Z");
    EXPECT_EQ(utc(fromOffset("2026-01-15T12:00:00.999+01:00")), "2026-01-15T11:00:00Z");
    EXPECT_EQ(utc(fromOffset("2026-01-01T00:30:00+02:00")), "2025-12-31T22:30:00Z");
    EXPECT_EQ(utc(fromOffset("2026-01-01T00:30:00-05:30")), "2026-01-01T06:00:00Z");
    EXPECT_EQ(utc(fromOffset("2026-01-01t00:30:00z")), "2026-01-01T00:30:00Z");
    for (const char* time :
         {"", "2026-01-15T12:00:00", "2026-01-15T12:00:00+1", "2026-01-15T12:00:00+01:0",
          "2026-01-15T12:00:00Zx", "2026-01-15T12:00:00+24:00", "2026-01-15T12:00:00+01:60",
          "2026-01-15T12:00:00.Z", "2026-01-15T12:00:00+0100", "0000-01-01T00:00:00+01:00",
          "9999-12-31T23:59:59-01:00"}) {
        EXPECT_EQ(utc(fromOffset(time)), "ST-MAP-005") << time;
    }
}

TEST(UtcTime, IsOfOneForm) {
    EXPECT_EQ(timeText(*parseTime("2026-01-15T12:34:56Z")), "2026-01-15T12:34:56Z");
    for (const char* time :
         {"", "2026-01-15T12:00:00", "2026-01-15T12:00:00z", "2026-01-15t12:00:00Z",
          "2026-01-15T12:00:00.0Z", "2026-01-15T25:00:00Z", "2026-02-30T12:00:00Z"}) {
        EXPECT_FALSE(parseTime(time)) << time;
    }
}
