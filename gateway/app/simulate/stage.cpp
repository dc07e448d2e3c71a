#include "gateway/app/simulate/stage.h"

#include <algorithm>
#include <thread>

#include "gateway/message/dates.h"

namespace stafett::app {
namespace {

using Json = Script::Json;
using namespace std::chrono_literals;

constexpr auto kToldWithin = 60s;
constexpr const char* kMorning = "T08:00:00";

/// The time a rehearsal's clock says, put forward by so much; nothing where there is no such clock.
Result<std::optional<Time>> rehearsalTime(Stage& stage, std::chrono::seconds by) {
    const auto deadline = Deadline::in(stage.patience);
    for (;;) {
        const auto json = stage.admin->post("/v1/clock", {{"advance_seconds", by.count()}});
        if (json) return message::parseTime(textOf(*json, "now"));
        if (json.error().code() == Code::StoreNotFound) return std::optional<Time>();
        if (deadline.passed()) return tl::make_unexpected(json.error());
        std::this_thread::sleep_for(20ms);
    }
}

std::optional<Time> morningOf(const std::string& date) {
    const auto local = message::fromStockholm(date + kMorning);
    return local ? message::parseTime(local->utc) : std::nullopt;
}

/// What the calendar still has to tell, in cases whose day has come.
std::string stillDue(Stage& stage) {
    const auto due = ask(stage, "/v1/cases", "due=true&limit=1");
    if (!due) return describe(due.error(), Language::English);
    const auto cases = due->value("cases", Json::array());
    return cases.empty() ? "" : "case " + textOf(cases[0], "id") + " is due and has not been told";
}

}  // namespace

Checked<Agencies> openAgencies(const Script& script, const config::Config& config) {
    Agencies agencies;
    const auto certificates = std::filesystem::path(config.settings.tls.certificate).parent_path();
    for (const auto& [name, a] : script.agencies().items()) {
        const PartyId party{textOf(a, "party")};
        const auto* known = config.party(party);
        const auto* door = config.door(party, {});
        if (known == nullptr || door == nullptr || door->by != config::Door::By::Push) {
            return tl::make_unexpected(Problems{Error(
                Code::ConfigReference,
                Place{.path = "agencies/" + name, .hint = "No such party, or it is not called."})});
        }
        ST_TRY(auto agency, Agency::open({.name = name,
                                          .dialect = known->dialect.value,
                                          .host = door->host,
                                          .port = door->port,
                                          .certificates = certificates,
                                          .system = textOf(a, "system")}));
        agencies.emplace(name, std::move(agency));
    }
    return agencies;
}

Result<Json> ask(Stage& stage, const std::string& path, const std::string& query) {
    const auto deadline = Deadline::in(stage.patience);
    for (;;) {
        auto answer = stage.admin->get(path, query);
        if (answer || answer.error().code() != Code::CliNoGateway || deadline.passed()) {
            return answer;
        }
        std::this_thread::sleep_for(20ms);
    }
}

std::string untilNothing(std::chrono::seconds within, const std::function<std::string()>& lacks) {
    const auto deadline = Deadline::in(within);
    for (auto pause = 5ms;; pause = std::min(pause * 2, 200ms)) {
        auto lacking = lacks();
        if (lacking.empty() || deadline.passed()) return lacking;
        std::this_thread::sleep_for(std::min<std::chrono::milliseconds>(pause, deadline.left()));
    }
}

Time clockOf(Stage& stage) {
    const auto now = rehearsalTime(stage, 0s);
    return now && *now ? **now : SystemClock().now();
}

std::string advanceTo(Stage& stage, const std::string& date,
                      const std::function<void(const std::string& today)>& passed) {
    const auto end = morningOf(date);
    if (!end) return "no such day: " + date;
    for (;;) {
        const auto now = rehearsalTime(stage, 0s);
        if (!now) return describe(now.error(), Language::English);
        if (!*now) return "the gateway's clock is the world's: clock.start in stafett.json";
        if (**now >= *end) return {};
        const auto today = message::stockholmDate(**now);
        // The day that is 25 hours long.
        const bool long_day = message::stockholmDate(**now + 24h) == today;
        const auto tomorrow = message::stockholmDate(**now + (long_day ? 26h : 24h));
        const auto next = morningOf(tomorrow).value_or(*end);
        const auto by = std::chrono::ceil<std::chrono::seconds>(std::min(next, *end) - **now);
        const auto then = rehearsalTime(stage, std::max(by, std::chrono::seconds(1)));
        if (!then) return describe(then.error(), Language::English);
        *stage.reached = then->value_or(Time{});
        if (auto due = untilNothing(kToldWithin, [&] { return stillDue(stage); }); !due.empty()) {
            return due;
        }
        if (passed) passed(std::min(tomorrow, date));
    }
}

}  // namespace stafett::app
