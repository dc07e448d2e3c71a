// Reports over a real store: the numbers, and that no two of them tell on anybody.
#include "gateway/report/reports.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <map>

#include "world.h"

using namespace stafett;
using namespace stafett::report;
using stafett::report::testing::kAf;
using stafett::report::testing::kFk;
using stafett::report::testing::kKommun;
using stafett::report::testing::kNorth;
using stafett::report::testing::kRegion;
using stafett::report::testing::kSouth;
using stafett::report::testing::Participant;
using stafett::report::testing::World;

namespace {

const std::array<std::string, 12> kOutcomes = {"arbete",          "studier",
                                               "overgang_af",     "kommunens_ordinarie_insatser",
                                               "arbetstraning",   "fortsatt_rehabilitering",
                                               "overgang_fk",     "overgang_region",
                                               "ratt_ersattning", "avbrutet",
                                               "felregistrering", "annat"};

std::uint64_t cellOf(const Table& table, const Row& row, const std::string& column) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (table.columns[i] == column) return row.cells[i].n;
    }
    return 0;
}

const Row* rowOf(const Table& table, const std::string& value) {
    for (const auto& row : table.rows) {
        if (row.value == value) return &row;
    }
    return nullptr;
}

/// 3,000 participants so even that no cell of a month is small: what is counted is then exact.
struct Even {
    std::map<std::string, std::uint64_t> outcomes, sources, associations, places;
    std::uint64_t persons = 0, over_3_years = 0, days = 0;
};

Even addEven(World& world) {
    Even count;
    const std::array<PartyId, 4> sources = {kAf, kFk, kKommun, kRegion};
    const std::array<std::string, 3> places = {"1280", "1380", "0180"};
    const std::array<std::string, 4> support = {"6", "24", "40", ""};
    int person = 0;
    for (int i = 0; i < 3000; ++i) {
        const int j = i / 12;
        Participant p;
        p.month = i % 12 + 1;
        p.project = j % 2 == 0 ? kNorth : kSouth;
        p.source = sources[std::size_t(j / 2 % 4)];
        p.municipality = places[std::size_t(j / 8 % 3)];
        p.support_months = support[std::size_t(j / 4 % 4)];
        p.outcome = kOutcomes[std::size_t(j % 12)];
        p.days = i % 9;
        const bool again = j >= 125;  // the second half of each month's are persons seen before
        p.person = again ? (j - 125) * 12 + i % 12 : (person = j * 12 + i % 12);
        world.add(p);
        if (!again) ++count.persons;
        ++count.outcomes[p.outcome];
        ++count.sources[world.config().party(p.source)->type == "agency"
                            ? world.config().party(p.source)->dialect.value
                            : world.config().party(p.source)->type];
        ++count.associations[j % 2 == 0 ? "Norra" : "Södra"];
        ++count.places[p.municipality];
        if (p.support_months == "40") ++count.over_3_years;
        count.days += std::uint64_t(p.days);
    }
    return count;
}

TEST(Reports, R22_ThreeThousandParticipantsGiveTheNumbersOfAnIndependentCount) {
    World world;
    const Even count = addEven(world);
    const Request year{"deltagare", "2026-01", "2026-12", "sf"};
    world.settle();
    const auto start = std::chrono::steady_clock::now();
    const Table participants = world.table(year);
    RecordProperty("milliseconds",
                   static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                        std::chrono::steady_clock::now() - start)
                                        .count()));
    EXPECT_EQ(participants.total.sum.n, 3000U) << "participations";
    EXPECT_EQ(cellOf(participants, participants.total, "first"), count.persons) << "persons";
    for (const auto& [association, n] : count.associations) {
        ASSERT_NE(rowOf(participants, association), nullptr);
        EXPECT_EQ(rowOf(participants, association)->sum.n, n) << association;
    }
    const Table sources = world.table({"deltagare", "2026-01", "2026-12", "source"});
    for (const auto& [source, n] : count.sources) {
        ASSERT_NE(rowOf(sources, source), nullptr) << source;
        EXPECT_EQ(rowOf(sources, source)->sum.n, n) << "R18 " << source;
    }
    const Table places = world.table({"mal", "2026-01", "2026-12", "municipality"});
    for (const auto& [place, n] : count.places) {
        ASSERT_NE(rowOf(places, place), nullptr) << place;
        EXPECT_EQ(rowOf(places, place)->sum.n, n) << place;
    }
    const Table outcomes = world.table({"utfall", "2026-01", "2026-12", ""});
    for (const auto& [outcome, n] : count.outcomes) {
        EXPECT_EQ(cellOf(outcomes, outcomes.total, outcome), n) << outcome;
    }
    EXPECT_EQ(cellOf(places, places.total, "work_or_studies"),
              count.outcomes.at("arbete") + count.outcomes.at("studier"));
    const Table support = world.table({"forsorjning", "2026-01", "2026-12", ""});
    EXPECT_EQ(cellOf(support, support.total, "over_3"), count.over_3_years) << "R23";
    const Table takeovers = world.table({"overtagande", "2026-01", "2026-12", ""});
    EXPECT_EQ(takeovers.total.sum.n, 3000U);
    EXPECT_EQ(std::uint64_t(takeovers.total.sum.days), count.days);
}

