#include "gateway/app/endings.h"

#include <map>

namespace stafett::app {
namespace {

constexpr std::chrono::seconds kLookEvery{10};
constexpr std::chrono::hours kWarnEvery{24};

}  // namespace

void Endings::readAgain(const config::TlsSettings& settings) {
    endings_ = security::endingsOf(settings);
    look_next_ = {};
    warn_next_ = {};
}

void Endings::tell(const config::TlsSettings& settings, trace::Log& log, trace::Metrics& metrics) {
    const Time now = SystemClock().now();
    if (now < look_next_) return;
    look_next_ = now + kLookEvery;
    // An authority may stand there twice, old and new: what ends first counts.
    std::map<std::pair<std::string, std::string>, Time> first;
    for (const auto& one : endings_) {
        const auto [at, is_new] =
            first.emplace(std::pair{std::string(security::name(one.what)), one.name}, one.at);
        if (!is_new) at->second = std::min(at->second, one.at);
    }
    for (const auto& [key, at] : first) {
        metrics.setEndsIn(trace::SafeText::fromConfiguration(key.first),
                          trace::SafeText::fromConfiguration(key.second),
                          std::chrono::duration_cast<std::chrono::seconds>(at - now));
    }
    if (now < warn_next_) return;
    warn_next_ = now + kWarnEvery;
    for (const auto& problem : security::endingSoon(endings_, settings, now)) {
        log.warn("ends_soon", {{"code", problem.code()},
                               {"name", trace::SafeText::fromConfiguration(problem.place().row)},
                               {"file", trace::SafeText::fromConfiguration(problem.place().file)},
                               {"hint", trace::SafeText::fromConfiguration(problem.place().hint)}});
    }
}

}  // namespace stafett::app
