#include <algorithm>

#include "gateway/pipeline/stages.h"

namespace stafett::pipeline {
namespace {

/// The parties a system may act for. Those whose time is over are left out where another may speak;
/// where none may, policy tells them so in their own form.
std::vector<const config::Party*> partiesOf(const security::Peer& peer, const Journey& journey) {
    const auto inForce = [&](const config::Party* party) {
        return config::holdsOn(party->valid_from, party->valid_to, journey.today);
    };
    std::vector<const config::Party*> parties;
    for (const auto& id : peer.parties) {
        const auto* party = journey.snapshot->config.party(id);
        if (party != nullptr) parties.push_back(party);
    }
    if (std::any_of(parties.begin(), parties.end(), inForce)) {
        std::erase_if(parties, [&](const config::Party* party) { return !inForce(party); });
    }
    return parties;
}

}  // namespace

Result<Sender> Authenticate::operator()(Journey& journey) const {
    const auto& peer = journey.raw.peer;
    if (peer.system.empty()) return tl::make_unexpected(Error(Code::TlsUnknownSystem));

    SenderFacts sender{.system = peer.system, .adapter = nullptr, .parties = {}};
    const auto parties = partiesOf(peer, journey);
    for (const auto* party : parties) {
        const auto* adapter = journey.snapshot->adapterOf(*party);
        if (adapter == nullptr || !adapter->hasPath(journey.raw.http.path)) continue;
        if (sender.adapter != nullptr && sender.adapter != adapter) continue;  // first dialect wins
        sender.adapter = adapter;
        sender.parties.push_back(party);
    }
    journey.note(trace::Step::Received,
                 {{"system", peer.system},
                  {"bytes", journey.raw.http.body.size()},
                  {"certificate", trace::SafeText::foreignCode(peer.certificate)}});
    if (parties.empty()) return tl::make_unexpected(Error(Code::TlsNotForParty));
    if (sender.adapter == nullptr) {
        // Somebody else's route is there, and not theirs; what nobody speaks is not there at all.
        const auto adapters = journey.snapshot->registry.all();
        const bool anothers = std::any_of(adapters.begin(), adapters.end(), [&](const auto* one) {
            return one->hasPath(journey.raw.http.path);
        });
        return tl::make_unexpected(Error(anothers ? Code::TlsNotForParty : Code::HttpNoRoute));
    }
    journey.adapter = sender.adapter;
    journey.sender = sender.parties.front();
    return Sender(std::move(sender));
}

}  // namespace stafett::pipeline
