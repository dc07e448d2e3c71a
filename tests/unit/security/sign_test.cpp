#include "gateway/security/sign.h"

#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include <array>
#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "gateway/base/bytes.h"
#include "gateway/security/context.h"
#include "gateway/security/secret.h"
#include "ring.h"

namespace stafett::security::testing {

namespace {

const std::string kPayload = R"({"iss":"stafett","kind":"referral","seq":1})";

template <class T>
void expectWrong(const Result<T>& result, const std::string& what) {
    ASSERT_FALSE(result.has_value()) << what;
    EXPECT_EQ(result.error().code(), Code::SignatureWrong) << what;
}

/// header.payload.signature, the signature made with OpenSSL's own digest-and-sign.
std::string madeByHand(std::string_view header, std::string_view payload, EVP_PKEY* key) {
    std::string jws = base64Url(header) + "." + base64Url(payload);
    std::array<unsigned char, 80> der{};
    auto size = der.size();
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EXPECT_EQ(EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key), 1);
    EXPECT_EQ(EVP_DigestSign(context, der.data(), &size, octets(jws).data(), jws.size()), 1);
    EVP_MD_CTX_free(context);
    const unsigned char* at = der.data();
    ECDSA_SIG* signature = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size));
    std::array<unsigned char, 64> both{};
    BN_bn2binpad(ECDSA_SIG_get0_r(signature), both.data(), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(signature), both.data() + 32, 32);
    ECDSA_SIG_free(signature);
    return jws + "." + base64Url(text(both));
}

const std::string kHeader = R"({"alg":"ES256","kid":"sign-1","typ":"stafett-receipt+jwt"})";

TEST(Sign, IsACompactJwsThatVerifies) {
    const auto jws = Signer(ring()).sign(kPayload);
    const auto header = fromBase64Url(jws.substr(0, jws.find('.')));
    ASSERT_TRUE(header.has_value());
    EXPECT_EQ(*header, kHeader);
    EXPECT_EQ(jws.size() - jws.rfind('.') - 1, 86U) << "64 bytes, not DER";
    EXPECT_EQ(Verifier(ring()).verify(jws).value(), kPayload);
}

TEST(Sign, AgreesWithAnotherWayOfSigning) {
    EXPECT_EQ(Verifier(ring()).verify(madeByHand(kHeader, kPayload, ring().signingKey())).value(),
              kPayload);

    const auto jws = Signer(ring()).sign(kPayload);  // and ours, by OpenSSL's digest-and-verify
    const auto both = *fromBase64Url(jws.substr(jws.rfind('.') + 1));
    ECDSA_SIG* signature = ECDSA_SIG_new();
    ECDSA_SIG_set0(signature, BN_bin2bn(octets(both).data(), 32, nullptr),
                   BN_bin2bn(octets(both).data() + 32, 32, nullptr));
    unsigned char* der = nullptr;
    const int size = i2d_ECDSA_SIG(signature, &der);
    ECDSA_SIG_free(signature);
    const auto input = jws.substr(0, jws.rfind('.'));
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    const auto loaded = ring();
    EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, loaded.signingKey());
    EXPECT_EQ(EVP_DigestVerify(context, der, static_cast<std::size_t>(size), octets(input).data(),
                               input.size()),
              1);
    EVP_MD_CTX_free(context);
    OPENSSL_free(der);
}

TEST(Sign, AnyChangedCharacterIsSeen) {
    const Verifier verifier(ring());
    const auto jws = Signer(ring()).sign(kPayload);
    for (std::size_t i = 0; i < jws.size(); ++i) {
        auto changed = jws;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        expectWrong(verifier.verify(changed), "character " + std::to_string(i));
    }
    for (const char c :
         std::string("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")) {
        auto changed = jws;
        changed.back() = c;  // its last four bits mean nothing, and must be none
        if (c != jws.back()) expectWrong(verifier.verify(changed), "last character");
    }
    for (std::size_t size = 0; size < jws.size(); ++size) {
        expectWrong(verifier.verify(jws.substr(0, size)), "cut");
    }
    for (const auto* more : {"A", "=", ".", ".A", "\n"}) {
        expectWrong(verifier.verify(jws + more), more);
    }
    const auto dot = jws.find('.');
    expectWrong(
        verifier.verify(jws.substr(0, dot) + "." + base64Url("{}") + jws.substr(jws.rfind('.'))),
        "another payload");
}

TEST(Sign, OnlyTheHeaderThatIsAgreedOn) {
    const auto loaded = ring();
    const Verifier verifier(loaded);
    const auto signedWith = [&](const char* header) {
        return verifier.verify(madeByHand(header, kPayload, loaded.signingKey()));
    };
    EXPECT_TRUE(
        signedWith(R"({"kid":"sign-1","typ":"stafett-receipt+jwt","alg":"ES256"})").has_value());
    for (const auto* header :
         {R"({"alg":"none","kid":"sign-1","typ":"stafett-receipt+jwt"})",
          R"({"alg":"HS256","kid":"sign-1","typ":"stafett-receipt+jwt"})",
          R"({"alg":"ES256","kid":"sign-2","typ":"stafett-receipt+jwt"})",
          R"({"alg":"ES256","kid":"sign-1","typ":"JWT"})", R"({"alg":"ES256","kid":"sign-1"})",
          R"({"alg":"ES256","typ":"stafett-receipt+jwt"})",
          R"({"alg":"ES256","kid":1,"typ":"stafett-receipt+jwt"})",
          R"({"alg":"ES256","kid":"sign-1","typ":"stafett-receipt+jwt","crit":["x"]})", "[]", "{",
          ""}) {
        expectWrong(signedWith(header), header);
    }
    expectWrong(verifier.verify(Signer(loaded).sign(kPayload, "another")), "another type");
    EXPECT_TRUE(verifier.verify(Signer(loaded).sign(kPayload, "another"), "another").has_value());
    expectWrong(
        verifier.verify(base64Url(R"({"alg":"none","kid":"sign-1","typ":"stafett-receipt+jwt"})") +
                        "." + base64Url(kPayload) + "."),
        "no signature");
    expectWrong(verifier.verify(base64Url(kHeader) + "." + base64Url(kPayload) + "." +
                                base64Url(std::string(64, '\0'))),
                "r and s of zero");
}

