// Pieces of contents: there with their message, gone without it.
#include <gmock/gmock.h>

#include <future>

#include "made.h"

using namespace stafett;
using namespace stafett::store;
using Is = Kept::Outcome;

namespace {

Status written(MessageStore& store, const MessageId& id, std::vector<NewPiece> pieces) {
    std::promise<Status> done;
    auto end = done.get_future();
    store.keepPieces(id, std::move(pieces), [&](const Status& status) { done.set_value(status); });
    return end.get();
}

std::string pieceOf(MessageStore& store, const MessageId& id, std::uint32_t content,
                    std::uint32_t piece) {
    const auto found = store.piece(id, content, piece);
    EXPECT_TRUE(found);
    return *found ? **found : "none";
}

class KeepingContents : public ::testing::Test {
protected:
    Folder folder;
    std::unique_ptr<MessageStore> store = openAt(folder.file());
};

}  // namespace

TEST_F(KeepingContents, SmallOnesGoWithTheirMessage) {
    Keep keep = newKeep();
    keep.pieces = {{0, 0, "a"}, {0, 1, "b"}, {1, 0, "c"}};
    ASSERT_EQ(outcomeOf(*store, keep), Is::Stored);
    EXPECT_EQ(pieceOf(*store, keep.id, 0, 1), "b");
    EXPECT_EQ(pieceOf(*store, keep.id, 1, 0), "c");
    EXPECT_EQ(pieceOf(*store, keep.id, 1, 1), "none");
    EXPECT_EQ(pieceOf(*store, MessageId::make(), 0, 0), "none");
}

TEST_F(KeepingContents, LargeOnesAreThereBeforeItAndStayOnceItIsKept) {
    Keep keep = newKeep();
    ASSERT_TRUE(written(*store, keep.id, {{0, 0, "a"}}));
    ASSERT_TRUE(written(*store, keep.id, {{0, 1, "b"}}));
    keep.pieces_before = true;
    ASSERT_EQ(outcomeOf(*store, keep), Is::Stored);
    store->dropPieces(keep.id);
    store = {};
    store = openAt(folder.file());
    EXPECT_EQ(pieceOf(*store, keep.id, 0, 0), "a") << "kept: neither dropped nor swept";
    EXPECT_EQ(pieceOf(*store, keep.id, 0, 1), "b");
}

TEST_F(KeepingContents, WhatIsNotKeptIsDropped) {
    const auto id = MessageId::make();
    ASSERT_TRUE(written(*store, id, {{0, 0, "a"}}));
    store->dropPieces(id);
    ASSERT_TRUE(written(*store, MessageId::make(), {}));  // behind it in the queue
    EXPECT_EQ(pieceOf(*store, id, 0, 0), "none");
}

TEST_F(KeepingContents, WhatAKilledProcessLeftIsGoneWhenTheStoreIsOpened) {
    const auto id = MessageId::make();
    ASSERT_TRUE(written(*store, id, {{0, 0, "a"}}));
    EXPECT_EQ(*store->sweepPieces(), 0U) << "it may still be under way";
    EXPECT_EQ(pieceOf(*store, id, 0, 0), "a");
    store = {};
    store = openAt(folder.file());
    EXPECT_EQ(pieceOf(*store, id, 0, 0), "none");
}

TEST_F(KeepingContents, AMessageWhosePiecesAreGoneIsNotKept) {
    Keep keep = newKeep();
    keep.pieces_before = true;
    EXPECT_FALSE(keepIn(*store, keep)) << "its sender keeps it, and sends it again";
    EXPECT_FALSE(store->findRepeat(kSystem, keep.repeat_digest)->has_value());
}

TEST_F(KeepingContents, AnAttachmentIsFoundWithThoseWhoMayFetchIt) {
    Keep keep = newKeep();
    ASSERT_FALSE(keep.deliveries.empty());
    const auto delivery = keep.deliveries.front();
    NewAttachment fetched{store::AttachmentId::make(), 1, "application/pdf", 5, {delivery.id}};
    NewAttachment inside{store::AttachmentId::make(), 0, "image/png", 6, {}};
    keep.attachments = {fetched, inside};
    ASSERT_EQ(outcomeOf(*store, keep), Is::Stored);

    const auto found = store->attachment(fetched.id);
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((*found)->message, keep.id);
    EXPECT_EQ((*found)->kind, keep.kind);
    EXPECT_EQ((*found)->content, 1U);
    EXPECT_EQ((*found)->media_type, "application/pdf");
    EXPECT_EQ((*found)->size, 5U);
    EXPECT_EQ((*found)->data_key, keep.data_key);
    ASSERT_EQ((*found)->deliveries.size(), 1U);
    EXPECT_EQ((*found)->deliveries[0].receiver, delivery.receiver);
    EXPECT_EQ((*found)->deliveries[0].state, DeliveryState::Waiting);
    EXPECT_TRUE((*store->attachment(inside.id))->deliveries.empty());
    EXPECT_FALSE(store->attachment(AttachmentId::make())->has_value());
}
