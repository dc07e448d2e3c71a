#include "gateway/security/key_ring.h"

#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "gateway/security/openssl.h"
#include "ring.h"

namespace stafett::security::testing {

Checked<KeyRing> loadRing(const std::string& text) {
    const Folder folder;
    std::filesystem::create_directory_symlink(testCertificate("keys"), folder.path("keys"));
    return KeyRing::load(folder.write("keyring.json", text, 0600));
}

KeyRing ring(const std::string& text) {
    auto loaded = loadRing(text);
    if (!loaded) {
        for (const auto& p : loaded.error()) ADD_FAILURE() << describe(p, Language::English);
        std::abort();
    }
    return *loaded;
}

namespace {

/// "id pointer hint" of each problem.
std::set<std::string> problemsOf(const Checked<KeyRing>& ring) {
    std::set<std::string> found;
    if (ring) return found;
    for (const auto& p : ring.error()) {
        found.insert(std::string(p.info().id) + " " + p.place().path + " " + p.place().hint);
    }
    return found;
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    const auto at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return text.replace(at, what.size(), with);
}

TEST(KeyRing, HoldsWhatTheFileSays) {
    const auto loaded = ring(kTurned);
    EXPECT_EQ(loaded.entries().size(), 6U);
    EXPECT_EQ(loaded.active(KeyUse::Seal), "seal-2");
    EXPECT_EQ(loaded.active(KeyUse::Index), "index-2");
    EXPECT_EQ(loaded.active(KeyUse::Sign), "sign-2");
    EXPECT_EQ(loaded.secret(KeyUse::Seal, "seal-1").size(), 32U);
    EXPECT_NE(loaded.secret(KeyUse::Seal, "seal-1"), loaded.secret(KeyUse::Seal, "seal-2"));
    EXPECT_TRUE(loaded.secret(KeyUse::Index, "seal-1").empty()) << "a key has one use";
    EXPECT_TRUE(loaded.secret(KeyUse::Seal, "seal-9").empty());
    EXPECT_NE(loaded.signingKey(), nullptr);
    EXPECT_EQ(EVP_PKEY_eq(loaded.signingKey(), loaded.verifyingKey("sign-2")), 1);
    EXPECT_NE(loaded.verifyingKey("sign-1"), nullptr) << "its public half is kept";
    EXPECT_EQ(loaded.verifyingKey("sign-9"), nullptr);
}

TEST(KeyRing, ADestroyedKeyIsGone) {
    const auto loaded = ring(kDestroyed);
    EXPECT_TRUE(loaded.secret(KeyUse::Seal, "seal-1").empty());
    EXPECT_EQ(loaded.verifyingKey("sign-1"), nullptr);
}

TEST(KeyRing, OneActiveKeyForEachUse) {
    EXPECT_EQ(
        problemsOf(loadRing(R"({"keys": []})")),
        (std::set<std::string>{"ST-KEY-001 /keys There must be exactly one active key for seal.",
                               "ST-KEY-001 /keys There must be exactly one active key for index.",
                               "ST-KEY-001 /keys There must be exactly one active key for sign."}));
    EXPECT_EQ(
        problemsOf(loadRing(replaced(kTurned, R"("state": "old")", R"("state": "active")"))),
        std::set<std::string>{"ST-KEY-001 /keys There must be exactly one active key for seal."});
}

TEST(KeyRing, TellsEveryProblemAtOnce) {
    const auto found = problemsOf(loadRing(R"({"kees": 1, "keys": [
      {"id": "Seal 1", "use": "seal", "state": "active", "key": "keys/seal-1.key"},
      {"id": "a", "use": "sell", "state": "acive", "kez": "x"},
      {"id": "b", "use": "seal", "state": "active", "key": "keys/absent.key"},
      {"id": "c", "use": "index", "state": "destroyed", "key": "keys/index-1.key"},
      {"id": "d", "use": "sign", "state": "active", "key": "keys/p-384.key"},
      {"id": "e", "use": "seal", "state": "old", "key": "keys/sign-1.key"},
      {"id": "f", "use": "index", "state": "active", "public": "keys/sign-1.pub"},
      {"id": "g", "use": "seal", "state": "old", "key": 7},
      7]})"));
    EXPECT_EQ(found, (std::set<std::string>{
                         "ST-CFG-002 /kees Nearest: keys.", "ST-CFG-002 /keys/1/kez Nearest: key.",
                         "ST-CFG-004 /keys/0/id a to z, 0 to 9, - and . ; at most 64.",
                         "ST-CFG-004 /keys/1/use One of: seal, index, sign.",
                         "ST-CFG-004 /keys/1/state One of: active, old, destroyed.",
                         "ST-KEY-002 /keys/2/key The file cannot be opened.",
                         "ST-KEY-001 /keys/3/key A destroyed key has no key.",
                         "ST-KEY-001 /keys/4/key A P-256 private key in PEM is needed.",
                         "ST-KEY-001 /keys/5/key 32 bytes in hex are needed (64 digits).",
                         "ST-KEY-001 /keys/6/public Only an old or destroyed sign key has it.",
                         "ST-KEY-002 /keys/6/key A file, env:NAME or fd:N is needed.",
                         "ST-CFG-003 /keys/7/key A text is needed.",
                         "ST-KEY-002 /keys/7/key A file, env:NAME or fd:N is needed.",
                         "ST-CFG-003 /keys/8 An object is needed."}));
}

TEST(KeyRing, NoKeyTwice) {
    EXPECT_EQ(problemsOf(loadRing(replaced(kTurned, "keys/seal-2.key", "keys/seal-1.key"))),
              std::set<std::string>{"ST-KEY-001 /keys Two keys hold the same bytes."});
    EXPECT_EQ(problemsOf(loadRing(replaced(kTurned, R"("id": "seal-2")", R"("id": "seal-1")"))),
              std::set<std::string>{"ST-CFG-008 /keys An id names one key only."});
    EXPECT_EQ(problemsOf(
                  loadRing(replaced(kRing, R"("use": "seal")", R"("use": "sign", "use": "seal")"))),
              std::set<std::string>{"ST-CFG-008 use The key stands twice in one object."});
}

TEST(KeyRing, SyntaxIsToldWithItsLine) {
    const auto loaded = loadRing("{\"keys\": [\n\n  nonsense]}");
    ASSERT_FALSE(loaded.has_value());
    EXPECT_EQ(loaded.error().front().code(), Code::ConfigSyntax);
    EXPECT_EQ(loaded.error().front().place().line, 3U);
    const auto absent = KeyRing::load("/nowhere/keyring.json");
    ASSERT_FALSE(absent.has_value());
    EXPECT_EQ(absent.error().front().code(), Code::ConfigFile);
}

TEST(KeyRing, AKeyFileIsOursAloneAndOrdinary) {
    const Folder folder;
    const auto digits = read(testCertificate("keys/seal-1.key"));
    const auto load = [&] {
        return problemsOf(loadRing(replaced(kRing, "keys/seal-1.key", folder.path("seal.key"))));
    };
    folder.write("seal.key", digits, 0400);
    EXPECT_EQ(load(), std::set<std::string>{});
    for (const int mode : {0600, 0440, 0404, 0500, 0640, 0666}) {
        folder.write("seal.key", digits, mode);
        EXPECT_EQ(
            load(),
            std::set<std::string>{"ST-KEY-001 /keys/0/key Its mode must be 0400 (chmod 0400)."})
            << std::oct << mode;
    }
    const auto file = folder.write("seal.key", digits, 0400);
    if (::geteuid() == 0 && ::chown(file.c_str(), 65534, 65534) == 0) {
        EXPECT_EQ(load(),
                  std::set<std::string>{
                      "ST-KEY-001 /keys/0/key It must be owned by the user the gateway runs as."});
    }
    folder.write("seal.key", "", 0400);
    EXPECT_EQ(load(), std::set<std::string>{"ST-KEY-002 /keys/0/key It is empty."});
    std::filesystem::remove(file);
    ASSERT_EQ(::mkfifo(file.c_str(), 0400), 0);
    EXPECT_EQ(load(), std::set<std::string>{"ST-KEY-001 /keys/0/key It is not an ordinary file."});
}

TEST(KeyRing, ASignKeysTwoHalvesBelongTogether) {
    const auto loaded = ring();
    const auto other = ring(kTurned);
    BIGNUM* secret = nullptr;
    ASSERT_EQ(EVP_PKEY_get_bn_param(loaded.signingKey(), OSSL_PKEY_PARAM_PRIV_KEY, &secret), 1);
    std::array<unsigned char, 65> point{};
    std::size_t size = 0;
    ASSERT_EQ(EVP_PKEY_get_octet_string_param(other.signingKey(), OSSL_PKEY_PARAM_PUB_KEY,
                                              point.data(), point.size(), &size),
              1);
    std::array<unsigned char, 32> bytes{};
    BN_bn2nativepad(secret, bytes.data(), 32);
    BN_free(secret);
    std::array<char, 11> group{"prime256v1"};
    std::array parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
        OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_PRIV_KEY, bytes.data(), bytes.size()),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), size),
        OSSL_PARAM_construct_end()};
    const KeyContextPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    EVP_PKEY* made = nullptr;
    ASSERT_EQ(EVP_PKEY_fromdata_init(context.get()), 1);
    ASSERT_EQ(EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_KEYPAIR, parameters.data()), 1);
    const KeyPtr torn(made);
    const BioPtr pem(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey(pem.get(), torn.get(), nullptr, nullptr, 0, nullptr, nullptr);
    char* text = nullptr;
    const auto length = BIO_get_mem_data(pem.get(), &text);
    const Folder folder;
    const auto file = folder.write("torn.key", {text, static_cast<std::size_t>(length)});
    EXPECT_EQ(
        problemsOf(loadRing(replaced(kRing, "keys/sign-1.key", file))),
        std::set<std::string>{"ST-KEY-001 /keys/2/key A P-256 private key in PEM is needed."});
}

