// stafett play: a scenario from its configuration to its end, on a gateway of its own.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <csignal>
#include <iostream>

#include "gateway/app/commands.h"
#include "gateway/app/simulate/director.h"
#include "gateway/app/simulate/gateway_copy.h"
#include "gateway/app/simulate/gateway_process.h"
#include "gateway/app/timeline.h"

namespace stafett::app {
namespace {

namespace fs = std::filesystem;

/// A scenario by its name or its folder; empty when there is none.
fs::path scenarioFolder(const std::string& name) {
    for (const auto& folder : {fs::path(name), fs::path("config/examples") / name,
                               fs::path(STAFETT_SOURCE_DIR) / "config/examples" / name}) {
        if (fs::exists(folder / "conversation.json")) return folder;
    }
    return {};
}

/// var/play/<scenario>; with this process's id behind it when another one plays there.
fs::path roomFor(const fs::path& scenario) {
    auto name = fs::weakly_canonical(scenario).filename().string();
    auto room = fs::path("var/play") / name;
    fs::create_directories("var/play");
    const auto lock = room.string() + ".lock";
    const int fd = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);  // held to the end
    if (fd >= 0 && ::flock(fd, LOCK_EX | LOCK_NB) == 0) return room;
    return room.string() + "-" + std::to_string(::getpid());
}

fs::path binFolder() { return fs::read_symlink("/proc/self/exe").parent_path(); }

/// The gateway that a scenario is played through.
struct Theatre {
    GatewayCopy copy;
    GatewayProcess gateway;
    Stage stage;
};

Checked<Theatre> openTheatre(const Common& common, const PlayArguments& arguments,
                             const fs::path& scenario, const Script& script) {
    const auto bin = binFolder();
    auto copy = GatewayCopy::make({.from = common.config.empty() ? scenario : common.config,
                                   .root = fs::absolute(roomFor(scenario)),
                                   .certificates = "var/certs",
                                   .source = STAFETT_SOURCE_DIR,
                                   .plugins = bin / "../plugins"});
    if (!copy) return tl::make_unexpected(Problems{copy.error()});
    const auto set = copy->edit("stafett.json", [&](Json& json) {
        if (!json.contains("clock")) json["clock"]["start"] = "now";
        if (arguments.speed != 1.0) json["clock"]["speed"] = arguments.speed;
    });
    if (!set) return tl::make_unexpected(Problems{set.error()});
    ST_TRY(const auto config, config::load(copy->config()));
    auto gateway =
        GatewayProcess::start(bin / "stafettd", copy->config(), copy->root() / "stafettd.err");
    if (!gateway) return tl::make_unexpected(Problems{gateway.error()});
    ST_TRY(auto agencies, openAgencies(script, config));
    Stage stage;
    stage.agencies = std::move(agencies);
    stage.gateway_host = "localhost";
    stage.gateway_port = copy->inboxPort();
    stage.patience = std::chrono::seconds(20);
    return Theatre{std::move(*copy), std::move(*gateway), std::move(stage)};
}

Json json(const StepOutcome& outcome) {
    Json out = {{"title", outcome.title}, {"ok", outcome.ok}, {"ms", outcome.took.count()}};
    if (!outcome.message_id.empty()) out["message"] = outcome.message_id;
    if (!outcome.case_id.empty()) out["case"] = outcome.case_id;
    if (!outcome.why.empty()) out["why"] = outcome.why;
    return out;
}

void tellFailure(const Director::Failure& failure, const Script& script, Language language) {
    const bool end = failure.step >= script.size();
    const auto number = (end ? failure.step - script.size() : failure.step) + 1;
    const Error error(Code::PlayFailed,
                      Place{.path = (end ? "/expect_end/" : "/steps/") + std::to_string(number - 1),
                            .file = (script.folder() / "conversation.json").string()});
    std::cerr << describe(error, language) << "\n    " << error.info().todo(language) << "\n    "
              << "participant " << failure.participant + 1 << ", " << (end ? "end " : "step ")
              << number << ": " << failure.outcome.title << "\n    " << failure.outcome.why << "\n";
}

/// The reports that the script names, as `stafett report` prints them.
void tellReports(const Script& script, Common common, std::uint16_t admin_port) {
    common.admin_port = admin_port;
    for (const auto* acts : {&script.steps(), &script.ends()}) {
        for (const auto& act : *acts) {
            if (!act.contains("report")) continue;
            std::cout << "\n" << std::flush;
            ReportArguments asked;
            asked.report = textOf(act, "report");
            asked.from = textOf(act, "from");
            asked.to = textOf(act, "to");
            asked.by = textOf(act, "by");
            report(common, asked);
        }
    }
}

void stayUp(const GatewayCopy& copy) {
    std::cout << "\nadmin http://127.0.0.1:" << copy.adminPort()
              << "  inbox https://localhost:" << copy.inboxPort() << "  " << copy.root().string()
              << "\n  stafett cases --admin " << copy.adminPort() << "\nCtrl-C\n"
              << std::flush;
    waitToBeStopped();
}

/// Plays on an open theatre, showing it as it goes.
std::optional<Director::Failure> show(const Common& common, const Script& script, Theatre& theatre,
                                      Director& director, Timeline& timeline, const Json& steps) {
    auto failure = director.play();
    if (common.json) {
        Json out = {{"ok", !failure}, {"participants", director.players().size()}};
        out["steps"] = steps;
        out["cases"] = Json::array();
        for (const auto& [id, name] : director.players().front().cases()) {
            const auto story = ask(director.stage(), "/v1/cases/" + id);
            if (story) out["cases"].push_back({{"name", name}, {"case", story->at("case")}});
        }
        std::cout << out.dump(2) << "\n";
        return failure;
    }
    timeline.end(director.players().front(), director.stage());
    if (!failure) tellReports(script, common, theatre.copy.adminPort());
    return failure;
}

}  // namespace

