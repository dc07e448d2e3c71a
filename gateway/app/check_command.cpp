// stafett check DIR: the configuration as the gateway would load it, whole; all problems at once.
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "gateway/app/commands.h"
#include "gateway/app/words.h"
#include "gateway/config/lines.h"
#include "gateway/pipeline/snapshot.h"
#include "gateway/security/context.h"
#include "gateway/security/endings.h"
#include "gateway/security/key_ring.h"
#include "gateway/security/sign.h"

namespace stafett::app {
namespace {

template <class T>
void gather(const Checked<T>& part, Problems& problems) {
    if (!part) std::copy(part.error().begin(), part.error().end(), std::back_inserter(problems));
}

Problems checkKeys(const config::Settings& settings) {
    Problems problems;
    const auto ring = security::KeyRing::load(settings.key_ring.string());
    const auto server = security::serverContext(settings.tls, settings.systems);
    const auto client = security::clientContext(settings.tls);
    gather(ring, problems);
    gather(server, problems);
    gather(client, problems);
    if (ring && server) {
        if (const auto apart = security::keptApart(*ring, **server); !apart) {
            problems.push_back(apart.error());
        }
    }
    return problems;
}

nlohmann::ordered_json listed(const Problems& problems, Language language) {
    auto list = nlohmann::ordered_json::array();
    for (const auto& problem : problems) {
        list.push_back({{"code", problem.info().id},
                        {"file", problem.place().file},
                        {"line", problem.place().line},
                        {"path", problem.place().path},
                        {"row", problem.place().row},
                        {"what", problem.info().what(language)},
                        {"hint", problem.place().hint},
                        {"todo", problem.info().todo(language)}});
    }
    return list;
}

}  // namespace

int check(const Common& common) {
    const auto folder = configFolder(common);
    const Words w(common.language);
    const auto snapshot = pipeline::loadSnapshot(folder, {});
    Problems problems;
    Problems warnings;
    gather(snapshot, problems);
    if (const auto config = config::load(folder)) {
        const auto& tls = config->settings.tls;
        warnings = security::endingSoon(security::endingsOf(tls), tls, SystemClock().now());
        auto keys = checkKeys(config->settings);
        std::move(keys.begin(), keys.end(), std::back_inserter(problems));
    }
    config::addLines(problems);
    tellEachOnce(problems);  // a certificate is asked for as a server's and as a client's
    if (common.json) {
        std::cout << nlohmann::ordered_json{{"folder", folder.string()},
                                            {"problems", listed(problems, common.language)},
                                            {"warnings", listed(warnings, common.language)}}
                         .dump(2)
                  << "\n";
    } else if (problems.empty()) {
        const auto& config = (*snapshot)->config;
        std::cout << folder.string() << w(" is whole: ", " är hel: ") << config.parties.size()
                  << w(" parties, ", " parter, ") << (*snapshot)->registry.all().size()
                  << w(" dialects, ", " dialekter, ") << (*snapshot)->policy.flows().size()
                  << w(" flows, ", " flöden, ") << config.addressing.size()
                  << w(" addressing rules, ", " adresseringsregler, ") << config.doors.size()
                  << w(" doors.\n", " dörrar.\n");
    } else {
        tellProblems(problems, common.language);
        std::cerr << problems.size() << w(problems.size() == 1 ? " problem" : " problems", " fel")
                  << "\n";
    }
    if (!common.json) tellProblems(warnings, common.language);
    return problems.empty() ? kDone : kConfiguration;
}

}  // namespace stafett::app
