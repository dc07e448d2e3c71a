// What a message is found by: in memory, in the table, and after a crash between the two.
#include <gmock/gmock.h>

#include <random>

#include "failing_disk.h"
#include "gateway/store/migrations.h"
#include "gateway/store/names.h"
#include "gateway/store/short_hash.h"
#include "made.h"

using namespace stafett;
using namespace stafett::store;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Is = Kept::Outcome;

namespace {

constexpr char kAddMessage[] =
    "INSERT INTO message SELECT ?1, ?2, 1, ?2, 0, 's', 'p', 'f', 'referral', 'd', 'f', ?3, ?3, ?3, "
    "?4, NULL, 'r', x'00', '', '', x'00', x'00', NULL, NULL";
constexpr char kWritten[] = "SELECT count(*) FROM name";
constexpr char kBelow[] = "SELECT below FROM named";
constexpr char kCheck[] = "PRAGMA foreign_key_check";

Digest repeatOf(std::int64_t n) { return sha256("repeat" + std::to_string(n)); }
Digest senderIdOf(std::int64_t n) { return sha256("sender" + std::to_string(n)); }

std::int64_t numberFrom(Connection& connection, const char* sql) {
    Cursor row = connection.query(sql);
    EXPECT_TRUE(*row.next());
    return row.integer(0);
}

class Naming : public ::testing::Test {
protected:
    Naming() {
        auto opened = Connection::open(folder.file(), Connection::Access::Write);
        EXPECT_TRUE(opened && migrate(*opened, migrations()));
        connection.emplace(std::move(*opened));
        start();
    }

    /// One transaction with `count` messages more.
    NameChanges add(int count) {
        NameChanges changes;
        EXPECT_TRUE(connection->run("BEGIN IMMEDIATE"));
        for (int i = 0; i < count; ++i) {
            ++last;
            EXPECT_TRUE(connection->run(kAddMessage, last, MessageId::make(), repeatOf(last),
                                        senderIdOf(last)));
            changes.added.push_back({shortHash(repeatOf(last)), last});
            changes.added.push_back({shortHash(senderIdOf(last)), last});
        }
        EXPECT_TRUE(names->write(*connection, changes));
        return changes;
    }
    void keep(int count) {
        const auto changes = add(count);
        EXPECT_TRUE(connection->run("COMMIT"));
        names->committed(changes);
    }
    void start() {
        EXPECT_TRUE(sieve.emplace().start(*connection));
        EXPECT_TRUE(names.emplace(*sieve).start(*connection));
        EXPECT_TRUE(sieve->learn(*connection, stop));
    }
    void crash() { start(); }
    void expectAllFound() {
        for (std::int64_t n = 1; n <= last; ++n) {
            ASSERT_THAT(*names->find(*connection, repeatOf(n)), ElementsAre(n));
            ASSERT_THAT(*names->find(*connection, senderIdOf(n)), ElementsAre(n));
        }
        EXPECT_THAT(*names->find(*connection, repeatOf(last + 1)), IsEmpty());
    }

    Folder folder;
    std::atomic<bool> stop{false};
    std::optional<Sieve> sieve;
    std::optional<Connection> connection;
    std::optional<Names> names;
    std::int64_t last = 0;
};

}  // namespace

TEST_F(Naming, AFewStayInMemoryAndAreFoundThere) {
    keep(100);
    expectAllFound();
    EXPECT_EQ(numberFrom(*connection, kWritten), 0);
}

TEST_F(Naming, ManyGoToTheTableRoundAfterRound) {
    for (int i = 0; i < 150; ++i) keep(200);
    expectAllFound();
    EXPECT_GE(numberFrom(*connection, kWritten), 60000 - static_cast<int>(Names::kInMemory));
    EXPECT_GT(numberFrom(*connection, kBelow), 10000);
}