int play(const Common& common, const PlayArguments& arguments) {
    // Threads begun from here on leave the signals to sigwait.
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    if (arguments.keep) sigaddset(&set, SIGINT);
    if (arguments.keep) pthread_sigmask(SIG_BLOCK, &set, nullptr);
    const auto scenario = scenarioFolder(arguments.scenario);
    if (scenario.empty()) {
        tellProblems({Error(Code::CliFile, Place{.file = arguments.scenario})}, common.language);
        return kUsage;
    }
    const auto script = Script::load(scenario / "conversation.json");
    if (!script) {
        tellProblems(script.error(), common.language);
        return kConfiguration;
    }
    auto theatre = openTheatre(common, arguments, scenario, *script);
    if (!theatre) {
        tellProblems(theatre.error(), common.language);
        return kConfiguration;
    }
    const Words words(common.language);
    const Paint paint(1);
    Timeline timeline(std::cout, *script, words, paint);
    Json steps = Json::array();
    Director::Settings settings;
    settings.participants =
        arguments.participants != 0 ? arguments.participants : script->participants();
    settings.language = common.language;
    settings.told = [&](std::size_t step, const StepOutcome& outcome, Stage& stage) {
        if (common.json) return steps.push_back(json(outcome));
        if (step < script->size() || !outcome.ok) timeline.tell(outcome, stage);
    };
    auto director = Director::open(*script, theatre->stage, theatre->copy.adminPort(), settings);
    if (!director) {
        tellProblems({director.error()}, common.language);
        return kFailed;
    }
    if (!common.json) timeline.begin();
    const auto failure = show(common, *script, *theatre, **director, timeline, steps);
    if (failure) tellFailure(*failure, *script, common.language);
    if (arguments.keep) stayUp(theatre->copy);
    theatre->gateway.terminate();
    if (!failure && !arguments.keep) fs::remove_all(theatre->copy.root());
    return failure ? kFailed : kDone;
}

}  // namespace stafett::app
