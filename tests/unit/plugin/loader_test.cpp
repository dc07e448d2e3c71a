#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/plugin/sealed_file.h"
#include "tests/unit/plugin/support.h"

namespace stafett::plugin {
namespace {

namespace fs = std::filesystem;

fs::path bad(const std::string& name) {
    return fs::path(STAFETT_BUILD_DIR) / "bad_plugins" / (name + ".so");
}

std::string found(const std::vector<PluginSource>& sources, Profile profile = Profile::Dev) {
    const auto registry = Registry::load(sources, profile);
    if (registry) return "loaded " + std::to_string(registry->all().size());
    std::string all;
    for (const auto& error : registry.error()) all += std::string(error.info().id) + " ";
    return all;
}

const Adapter* only(const Registry& registry) { return registry.all().at(0); }

class Loader : public ::testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::temp_directory_path() / ("stafett-loader-" + std::to_string(::getpid()));
        fs::create_directories(folder_);
    }
    void TearDown() override { fs::remove_all(folder_); }
    fs::path copyOf(const std::string& name) const {
        const auto to = folder_ / (name + ".so");
        fs::copy_file(bad(name), to, fs::copy_options::overwrite_existing);
        fs::permissions(to, fs::perms::owner_read | fs::perms::owner_write);
        return to;
    }
    fs::path folder_;
};

TEST_F(Loader, LoadsAGoodOneByItsDigest) {
    const auto digest = sha256(readFile(bad("good"))).hex();
    const auto registry = Registry::load({{bad("good"), digest}}, Profile::Production);
    ASSERT_TRUE(registry) << found({{bad("good"), digest}}, Profile::Production);
    EXPECT_EQ(only(*registry)->digest().hex(), digest);
    EXPECT_EQ(only(*registry)->id(), "good");
    EXPECT_EQ(registry->find({"good"}), only(*registry));
    EXPECT_EQ(registry->find({"other"}), nullptr);
    ReplyInput input;
    input.id = "m-1";
    EXPECT_EQ(only(*registry)->reply(input).body, "said m-1");
}

TEST_F(Loader, RefusesEachFaultWithItsOwnCode) {
    EXPECT_EQ(found({{bad("no_symbol")}}), "ST-PLU-001 ");
    EXPECT_EQ(found({{bad("newer_minor")}}), "ST-PLU-002 ");
    EXPECT_EQ(found({{bad("cut_struct")}}), "ST-PLU-003 ");
    EXPECT_EQ(found({{bad("odd_struct")}}), "ST-PLU-003 ");
    EXPECT_EQ(found({{bad("stray_manifest")}}), "ST-PLU-006 ");
    EXPECT_EQ(found({{bad("missing_at_bind")}}), "ST-PLU-007 ");
    EXPECT_EQ(found({{bad("open_fails")}}), "ST-PLU-007 ");
    EXPECT_EQ(found({{bad("is_not_there")}}), "ST-PLU-007 ");
}

TEST_F(Loader, TellsAllThatIsWrongWithAManifest) {
    EXPECT_EQ(found({{bad("bad_manifest")}}),
              "ST-PLU-006 ST-PLU-006 ST-PLU-006 ST-PLU-006 ST-PLU-006 ST-PLU-006 ");
}

TEST_F(Loader, TellsAllPluginsFaultsAtOnce) {
    EXPECT_EQ(found({{bad("no_symbol")}, {bad("good")}, {bad("newer_minor")}}),
              "ST-PLU-001 ST-PLU-002 ");
    EXPECT_EQ(found({{bad("good")}, {copyOf("good")}}), "ST-CFG-008 ");
    EXPECT_EQ(found({{bad("good")}, {bad("older_struct")}}), "loaded 2");
}

TEST_F(Loader, LoadsAnOlderShorterStruct) {
    const auto registry = Registry::load({{bad("older_struct")}}, Profile::Dev);
    ASSERT_TRUE(registry) << found({{bad("older_struct")}});
    const auto made = only(*registry)->reply({});
    EXPECT_EQ(made.status, 201);
    EXPECT_EQ(made.body, "older");
    WireAnswer answer;
    answer.status = 503;
    EXPECT_EQ(only(*registry)->interpret(answer).fate, Fate::Retry);
}

