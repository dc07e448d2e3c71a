// certs/make-dev-certs: what it makes is what the gateway takes.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <map>

#include "files.h"
#include "gateway/security/key_ring.h"
#include "gateway/security/sign.h"
#include "handshake.h"

namespace stafett::security::testing {

namespace {

const std::vector<std::string> kSystems{"af-system",     "fk-system",     "kommun-system",
                                        "region-system", "insats-system", "operator"};

int makeDevCerts(const std::string& arguments) {
    const auto command =
        std::string(STAFETT_SOURCE_DIR) + "/certs/make-dev-certs " + arguments + " >/dev/null 2>&1";
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

config::TlsSettings settingsIn(const Folder& folder, const std::string& name) {
    return {.certificate = folder.path(name + ".pem"),
            .key = folder.path(name + ".key"),
            .authorities = folder.path("ca.pem"),
            .revocation_lists = {folder.path("crl.pem")}};
}

/// Every file under the folder and what it holds.
std::map<std::string, std::string> contents(const Folder& folder) {
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path(""))) {
        if (entry.is_regular_file()) files[entry.path().string()] = read(entry.path().string());
    }
    return files;
}

TEST(DevCerts, EverySystemMeetsTheGatewayInBothDirections) {
    const Folder folder;
    ASSERT_EQ(makeDevCerts(folder.path("")), 0);
    std::vector<config::SystemEntry> entries;
    for (const auto& name : kSystems) entries.push_back({.system = {name}});
    const auto inbox = serverContext(settingsIn(folder, "gateway"), entries);
    const auto courier = clientContext(settingsIn(folder, "gateway"));
    ASSERT_TRUE(inbox.has_value());
    ASSERT_TRUE(courier.has_value());
    for (const auto& name : kSystems) {
        const auto server = serverContext(settingsIn(folder, name), {{.system = {"gateway"}}});
        const auto client = clientContext(settingsIn(folder, name));
        ASSERT_TRUE(server.has_value() && client.has_value()) << name;
        const auto host = [](SSL* ssl) { EXPECT_TRUE(expectHost(ssl, "localhost").has_value()); };
        const auto in = meet((*inbox)->native(), (*client)->native(), inbox->get(), host);
        ASSERT_TRUE(in.in()) << name;
        EXPECT_EQ((*in.peer)->system.value, name);
        EXPECT_TRUE(meet((*server)->native(), (*courier)->native(), server->get(), host).in())
            << name;
    }
    const auto ring = KeyRing::load(folder.path("keyring.json"));
    ASSERT_TRUE(ring.has_value());
    EXPECT_TRUE(keptApart(*ring, **inbox).has_value());
}

TEST(DevCerts, KeysAreOfMode0400) {
    const Folder folder;
    ASSERT_EQ(makeDevCerts(folder.path("")), 0);
    int keys = 0;
    for (const auto& [file, text] : contents(folder)) {
        if (!file.ends_with(".key")) continue;
        struct stat found {};
        ASSERT_EQ(::stat(file.c_str(), &found), 0);
        EXPECT_EQ(found.st_mode & 07777, 0400U) << file;
        ++keys;
    }
    EXPECT_EQ(keys, 11);  // the authority's, the gateway's, six systems', three of the ring
}

TEST(DevCerts, AreMadeOnceAndAgainOnlyWhenAsked) {
    const Folder folder;
    ASSERT_EQ(makeDevCerts(folder.path("")), 0);
    const auto first = contents(folder);
    ASSERT_EQ(makeDevCerts(folder.path("")), 0);
    EXPECT_EQ(contents(folder), first);

    ASSERT_EQ(makeDevCerts("--again " + folder.path("")), 0);
    const auto second = contents(folder);
    EXPECT_EQ(second.size(), first.size());
    for (const auto* file : {"ca.pem", "crl.pem", "gateway.pem", "gateway.key", "operator.key"}) {
        EXPECT_NE(second.at(folder.path(file)), first.at(folder.path(file))) << file;
    }
    for (const auto* file :
         {"keyring.json", "keys/seal-1.key", "keys/index-1.key", "keys/sign-1.key"}) {
        EXPECT_EQ(second.at(folder.path(file)), first.at(folder.path(file))) << file;
    }
    EXPECT_TRUE(serverContext(settingsIn(folder, "gateway"), {}).has_value());
}

TEST(DevCerts, AreMadeAnewWhereTheyAreNoGood) {
    const Folder folder;
    ASSERT_EQ(makeDevCerts(folder.path("")), 0);
    const auto first = contents(folder);
    std::filesystem::remove(folder.path("fk-system.key"));
    ASSERT_EQ(makeDevCerts(folder.path("")), 0);
    EXPECT_NE(read(folder.path("fk-system.pem")), first.at(folder.path("fk-system.pem")));

    std::filesystem::copy_file(testCertificate("expired.pem"), folder.path("gateway.pem"),
                               std::filesystem::copy_options::overwrite_existing);
    ASSERT_EQ(makeDevCerts(folder.path("")), 0);
    EXPECT_TRUE(serverContext(settingsIn(folder, "gateway"), {}).has_value());
    EXPECT_EQ(read(folder.path("keys/seal-1.key")), first.at(folder.path("keys/seal-1.key")));
}

TEST(DevCerts, NeverReplaceKeysThatLostTheirRing) {
    const Folder folder;
    ASSERT_EQ(makeDevCerts(folder.path("")), 0);
    std::filesystem::remove(folder.path("keyring.json"));
    const auto seal = read(folder.path("keys/seal-1.key"));
    EXPECT_EQ(makeDevCerts(folder.path("")), 1);
    EXPECT_EQ(read(folder.path("keys/seal-1.key")), seal);
    EXPECT_EQ(makeDevCerts(""), 64);
}

}  // namespace

}  // namespace stafett::security::testing
