// What a flow that demands consent makes of the consent a message names.
#include "support.h"

namespace stafett::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Consents : public PolicyTest {
protected:
    Consents() {
        record_ = {.parties = {kMalmo, kFk},
                   .kinds = {"health"},
                   .from = "2026-01-01",
                   .to = "2026-12-31"};
    }
    message::Message naming() const {
        auto referral = message("referral");
        referral.set("consent/ref", "S-1");
        referral.set("reason/code", "nollplacerad");
        return referral;
    }
    Verdict verdict(const message::Message& said, const message::Consent* record,
                    const Json& more = Json::object(), const std::string& to = kFk,
                    const std::string& today = "2026-01-15") {
        Json flow = open({{"consent", "demanded"}, {"sensitive", {"reason", "certificate"}}});
        flow.update(more);
        policy_ = loaded(
            {{"flows", {flow}},
             {"information_kinds",
              {{{"id", "health"}, {"called", {"Hälsa"}}, {"fields", {"certificate", "reason"}}}}}});
        const auto at = passage(said, to, today);
        return policy_.judge(said, policy_.flows()[0], at, record);
    }

    message::Consent record_;
    Policy policy_;
};

}  // namespace

TEST_F(Consents, OnRecordThatCoverReceiverKindAndDayLetTheMessageGo) {
    const auto said = verdict(naming(), &record_);
    EXPECT_THAT(said.refused, IsEmpty());
    EXPECT_THAT(said.warnings, IsEmpty());
}

TEST_F(Consents, UnknownToTheGatewayAreWarnedOfOrRefusedAsTheFlowSays) {
    const auto warned = verdict(naming(), nullptr);
    EXPECT_THAT(warned.refused, IsEmpty());
    EXPECT_THAT(codes(warned.warnings), ElementsAre(Code::PolicyConsentUnconfirmed));
    const auto refused = verdict(naming(), nullptr, {{"unknown_consent", "refuse"}});
    EXPECT_THAT(codes(refused.refused), ElementsAre(Code::PolicyConsentUnknown));
    EXPECT_THAT(refused.warnings, IsEmpty());
}

TEST_F(Consents, R28_WithdrawnStopFromTheirDay) {
    record_.withdrawn = "2026-01-15";
    EXPECT_THAT(codes(verdict(naming(), &record_).refused),
                ElementsAre(Code::PolicyConsentWithdrawn));
    record_.withdrawn = "2026-01-16";
    EXPECT_THAT(verdict(naming(), &record_).refused, IsEmpty());
}

TEST_F(Consents, HoldOnlyInTheirPeriod) {
    EXPECT_THAT(codes(verdict(naming(), &record_, Json::object(), kFk, "2025-12-31").refused),
                ElementsAre(Code::PolicyConsentExpired));
    EXPECT_THAT(verdict(naming(), &record_, Json::object(), kFk, "2026-12-31").refused, IsEmpty());
    EXPECT_THAT(codes(verdict(naming(), &record_, Json::object(), kFk, "2027-01-01").refused),
                ElementsAre(Code::PolicyConsentExpired));
}

TEST_F(Consents, CoverOnlyTheReceiversTheyName) {
    const auto said = verdict(naming(), &record_, Json::object(), kAf);
    EXPECT_THAT(codes(said.refused), ElementsAre(Code::PolicyConsentParty));
    EXPECT_EQ(said.refused[0].place().row, "flow f, receiver 2021002114");
}

TEST_F(Consents, CoverOnlyTheKindsOfInformationTheyName) {
    record_.kinds = {};
    const auto said = verdict(naming(), &record_);
    EXPECT_THAT(codes(said.refused), ElementsAre(Code::PolicyConsentKind));
    EXPECT_EQ(said.refused[0].place().path, "reason/code");
    EXPECT_EQ(said.refused[0].place().row, "flow f, kind health");
    record_.kinds = {"Hälsa"};
    EXPECT_THAT(verdict(naming(), &record_).refused, IsEmpty());
}

TEST_F(Consents, CoverOnlyThePurposeTheyWereGivenFor) {
    record_.purpose = "samordnad_rehabilitering";
    EXPECT_THAT(verdict(naming(), &record_).refused, IsEmpty()) << "the message states none";
    auto said = naming();
    said.set("purpose", "samordnad_rehabilitering");
    EXPECT_THAT(verdict(said, &record_).refused, IsEmpty());
    said.set("purpose", "uppfoljning");
    const auto other = verdict(said, &record_);
    EXPECT_THAT(codes(other.refused), ElementsAre(Code::PolicyConsentPurpose));
    EXPECT_EQ(other.refused[0].place().path, "purpose");
    record_.purpose.clear();
    EXPECT_THAT(verdict(said, &record_).refused, IsEmpty())
        << "it was given for none in particular";
}

TEST_F(Consents, NeedNotCoverWhatTheFlowTakesOut) {
    record_.kinds = {};
    EXPECT_THAT(verdict(naming(), &record_, {{"sensitive", Json::array()}}).refused, IsEmpty());
}

TEST_F(Consents, AreNotAskedForWhereTheFlowNeedsNone) {
    record_.withdrawn = "2026-01-01";
    const auto said = verdict(naming(), &record_, {{"consent", "not_needed"}});
    EXPECT_THAT(said.refused, IsEmpty());
    EXPECT_THAT(said.warnings, IsEmpty());
}

TEST_F(Consents, AMessageOfAConsentNeedsNoConsent) {
    const auto said = verdict(message("consent"), nullptr, {{"kinds", {"consent"}}});
    EXPECT_THAT(said.refused, IsEmpty());
    EXPECT_THAT(said.warnings, IsEmpty());
}

}  // namespace stafett::policy
