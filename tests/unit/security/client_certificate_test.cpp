// The matrix of client certificates, over real handshakes in TLS 1.2 and 1.3: only the good get an
// answer, and only for the system they belong to.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <ostream>
#include <sstream>

#include "files.h"
#include "handshake.h"

namespace stafett::security::testing {

namespace {

const std::vector<config::SystemEntry>& systems() {
    static const std::vector<config::SystemEntry> entries = [] {
        std::vector<config::SystemEntry> list;
        for (const auto* name : {"good", "other-system", "server-only", "client-only"}) {
            list.push_back({.system = {name}, .parties = {PartyId{"2021002114"}}});
        }
        list.push_back({.system = {"by-name"}, .dns = {"System.example.org"}});
        return list;
    }();
    return entries;
}

std::shared_ptr<const Context> gateway() {
    static const auto context = [] {
        auto made = serverContext(
            settingsOf("gateway", {"crl.pem", "crl-intermediate.pem", "crl-narrow.pem"}),
            systems());
        EXPECT_TRUE(made.has_value());
        return *made;
    }();
    return context;
}

struct Case {
    const char* certificate;
    const char* system;  ///< whose it is; null when it must be refused
    const char* reason = "";
};
std::ostream& operator<<(std::ostream& out, const Case& c) {
    return out << (*c.certificate == '\0' ? "none" : c.certificate);
}

constexpr Case kCases[] = {
    {"good", "good"},
    {"other-system", "other-system"},
    {"client-only", "client-only"},
    {"named", "by-name"},
    {"by-intermediate", "good"},
    {"", nullptr},
    {"expired", nullptr, "certificate has expired"},
    {"not-yet", nullptr, "certificate is not yet valid"},
    {"other-authority", nullptr, "unable to get local issuer certificate"},
    {"same-name", nullptr, "unable to get local issuer certificate"},
    {"self-signed", nullptr, "self-signed certificate"},
    {"server-only", nullptr, "unsuitable certificate purpose"},
    {"no-extended-usage", nullptr, "unsuitable certificate purpose"},
    {"any-usage", nullptr, "unsuitable certificate purpose"},
    {"authority-as-peer", nullptr, "unsuitable certificate purpose"},
    {"no-signature", nullptr, "unsuitable certificate purpose"},
    {"no-usage", nullptr, "unsuitable certificate purpose"},
    {"unknown-critical", nullptr, "unhandled critical extension"},
    {"revoked", nullptr, "certificate revoked"},
    {"by-intermediate-revoked", nullptr, "certificate revoked"},
    {"rsa-1024", nullptr, "EE certificate key too weak"},
    {"sha-1", nullptr, "CA signature digest algorithm too weak"},
    {"by-leaf", nullptr, "invalid CA certificate"},
    {"too-deep", nullptr, "path length constraint exceeded"},
    {"outside-names", nullptr, "permitted subtree violation"},
    {"many-names", nullptr},  // over the limit of bytes, before it is judged
};

class ClientCertificate : public ::testing::TestWithParam<std::tuple<Case, int>> {};

TEST_P(ClientCertificate, IsLetInOnlyWhenGood) {
    const auto& [c, version] = GetParam();
    const auto client = laxContext(TLS_client_method(), c.certificate, version);
    const auto met = meet(gateway()->native(), client.get(), gateway().get());

    EXPECT_EQ(met.in(), c.system != nullptr);
    if (c.system == nullptr) {
        EXPECT_FALSE(met.server_shook) << "refused in the handshake, not after it";
        EXPECT_EQ(met.server_refusal.code(), Code::TlsRefused);
        EXPECT_EQ(met.server_refusal.place().row, c.reason);
    } else if (met.in()) {
        EXPECT_EQ((*met.peer)->system.value, c.system);
        EXPECT_EQ((*met.peer)->certificate.size(), 64U);
    }
}

std::string nameOf(const ::testing::TestParamInfo<std::tuple<Case, int>>& info) {
    std::ostringstream name;
    name << std::get<0>(info.param) << (std::get<1>(info.param) == TLS1_3_VERSION ? "_13" : "_12");
    auto text = name.str();
    std::replace(text.begin(), text.end(), '-', '_');
    return text;
}

INSTANTIATE_TEST_SUITE_P(Matrix, ClientCertificate,
                         ::testing::Combine(::testing::ValuesIn(kCases),
                                            ::testing::Values(TLS1_2_VERSION, TLS1_3_VERSION)),
                         nameOf);

TEST(ClientCertificateSystem, AWeakCurveIsRefused) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {  // 1.3 knows no signature with it
        const auto client = laxContext(TLS_client_method(), "p-192", version);
        EXPECT_FALSE(meet(gateway()->native(), client.get(), gateway().get()).server_shook);
    }
}

TEST(ClientCertificateSystem, GoodButKnownToNoEntryIsRefusedAfterTheHandshake) {
    for (const auto* name : {"unnamed", "wildcard", "two-systems", "wrong-host"}) {
        const auto client = laxContext(TLS_client_method(), name);
        const auto met = meet(gateway()->native(), client.get(), gateway().get());
        ASSERT_TRUE(met.server_shook) << name;
        ASSERT_TRUE(met.peer.has_value());
        ASSERT_FALSE(met.peer->has_value()) << name;
        EXPECT_EQ(met.peer->error().code(), Code::TlsUnknownSystem);
        EXPECT_FALSE(met.answered);
    }
}

Result<Peer> identified(const std::vector<config::SystemEntry>& entries, const char* certificate) {
    const auto context = serverContext(settingsOf("gateway"), entries);
    EXPECT_TRUE(context.has_value());
    const auto client = laxContext(TLS_client_method(), certificate);
    const auto met = meet((*context)->native(), client.get(), context->get());
    EXPECT_TRUE(met.peer.has_value());
    return met.peer.value_or(tl::make_unexpected(met.server_refusal));
}

TEST(ClientCertificateSystem, ActsForThePartiesOfItsEntryAlone) {
    const auto peer =
        identified({{.system = {"good"}, .parties = {PartyId{"2120000142"}, PartyId{"2120000159"}}},
                    {.system = {"other-system"}, .parties = {PartyId{"2021002114"}}}},
                   "good");
    ASSERT_TRUE(peer.has_value());
    EXPECT_EQ(peer->system.value, "good");
    EXPECT_EQ(peer->parties, (std::vector{PartyId{"2120000142"}, PartyId{"2120000159"}}));
}

TEST(ClientCertificateSystem, APinnedOneIsKnownByItsFingerprintAlone) {
    const auto peer = identified({{.system = {"good"}}}, "good");
    ASSERT_TRUE(peer.has_value());
    auto pin = peer->certificate;
    EXPECT_TRUE(identified({{.system = {"renamed"}, .fingerprints = {pin}}}, "good").has_value());
    std::transform(pin.begin(), pin.end(), pin.begin(), ::toupper);
    EXPECT_TRUE(identified({{.system = {"good"}, .fingerprints = {pin}}}, "good").has_value());

    const std::string other(64, 'a');
    const auto refused = identified({{.system = {"good"}, .fingerprints = {other}}}, "good");
    ASSERT_FALSE(refused.has_value()) << "the name fits, the certificate is not the pinned one";
    EXPECT_EQ(refused.error().code(), Code::TlsUnknownSystem);
}

TEST(ClientCertificateSystem, IsKnownWithinItsEntrysDaysAlone) {
    EXPECT_TRUE(identified({{.system = {"good"}, .valid_from = "2020-01-01"}}, "good").has_value());
    EXPECT_TRUE(identified({{.system = {"good"}, .valid_to = "2099-12-31"}}, "good").has_value());
    EXPECT_FALSE(
        identified({{.system = {"good"}, .valid_from = "2099-01-01"}}, "good").has_value());
    EXPECT_FALSE(identified({{.system = {"good"}, .valid_to = "2020-01-01"}}, "good").has_value());
}

}  // namespace

}  // namespace stafett::security::testing