/// What is sparse and uneven, as small municipalities are.
void addSparse(World& world) {
    std::mt19937 chance(2026);
    const auto upTo = [&](unsigned n) { return chance() % n; };
    for (int i = 0; i < 420; ++i) {
        Participant p;
        p.month = int(upTo(7)) + 1;
        p.project = upTo(4) == 0 ? kSouth : kNorth;
        p.source = std::array<PartyId, 4>{kAf, kFk, kKommun, kRegion}[upTo(4) * upTo(4) / 3];
        p.municipality = std::to_string(1260 + upTo(9) * upTo(9) / 8);
        p.support_months = std::array<std::string, 3>{"", "12", "60"}[upTo(3)];
        p.outcome = upTo(3) == 0 ? "" : kOutcomes[upTo(12) * upTo(12) / 12];
        p.person = int(upTo(380));
        world.add(p);
    }
    for (int i = 0; i < 130; ++i) {
        world.addDeviation(int(upTo(7)) + 1,
                           std::array<std::string, 3>{"regelverk", "organisation",
                                                      "bemotande"}[upTo(3) * upTo(3) / 2],
                           upTo(3) == 0 ? "forsakring" : "tio_timmar",
                           std::to_string(1260 + upTo(4)));
    }
}

/// Every number a report shows, under a name that says what it counts.
using Numbers = std::map<std::string, std::uint64_t>;
Numbers numbersOf(const Table& table) {
    Numbers numbers;
    const std::string what(name(table.definition->population));
    const auto put = [&](const Row& row, const std::string& by) {
        numbers[what + "|" + by + "|"] = row.sum.n;
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            numbers[what + "|" + by + "|" + std::string(table.definition->column) + "=" +
                    table.columns[i]] = row.cells[i].n;
        }
    };
    put(table.total, "");
    for (const auto& row : table.rows) put(row, table.request.by + "=" + row.value);
    return numbers;
}

bool tells(std::uint64_t a, std::uint64_t b) {
    const auto difference = a > b ? a - b : b - a;
    return difference >= 1 && difference < kLeast;
}

std::vector<Table> everyReport(World& world, const std::vector<std::string>& months) {
    std::vector<Table> all;
    for (const auto& definition : definitions()) {
        std::vector<std::string> splits = {""};
        splits.insert(splits.end(), definition.by.begin(), definition.by.end());
        for (const auto& by : splits) {
            for (std::size_t from = 0; from < months.size(); ++from) {
                for (std::size_t to = from; to < months.size(); ++to) {
                    all.push_back(
                        world.table({std::string(definition.id), months[from], months[to], by}));
                }
            }
        }
    }
    return all;
}

bool nested(const Request& a, const Request& b) { return a.from >= b.from && a.to <= b.to; }

