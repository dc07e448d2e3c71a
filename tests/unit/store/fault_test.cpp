#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <random>
#include <set>
#include <thread>

#include "failing_disk.h"
#include "made.h"

using namespace stafett;
using namespace stafett::store;
using ::testing::HasSubstr;
using ::testing::Not;
using Is = Kept::Outcome;

namespace {

Code codeOf(const Result<Kept>& kept) { return kept ? Code::StoreNotFound : kept.error().code(); }

/// Keeps messages from several threads until it is killed, and writes each id to the pipe once the
/// store has said it is kept; numbers it was given likewise.
[[noreturn]] void keepUntilKilled(const std::string& path, int out) {
    auto store = openSqlite({.path = path});
    if (!store) ::_exit(1);
    std::vector<std::thread> senders;
    for (int t = 0; t < 3; ++t) {
        senders.emplace_back([&] {
            while (true) {
                const Keep keep = newKeep();
                const auto kept = keepIn(**store, keep);
                if (!kept || kept->outcome != Is::Stored) ::_exit(2);
                const std::string line = "m" + keep.id.text() + "\n";
                if (::write(out, line.data(), line.size()) < 0) ::_exit(3);
                const auto number = (*store)->reserve(kSender, "digits:10");
                if (!number) ::_exit(4);
                const std::string told = "n" + std::to_string(*number) + "\n";
                if (::write(out, told.data(), told.size()) < 0) ::_exit(3);
            }
        });
    }
    for (auto& sender : senders) sender.join();
    ::_exit(5);
}

struct Life {
    std::vector<std::string> told;
    int status = 0;
};

/// Starts a child, reads what it tells until it has told `lines` of it, and kills it there.
Life killAfter(const std::string& path, std::size_t lines) {
    int ends[2] = {-1, -1};
    EXPECT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        keepUntilKilled(path, ends[1]);
    }
    ::close(ends[1]);
    Life life;
    std::string text;
    char buffer[4096];
    bool killed = false;
    while (true) {
        const ssize_t n = ::read(ends[0], buffer, sizeof buffer);
        if (n <= 0) break;
        text.append(buffer, static_cast<std::size_t>(n));
        const auto count = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
        if (!killed && count >= lines) {
            ::kill(child, SIGKILL);
            killed = true;
        }
    }
    ::close(ends[0]);
    ::waitpid(child, &life.status, 0);
    std::size_t from = 0;
    for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n', from)) {
        life.told.push_back(text.substr(from, end - from));
        from = end + 1;
    }
    return life;
}

}  // namespace

TEST(Faults, WhatWasToldAsKeptSurvivesEveryKill) {
    const Folder folder;
    std::mt19937 random(20260101);
    std::vector<MessageId> kept;
    std::set<std::string> numbers;
    for (int kill = 0; kill < 20; ++kill) {
        const Life life = killAfter(folder.file(), 1 + random() % 120);
        ASSERT_TRUE(WIFSIGNALED(life.status)) << "ended by itself: " << WEXITSTATUS(life.status);
        for (const auto& line : life.told) {
            if (line[0] == 'm') kept.push_back(*MessageId::parse(line.substr(1)));
            if (line[0] != 'n') continue;
            EXPECT_TRUE(numbers.insert(line).second) << line << " came twice";
        }
    }
    const auto store = openAt(folder.file());
    ASSERT_GT(kept.size(), 100U);
    for (const auto& id : kept) {
        const auto story = store->story(id.uuid);
        ASSERT_TRUE(story && *story) << id.text() << " is lost";
        EXPECT_EQ((*story)->messages.at(0).deliveries.size(), 1U);
    }
    const auto counts = store->counts();
    EXPECT_GE(counts->messages, kept.size());
    EXPECT_EQ(counts->waiting, counts->messages);  // each with its delivery, none half kept
}

TEST(Faults, NothingIsAcknowledgedOnAFailedSyncAndTheStoreStops) {
    const Folder folder;
    const Keep before = newKeep();
    std::vector<Keep> during;
    {
        FailingDisk disk;
        const auto store = openAt(folder.file());
        ASSERT_EQ(outcomeOf(*store, before), Is::Stored);
        disk.failSyncs(1);
        for (int i = 0; i < 10; ++i) during.push_back(newKeep());
        std::vector<Answer<Result<Kept>>> answers(during.size());
        for (std::size_t i = 0; i < during.size(); ++i) store->keep(during[i], answers[i].taker());
        for (auto& answer : answers) EXPECT_EQ(codeOf(answer.wait()), Code::StoreFailed);
        // The next sync would work, but nobody knows any longer what the disk holds.
        EXPECT_EQ(codeOf(keepIn(*store, newKeep())), Code::StoreFailed);
        EXPECT_FALSE(store->health());
        EXPECT_FALSE(store->lend(at(10), std::chrono::seconds(60), 10, {}));
        EXPECT_FALSE(store->reserve(kSender, "text"));
    }
    const auto store = openAt(folder.file());
    EXPECT_TRUE(store->health());
    EXPECT_TRUE((*store->story(before.id.uuid)).has_value());
    for (const Keep& keep : during) {  // sent again by their senders
        const auto again = keepIn(*store, keep);
        ASSERT_TRUE(again);
        EXPECT_TRUE(again->outcome == Is::Stored || again->outcome == Is::Repeat);
        EXPECT_EQ(again->receipt, keep.receipt);
    }
    EXPECT_EQ(store->counts()->messages, 11U);
}

