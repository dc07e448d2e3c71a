#include "gateway/security/endings.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "files.h"

namespace stafett::security::testing {
namespace {

using std::chrono::hours;

Time now() { return SystemClock().now(); }

const Ending* find(const std::vector<Ending>& all, Ending::What what) {
    for (const auto& one : all) {
        if (one.what == what) return &one;
    }
    return nullptr;
}

TEST(Endings, AreThoseOfCertificateAuthoritiesAndLists) {
    const auto settings = settingsOf("gateway");
    const auto all = endingsOf(settings);
    const auto* own = find(all, Ending::What::Certificate);
    const auto* list = find(all, Ending::What::RevocationList);
    ASSERT_TRUE(own && find(all, Ending::What::Authority) && list);
    EXPECT_EQ(own->file, settings.certificate);
    EXPECT_FALSE(own->name.empty());
    // As openssl prints it: the one place where the day can be had without this code.
    const auto told = "test \"$(date -u -d \"$(openssl x509 -noout -enddate -in '" +
                      settings.certificate + "' | cut -d= -f2)\" +%Y-%m-%dT%H:%M:%SZ)\" = '" +
                      timeText(own->at) + "'";
    EXPECT_EQ(std::system(told.c_str()), 0) << timeText(own->at);
    EXPECT_GT(list->at, now());
}

TEST(Endings, AreWarnedOfFromTheDayTheSettingsSay) {
    auto settings = settingsOf("gateway");
    settings.warn_days = 30;
    settings.warn_list_days = 2;
    const Time at = now();
    const std::vector<Ending> all = {
        {Ending::What::Certificate, "gateway", "gateway.pem", at + hours(24 * 30 + 1)},
        {Ending::What::Authority, "ca", "ca.pem", at + hours(24 * 9 + 3)},
        {Ending::What::RevocationList, "ca", "crl.pem", at + hours(24 * 3)},
        {Ending::What::RevocationList, "sub", "sub.pem", at + hours(30)},
    };
    const auto problems = endingSoon(all, settings, at);
    ASSERT_EQ(problems.size(), 2U);
    EXPECT_EQ(problems[0].code(), Code::TlsEndsSoon);
    EXPECT_EQ(problems[0].outcome(), Outcome::Warning);
    EXPECT_EQ(problems[0].place().file, "ca.pem");
    EXPECT_NE(problems[0].place().hint.find("in 9 days"), std::string::npos);
    EXPECT_EQ(problems[1].place().row, "sub");
    EXPECT_NE(problems[1].place().hint.find("in 1 day."), std::string::npos);
    EXPECT_EQ(endingSoon(all, settings, at + hours(2)).size(), 3U);
}

TEST(Endings, PassOverWhatCannotBeRead) {
    auto settings = settingsOf("gateway");
    settings.certificate = "/nowhere/gateway.pem";
    const auto all = endingsOf(settings);
    EXPECT_EQ(find(all, Ending::What::Certificate), nullptr);
    EXPECT_NE(find(all, Ending::What::Authority), nullptr);
}

TEST(Endings, CountNoListWhereNoneIsAskedFor) {
    auto settings = settingsOf("gateway");
    settings.revocation = config::Revocation::Off;
    EXPECT_EQ(find(endingsOf(settings), Ending::What::RevocationList), nullptr);
}

}  // namespace
}  // namespace stafett::security::testing