TEST_F(Naming, NothingIsForgottenByACrashWhereverTheRoundStands) {
    std::mt19937 random(20260102);
    for (int crashes = 0; crashes < 4; ++crashes) {
        const auto below = numberFrom(*connection, kBelow);
        while (numberFrom(*connection, kBelow) == below) {
            keep(1 + static_cast<int>(random() % 150));
        }
        for (auto more = random() % 20; more > 0; --more) keep(20);
        crash();
        expectAllFound();
    }
}

TEST_F(Naming, WhatIsRolledBackIsNoName) {
    for (int i = 0; i < 50; ++i) keep(100);
    const auto written = numberFrom(*connection, kWritten);
    ASSERT_GT(written, 0);
    add(100);
    ASSERT_TRUE(connection->run("ROLLBACK"));
    last -= 100;
    EXPECT_EQ(numberFrom(*connection, kWritten), written);
    expectAllFound();
    keep(100);
    expectAllFound();
}

TEST_F(Naming, ATransactionSeesWhatItIsAboutToAdd) {
    const auto changes = add(3);
    EXPECT_THAT(*names->find(*connection, repeatOf(2), &changes), ElementsAre(2));
    EXPECT_THAT(*names->find(*connection, repeatOf(2)), IsEmpty());
    ASSERT_TRUE(connection->run("ROLLBACK"));
}

TEST_F(Naming, AfterWritingAllOfThemNoneNeedsToBeReadAgain) {
    for (int i = 0; i < 60; ++i) keep(100);
    ASSERT_TRUE(names->writeAll(*connection));
    EXPECT_EQ(numberFrom(*connection, kWritten), 12000);
    EXPECT_EQ(numberFrom(*connection, kBelow), last + 1);
    expectAllFound();
    crash();
    expectAllFound();
}

TEST_F(Naming, NamesThatBeginAlikeAreBothFound) {
    const auto like = [](std::uint8_t end) {
        Digest digest;
        digest.bytes.fill(7);
        digest.bytes.back() = end;
        return digest;
    };
    NameChanges changes;
    changes.added = {{shortHash(like(1)), 5}, {shortHash(like(2)), 3}};
    names->committed(changes);
    EXPECT_THAT(*names->find(*connection, like(1)), ElementsAre(3, 5));
}

TEST(NamesOfMessages, ThatBeginAlikeDoNotMakeOneTheRepeatOfTheOther) {
    const Folder folder;
    const auto store = openAt(folder.file());
    Keep first = newKeep();
    Keep second = newKeep();
    second.repeat_digest = first.repeat_digest;
    second.repeat_digest.bytes.back() ^= 1;
    second.sender_id = first.sender_id;
    second.sender_id.bytes.back() ^= 1;
    first.aliases = {{kSender, "text", sha256("alias"), "sealed-1"}};
    second.aliases = first.aliases;
    second.aliases[0].hash.bytes.back() ^= 1;
    ASSERT_EQ(outcomeOf(*store, first), Is::Stored);
    ASSERT_EQ(outcomeOf(*store, second), Is::Stored);
    EXPECT_EQ(outcomeOf(*store, second), Is::Repeat);
    EXPECT_EQ((*store->findRepeat(kSystem, second.repeat_digest))->id, second.id);
    EXPECT_EQ((*store->findSenderId(kSender, first.sender_id))->id, first.id);
    EXPECT_THAT(*store->findAlias(kSender, second.aliases[0].hash), ElementsAre(second.case_id));
    EXPECT_THAT(*store->findBySenderId({first.sender_id}), ElementsAre(first.id));
}

