#include "gateway/pipeline/stages.h"

namespace stafett::pipeline {

Result<Taken> Take::take(PermittedFacts facts, Journey& journey) const {
    const std::uint64_t version = facts.of.case_row ? facts.of.case_row->version : 0;
    ST_TRY(custody::Decision decision, custody::decide(facts.of.before, facts.of.act));
    const auto& state = decision.state;
    journey.note(trace::Step::Taken, {{"case", facts.of.case_id},
                                      {"place", state.version},
                                      {"holder", state.holder.party},
                                      {"holder_function", state.holder.function}});
    return Taken(TakenFacts{std::move(facts), std::move(decision), version});
}

Result<Taken> Take::operator()(Permitted permitted, Journey& journey) const {
    return take(std::move(permitted).release(), journey);
}

Result<Taken> Take::again(PermittedFacts facts, Journey& journey) const {
    ST_TRY(auto row, shared_.store.findCase(facts.of.case_id));
    if (!row) return tl::make_unexpected(Error(Code::StoreNotFound));
    ST_TRY(facts.of.before, custody::parse(row->state));
    facts.of.case_row = std::move(row);
    return take(std::move(facts), journey);
}

}  // namespace stafett::pipeline
