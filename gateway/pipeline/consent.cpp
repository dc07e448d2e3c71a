#include "gateway/pipeline/consent.h"

#include <algorithm>
#include <array>

#include "gateway/message/dates.h"

namespace stafett::pipeline {
namespace {

using security::IndexPurpose;

constexpr std::size_t kLongestFormNumber = 8;

/// These go also when the consent does not stand: they tell that it fell, or end what rested on it.
bool goesWithoutConsent(std::string_view kind) {
    constexpr std::array<std::string_view, 4> kKinds = {"consent", "notice", "cancel", "closure"};
    return std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end();
}

/// The number of a paper form. Anything longer might be more than a number: it stays sealed.
std::string formNumber(std::string_view said) {
    const bool plain =
        said.size() <= kLongestFormNumber && std::all_of(said.begin(), said.end(), [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '-';
        });
    return plain ? std::string(said) : std::string();
}

std::vector<std::string> organisations(const MessageFacts& facts) {
    std::vector<std::string> parties = {facts.sender->id.value};
    for (const auto& item : facts.message.items("coveredParties")) {
        parties.emplace_back(item.text(0));
    }
    return parties;
}

std::vector<std::string> declaredKinds(const MessageFacts& facts, const policy::Policy& policy) {
    std::vector<std::string> kinds;
    for (const auto& item : facts.message.items("informationKinds")) {
        const auto* kind = policy.informationKind(item.text(0));
        if (kind != nullptr) kinds.push_back(kind->id);
    }
    return kinds;
}

message::Consent recordOf(const MessageFacts& facts, const policy::Policy& policy) {
    const auto& said = facts.message;
    message::Consent record;
    record.parties = organisations(facts);
    record.kinds = declaredKinds(facts, policy);
    record.purpose = said.text("purpose");
    record.form = formNumber(said.text("consentRecord/form"));
    record.from = said.text("consentRecord/from");
    record.to = said.text("consentRecord/to");
    if (record.to.empty()) record.to = said.text("consent/validTo");
    return record;
}

}  // namespace

Result<std::optional<NamedConsent>> namedConsent(const Shared& shared,
                                                 const message::Message& message) {
    const auto ref = message.text("consent/ref");
    const auto person = message.text("person/id");
    if (ref.empty() || person.empty()) return std::nullopt;
    const auto refs = shared.index.candidates(IndexPurpose::Consent, {}, {person, ref});
    ST_TRY(auto known, shared.store.findConsent(refs));
    if (known) return NamedConsent{known->ref, std::move(known->consent)};
    return NamedConsent{refs.front(), std::nullopt};
}

Result<std::optional<store::NewConsent>> consentTold(const Shared& shared,
                                                     const MessageFacts& facts,
                                                     const policy::Policy& policy,
                                                     std::string_view today) {
    if (facts.message.schema().kind != "consent") return std::nullopt;
    ST_TRY(const auto named, namedConsent(shared, facts.message));
    store::NewConsent told;
    const bool withdrawn = facts.message.text("consentRecord/type") == "withdrawn";
    told.act = withdrawn ? store::NewConsent::Act::Withdrawn : store::NewConsent::Act::Given;
    if (named) {
        told.ref = named->ref;
    } else if (withdrawn && facts.case_row && facts.case_row->consent) {
        told.ref = *facts.case_row->consent;
    } else {
        return tl::make_unexpected(Error(Code::MapMissing, Place{.path = "consent/ref"}));
    }
    if (const auto person = facts.message.text("person/id"); !person.empty()) {
        told.person = shared.index.of(IndexPurpose::Person, {}, {person});
    }
    told.date = facts.message.text("consentRecord/date");
    if (told.date.empty()) told.date = today;
    if (!withdrawn) told.record = recordOf(facts, policy);
    return told;
}

std::optional<Digest> restsOn(const PermittedFacts& permitted, const policy::Flow& flow) {
    if (goesWithoutConsent(permitted.of.message.schema().kind)) return std::nullopt;
    if (flow.consent == policy::Flow::Consent::Demanded && permitted.consent) {
        return permitted.consent;
    }
    return permitted.of.case_row ? permitted.of.case_row->consent : std::nullopt;
}

bool mayStillLeave(const store::Lease& lease, Time now) {
    if (!lease.consent) return true;
    const auto& [to, withdrawn] = *lease.consent;
    if (to.empty() && withdrawn.empty()) return true;
    const std::string today = message::stockholmDate(now);
    return (to.empty() || today <= to) && (withdrawn.empty() || today < withdrawn);
}

}  // namespace stafett::pipeline
