// stafett simulate: the four agencies as real servers and clients, played by a script; stafett
// send.
#include <algorithm>
#include <array>
#include <csignal>
#include <iomanip>
#include <iostream>
#include <set>
#include <sstream>
#include <vector>

#include "gateway/app/document.h"
#include "gateway/app/show.h"
#include "gateway/app/simulate/player.h"
#include "gateway/app/words.h"
#include "gateway/codec/read.h"
#include "gateway/config/config.h"
#include "gateway/security/context.h"

namespace stafett::app {
namespace {

double millisBetween(const Json& message, const char* from, const char* to) {
    const auto at = [&](const char* step) -> std::string {
        for (const auto& event : message.at("events")) {
            if (event.is_object() && text(event, "step") == step) return text(event, "at");
        }
        return {};
    };
    const auto millis = [](const std::string& time) {
        // 2026-01-01T00:00:00.123Z; two events of one conversation lie within a day.
        if (time.size() < 23) return 0.0;
        return (std::stod(time.substr(11, 2)) * 3600 + std::stod(time.substr(14, 2)) * 60) * 1000 +
               std::stod(time.substr(17, 6)) * 1000;
    };
    const auto end = at(to);
    return end.empty() ? -1 : millis(end) - millis(at(from));
}

constexpr std::size_t kColumns = 100;

/// One delivery of a message, and what its receiver was not told.
struct Row {
    std::array<std::string, 5> cells;
    std::string lost = {};
};

/// Each column as wide as its widest text; what was lost stands below.
void printRows(const std::vector<Row>& rows, const Words& w) {
    std::array<std::size_t, 5> widths{};
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < widths.size(); ++i) {
            widths[i] = std::max(widths[i], lettersIn(row.cells[i]) + 2);
        }
    }
    for (const auto& row : rows) {
        for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
            std::cout << padded(row.cells[i], widths[i]);
        }
        std::cout << row.cells.back() << "\n";
        if (row.lost.empty()) continue;
        const std::string text = w("not told: ", "får inte veta: ") + row.lost;
        for (const auto& line : wrapped(text, kColumns - 4)) std::cout << "    " << line << "\n";
    }
}

/// Who sent what to whom, what was lost in translation, how long it took.
void printTable(GatewayClient& admin, const std::vector<StepOutcome>& outcomes, Language language) {
    const Words w(language);
    std::cout << "\n" << w("Who sent what to whom", "Vem sände vad till vem") << "\n";
    std::vector<Row> rows = {{{w("kind", "slag"), w("from → to", "från → till"), w("state", "läge"),
                               w("attempts", "försök"), w("time", "tid")}}};
    std::map<std::string, Json> cases;
    std::set<std::string> told;  // a repeat has the first one's id
    for (const auto& outcome : outcomes) {
        if (outcome.message_id.empty() || !told.insert(outcome.message_id).second) continue;
        const auto story = admin.get("/v1/trace/" + outcome.message_id);
        if (!story) continue;
        for (const auto& message : story->at("messages")) {
            if (text(message, "id") != outcome.message_id) continue;
            for (const auto& delivery : message.at("deliveries")) {
                std::string lost;
                for (const auto& loss : delivery.at("losses")) {
                    lost += (lost.empty() ? "" : ", ") + (text(loss, "canonical").empty()
                                                              ? text(loss, "wire")
                                                              : text(loss, "canonical"));
                }
                const double took = millisBetween(message, "received", "delivered");
                std::ostringstream time;
                if (took >= 0) time << std::fixed << std::setprecision(0) << took << " ms";
                rows.push_back(
                    {{kindName(text(message, "kind"), w),
                      nameOf(message.at("sender")) + " → " + nameOf(delivery.at("receiver")),
                      stateName(text(delivery, "state"), w), delivery.at("attempts").dump(),
                      time.str()},
                     lost});
            }
        }
        if (story->contains("case")) cases[text(story->at("case"), "id")] = story->at("case");
    }
    printRows(rows, w);
    std::cout << "\n" << w("Who holds each baton", "Vem som har varje stafettpinne") << "\n";
    for (const auto& [id, c] : cases) {
        std::cout << "  " << w("case ", "ärende ") << id << ": "
                  << who(c.value("holder", Json::object())) << "\n";
    }
}

void printNext(const std::vector<StepOutcome>& outcomes, bool stays, Language language) {
    const bool sv = language == Language::Swedish;
    std::string id = "ID";
    for (const auto& outcome : outcomes) {
        if (!outcome.message_id.empty()) {
            id = outcome.message_id;
            break;
        }
    }
    const std::string stafett = "  build/release/bin/stafett ";
    std::cout << "\n" << (sv ? "Prova nu" : "Try next") << "\n";
    if (stays) {
        std::cout << stafett << "trace " << id << "\n"
                  << stafett << "cases\n"
                  << stafett << "search --state delivered\n";
    } else {
        std::cout << "  ./run"
                  << (sv ? "  håller en gateway uppe för stafett trace, cases och search\n"
                         : "  keeps a gateway up for stafett trace, cases and search\n");
    }
    std::cout << stafett
              << "translate --from municipality --to region --explain "
                 "plugins/municipality/cases/remiss_whole_in_latin1/wire.xml\n"
              << stafett << "play mia\n"
              << stafett << "explain ST-MAP-014\n"
              << stafett << "mapping check --config config/examples/single-node\n";
    if (stays) {
        std::cout << (sv ? "\nGateway och myndigheter är uppe. Ctrl-C stoppar dem.\n"
                         : "\nGateway and agencies stay up. Ctrl-C stops them.\n");
    }
}

