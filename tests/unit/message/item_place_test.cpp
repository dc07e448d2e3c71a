#include "gateway/message/item_place.h"

#include <gtest/gtest.h>

namespace stafett::message {
namespace {

TEST(ItemPlace, OfTheMessageIsTheFieldItself) {
    const ItemPlace message;
    EXPECT_EQ(message.path(), "");
    EXPECT_EQ(message.of("person/id"), "person/id");
}

TEST(ItemPlace, TellsEachListOnTheWay) {
    const ItemPlace message;
    const ItemPlace step{&message, "plan/steps", 2};
    const ItemPlace part{&step, "parts", 0};
    EXPECT_EQ(step.path(), "plan/steps[2]");
    EXPECT_EQ(step.of("from"), "plan/steps[2]/from");
    EXPECT_EQ(part.of("period/to"), "plan/steps[2]/parts[0]/period/to");
}

TEST(ItemPlace, OfAPlainItemHasNoFieldInIt) {
    const ItemPlace message;
    EXPECT_EQ((ItemPlace{&message, "legalBasis", 1}.of(".")), "legalBasis[1]");
}

}  // namespace
}  // namespace stafett::message
