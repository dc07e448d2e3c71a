// The scenario mia with many participants at once, while the gateway is killed at random moments:
// every participant's cases must end as they do undisturbed.
#include <cstdlib>
#include <future>
#include <iostream>
#include <random>
#include <semaphore>
#include <thread>

#include "gateway/app/simulate/director.h"
#include "gateway/app/simulate/gateway_copy.h"
#include "gateway/app/simulate/gateway_process.h"

namespace stafett::app {
namespace {

namespace fs = std::filesystem;
using Json = Script::Json;
using namespace std::chrono_literals;

const fs::path kBuild = STAFETT_BUILD_DIR;
const fs::path kSource = STAFETT_SOURCE_DIR;

/// What a play came to: for each participant, its cases by name, as scripts speak of them.
struct Ended {
    std::string failed;
    std::vector<std::map<std::string, Json>> cases;
    unsigned kills = 0;
};

/// Ids differ from participant to participant; who, what and when do not.
Json withoutIds(Json state) {
    state["related"] = state.at("related").size();
    for (auto& one : state["assessments"]) one.erase("message");
    return state;
}

GatewayCopy copyOfMia(const std::string& name) {
    auto copy = GatewayCopy::make({.from = kSource / "config/examples/mia",
                                   .root = kBuild / "e2e" / name,
                                   .certificates = kBuild / "e2e/certs",
                                   .source = kSource,
                                   .plugins = kBuild / "plugins"});
    if (!copy) throw std::runtime_error(describe(copy.error(), Language::English));
    return std::move(*copy);
}

/// Holds the gateway's process: starts it, kills it at random moments and starts it again where
/// the clock was, until it is told to stop. Everything on one thread, with which the process ends.
class Killer {
public:
    Killer(const GatewayCopy& copy, Stage stage, unsigned kills, std::uint32_t seed)
        : copy_(copy), stage_(std::move(stage)), wanted_(kills), random_(seed) {
        thread_ = std::thread([this] { run(); });
        started_.get_future().wait();
    }
    ~Killer() { end(); }
    Killer(const Killer&) = delete;
    Killer& operator=(const Killer&) = delete;

    /// The kills there were; throws when the gateway once did not come back.
    unsigned stop() {
        end();
        if (!failed_.empty()) throw std::runtime_error(failed_);
        return kills_;
    }

private:
    void end() {
        if (!thread_.joinable()) return;
        stop_.release();
        thread_.join();
    }

    std::optional<GatewayProcess> start() {
        auto process = GatewayProcess::start(kBuild / "bin/stafettd", copy_.config(),
                                             copy_.root() / "stafettd.err");
        if (process) return std::move(*process);
        failed_ = describe(process.error(), Language::English);
        return std::nullopt;
    }

    void run() {
        auto process = start();
        started_.set_value();
        while (process) {
            const auto pause = std::uniform_int_distribution<int>(5, 250)(random_);
            // The random moment itself, unless it is over before.
            if (stop_.try_acquire_for(std::chrono::milliseconds(pause))) break;
            if (kills_ == wanted_) continue;
            process->kill();
            ++kills_;
            const auto reached = stage_.reached->load();
            const auto set = copy_.edit("stafett.json", [&](Json& json) {
                if (reached != Time{}) json["clock"]["start"] = timeText(reached);
            });
            if (!set) failed_ = describe(set.error(), Language::English);
            process = start();
        }
    }

    const GatewayCopy& copy_;
    Stage stage_;
    unsigned wanted_;
    std::mt19937 random_;
    unsigned kills_ = 0;
    std::string failed_;
    std::promise<void> started_;
    std::binary_semaphore stop_{0};
    std::thread thread_;
};

Ended playMia(const std::string& name, std::size_t participants, unsigned kills,
              std::uint32_t seed) {
    const auto script = Script::load(kSource / "config/examples/mia/conversation.json");
    if (!script) throw std::runtime_error("conversation.json");
    const auto copy = copyOfMia(name);
    const auto config = config::load(copy.config());
    if (!config) throw std::runtime_error("config/examples/mia");
    auto agencies = openAgencies(*script, *config);
    if (!agencies) throw std::runtime_error("the agencies do not open");
    Stage stage;
    stage.agencies = std::move(*agencies);
    stage.gateway_host = "localhost";
    stage.gateway_port = copy.inboxPort();
    stage.patience = 120s;
    Killer killer(copy, stage, kills, seed);
    Director::Settings settings;
    settings.participants = participants;
    auto director = Director::open(*script, stage, copy.adminPort(), std::move(settings));
    if (!director) throw std::runtime_error("no admin client");
    const auto failure = (*director)->play();
    Ended ended;
    if (failure) {
        ended.failed = "participant " + std::to_string(failure->participant + 1) + ", step " +
                       std::to_string(failure->step + 1) + ", " + failure->outcome.title + ": " +
                       failure->outcome.why;
    }
    for (const auto& player : (*director)->players()) {
        auto& cases = ended.cases.emplace_back();
        for (const auto& [id, called] : player.cases()) {
            const auto story = ask((*director)->stage(), "/v1/cases/" + id);
            if (!story) throw std::runtime_error("a case is gone: " + called);
            cases[called] = withoutIds(caseForScripts(story->at("case")));
        }
    }
    ended.kills = killer.stop();
    fs::remove_all(copy.root());
    return ended;
}

unsigned numberFrom(const char* name, unsigned fallback) {
    const char* text = std::getenv(name);
    return text == nullptr ? fallback : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

/// What is wrong with a play's end, told; how much.
int judge(const Ended& killed, const Ended& calm) {
    int wrong = 0;
    if (!killed.failed.empty()) std::cout << killed.failed << "\n", ++wrong;
    for (std::size_t i = 0; i < killed.cases.size(); ++i) {
        for (const auto& [name, state] : calm.cases.front()) {
            const auto found = killed.cases[i].find(name);
            const auto why = found == killed.cases[i].end() ? "the case is missing"
                                                            : differs(state, found->second, name);
            if (!why.empty()) std::cout << "participant " << i + 1 << ": " << why << "\n", ++wrong;
        }
        if (killed.cases[i].size() != calm.cases.front().size()) ++wrong;
    }
    return wrong;
}

int run() {
    const auto participants = numberFrom("STAFETT_PARTICIPANTS", 200);
    const auto kills = numberFrom("STAFETT_KILLS", 5);
    const auto seed = numberFrom("STAFETT_SEED", std::random_device{}());
    std::cout << "seed " << seed << ", " << participants << " participants, " << kills << " kills\n"
              << std::flush;
    const auto calm = playMia("play-calm", 1, 0, seed);
    if (!calm.failed.empty()) {
        std::cout << "undisturbed: " << calm.failed << "\n";
        return 1;
    }
    unsigned killed = 0;
    std::size_t cases = 0;
    int wrong = 0;
    // A play may end before its last kill; then the rest falls into another.
    for (std::uint32_t play = 0; killed < kills && wrong == 0; ++play) {
        const auto ended = playMia("play-killed", participants, kills - killed, seed + play);
        if (ended.kills == 0) throw std::runtime_error("the play ends before its first kill");
        wrong += judge(ended, calm);
        killed += ended.kills;
        cases += ended.cases.size() * calm.cases.front().size();
    }
    std::cout << killed << " kills, " << cases << " cases, " << wrong << " ended otherwise\n";
    return wrong == 0 ? 0 : 1;
}

}  // namespace
}  // namespace stafett::app

int main() {
    try {
        return stafett::app::run();
    } catch (const std::exception& e) {
        std::cerr << e.what() << "\n";
        return 1;
    }
}
