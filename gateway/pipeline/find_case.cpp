// Which case a message belongs to, and which earlier message of it it means.
#include <algorithm>

#include "gateway/pipeline/address.h"

namespace stafett::pipeline {
namespace {

using Kind = custody::Act::Kind;

Digest aliasHash(const Shared& shared, const PartyId& party, std::string_view alias) {
    return shared.index.of(security::IndexPurpose::Alias, party, {alias});
}

/// Those cases that may be about the person the message names. A case number that is mistyped, or
/// used once more for somebody else, must not lead into another person's case. Where a person's
/// own number has changed, ref-to says which case is meant: nobody mistypes a message's id.
Result<std::vector<CaseId>> ofThePerson(const Shared& shared, const MessageFacts& facts,
                                        std::vector<CaseId> cases) {
    const auto person = facts.message.text("person/id");
    if (person.empty() || cases.empty()) return cases;
    const auto named = shared.index.candidates(security::IndexPurpose::Person, {}, {person});
    std::vector<CaseId> left;
    for (const auto& id : cases) {
        ST_TRY(const auto persons, shared.store.personsOf(id));
        if (persons.empty() || std::find_first_of(persons.begin(), persons.end(), named.begin(),
                                                  named.end()) != persons.end()) {
            left.push_back(id);
        }
    }
    return left;
}

/// The cases that a party calls by this alias.
Result<std::vector<CaseId>> calledSo(const Shared& shared, const MessageFacts& facts,
                                     const PartyId& party, std::string_view alias) {
    ST_TRY(auto cases, shared.store.findAlias(party, aliasHash(shared, party, alias)));
    return ofThePerson(shared, facts, std::move(cases));
}

/// Whether the other side's name of a case can mean this one: an answer needs its one open offer,
/// everything else a part in it.
bool mayMean(const custody::CaseState& state, const MessageFacts& facts) {
    const auto& party = facts.sender->id;
    if (facts.message.schema().kind != "answer") {
        return std::any_of(state.participants.begin(), state.participants.end(),
                           [&](const auto& one) { return one.who.party == party; }) ||
               std::any_of(state.offers.begin(), state.offers.end(),
                           [&](const auto& offer) { return offer.to.party == party; });
    }
    const auto open =
        std::count_if(state.offers.begin(), state.offers.end(), [&](const custody::Offer& offer) {
            return offer.to.party == party && custody::isOpen(offer);
        });
    return open == 1;
}

/// The one case that any other party calls by this alias and that the sender can mean.
Result<std::optional<CaseId>> byOtherAlias(const Shared& shared, const MessageFacts& facts,
                                           std::string_view alias, const Journey& journey) {
    std::vector<CaseId> hits;
    for (const auto& [id, party] : journey.snapshot->config.parties) {
        if (id == facts.sender->id) continue;
        ST_TRY(const auto cases, calledSo(shared, facts, id, alias));
        for (const auto& case_id : cases) {
            ST_TRY(const auto row, shared.store.findCase(case_id));
            if (!row) continue;
            ST_TRY(const auto state, custody::parse(row->state));
            if (mayMean(state, facts)) hits.push_back(case_id);
        }
    }
    if (hits.size() != 1) return std::nullopt;
    return hits.front();
}

/// The message that ref-to names: by our id, one that the sender was sent or sent itself; by its
/// own id, one that it sent.
Result<std::optional<store::KnownMessage>> referredTo(const Shared& shared,
                                                      const MessageFacts& facts) {
    const auto text = facts.message.text("message/refTo");
    if (text.empty()) return std::nullopt;
    if (const auto id = MessageId::parse(text)) {
        ST_TRY(auto known, shared.store.findSentTo(*id, facts.sender->id));
        if (known) return known;
    }
    return shared.store.findSenderId(
        facts.sender->id,
        shared.index.of(security::IndexPurpose::SenderId, facts.sender->id, {text}));
}

/// A reply to an answer (what was asked for) is about the same offer as that answer: the case says
/// which.
bool isAskedAbout(const std::string& kind, Kind act) {
    if (act == Kind::WithdrawConsent) return kind == "consent";
    return kind == "referral" || kind == "handover" || kind == "joint_assessment" ||
           (act == Kind::Cancel && kind != "notice");
}

struct Lookup {
    std::optional<CaseId> case_id;
    std::optional<MessageId> about;
    std::optional<MessageId> question = std::nullopt;
};

Result<Lookup> lookUp(const Shared& shared, const MessageFacts& facts, const Journey& journey) {
    ST_TRY(const auto known, referredTo(shared, facts));
    if (known) {
        const bool about = isAskedAbout(known->kind, facts.act.kind);
        const bool asks = known->kind == "answer" && facts.message.schema().kind == "answer";
        return Lookup{known->case_id, about ? std::optional(known->id) : std::nullopt,
                      asks ? std::optional(known->id) : std::nullopt};
    }
    if (const auto own = facts.message.text("case/sender"); !own.empty()) {
        ST_TRY(const auto cases, calledSo(shared, facts, facts.sender->id, own));
        if (cases.size() == 1) return Lookup{cases.front(), std::nullopt};
    }
    if (const auto other = facts.message.text("case/receiver"); !other.empty()) {
        ST_TRY(const auto case_id, byOtherAlias(shared, facts, other, journey));
        if (case_id) return Lookup{case_id, std::nullopt};
    }
    return Lookup{};
}

/// Whether a message that belongs to no known case opens one. An offer does. A request, a deviation
/// and a consent may stand alone, but not when they say what they belong to.
bool opensCase(const MessageFacts& facts) {
    switch (facts.act.kind) {
        case Kind::Refer:
        case Kind::HandOver:
            return true;
        case Kind::RequestAssessment:
        case Kind::Deviation:
        case Kind::GiveConsent:
            return facts.message.text("message/refTo").empty() &&
                   facts.message.text("case/receiver").empty();
        default:
            return false;
    }
}

}  // namespace

Problems findCase(const Shared& shared, MessageFacts& facts, Journey& journey) {
    const auto found = lookUp(shared, facts, journey);
    if (!found) return {found.error()};
    if (!found->case_id) {
        if (opensCase(facts)) return {};
        return {Error(Code::AddressNoRequest,
                      Place{.row = "tried: message/refTo; case/sender and case/receiver, of "
                                   "cases about the person it names"})};
    }
    auto row = shared.store.findCase(*found->case_id);
    if (!row) return {row.error()};
    if (!*row) return {Error(Code::StoreNotFound)};
    auto state = custody::parse((*row)->state);
    if (!state) return {state.error()};
    facts.case_row = std::move(*row);
    facts.before = std::move(*state);
    facts.case_id = *found->case_id;
    facts.act.about = found->about;
    facts.question = found->question;
    return {};
}

}  // namespace stafett::pipeline