/// One participant, step by step, up to the first step that does not come out as it must.
std::vector<StepOutcome> playAll(const Script& script, Stage& stage, Language language) {
    Player player(script, 0);
    std::vector<StepOutcome> outcomes;
    for (const auto& step : script.steps()) {
        outcomes.push_back(player.play(step, stage, language));
        const auto& outcome = outcomes.back();
        std::cout << "  " << std::right << std::setw(2) << outcomes.size() << "/" << script.size()
                  << " " << (outcome.ok ? "✓ " : "✗ ") << outcome.title << "  ("
                  << outcome.took.count() << " ms)\n";
        if (!outcome.ok) std::cout << "        " << outcome.why << "\n";
        std::cout << std::flush;
        if (!outcome.ok) break;
    }
    return outcomes;
}

}  // namespace

int simulate(const Common& common, const SimulateArguments& arguments) {
    const auto config = config::load(configFolder(common));
    if (!config) {
        tellProblems(config.error(), common.language);
        return kConfiguration;
    }
    auto script = Script::load(arguments.script);
    auto admin = GatewayClient::connect(common);
    if (!script) {
        tellProblems(script.error(), common.language);
        return kConfiguration;
    }
    if (!admin) {
        tellProblems({admin.error()}, common.language);
        return kFailed;
    }
    auto agencies = openAgencies(*script, *config);
    if (!agencies) {
        tellProblems(agencies.error(), common.language);
        return kConfiguration;
    }
    Stage stage;
    stage.agencies = std::move(*agencies);
    stage.gateway_host =
        config->settings.inbox.host.empty() ? "localhost" : config->settings.inbox.host;
    stage.gateway_port =
        arguments.inbox_port != 0 ? arguments.inbox_port : config->settings.inbox.port;
    stage.admin = &*admin;
    std::cout << script->title(common.language) << "\n\n";
    const auto outcomes = playAll(*script, stage, common.language);
    printTable(*admin, outcomes, common.language);
    std::size_t repeats = 0;
    for (const auto& [name, agency] : stage.agencies) repeats += agency->repeats();
    std::cout << "\n"
              << (common.language == Language::Swedish
                      ? "Upprepningar på tråden, samma id och bytes: "
                      : "Repeats on the wire, same id and bytes: ")
              << repeats << "\n";
    printNext(outcomes, arguments.stay, common.language);
    const bool done = outcomes.size() == script->size() && outcomes.back().ok;
    if (done && arguments.stay) {
        std::cout << std::flush;
        waitToBeStopped();
    }
    return done ? kDone : kFailed;
}

int sendDocument(const Common& common, const SendArguments& arguments) {
    const auto config = config::load(configFolder(common));
    if (!config) {
        tellProblems(config.error(), common.language);
        return kConfiguration;
    }
    const config::SystemEntry* system = nullptr;
    for (const auto& entry : config->settings.systems) {
        if (entry.system.value == arguments.system) system = &entry;
    }
    auto body = readBytes(arguments.file);
    transport::HttpRequest request;
    Problems problems;
    if (system == nullptr) {
        std::string known;
        for (const auto& entry : config->settings.systems) {
            known += (known.empty() ? "" : ", ") + entry.system.value;
        }
        problems.push_back(
            Error(Code::CliUsage, Place{.path = "--as", .hint = "One of: " + known}));
    }
    for (const auto& header : arguments.headers) {
        const auto colon = header.find(':');
        if (colon == std::string::npos || colon == 0) {
            problems.push_back(
                Error(Code::CliUsage, Place{.path = "--header", .hint = "\"Name: value\""}));
            continue;
        }
        const auto value = std::min(header.find_first_not_of(' ', colon + 1), header.size());
        request.headers.add(header.substr(0, colon), header.substr(value));
    }
    if (!body) problems.push_back(body.error());
    if (!problems.empty()) {
        tellProblems(problems, common.language);
        return kUsage;
    }
    const auto certificates = std::filesystem::path(config->settings.tls.certificate).parent_path();
    config::TlsSettings tls = config->settings.tls;
    tls.certificate = (certificates / (arguments.system + ".pem")).string();
    tls.key = (certificates / (arguments.system + ".key")).string();
    const auto context = security::clientContext(tls);
    if (!context) {
        tellProblems(context.error(), common.language);
        return kConfiguration;
    }
    auto courier = transport::Courier::start({}, [&] { return *context; });
    if (!courier) return kFailed;
    request.method = "POST";
    request.path = arguments.path;
    request.body = std::move(*body);
    const std::uint16_t port =
        arguments.inbox_port != 0 ? arguments.inbox_port : config->settings.inbox.port;
    const auto answer = (*courier)->exchange({"gateway", "localhost", port}, std::move(request));
    if (!answer) {
        tellProblems({answer.error()}, common.language);
        return kFailed;
    }
    std::cerr << "HTTP " << answer->status << "\n";
    for (const auto& [name, value] : answer->headers.all())
        std::cerr << name << ": " << value << "\n";
    // Byte for byte, but where a person reads it: a terminal shows UTF-8.
    std::cout << (Paint(1).terminal() ? codec::asUtf8(answer->body) : answer->body) << "\n";
    return answer->headers.get("Stafett-Outcome") == "accepted" ? kDone : kFailed;
}

}  // namespace stafett::app
