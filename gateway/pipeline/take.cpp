#include "gateway/pipeline/stages.h"

namespace stafett::pipeline {

Result<Taken> Take::take(PermittedFacts facts, Journey& journey) const {
    std::optional<custody::CaseState> before;
    std::uint64_t version = 0;
    if (facts.of.case_row) {
        ST_TRY(before, custody::parse(facts.of.case_row->state));
        version = facts.of.case_row->version;
    }
    ST_TRY(custody::Decision decision, custody::decide(before, facts.of.act));
    journey.note(trace::Step::Taken, {{"case", facts.of.case_id},
                                      {"place", decision.state.version},
                                      {"holder", decision.state.holder.party},
                                      {"holder_function", decision.state.holder.function}});
    return Taken(TakenFacts{std::move(facts), std::move(decision.state), version});
}

Result<Taken> Take::operator()(Permitted permitted, Journey& journey) const {
    return take(std::move(permitted).release(), journey);
}

Result<Taken> Take::again(PermittedFacts facts, Journey& journey) const {
    ST_TRY(auto row, shared_.store.findCase(facts.of.case_id));
    facts.of.case_row = std::move(row);
    return take(std::move(facts), journey);
}

}  // namespace stafett::pipeline
