// Bits that turn on the disk: in the write-ahead log, where SQLite would drop what stands behind
// them without a word.
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "gateway/store/log_check.h"
#include "made.h"

using namespace stafett;
using namespace stafett::store;

namespace {

constexpr std::size_t kHeader = 32;
constexpr std::size_t kFrame = 24 + 4096;

std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

/// A store whose process was killed when it had kept messages in three commits of its last log.
class Killed : public ::testing::Test {
protected:
    void SetUp() override {
        const pid_t child = ::fork();
        if (child == 0) {
            auto store = openSqlite({.path = folder_.file()});
            if (!store) ::_exit(1);
            for (int i = 0; i < 3; ++i) {
                if (!keepIn(**store, newKeep())) ::_exit(2);
            }
            ::kill(::getpid(), SIGKILL);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status)) << WEXITSTATUS(status);
        log_ = read(file());
        for (std::size_t at = kHeader; at < log_.size(); at += kFrame) {
            if (log_.substr(at + 4, 4) != std::string(4, '\0')) commits_.push_back(at);
        }
        ASSERT_GE(commits_.size(), 3U);
        ASSERT_EQ((log_.size() - kHeader) % kFrame, 0U);
    }
    std::string file() const { return folder_.file() + "-wal"; }
    /// What the check says of the log with one bit turned.
    bool isRefusedWith(std::size_t at, unsigned bit) {
        auto turned = log_;
        turned[at] = static_cast<char>(turned[at] ^ (1U << bit));
        write(file(), turned);
        const auto checked = checkLog(folder_.file());
        EXPECT_TRUE(checked || checked.error().place().file == file());
        return !checked;
    }

    Folder folder_;
    std::string log_;
    std::vector<std::size_t> commits_;  ///< where the frames begin that end one
};

TEST_F(Killed, ALogAsItWasWrittenIsRead) {
    EXPECT_TRUE(checkLog(folder_.file()));
    const auto store = openAt(folder_.file());
    EXPECT_EQ(store->counts()->messages, 3U);
    EXPECT_LT(read(file()).size(), log_.size()) << "it begins anew at each start";
}

TEST_F(Killed, AnyBitThatTurnedBeforeTheLastCommitIsSeen) {
    const std::size_t last = commits_[commits_.size() - 2] + kFrame;  // where the last one begins
    for (std::size_t at = 0; at < last; at += 311) {
        EXPECT_TRUE(isRefusedWith(at, static_cast<unsigned>(at % 8))) << "byte " << at;
    }
    for (std::size_t at = 0; at < kHeader; ++at) EXPECT_TRUE(isRefusedWith(at, 3)) << at;
    for (std::size_t at = 0; at < 24; ++at) {
        EXPECT_TRUE(isRefusedWith(kHeader + kFrame + at, 3)) << "of a frame's header, " << at;
    }
}

TEST_F(Killed, AStoreWhoseLogHasChangedIsNotOpenedAndNotTouched) {
    ASSERT_TRUE(isRefusedWith(kHeader + kFrame / 2, 0));
    const auto log = read(file());
    const auto before = read(folder_.file());
    const auto store = openSqlite({.path = folder_.file()});
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code(), Code::StoreFailed);
    EXPECT_EQ(store.error().place().file, file());
    EXPECT_EQ(read(file()), log);
    EXPECT_EQ(read(folder_.file()), before);
}

TEST_F(Killed, WhatAPowerCutTearsIsNoDamage) {
    const std::size_t last = commits_[commits_.size() - 2] + kFrame;
    for (std::size_t size = last; size < log_.size(); size += 512) {  // its end never came
        write(file(), log_.substr(0, size));
        EXPECT_TRUE(checkLog(folder_.file())) << size;
    }
    for (std::size_t at = last; at < log_.size(); at += 512) {  // or one sector of it did not
        auto torn = log_;
        torn.replace(at, std::min<std::size_t>(512, torn.size() - at),
                     std::min<std::size_t>(512, torn.size() - at), '\0');
        write(file(), torn);
        EXPECT_TRUE(checkLog(folder_.file())) << at;
    }
    for (const std::size_t size : {std::size_t{0}, std::size_t{17}, kHeader, kHeader + 100}) {
        write(file(), log_.substr(0, size));
        EXPECT_TRUE(checkLog(folder_.file())) << size;
    }
    write(file(), std::string(log_.size(), '\0'));
    EXPECT_TRUE(checkLog(folder_.file())) << "made longer, not written";
    const auto store = openAt(folder_.file());
    EXPECT_TRUE(store->health());
}

TEST_F(Killed, WhatStoodInAnEarlierLogIsNoDamage) {
    // The log begins anew over the old one: other salts, the old frames behind it.
    auto anew = log_;
    for (std::size_t at = 16; at < 24; ++at) anew[at] = static_cast<char>(~anew[at]);
    write(file(), anew);
    EXPECT_TRUE(checkLog(folder_.file()));
}

}  // namespace