TEST(NamesOfMessages, AnAliasSaidAgainIsKnownOnce) {
    const Folder folder;
    const auto store = openAt(folder.file());
    Keep first = newKeep();
    first.aliases = {{kSender, "text", sha256("alias"), "sealed-1"}};
    ASSERT_EQ(outcomeOf(*store, first), Is::Stored);
    Keep second = nextKeep(first);
    second.aliases = {{kSender, "text", sha256("alias"), "sealed-2"},
                      {kSender, "text", sha256("other"), "sealed-3"}};
    ASSERT_EQ(outcomeOf(*store, second), Is::Stored);
    EXPECT_THAT(*store->findAlias(kSender, sha256("alias")), ElementsAre(first.case_id));
    EXPECT_THAT(*store->findAlias(kSender, sha256("other")), ElementsAre(first.case_id));
    EXPECT_EQ((*store->aliasOf(first.case_id, kSender, "text"))->sealed, "sealed-1");
    auto connection = Connection::open(folder.file(), Connection::Access::ReadOnly);
    ASSERT_TRUE(connection);
    EXPECT_EQ(numberFrom(*connection, "SELECT count(*) FROM alias"), 2);
}

TEST_F(Naming, AreFoundBeforeTheCommitAndNoMoreWhenNothingCameOfIt) {
    const auto changes = add(1);
    names->announce(changes);
    EXPECT_THAT(*names->find(*connection, repeatOf(last)), ElementsAre(last));
    names->withdraw(changes);
    EXPECT_TRUE(connection->run("ROLLBACK"));
    EXPECT_THAT(*names->find(*connection, repeatOf(last)), IsEmpty());
}

TEST(NamesOfMessages, ANoticeOfTheSameCommitSaysTheAliasOnce) {
    const Folder folder;
    const auto store = openAt(folder.file());
    Keep first = newKeep();
    first.aliases = {{kReceiver, "uuid", sha256("case"), "sealed-1"}};
    Keep notice = newKeep();  // at no version of its own, as the pipeline makes it
    notice.case_id = first.case_id;
    notice.aliases = {{kReceiver, "uuid", sha256("case"), "sealed-2"}};
    first.notices = {notice};
    ASSERT_EQ(outcomeOf(*store, first), Is::Stored);
    EXPECT_THAT(*store->findAlias(kReceiver, sha256("case")), ElementsAre(first.case_id));
    auto connection = Connection::open(folder.file(), Connection::Access::ReadOnly);
    EXPECT_EQ(numberFrom(*connection, "SELECT count(*) FROM alias"), 1);
}

