#include "gateway/pipeline/owed.h"

#include <gtest/gtest.h>

using namespace stafett;
using namespace stafett::pipeline;

namespace {

Word aWord() {
    return {.about = MessageId::make(),
            .case_id = CaseId::make(),
            .to = PartyId{"2120000142"},
            .party = PartyId{"2021005521"},
            .code = "left_out",
            .problem = Code::MapLossSensitive,
            .words = "Så säger \"regeln\"",
            .called = Word::Called::ByUs};
}

Snapshot withParty(std::vector<std::string> notices) {
    Snapshot snapshot;
    config::Party party;
    party.id = PartyId{"2120000142"};
    party.notices = std::move(notices);
    snapshot.config.parties.emplace(party.id, party);
    return snapshot;
}

}  // namespace

TEST(Owed, IsReadAsItWasKept) {
    const Word word = aWord();
    const auto kept = owed({word}, withParty({"left_out"}));
    ASSERT_EQ(kept.size(), 1U);
    const auto read = readOwed(kept[0]);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->about, word.about);
    EXPECT_EQ(read->case_id, word.case_id);
    EXPECT_EQ(read->to, word.to);
    EXPECT_EQ(read->party, word.party);
    EXPECT_EQ(read->code, word.code);
    EXPECT_EQ(read->problem, word.problem);
    EXPECT_EQ(read->words, word.words);
    EXPECT_EQ(read->called, word.called);
}

TEST(Owed, OnlyToWhoAsksForIt) {
    EXPECT_TRUE(owed({aWord()}, withParty({"held"})).empty());
    Word stranger = aWord();
    stranger.to = PartyId{"5560000019"};
    EXPECT_TRUE(owed({stranger}, withParty({"left_out"})).empty());
}

TEST(Owed, WhatIsNoneOfOursIsNotRead) {
    for (const auto* kept : {"", "[]", "{}", R"({"case":"x","called":0})",
                             R"({"case":"01a20127-ae7e-79ae-9896-2dc071678816","called":9})"}) {
        EXPECT_FALSE(readOwed(kept)) << kept;
    }
}