TEST_F(Loader, WantsADigestInProduction) {
    EXPECT_EQ(found({{bad("good")}}, Profile::Production), "ST-PLU-004 ");
    EXPECT_EQ(found({{bad("good"), std::string(64, '0')}}, Profile::Production), "ST-PLU-004 ");
    EXPECT_EQ(found({{bad("good"), std::string(64, '0')}}, Profile::Dev), "ST-PLU-004 ");
    EXPECT_EQ(found({{bad("good"), sha256(readFile(bad("good"))).hex() + "0"}}), "ST-PLU-004 ");
}

TEST_F(Loader, RunsNoConstructorBeforeTheDigestIsJudged) {
    const auto mark = folder_ / "mark";
    ::setenv("STAFETT_BAD_PLUGIN_MARK", mark.c_str(), 1);
    EXPECT_EQ(found({{bad("constructor"), std::string(64, '0')}}), "ST-PLU-004 ");
    EXPECT_FALSE(fs::exists(mark));
    EXPECT_EQ(found({{bad("constructor")}}), "loaded 1");
    EXPECT_TRUE(fs::exists(mark));  // so the silence above meant something
    ::unsetenv("STAFETT_BAD_PLUGIN_MARK");
}

TEST_F(Loader, RefusesFilesThatOthersCouldChange) {
    const auto file = copyOf("good");
    EXPECT_EQ(found({{file}}), "loaded 1");
    for (const auto perms : {fs::perms::others_write, fs::perms::group_write}) {
        fs::permissions(file, perms, fs::perm_options::add);
        EXPECT_EQ(found({{file}}), "ST-PLU-005 ");
        fs::permissions(file, perms, fs::perm_options::remove);
    }
    if (::geteuid() == 0) {
        ASSERT_EQ(::chown(file.c_str(), 65534, 65534), 0);
        EXPECT_EQ(found({{file}}), "ST-PLU-005 ");
    }
}

TEST_F(Loader, RefusesLinksFoldersAndPipes) {
    const auto link = folder_ / "link.so";
    fs::create_symlink(bad("good"), link);
    EXPECT_EQ(found({{link}}), "ST-PLU-013 ");
    EXPECT_EQ(found({{folder_}}), "ST-PLU-013 ");
    const auto pipe = folder_ / "pipe.so";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_EQ(found({{pipe}}), "ST-PLU-013 ");
    const auto text = folder_ / "text.so";
    std::ofstream(text) << "no library";
    EXPECT_EQ(found({{text}}), "ST-PLU-007 ");
}

TEST_F(Loader, LoadsWhatWasHashedWhateverTheFileSaysLater) {
    const auto file = copyOf("good");
    auto sealed = SealedFile::copy(file);
    ASSERT_TRUE(sealed);
    std::ofstream(file, std::ios::trunc) << "changed after the check";
    EXPECT_EQ(sealed->digest(), sha256(readFile(bad("good"))));
    const auto name = sealed->keepForLoading();
    EXPECT_EQ(readFile(name), readFile(bad("good")));
    const int memory = ::open(name.c_str(), O_RDWR | O_CLOEXEC);
    ASSERT_GE(memory, 0);
    EXPECT_EQ(::write(memory, "x", 1), -1);
    EXPECT_EQ(::ftruncate(memory, 0), -1);
    EXPECT_EQ(::fcntl(memory, F_GET_SEALS),
              F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL);
    ::close(memory);
}

TEST_F(Loader, LoadsTheSameBytesOnce) {
    const auto descriptors = [] {
        return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator());
    };
    ASSERT_EQ(found({{bad("good")}}), "loaded 1");
    const auto before = descriptors();
    for (int i = 0; i < 5; ++i) EXPECT_EQ(found({{copyOf("good")}}), "loaded 1");
    EXPECT_EQ(descriptors(), before);
}

TEST_F(Loader, LoadsTwoPluginsOneAfterTheOtherWithoutMixingThem) {
    const auto first = Registry::load({{bad("good")}}, Profile::Dev);
    const auto second = Registry::load({{bad("older_struct")}}, Profile::Dev);
    ASSERT_TRUE(first && second);
    EXPECT_EQ(only(*first)->id(), "good");
    EXPECT_EQ(only(*second)->id(), "older_struct");
}

}  // namespace
}  // namespace stafett::plugin