TEST(NamesOfMessages, AStoreOfVersionFourIsFoundByAllTheyHad) {
    const Folder folder;
    const Keep keep = newKeep();
    {
        auto old = Connection::open(folder.file(), Connection::Access::Write);
        ASSERT_TRUE(old && migrate(*old, migrations().first(4)));
        ASSERT_TRUE(
            old->run("INSERT INTO case_file (id, version, state, holder, holder_function, "
                     "opened_at, changed_at) VALUES (?, 1, '{}', ?, 'f', 1, 1)",
                     keep.case_id, kSender));
        ASSERT_TRUE(
            old->run("INSERT INTO message VALUES (17, ?, 1, ?, 1, ?, ?, 'f', 'referral', "
                     "'d', 'f', ?, ?, ?, ?, NULL, 'the receipt', x'4b', 'old versions', "
                     "'', x'01', x'02', NULL)",
                     keep.case_id, keep.id, kSystem, kSender, keep.repeat_digest, keep.body_digest,
                     keep.transport_free_digest, keep.sender_id));
        ASSERT_TRUE(old->run("INSERT INTO parcel VALUES (1, 'sent as', '[]', 0, x'03')"));
        ASSERT_TRUE(
            old->run("INSERT INTO delivery (case_id, receiver, seq, parcel, id, function, "
                     "dialect, form, state, attempts, due, first_due) VALUES (?, ?, 1, 1, "
                     "?, 'f', 'd', 'f', 0, 0, 1, 1)",
                     keep.case_id, kReceiver, keep.deliveries[0].id));
        ASSERT_TRUE(old->run("INSERT INTO alias VALUES (?, ?, ?, 1, 'text', x'05')",
                             sha256("alias"), kSender, keep.case_id));
    }
    const auto store = openAt(folder.file());
    ASSERT_TRUE(store);
    EXPECT_LT(std::filesystem::file_size(folder.file() + "-wal"), 10'000U)
        << "the log of the migration was copied when it was done";
    for (int again = 0; again < 2; ++again) EXPECT_EQ(outcomeOf(*store, keep), Is::Repeat);
    EXPECT_EQ((*store->findRepeat(kSystem, keep.repeat_digest))->receipt, "the receipt");
    EXPECT_EQ((*store->findSenderId(kSender, keep.sender_id))->id, keep.id);
    EXPECT_THAT(*store->findAlias(kSender, sha256("alias")), ElementsAre(keep.case_id));
    EXPECT_EQ((*store->aliasOf(keep.case_id, kSender, "text"))->sealed, "\x05");
    const auto story = store->story(keep.id.uuid);
    EXPECT_EQ((*story)->messages.at(0).versions, "old versions");
    EXPECT_EQ((*story)->messages.at(0).deliveries.at(0).versions, "sent as");
    EXPECT_EQ(store->lend(at(0), std::chrono::seconds(60), 10, {})->size(), 1U);
    ASSERT_EQ(outcomeOf(*store, nextKeep(keep)), Is::Stored);
    EXPECT_EQ((*store->story(keep.id.uuid))->messages.at(1).versions, newKeep().versions);
}

TEST(ALogInOnePiece, IsWhatACommitWrites) {
    const Folder folder;
    FailingDisk disk;
    const auto store = openAt(folder.file());
    ASSERT_EQ(outcomeOf(*store, newKeep()), Is::Stored);
    const int before = disk.writesToLog();
    for (int i = 0; i < 10; ++i) ASSERT_EQ(outcomeOf(*store, newKeep()), Is::Stored);
    // Some dozen pages each; the log's own beginning is written by itself when it begins anew.
    EXPECT_LE(disk.writesToLog() - before, 40);
}

TEST(ALogInOnePiece, HoldsACommitOfManyPages) {
    const Folder folder;
    Keep large = newKeep();
    large.raw =
        Bytes(24 << 20, 'r');  // more than the page cache: some go to the log before the end
    large.deliveries[0].request = Bytes(2 << 20, 'q');
    {
        const auto store = openAt(folder.file());
        ASSERT_EQ(outcomeOf(*store, large), Is::Stored);
        EXPECT_EQ(store->lend(at(1), std::chrono::seconds(60), 1, {})->at(0).request,
                  large.deliveries[0].request);
    }
    const auto store = openAt(folder.file());
    EXPECT_EQ(store->lend(at(1), std::chrono::seconds(60), 1, {})->at(0).request,
              large.deliveries[0].request);
}

TEST(WhatBelongsTogether, StandsInTheStoreTogether) {
    const Folder folder;
    {
        const auto store = openAt(folder.file());
        Keep keep = newKeep({kReceiver, kOther});
        keep.aliases = {{kSender, "text", sha256("alias"), "sealed-1"}};
        keep.joined = {kSender, kReceiver};
        ASSERT_EQ(outcomeOf(*store, keep), Is::Stored);
        ASSERT_EQ(outcomeOf(*store, nextKeep(keep)), Is::Stored);
        const auto ids = lentFrom(*store, at(5));
        for (const auto& id : ids) {
            EXPECT_TRUE(settleIn(*store, attemptOf(id, Attempt::Outcome::Delivered, at(6))));
        }
    }
    auto connection = Connection::open(folder.file(), Connection::Access::ReadOnly);
    ASSERT_TRUE(connection);
    EXPECT_FALSE(*connection->query(kCheck).next());
    EXPECT_EQ(numberFrom(*connection,
                         "SELECT count(*) FROM message AS m LEFT JOIN version_text "
                         "AS v ON v.n = m.versions_n WHERE v.n IS NULL"),
              0);
}
