// No key is ever committed.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <string>

namespace stafett::security::testing {

namespace {

struct Ran {
    int status;
    std::string out;
};

Ran git(const std::string& arguments) {
    const auto command =
        "git -c safe.directory='*' -C " + std::string(STAFETT_SOURCE_DIR) + " " + arguments;
    std::FILE* pipe = ::popen(command.c_str(), "r");
    EXPECT_NE(pipe, nullptr);
    Ran ran{};
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) ran.out += static_cast<char>(c);
    const int status = ::pclose(pipe);
    ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return ran;
}

TEST(Repository, HoldsNoKey) {
    const auto named = git("ls-files '*.key' '*.pem' '*.p12' '*.pfx' '*.jks' '*keyring.json'");
    EXPECT_EQ(named.status, 0);
    EXPECT_EQ(named.out, "");
    const auto written = git("grep -lE '^-----BEGIN [A-Z ]*PRIVATE KEY-----'");
    EXPECT_EQ(written.status, 1) << "git grep ends with 1 when it finds nothing";
    EXPECT_EQ(written.out, "");
}

}  // namespace

}  // namespace stafett::security::testing