TEST(Faults, AFullDiskIsBusyUntilThereIsRoomAgain) {
    const Folder folder;
    FailingDisk disk;
    const auto store = openAt(folder.file());
    ASSERT_EQ(outcomeOf(*store, newKeep()), Is::Stored);
    disk.setFull(true);
    const Keep keep = newKeep();
    for (int i = 0; i < 5; ++i) EXPECT_EQ(codeOf(keepIn(*store, keep)), Code::StoreBusy);
    EXPECT_TRUE(store->health());
    EXPECT_FALSE(store->findRepeat(kSystem, keep.repeat_digest)->has_value());
    disk.setFull(false);
    EXPECT_EQ(outcomeOf(*store, keep), Is::Stored);
    EXPECT_EQ(store->counts()->messages, 2U);
}

TEST(Faults, EachAnswerComesAfterASync) {
    const Folder folder;
    FailingDisk disk;
    const auto store = openAt(folder.file());
    for (int i = 0; i < 10; ++i) {
        const int before = disk.syncs();
        ASSERT_EQ(outcomeOf(*store, newKeep()), Is::Stored);
        EXPECT_GT(disk.syncs(), before);
    }
}

TEST(Faults, ManyAtOnceShareACommit) {
    const Folder folder;
    trace::Metrics metrics;
    FailingDisk disk;
    auto store = openSqlite({.path = folder.file(), .metrics = &metrics});
    ASSERT_TRUE(store);
    const int before = disk.syncs();
    std::vector<Answer<Result<Kept>>> answers(1000);
    for (auto& answer : answers) (*store)->keep(newKeep(), answer.taker());
    for (auto& answer : answers) EXPECT_TRUE(answer.wait());
    EXPECT_LT(disk.syncs() - before, 200);
    EXPECT_THAT(metrics.text(), HasSubstr("stafett_store_commit_jobs_sum 1000"));
}

TEST(Faults, CloseCommitsWhatIsQueuedAndTakesNothingMore) {
    const Folder folder;
    auto store = openAt(folder.file());
    std::vector<Answer<Result<Kept>>> answers(500);
    for (auto& answer : answers) store->keep(newKeep(), answer.taker());
    store->close();
    for (auto& answer : answers) EXPECT_EQ(answer.wait()->outcome, Is::Stored);
    EXPECT_EQ(codeOf(keepIn(*store, newKeep())), Code::StoreFailed);
    EXPECT_EQ(store->counts()->messages, 500U);  // reading goes on
    store->close();
    store.reset();
    EXPECT_EQ(openAt(folder.file())->counts()->messages, 500U);
}

TEST(Faults, AFullQueueIsBusyButSettlesWhatIsUnderWay) {
    const Folder folder;
    auto opened = openSqlite({.path = folder.file(), .queue = 4});
    ASSERT_TRUE(opened);
    MessageStore& store = **opened;
    const Keep first = newKeep();
    ASSERT_EQ(outcomeOf(store, first), Is::Stored);
    ASSERT_EQ(lentFrom(store, at(0)).size(), 1U);

    std::promise<void> go;
    std::shared_future<void> gate = go.get_future().share();
    std::promise<void> reached;
    store.keep(newKeep(), [&](const Result<Kept>&) {  // holds the writer here
        reached.set_value();
        gate.wait();
    });
    reached.get_future().wait();
    std::vector<Answer<Result<Kept>>> answers(6);
    for (auto& answer : answers) store.keep(newKeep(), answer.taker());
    Answer<Status> settled;
    store.settle(attemptOf(first.deliveries[0].id, Attempt::Outcome::Delivered, at(1)),
                 settled.taker());
    go.set_value();
    int busy = 0;
    for (auto& answer : answers) busy += codeOf(answer.wait()) == Code::StoreBusy ? 1 : 0;
    EXPECT_EQ(busy, 2);
    EXPECT_TRUE(settled.wait());
}

TEST(Faults, OneProcessHasTheFile) {
    const Folder folder;
    const auto store = openAt(folder.file());
    const auto second = openSqlite({.path = folder.file()});
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code(), Code::StoreInUse);
    EXPECT_FALSE(openSqlite({.path = "/nowhere/store.db"}));
}

TEST(Faults, NobodyElseMayReadTheFiles) {
    const Folder folder;
    const auto store = openAt(folder.file());
    ASSERT_EQ(outcomeOf(*store, newKeep()), Is::Stored);
    for (const auto* suffix : {"", "-wal", "-shm", ".lock"}) {
        struct stat what {};
        ASSERT_EQ(::stat((folder.file() + suffix).c_str(), &what), 0) << suffix;
        EXPECT_EQ(what.st_mode & 0777U, 0600U) << suffix;
    }
}
