// The judge of the kill test must see each thing it is there for: books doctored one at a time.
#include <gmock/gmock.h>

#include "tests/faults/books.h"

namespace stafett::faults {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Two messages of one case, both receipted and delivered, the first sent and delivered twice.
class Judge : public ::testing::Test {
protected:
    Judge() {
        const Promise one{"kommun", "s1", "receipt-1", "m1", "c1", 1, {"fk"}};
        const Promise two{"kommun", "s2", "receipt-2", "m2", "c1", 2, {"fk"}};
        books_.attempted = {"s1", "s1", "s2"};
        books_.promises = {one, one, two};
        books_.came = {{"fk", "m1", "d1"}, {"fk", "m1", "d1"}, {"fk", "m2", "d2"}};
    }
    std::vector<std::string> broken() const { return judge(books_).broken; }
    Books books_;
};

TEST_F(Judge, PassesWhatHoldsAndCountsRepeats) {
    const auto verdict = judge(books_);
    EXPECT_THAT(verdict.broken, IsEmpty());
    EXPECT_EQ(verdict.messages, 2U);
    EXPECT_EQ(verdict.answers, 3U);
    EXPECT_EQ(verdict.arrivals, 2U);
    EXPECT_EQ(verdict.repeats, 1U);
}

TEST_F(Judge, SeesAReceiptedMessageThatNeverCame) {
    books_.came.pop_back();
    EXPECT_THAT(broken(), ElementsAre(HasSubstr("lost: m2")));
}

TEST_F(Judge, SeesAMessageThatCameToOneOfTwoReceivers) {
    books_.promises[2].receivers = {"fk", "region"};
    EXPECT_THAT(broken(), ElementsAre(HasSubstr("never came to region")));
}

// What a gateway that answers before its commit does: after the kill it knows nothing of the
// message, takes the repeat as new, and gives it another id and another place.
TEST_F(Judge, SeesAnAnswerGivenBeforeTheCommit) {
    auto again = books_.promises[0];
    again.message = "m9";
    again.receipt = "receipt-9";
    again.place = 3;
    books_.promises.push_back(again);
    books_.came.push_back({"fk", "m9", "d9"});
    EXPECT_THAT(broken(), ElementsAre(HasSubstr("accepted as new twice")));
}

TEST_F(Judge, SeesAReceiptThatIsNotTheFirstOne) {
    books_.promises[1].receipt = "receipt-1b";
    EXPECT_THAT(broken(), ElementsAre(HasSubstr("two receipts that differ")));
}

TEST_F(Judge, SeesOneIdWithTwoContents) {
    books_.came[1].digest = "d1b";
    EXPECT_THAT(broken(), ElementsAre(HasSubstr("two contents")));
}

TEST_F(Judge, SeesACaseToldOutOfOrder) {
    std::swap(books_.came[0], books_.came[2]);
    EXPECT_THAT(broken(), ElementsAre(HasSubstr("after place 2")));
}

TEST_F(Judge, SeesADeliveryOfWhatWasNeverPromised) {
    books_.came.push_back({"fk", "m7", "d7"});
    EXPECT_THAT(broken(), ElementsAre(HasSubstr("nobody has a receipt")));
}

TEST_F(Judge, SeesTwoMessagesAtOnePlace) {
    books_.promises[2].place = 1;
    EXPECT_THAT(broken(), ElementsAre(HasSubstr("one place")));
}

}  // namespace
}  // namespace stafett::faults
