#include "gateway/transport/drop_folder.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

using namespace stafett;
using namespace stafett::transport;

namespace {

namespace fs = std::filesystem;

/// A folder that is shared with somebody who may do anything in it.
class Shared : public ::testing::Test {
protected:
    void SetUp() override {
        std::string form = (fs::temp_directory_path() / "stafett-drop-XXXXXX").string();
        ASSERT_NE(::mkdtemp(form.data()), nullptr);
        path_ = form;
    }
    void TearDown() override { fs::remove_all(path_); }

    void put(const std::string& name, const std::string& content) const {
        std::ofstream(path_ / name, std::ios::binary) << content;
    }
    std::string content(const fs::path& name) const {
        std::ifstream in(path_ / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    DropFolder open() const { return std::move(*DropFolder::open(path_)); }
    SeenFile seen(const std::string& name) const {
        const auto files = open().look();
        for (const auto& file : *files) {
            if (file.name == name) return file;
        }
        ADD_FAILURE() << name << " is not there";
        return {};
    }
    /// The content as a reader gets it; empty when there is none for it.
    std::string read(const SeenFile& file) const { return open().read(file)->value_or(""); }

    fs::path path_;
};

std::vector<std::string> namesOf(const std::vector<SeenFile>& files) {
    std::vector<std::string> names;
    for (const auto& file : files) names.push_back(file.name);
    return names;
}

}  // namespace

using DropFolderTest = Shared;

TEST_F(DropFolderTest, SeesWhatIsWholeAndNothingOnItsWay) {
    for (const char* name : {"b.xml", ".hidden", "a.xml", "c.xml.part", "d.tmp"}) put(name, "x");
    fs::create_directory(path_ / "folder");
    EXPECT_EQ(namesOf(*open().look()), (std::vector<std::string>{"a.xml", "b.xml"}));
}

TEST_F(DropFolderTest, WritesAllOrNothingUnderTheName) {
    ASSERT_TRUE(open().write("a.xml", "first"));
    ASSERT_TRUE(open().write("a.xml", "second"));
    EXPECT_EQ(content("a.xml"), "second");
    EXPECT_FALSE(fs::exists(path_ / ".a.xml.tmp"));
    put(".b.xml.tmp", "of an earlier life");
    ASSERT_TRUE(open().write("b.xml", "whole"));
    EXPECT_EQ(content("b.xml"), "whole");
}

TEST_F(DropFolderTest, DoesNotWriteThroughALink) {
    put("secret", "untouched");
    fs::create_symlink(path_ / "secret", path_ / ".a.xml.tmp");
    fs::create_symlink(path_ / "secret", path_ / "a.xml");
    ASSERT_TRUE(open().write("a.xml", "new"));
    EXPECT_EQ(content("secret"), "untouched");
    EXPECT_FALSE(fs::is_symlink(path_ / "a.xml"));
}

TEST_F(DropFolderTest, ReadsAFileThatIsWhatWasSeen) {
    put("a.xml", "content");
    EXPECT_EQ(seen("a.xml").size, 7U);
    EXPECT_EQ(read(seen("a.xml")), "content");
}

TEST_F(DropFolderTest, FollowsNoLinkAndOpensNoPipe) {
    put("secret", "not yours");
    fs::create_symlink(path_ / "secret", path_ / "link.xml");
    ASSERT_EQ(::mkfifo((path_ / "pipe.xml").c_str(), 0600), 0);
    put("one.xml", "x");
    fs::create_hard_link(path_ / "one.xml", path_ / "two.xml");  // it may be anybody's
    for (const char* name : {"link.xml", "pipe.xml", "one.xml", "two.xml"}) {
        EXPECT_FALSE(seen(name).ordinary) << name;
        EXPECT_EQ(read(seen(name)), "") << name;
    }
}

TEST_F(DropFolderTest, GivesNothingOfWhatWasExchangedSinceItWasSeen) {
    put("secret", "0123456");
    put("a.xml", "content");
    const auto before = seen("a.xml");
    fs::remove(path_ / "a.xml");
    fs::create_symlink(path_ / "secret", path_ / "a.xml");
    EXPECT_EQ(read(before), "");
    fs::remove(path_ / "a.xml");
    ASSERT_EQ(::mkfifo((path_ / "a.xml").c_str(), 0600), 0);
    EXPECT_EQ(read(before), "");
    fs::remove(path_ / "a.xml");
    put("a.xml", "another");  // as long as the first
    EXPECT_EQ(read(before), "");
    fs::remove(path_ / "a.xml");
    EXPECT_EQ(read(before), "");
}

TEST_F(DropFolderTest, PutsAwayAndNeverReplaces) {
    const auto folder = open();
    const auto away = std::move(*folder.inner("tagna"));
    for (const char* text : {"first", "second", "third"}) {
        put("a.xml", text);
        EXPECT_TRUE(folder.moveTo(away, seen("a.xml")));
    }
    EXPECT_EQ(content("tagna/a.xml"), "first");
    EXPECT_EQ(content("tagna/a.xml.2"), "second");
    EXPECT_EQ(content("tagna/a.xml.3"), "third");
}

TEST_F(DropFolderTest, LeavesWhatWasWrittenAnewSinceItWasSeen) {
    const auto folder = open();
    const auto away = std::move(*folder.inner("tagna"));
    put("a.xml", "read");
    const auto before = seen("a.xml");
    put("a.xml", "not yet read");
    EXPECT_EQ(*folder.moveTo(away, before), "");
    EXPECT_EQ(content("a.xml"), "not yet read");
}

TEST_F(DropFolderTest, PutsAwayUnderAPlainName) {
    const auto folder = open();
    const auto away = std::move(*folder.inner("skadade"));
    put("\xC3\xA4 b\n.xml", "x");
    EXPECT_EQ(*folder.moveTo(away, seen("\xC3\xA4 b\n.xml")), "___b_.xml");
    EXPECT_TRUE(isPlainName("Remiss_2026-01.xml"));
    EXPECT_FALSE(isPlainName("a b.xml"));
    EXPECT_FALSE(isPlainName(""));
    EXPECT_FALSE(isPlainName(std::string(151, 'a')));
}

TEST_F(DropFolderTest, IsNotFooledByALinkWhereItsFolderShouldBe) {
    fs::create_directory(path_ / "elsewhere");
    fs::create_directory_symlink(path_ / "elsewhere", path_ / "tagna");
    EXPECT_FALSE(open().inner("tagna"));
}

TEST_F(DropFolderTest, SaysWhenTheFolderIsGone) {
    EXPECT_EQ(DropFolder::open(path_ / "none").error().code(), Code::DropFolder);
}
