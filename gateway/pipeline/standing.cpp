// What a case is found by in the store.
#include <algorithm>
#include <set>

#include "gateway/custody/questions.h"
#include "gateway/pipeline/gateway_word.h"

namespace stafett::pipeline {
namespace {

std::set<PartyId> partiesOf(const custody::CaseState& state) {
    std::set<PartyId> all = {state.holder.party};
    for (const auto& one : state.participants) all.insert(one.who.party);
    for (const auto& offer : state.offers) all.insert({offer.from.party, offer.to.party});
    for (const auto& assessment : state.assessments) {
        all.insert(assessment.from.party);
        for (const auto& to : assessment.to) all.insert(to.party);
    }
    return all;
}

/// Since when a case is between the chairs: the first day of any of its gaps. A party that is gone
/// without a day has been gone since it was first seen: `so_far`, or today.
std::string betweenSince(const custody::CaseState& state, const config::Config& config,
                         std::string_view today, const std::string& so_far) {
    std::vector<PartyId> ended;
    std::string end;
    const auto* holder = config.party(state.holder.party);
    const bool holds =
        holder != nullptr && config::holdsOn(holder->valid_from, holder->valid_to, today);
    if (!holds) {
        ended.push_back(state.holder.party);
        const bool dated =
            holder != nullptr && !holder->valid_to.empty() && holder->valid_to < today;
        end = so_far.empty() ? std::string(today) : so_far;
        if (dated) end = holder->valid_to;
    }
    std::string since;
    for (const auto& gap : custody::betweenTheChairs(state, today, ended)) {
        std::string day = gap.since;
        if (gap.why == custody::Gap::Why::ExitNear) {
            day = state.exit.warn.empty() ? state.exit.on : state.exit.warn;
        } else if (gap.why == custody::Gap::Why::PartyEnded) {
            day = end;
        }
        if (since.empty() || day < since) since = day;
    }
    return since;
}

}  // namespace

void fill(store::CaseMove& move, const std::optional<custody::CaseState>& before,
          const custody::CaseState& after, const config::Config& config, std::string_view today) {
    move.case_state = custody::print(after);
    move.holder = after.holder.party;
    move.holder_function = after.holder.function;
    move.next_due = custody::nextDue(after);
    move.between_since = betweenSince(after, config, today, move.between_since);
    if (after.closure) move.closed_on = after.closure->date;
    auto joined = partiesOf(after);
    if (before) {
        for (const auto& party : partiesOf(*before)) joined.erase(party);
    }
    move.joined.assign(joined.begin(), joined.end());
}

}  // namespace stafett::pipeline