TEST(Reports, R9_NoTwoReportsDifferByOneToFour) {
    World world;
    addSparse(world);
    const std::vector<std::string> months = {"2026-01", "2026-02", "2026-03", "2026-04",
                                             "2026-05", "2026-06", "2026-07"};
    const auto all = everyReport(world, months);
    std::vector<Numbers> numbers;
    std::uint64_t shown = 0;
    for (const auto& table : all) {
        numbers.push_back(numbersOf(table));
        for (const auto& [what, n] : numbers.back()) {
            ASSERT_FALSE(tells(n, 0)) << what;
            shown += n;
        }
    }
    ASSERT_GT(shown, 0U) << "a report that shows nothing tells nothing";
    std::size_t compared = 0;
    for (std::size_t a = 0; a < all.size(); ++a) {
        for (std::size_t b = 0; b < all.size(); ++b) {
            if (!nested(all[a].request, all[b].request)) continue;
            for (const auto& [what, n] : numbers[a]) {  // the same thing counted over more months
                const auto other = numbers[b].find(what);
                if (other == numbers[b].end()) continue;
                ++compared;
                ASSERT_FALSE(tells(n, other->second))
                    << what << " " << all[a].request.from << ".." << all[a].request.to << " and "
                    << all[b].request.from << ".." << all[b].request.to;
            }
        }
    }
    EXPECT_GT(compared, 10'000U);
}

TEST(Reports, R9_WhatIsHiddenCannotBeWorkedOutFromTheTotal) {
    World world;
    addSparse(world);
    const auto months = std::vector<std::string>{"2026-01", "2026-03", "2026-07"};
    for (const auto& table : everyReport(world, months)) {
        if (table.request.by.empty()) continue;
        for (std::size_t c = 0; c < table.columns.size(); ++c) {
            std::uint64_t rows = 0;
            for (const auto& row : table.rows) rows += row.cells[c].n;
            EXPECT_EQ(rows, table.total.cells[c].n)
                << table.request.report << " by " << table.request.by << ": " << table.columns[c];
        }
    }
}

TEST(Reports, APublishedNumberNeverChanges) {
    World world;
    addSparse(world);
    const Request request{"deltagare", "2026-01", "2026-06", "municipality"};
    const auto before = numbersOf(world.table(request, "2026-08-01"));
    for (int i = 0; i < 20; ++i) world.add(Participant{.month = 3, .person = 1000 + i});
    world.restart();
    EXPECT_EQ(numbersOf(world.table(request, "2026-09-01")), before);
}

TEST(Reports, WhatWaitedOverARestartIsCountedLater) {
    World world;
    for (int i = 0; i < 3; ++i) world.add(Participant{.month = 1, .person = i});
    EXPECT_EQ(world.table({"deltagare", "2026-01", "2026-01", ""}, "2026-02-03").total.sum.n, 0U);
    world.restart();
    for (int i = 3; i < 6; ++i) world.add(Participant{.month = 2, .person = i});
    const auto february = world.table({"deltagare", "2026-02", "2026-02", ""}, "2026-03-03");
    EXPECT_EQ(february.total.sum.n, 6U) << "three of January and three of February";
}

TEST(Reports, R22_PersonsAndParticipationsAreCountedApart) {
    World world;
    for (int i = 0; i < 12; ++i) world.add(Participant{.month = 1, .person = i});
    for (int i = 0; i < 6; ++i) world.add(Participant{.month = 2, .person = i});
    const auto table = world.table({"deltagare", "2026-01", "2026-02", ""});
    EXPECT_EQ(table.total.sum.n, 18U);
    EXPECT_EQ(cellOf(table, table.total, "first"), 12U);
}

TEST(Reports, R18_TheReferralSourceIsReported) {
    World world;
    for (int i = 0; i < 6; ++i) world.add(Participant{.source = kFk, .month = 1, .person = i});
    for (int i = 6; i < 14; ++i) world.add(Participant{.source = kKommun, .month = 1, .person = i});
    const auto table = world.table({"deltagare", "2026-01", "2026-01", "source"});
    ASSERT_NE(rowOf(table, "social_insurance"), nullptr);
    EXPECT_EQ(rowOf(table, "social_insurance")->sum.n, 6U);
    ASSERT_NE(rowOf(table, "municipality"), nullptr);
    EXPECT_EQ(rowOf(table, "municipality")->sum.n, 8U);
}

TEST(Reports, R22_AnOutcomeCountsForTheProjectWhoeverTellsIt) {
    World world;
    for (int i = 0; i < 6; ++i) {
        world.add(Participant{.month = 1, .person = i, .outcome = "arbete", .closer = kAf});
    }
    const auto table = world.table({"mal", "2026-01", "2026-01", "sf"});
    ASSERT_NE(rowOf(table, "Norra"), nullptr);
    EXPECT_EQ(rowOf(table, "Norra")->sum.n, 6U);
}

TEST(Reports, R36_WhetherWorkWasKeptIsReported) {
    World world;
    for (int i = 0; i < 7; ++i) world.addFollowUp(4, 3, true);
    for (int i = 0; i < 5; ++i) world.addFollowUp(4, 3, false);
    const auto table = world.table({"uppfoljning", "2026-04", "2026-04", ""});
    EXPECT_EQ(cellOf(table, table.total, "3_kept"), 7U);
    EXPECT_EQ(cellOf(table, table.total, "3_lost"), 5U);
}

TEST(Reports, R42_ConversationsArePerPairOfFunctions) {
    World world;
    for (int i = 0; i < 8; ++i) world.add(Participant{.source = kFk, .month = 1, .person = i});
    const auto table = world.table({"samtal", "2026-01", "2026-01", "functions"});
    ASSERT_EQ(table.rows.size(), 1U);
    EXPECT_EQ(table.rows.front().value, "2021005521/intag>5560000019/intag");
    EXPECT_EQ(table.rows.front().sum.n, 8U) << "one a case, however many messages";
}

TEST(Reports, R42_AFunctionThatTellsItselfHasTalkedToNobody) {
    World world;
    for (int i = 0; i < 8; ++i) {
        world.add(Participant{.source = kNorth, .project = kNorth, .month = 1, .person = i});
    }
    EXPECT_TRUE(world.table({"samtal", "2026-01", "2026-01", "functions"}).rows.empty());
    EXPECT_EQ(world.table({"deltagare", "2026-01", "2026-01", ""}).total.sum.n, 8U);
}

TEST(Reports, R26_OnlyClosedMonthsAndListedSplits) {
    World world;
    const auto refusal = [&](const Request& request) {
        const auto made = world.reports().make(request, world.config(), "2026-03-15");
        return made ? Code::StoreNotFound : made.error().code();
    };
    EXPECT_EQ(refusal({"deltagare", "2026-01", "2026-03", ""}), Code::ReportPeriod);
    EXPECT_EQ(refusal({"deltagare", "2026-02", "2026-01", ""}), Code::ReportPeriod);
    EXPECT_EQ(refusal({"deltagare", "2026-1", "2026-02", ""}), Code::ReportPeriod);
    EXPECT_EQ(refusal({"deltagare", "2026-01", "2026-02", "person"}), Code::ReportDimension);
    EXPECT_EQ(refusal({"personer", "2026-01", "2026-02", ""}), Code::CliUsage);
    EXPECT_TRUE(world.reports().make({"deltagare", "2026-01", "2026-02", "sf"}, world.config(),
                                     "2026-03-15"));
}

TEST(Reports, WhatWaitsIsWrappedAnewWhenTheSealingKeyIsTurned) {
    World world;
    const auto three_more = [&](int month) {
        for (int i = 0; i < 3; ++i) {
            world.add(Participant{.month = month, .person = 10 * month + i});
        }
    };
    EXPECT_EQ(world.reports().sealedUnder().value(), "");
    three_more(1);
    EXPECT_EQ(world.table({"deltagare", "2026-01", "2026-01", ""}, "2026-02-03").total.sum.n, 0U)
        << "three wait: fewer than five";
    world.turnKey("old");
    EXPECT_EQ(world.reports().sealedUnder().value(), "seal");
    EXPECT_TRUE(world.reports().rewrap().value());
    EXPECT_EQ(world.reports().sealedUnder().value(), "seal-2");
    EXPECT_FALSE(world.reports().rewrap().value());

    world.turnKey("");
    three_more(2);
    EXPECT_EQ(world.table({"deltagare", "2026-01", "2026-02", ""}, "2026-03-03").total.sum.n, 6U);
}

TEST(Reports, WhatWaitsUnderAKeyThatIsGoneIsToldAndStaysAsItIs) {
    World world;
    for (int i = 0; i < 3; ++i) world.add(Participant{.month = 1, .person = i});
    world.table({"deltagare", "2026-01", "2026-01", ""}, "2026-02-03");
    world.turnKey("");
    EXPECT_EQ(world.reports().rewrap().error().code(), Code::StoreDamaged);
    EXPECT_EQ(world.reports().sealedUnder().value(), "seal");
}

TEST(Experience, R24_NumbersAreImportedFromCsv) {
    World world;
    const auto imported = world.reports().importExperience(
        "month;association;question;answers;yes\r\n"
        "2026-05;Norra;Fick stöd som hjälpte;40;28\r\n"
        "2026-05;Norra;Var med i besluten;40;28\n",
        "2026-07-01");
    ASSERT_TRUE(imported);
    EXPECT_EQ(*imported, 2U);
    const auto rows = world.reports().experience("2026-01", "2026-06");
    ASSERT_TRUE(rows);
    ASSERT_EQ(rows->size(), 2U);
    EXPECT_EQ(rows->front().yes, 28U);
}

TEST(Experience, WhatIsWrongIsToldWithItsLineAndNothingIsImported) {
    World world;
    const std::string head = "month;association;question;answers;yes\n";
    const auto refusal = [&](const std::string& csv) {
        const auto imported = world.reports().importExperience(csv, "2026-07-01");
        return imported ? std::string("imported")
                        : imported.error().place().row + " " + imported.error().place().path;
    };
    EXPECT_EQ(refusal("a;b\n"), "line 1 headings");
    EXPECT_EQ(refusal(head + "2026-05;Norra;Stöd;40;28\n2026-07;Norra;Stöd;40;28\n"),
              "line 3 month");
    EXPECT_EQ(refusal(head + "2026-05;Norra;Stöd;4;4\n"), "line 2 answers");
    EXPECT_EQ(refusal(head + "2026-05;Norra;Stöd;40;37\n"), "line 2 yes") << "three said no";
    EXPECT_EQ(refusal(head + "2026-05;Norra;Stöd;40;x\n"), "line 2 yes");
    EXPECT_EQ(refusal(head + "2026-05;Norra;Stöd;40\n"), "line 2 fields");
    EXPECT_TRUE(world.reports().experience("2026-01", "2026-12")->empty());
    EXPECT_EQ(refusal(head + "2026-05;Norra;Stöd;40;28\n"), "imported");
    EXPECT_EQ(refusal(head + "2026-05;Norra;Stöd;40;20\n"), "line 0 a row is there already");
}

}  // namespace