TEST(Sign, AnOldKeysReceiptsVerifyAsLongAsItsPublicHalfIsKept) {
    const auto jws = Signer(ring()).sign(kPayload);
    EXPECT_EQ(Signer(ring(kTurned)).keyId(), "sign-2");
    EXPECT_EQ(Verifier(ring(kTurned)).verify(jws).value(), kPayload);
    expectWrong(Verifier(ring(kDestroyed)).verify(jws), "no such key any more");
}

TEST(Sign, ThePublishedKeysAreAllItTakes) {
    const auto document = Verifier(ring(kTurned)).jwks();
    const auto keys = nlohmann::json::parse(document)["keys"];
    ASSERT_EQ(keys.size(), 2U);
    for (const auto& key : keys) {
        EXPECT_EQ(key["kty"], "EC");
        EXPECT_EQ(key["crv"], "P-256");
        EXPECT_EQ(key["alg"], "ES256");
        EXPECT_EQ(key["use"], "sig");
        EXPECT_EQ(key["x"].get<std::string>().size(), 43U);
        EXPECT_EQ(key["y"].get<std::string>().size(), 43U);
        EXPECT_FALSE(key.contains("d")) << "the private half";
    }
    const auto verifier = Verifier::fromJwks(document);
    ASSERT_TRUE(verifier.has_value());
    EXPECT_EQ(verifier->verify(Signer(ring()).sign(kPayload)).value(), kPayload);
    EXPECT_EQ(verifier->verify(Signer(ring(kTurned)).sign(kPayload)).value(), kPayload);
    EXPECT_EQ(verifier->jwks(), document);
}

TEST(Sign, ReadsTheKeyAndSignatureOfRfc7515) {
    // Appendix A.3: its header names no key, so the header is refused; its key is read and shown
    // again.
    const std::string x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
    const std::string y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
    const auto jwks = R"({"keys":[{"kty":"EC","crv":"P-256","kid":"rfc","x":")" + x + R"(","y":")" +
                      y + R"("},{"kty":"RSA","kid":"passed over","n":"AQ","e":"AQAB"}]})";
    const auto verifier = Verifier::fromJwks(jwks);
    ASSERT_TRUE(verifier.has_value());
    const auto shown = nlohmann::json::parse(verifier->jwks())["keys"];
    ASSERT_EQ(shown.size(), 1U);
    EXPECT_EQ(shown[0]["x"], x);
    EXPECT_EQ(shown[0]["y"], y);
}

TEST(Sign, AMalformedKeyDocumentIsRefused) {
    const auto good = Verifier(ring()).jwks();
    const auto key = nlohmann::json::parse(good)["keys"][0];
    auto off_curve = key;
    off_curve["x"] = base64Url(std::string(32, '\1'));
    auto nameless = key;
    nameless.erase("kid");
    auto short_x = key;
    short_x["x"] = "AQ";
    for (const auto& document :
         {std::string("{"), std::string("[]"), std::string(R"({"keys":1})"),
          std::string(R"({"keys":[1]})"), nlohmann::json{{"keys", {off_curve}}}.dump(),
          nlohmann::json{{"keys", {nameless}}}.dump(), nlohmann::json{{"keys", {short_x}}}.dump(),
          nlohmann::json{{"keys", {key, key}}}.dump()}) {
        const auto verifier = Verifier::fromJwks(document);
        ASSERT_FALSE(verifier.has_value()) << document;
        EXPECT_EQ(verifier.error().code(), Code::KeyRing);
    }
}

TEST(Sign, ManyThreadsMayUseOne) {
    const auto loaded = ring();
    const Signer signer(loaded);
    const Verifier verifier(loaded);
    std::atomic<int> good{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 50; ++i) {
                const auto verified = verifier.verify(signer.sign(kPayload));
                if (verified && *verified == kPayload) ++good;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(good, 200);
}

TEST(Sign, NeverWithTheKeyThatTlsUses) {
    const auto context = serverContext(settingsOf("gateway"), {});
    ASSERT_TRUE(context.has_value());
    EXPECT_TRUE(keptApart(ring(), **context).has_value());
    auto text = kRing;
    text.replace(text.find("keys/sign-1.key"), 15, testCertificate("gateway.key"));
    const auto same = keptApart(ring(text), **context);
    ASSERT_FALSE(same.has_value());
    EXPECT_EQ(same.error().code(), Code::KeyRing);
}

}  // namespace

}  // namespace stafett::security::testing