TEST(KeyRing, KeysMayComeFromTheEnvironmentOrADescriptor) {
    const auto digits = read(testCertificate("keys/seal-1.key"));
    ASSERT_EQ(::setenv("STAFETT_TEST_SEAL", digits.c_str(), 1), 0);
    const auto by_name = ring(replaced(kRing, "keys/seal-1.key", "env:STAFETT_TEST_SEAL"));
    EXPECT_EQ(by_name.secret(KeyUse::Seal, "seal-1"), ring().secret(KeyUse::Seal, "seal-1"));

    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    ASSERT_EQ(::write(ends[1], digits.data(), digits.size()), static_cast<ssize_t>(digits.size()));
    ::close(ends[1]);
    const auto by_number =
        ring(replaced(kRing, "keys/seal-1.key", "fd:" + std::to_string(ends[0])));
    EXPECT_EQ(by_number.secret(KeyUse::Seal, "seal-1"), ring().secret(KeyUse::Seal, "seal-1"));
    ::close(ends[0]);

    for (const auto* bad : {"env:STAFETT_TEST_NOT_SET", "fd:987654", "fd:x", "fd:-1", "fd:"}) {
        EXPECT_EQ(problemsOf(loadRing(replaced(kRing, "keys/seal-1.key", bad))).size(), 1U) << bad;
    }
}

}  // namespace

}  // namespace stafett::security::testing
