// Which rule is whose, and what forbids an act before any rule is asked (design 9).
#include <algorithm>
#include <array>

#include "gateway/custody/move.h"
#include "gateway/custody/parts.h"
#include "gateway/custody/timers.h"

namespace stafett::custody {
namespace {

using Kind = Act::Kind;

/// What each kind of act may do, at a glance.
struct Rule {
    Kind kind;
    Status (*apply)(Move&);
    std::string_view opens;  ///< the kind of message that opens a case with it; empty = none
    bool when_closed;
    bool without_consent;
    bool by_participant;  ///< the rule itself does not look who says it: it must take part
};

constexpr std::array<Rule, 21> kRules = {{
    {Kind::Refer, offer, "referral", false, false, false},
    {Kind::HandOver, offer, "handover", false, false, false},
    {Kind::Accept, answer, "", false, false, false},
    {Kind::Decline, answer, "", false, false, false},
    {Kind::Ask, answer, "", false, false, false},
    {Kind::Supplement, answer, "", false, false, false},
    {Kind::Started, answer, "", false, false, false},
    {Kind::Status, answer, "", false, false, false},
    {Kind::Plan, plan, "", false, false, true},
    {Kind::RequestAssessment, requestAssessment, "joint_assessment", false, false, true},
    {Kind::BookAssessment, meetAssessment, "", false, false, true},
    {Kind::AssessmentResult, meetAssessment, "", false, false, true},
    {Kind::Progress, progress, "", true, false, true},
    {Kind::Deviation, passOn, "deviation", true, false, true},
    {Kind::GiveConsent, giveConsent, "consent", true, true, true},
    {Kind::WithdrawConsent, withdrawConsent, "", true, true, true},
    {Kind::Close, close, "", false, true, true},
    {Kind::Cancel, cancel, "", false, true, true},
    {Kind::Remind, remind, "", false, false, true},
    {Kind::ChangeCaseworker, changeCaseworker, "", false, true, true},
    {Kind::Notice, passNotice, "", true, true, false},
}};

const Rule& ruleOf(Kind kind) { return kRules.at(static_cast<std::size_t>(kind)); }

consteval bool standInOrder() {
    for (std::size_t i = 0; i < kRules.size(); ++i) {
        if (static_cast<std::size_t>(kRules[i].kind) != i) return false;
    }
    return true;
}
static_assert(standInOrder() && kRules.size() == static_cast<std::size_t>(Kind::Tick));

bool isCounted(const CaseState& state, const MessageId& message) {
    return std::find(state.counted.begin(), state.counted.end(), message) != state.counted.end();
}

Status mayBegin(const CaseState& state, const Act& act, const Rule& rule) {
    if (isCounted(state, act.message)) {
        return forbidden(Code::CustodyConflict, "the message is counted already");
    }
    if (state.phase == Phase::Closed && !rule.when_closed) {
        return forbidden(Code::CustodyClosed, "closed " + state.closure->date);
    }
    if (state.consents.state == Consents::State::Withdrawn && !rule.without_consent) {
        return forbidden(Code::CustodyConsentWithdrawn, "withdrawn " + state.consents.withdrawn);
    }
    if (rule.by_participant && !takesPart(state, act.by.party)) {
        return forbidden(Code::CustodyNotParty, "party " + act.by.party.value);
    }
    return {};
}

CaseState opened(const Act& act, const Rule& rule) {
    CaseState state;
    state.holder = state.opened_by = act.by;
    state.opened_with = rule.opens;
    join(state, act.by);
    return state;
}

}  // namespace

Result<Decision> decide(const std::optional<CaseState>& before, const Act& act) {
    if (act.kind == Kind::Tick) {
        if (!before) return forbidden(Code::CustodyConflict, "no case");
        return tick(*before, act.today);
    }
    const Rule& rule = ruleOf(act.kind);
    if (!before && rule.opens.empty()) return forbidden(Code::CustodyConflict, "no case");
    Move move{.act = act, .decision = {.state = before ? *before : opened(act, rule)}};
    settlePromises(move.state(), act.today);
    ST_CHECK(mayBegin(move.state(), act, rule));
    ST_CHECK(rule.apply(move));
    move.state().counted.push_back(act.message);
    ++move.state().version;
    return std::move(move.decision);
}

bool goesWithoutConsent(Act::Kind kind) {
    return kind != Kind::Tick && ruleOf(kind).without_consent;
}

tl::unexpected<Error> forbidden(Code code, std::string state) {
    return tl::make_unexpected(Error(code, Place{.path = {}, .row = std::move(state)}));
}

void Move::tell(std::string_view code, const Offer& offer, const Holder& to, const Holder& other) {
    decision.obligations.push_back({code, to, offer.message, other.party, offer.dates.answer_by});
}

}  // namespace stafett::custody
