#include "tests/model/histories.h"

#include <array>
#include <chrono>
#include <cstdio>

#include "tests/model/oracle.h"

namespace stafett::custody::model {
namespace {

using Kind = Act::Kind;

constexpr std::size_t kSteps = 18;

const std::array<Holder, 5> kParties = {{
    {PartyId{"2120001124"}, FunctionId{"ama"}},
    {PartyId{"2120001124"}, FunctionId{"dv"}},
    {PartyId{"2021002114"}, FunctionId{"af"}},
    {PartyId{"2021005521"}, FunctionId{"fk"}},
    {PartyId{"2321000016"}, FunctionId{"rehab"}},
}};

/// Days of a year, so that a clock is a number here and a date to custody.
const std::vector<std::string>& days() {
    static const std::vector<std::string> kDays = [] {
        using namespace std::chrono;
        std::vector<std::string> made;
        for (sys_days day = year(2026) / 1 / 1; made.size() < 400; day += std::chrono::days(1)) {
            const year_month_day date(day);
            std::array<char, 16> text{};
            std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                          static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
            made.emplace_back(text.data());
        }
        return made;
    }();
    return kDays;
}

class Player {
public:
    explicit Player(std::uint64_t seed) : random_(seed) {}

    /// The next act: a new one, an earlier one again, or one that was kept waiting till now.
    Act next(const std::optional<CaseState>& state) {
        moveClock();
        if (!sent_.empty() && chance(9)) return stamped(sent_[below(sent_.size())]);
        if (!late_.empty() && chance(25)) {
            const auto which = below(late_.size());
            Act act = std::move(late_[which]);
            late_[which] = std::move(late_.back());
            late_.pop_back();
            return stamped(std::move(act));
        }
        if (state && chance(15))
            return stamped(Act{.kind = Kind::Tick, .message = {}, .by = {}, .to = {}});
        Act act = make(state);
        if (state && chance(12)) {
            late_.push_back(act);  // on its way, while another is faster
            act = make(state);
        }
        sent_.push_back(act);
        return act;
    }

private:
    bool chance(unsigned percent) { return below(100) < percent; }
    std::size_t below(std::size_t end) { return random_() % end; }
    const Holder& anybody() { return kParties.at(below(kParties.size())); }
    std::string day(std::size_t from_now) { return days().at(clock_ + from_now); }

    void moveClock() {
        clock_ += below(5);
        if (chance(5)) clock_ -= std::min(clock_, below(30));
        if (chance(3)) clock_ += below(40);
        clock_ = std::min<std::size_t>(clock_, 300);
    }

    Act stamped(Act act) {
        act.today = day(0);
        return act;
    }

    OfferDates dates() {
        const std::size_t by = 3 + below(15);
        OfferDates made{.rule = "r", .answer_by = day(by)};
        if (chance(70)) made.remind_on.push_back(day(by - 2));
        made.remind_on.push_back(day(by + 1 + below(3)));
        if (chance(40)) made.remind_on.push_back(day(by + 4));
        if (chance(80)) made.escalate_on = day(by + 6);
        if (chance(2)) made.answer_by.clear();
        return made;
    }

    Kind kind() {
        static constexpr std::array<std::pair<Kind, unsigned>, 18> kWeights = {{
            {Kind::HandOver, 14},
            {Kind::Refer, 8},
            {Kind::Accept, 24},
            {Kind::Decline, 6},
            {Kind::Ask, 6},
            {Kind::Supplement, 5},
            {Kind::Started, 6},
            {Kind::Status, 1},
            {Kind::Plan, 5},
            {Kind::Progress, 4},
            {Kind::RequestAssessment, 2},
            {Kind::BookAssessment, 2},
            {Kind::Cancel, 4},
            {Kind::Close, 4},
            {Kind::WithdrawConsent, 2},
            {Kind::GiveConsent, 3},
            {Kind::Remind, 2},
            {Kind::Notice, 2},
        }};
        auto left = below(100);
        for (const auto& [kind, weight] : kWeights) {
            if (left < weight) return kind;
            left -= weight;
        }
        return Kind::Notice;
    }

    Act make(const std::optional<CaseState>& state) {
        Act act{
            .kind = state ? kind() : Kind::Refer, .message = newId(), .by = anybody(), .to = {}};
        act.today = day(0);
        if (state) makePlausible(act, *state);
        switch (act.kind) {
            case Kind::Refer:
            case Kind::HandOver:
                fillOffer(act);
                break;
            case Kind::Accept:
                if (chance(40)) act.takes_over = day(below(20));
                break;
            case Kind::Plan:
                if (chance(60)) act.exit = {.on = day(20), .warn = day(below(20)), .told = {}};
                break;
            case Kind::Progress:
                act.follow_up = true;
                break;
            case Kind::RequestAssessment:
                act.to = {{.who = anybody()}};
                act.dates = dates();
                break;
            case Kind::Close:
                if (!chance(8)) act.outcome = chance(60) ? "arbete" : "annat";
                act.follow_ups = {{.month = 3, .due = day(15)}, {.month = 6, .due = day(30)}};
                break;
            default:
                break;
        }
        return act;
    }

