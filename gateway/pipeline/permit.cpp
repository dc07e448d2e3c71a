#include <iterator>

#include "gateway/pipeline/stages.h"

namespace stafett::pipeline {

Checked<Permitted> Permit::operator()(ValidMessage message, Journey& journey) const {
    PermittedFacts facts{std::move(message).release(), {}};
    Problems problems;
    for (const auto& receiver : facts.of.receivers) {
        auto permission = journey.snapshot->policy.permit(facts.of.message, *facts.of.sender,
                                                          *receiver.party, journey.today);
        if (!permission) {
            std::move(permission.error().begin(), permission.error().end(),
                      std::back_inserter(problems));
            continue;
        }
        const policy::Flow& flow = *permission->rule;
        facts.flows.push_back(&flow);
        trace::Fields fields = {{"receiver", receiver.party->id},
                                {"flow", trace::SafeText::fromConfiguration(flow.id)}};
        if (!flow.routine.empty()) {
            fields.emplace_back("routine", trace::SafeText::fromConfiguration(flow.routine));
        }
        journey.note(trace::Step::Permitted, std::move(fields));
    }
    if (!problems.empty()) return tl::make_unexpected(std::move(problems));
    return Permitted(std::move(facts));
}

}  // namespace stafett::pipeline