    /// Mostly what a sound party would do; sometimes anything.
    void makePlausible(Act& act, const CaseState& state) {
        if (chance(75)) act.by = state.holder;
        const bool answers = act.kind >= Kind::Accept && act.kind <= Kind::Status;
        const bool refers = answers || act.kind == Kind::Cancel || act.kind == Kind::Remind;
        if (state.offers.empty() || !refers) {
            if (act.kind == Kind::WithdrawConsent && !state.consents.given.empty() && chance(60)) {
                act.about = state.consents.given.front();
            }
            return;
        }
        const auto& offer =
            chance(70) ? state.offers.back() : state.offers[below(state.offers.size())];
        if (answers && chance(80)) act.by = act.kind == Kind::Supplement ? offer.from : offer.to;
        if (chance(60)) act.about = offer.message;
    }

    void fillOffer(Act& act) {
        act.to.push_back({.who = anybody(), .role = Role::Lead, .dates = dates()});
        while (chance(25))
            act.to.push_back({.who = anybody(), .role = Role::Part, .dates = dates()});
        if (chance(3)) act.to.push_back({.who = anybody(), .role = Role::Lead, .dates = dates()});
        if (chance(50)) act.exit = {.on = day(40), .warn = day(10 + below(25)), .told = {}};
    }

    MessageId newId() {
        MessageId id;
        ++ids_;
        for (std::size_t i = 0; i < 8; ++i) {
            id.uuid.bytes.at(8 + i) = static_cast<std::uint8_t>(ids_ >> (8 * (7 - i)));
        }
        return id;
    }

    std::mt19937_64 random_;
    std::size_t clock_ = 0;
    std::uint64_t ids_ = 0;
    std::vector<Act> sent_, late_;
};

std::string inWords(const Act& act, const Result<Decision>& result) {
    std::string line = act.today + " act " + std::to_string(static_cast<int>(act.kind)) + " by " +
                       act.by.function.value + " id " + std::to_string(act.message.uuid.bytes[15]);
    if (act.about) line += " about " + std::to_string(act.about->uuid.bytes[15]);
    if (!act.takes_over.empty()) line += " from " + act.takes_over;
    for (const auto& to : act.to) line += " to " + to.who.function.value;
    if (!result) return line + " -> " + std::string(result.error().info().id);
    line += " -> holder " + result->state.holder.function.value;
    for (const auto& one : result->obligations) {
        line += ", " + std::string(one.code) + " " + one.to.function.value;
    }
    return line;
}

/// What is stored is what was decided.
std::string wrongPrint(const CaseState& state) {
    const auto back = parse(print(state));
    return back && *back == state ? "" : "a state does not read back as it was printed";
}

void count(Played& outcome, const std::optional<CaseState>& before, const Act& act,
           const Result<Decision>& result) {
    ++(result ? outcome.allowed : outcome.forbidden);
    if (!result) return;
    if (before && before->holder != result->state.holder) ++outcome.taken_over;
    if (act.kind == Kind::Close) ++outcome.closed;
    outcome.notices += act.kind == Kind::Tick ? result->obligations.size() : 0;
}

}  // namespace

Played play(const Decide& decide, std::uint64_t seed, std::size_t histories) {
    Played outcome;
    for (; outcome.histories < histories; ++outcome.histories) {
        Player player(seed + outcome.histories);
        Oracle oracle;
        std::optional<CaseState> state;
        std::vector<std::pair<Act, Result<Decision>>> played;
        played.reserve(kSteps);
        for (std::size_t step = 0; step < kSteps && outcome.violation.empty(); ++step) {
            Act act = player.next(state);
            auto result = decide(state, act);
            count(outcome, state, act, result);
            outcome.violation = oracle.judge(state, act, result);
            if (result) state = result->state;
            played.emplace_back(std::move(act), std::move(result));
        }
        if (outcome.violation.empty() && state && outcome.histories % 8 == 0) {
            outcome.violation = wrongPrint(*state);
        }
        if (outcome.violation.empty()) continue;
        for (const auto& [act, result] : played) outcome.history.push_back(inWords(act, result));
        return outcome;
    }
    return outcome;
}

}  // namespace stafett::custody::model
