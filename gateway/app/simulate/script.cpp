#include "gateway/app/simulate/script.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "gateway/app/document.h"
#include "gateway/app/simulate/agency.h"
#include "gateway/config/reader.h"
#include "gateway/message/dates.h"

namespace stafett::app {
namespace {

using Json = Script::Json;
using config::Reader;

struct Act {
    const char* name;
    bool for_all;  ///< done once for all participants
    bool looks;    ///< changes nothing, so that it may stand at the end
    void (*check)(Reader&, std::set<std::string>& sent);
};

constexpr std::int64_t kLongestWait = 600;
constexpr std::int64_t kMostDays = 3660;

void checkWait(Reader& r) { r.number("within_seconds", 20, 0, kLongestWait); }

void checkTexts(Reader& r, const char* key) {
    const auto* map = r.any(key);
    if (map != nullptr && !map->is_object()) r.problem(Code::ConfigType, key, "name: value");
}

/// A message that an earlier step has sent, by the name it was given.
void checkSent(Reader& r, const char* key, const std::set<std::string>& sent) {
    const auto name = r.text(key);
    if (name.empty() || sent.contains(name)) return;
    const auto near = nearest(name, {sent.begin(), sent.end()});
    r.problem(Code::ConfigReference, key,
              near.empty() ? "No step before has sent that." : "Nearest: " + near);
}

void checkSend(Reader& r, std::set<std::string>& sent) {
    r.text("document", {}, Reader::Need::Required);
    r.text("path", {}, Reader::Need::Required);
    checkTexts(r, "headers");
    checkTexts(r, "with");
    r.object("expect", [&](Reader& e) {
        e.oneOf("outcome",
                {"accepted", "content_refused", "not_allowed", "conflict", "malformed", "busy"},
                "accepted");
        e.number("status", 200, 100, 599);
        e.texts("says");
        checkSent(e, "same_receipt_as", sent);
    });
    if (const auto name = r.text("as"); !name.empty()) sent.insert(name);
}

void checkArrive(Reader& r, std::set<std::string>& sent) {
    r.text("path", {}, Reader::Need::Required);
    checkWait(r);
    checkSent(r, "of", sent);
    checkTexts(r, "fields");
    checkTexts(r, "remember");
}

void checkTrace(Reader& r, std::set<std::string>& sent) {
    checkSent(r, "trace", sent);
    checkWait(r);
    r.object("expect", [](Reader& e) {
        e.text("holder");
        e.text("state");
        e.number("attempts_at_least", 0, 0, 1000);
        e.texts("says");
    });
}

void checkNothing(Reader&, std::set<std::string>&) {}

void checkTreat(Reader& r, std::set<std::string>&) {
    for (const auto& manner : r.texts("next")) {
        if (!mannerByName(manner)) {
            r.problem(Code::ConfigRange, "next", "accept, refuse, busy, stall or cut");
        }
    }
}

void checkAdvance(Reader& r, std::set<std::string>&) {
    r.object("advance", [](Reader& a) {
        const bool days = a.has("days");
        a.number("days", 1, 1, kMostDays);
        const auto to = a.date("to");
        if (days == !to.empty()) a.problem(Code::ConfigMissing, "days", "Either days or to.");
    });
}

void checkCase(Reader& r, std::set<std::string>& sent) {
    checkSent(r, "case", sent);
    checkWait(r);
    r.object(
        "expect",
        [](Reader& e) {
            for (const char* key : {"holder", "holder_function", "outcome", "consent"}) e.text(key);
            e.text("planned_exit");
            e.oneOf("phase", {"open", "closed"}, "open");
            for (const char* key : {"offers", "between_chairs", "whose_turn", "follow_ups", "steps",
                                    "related", "assessments", "caseworker_changes"}) {
                const auto* list = e.any(key);
                if (list != nullptr && !list->is_array()) e.problem(Code::ConfigType, key, "list");
            }
        },
        Reader::Need::Required);
}

void checkBetween(Reader& r, std::set<std::string>& sent) {
    checkWait(r);
    for (const auto& name : r.texts("between_chairs")) {
        if (sent.contains(name)) continue;
        r.problem(Code::ConfigReference, "between_chairs", "No step before has sent " + name);
    }
}

void checkReport(Reader& r, std::set<std::string>&) {
    for (const char* key : {"report", "from", "to", "by"}) r.text(key);
    r.any("expect");
}

constexpr std::array kActs = {Act{"send", false, false, checkSend},
                              Act{"arrive", false, false, checkArrive},
                              Act{"trace", false, true, checkTrace},
                              Act{"case", false, true, checkCase},
                              Act{"between_chairs", false, true, checkBetween},
                              Act{"report", true, true, checkReport},
                              Act{"advance", true, false, checkAdvance},
                              Act{"down", true, false, checkNothing},
                              Act{"up", true, false, checkNothing},
                              Act{"treat", true, false, checkTreat}};

const Act* find(const std::string& name) {
    const auto found =
        std::find_if(kActs.begin(), kActs.end(), [&](const Act& act) { return name == act.name; });
    return found == kActs.end() ? nullptr : &*found;
}

enum class Where : std::uint8_t { Step, End };

void checkStep(Reader& r, const Json& agencies, std::set<std::string>& sent, Where where) {
    r.text("sv");
    r.text("en");
    r.any("doc");  // for who reads the file
    std::vector<std::string> names;
    const Act* chosen = nullptr;
    for (const auto& act : kActs) {
        if (where == Where::End && !act.looks) continue;
        names.emplace_back(act.name);
        if (!r.has(act.name)) continue;
        if (chosen != nullptr) r.problem(Code::ConfigRange, act.name, "One act a step.");
        chosen = &act;
    }
    if (chosen == nullptr) {
        std::string all;
        for (const auto& name : names) all += (all.empty() ? "" : ", ") + name;
        return r.problem(Code::ConfigMissing, "", "A step has one of: " + all);
    }
    for (const char* key : {"send", "arrive", "down", "up", "treat"}) {
        if (std::string(chosen->name) != key) continue;
        if (agencies.contains(r.text(key))) continue;
        r.problem(Code::ConfigReference, key, "No such agency in this script.");
    }
    chosen->check(r, sent);
}

void checkAgencies(Reader& r, const Json& agencies) {
    if (!agencies.is_object() || agencies.empty()) {
        return r.problem(Code::ConfigMissing, "agencies", "name: { party, system }");
    }
    r.object("agencies", [&](Reader& all) {
        for (const auto& [name, unused] : agencies.items()) {
            all.object(name, [](Reader& agency) {
                agency.text("party", {}, Reader::Need::Required);
                agency.text("system", {}, Reader::Need::Required);
                agency.text("label");
            });
        }
    });
}

}  // namespace

std::string textOf(const Json& json, const char* key, const std::string& fallback) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : fallback;
}

std::string titleOf(const Json& step, Language language) {
    const char* key = language == Language::Swedish ? "sv" : "en";
    return textOf(step, key, textOf(step, "en"));
}

std::string actOf(const Json& step) {
    for (const auto& act : kActs) {
        if (step.contains(act.name)) return act.name;
    }
    return {};
}

bool isForAll(const std::string& act) {
    const auto* known = find(act);
    return known != nullptr && known->for_all;
}

Checked<Script> Script::load(const std::filesystem::path& file) {
    const auto checked = config::readFile(file);
    if (!checked) return tl::make_unexpected(Problems{checked.error()});
    const auto bytes = readBytes(file);
    if (!bytes) return tl::make_unexpected(Problems{bytes.error()});
    const auto json = Json::parse(*bytes, nullptr, false, true);  // in the order it was written
    if (!json.is_object()) {
        return tl::make_unexpected(Problems{
            Error(Code::ConfigType, Place{.file = file.string(), .hint = "An object is needed."})});
    }
    Script script;
    script.folder_ = file.parent_path();
    script.agencies_ = json.value("agencies", Json::object());
    script.titles_ = json.value("title", Json::object());
    for (const auto& step : json.value("steps", Json::array())) script.steps_.push_back(step);
    for (const auto& end : json.value("expect_end", Json::array())) script.ends_.push_back(end);

    Problems problems;
    Reader r(*checked, file.string(), "", problems);
    r.any("title");
    r.any("doc");
    checkAgencies(r, script.agencies_);
    script.participants_ = static_cast<std::size_t>(r.number("participants", 1, 1, 10'000));
    script.persons_ = r.texts("persons");
    std::set<std::string> sent;
    r.each("steps", [&](Reader& s) { checkStep(s, script.agencies_, sent, Where::Step); });
    r.each("expect_end", [&](Reader& s) { checkStep(s, script.agencies_, sent, Where::End); });
    if (script.steps_.empty()) r.problem(Code::ConfigMissing, "steps", "docs/simulate.md");
    r.finish();
    if (!problems.empty()) return tl::make_unexpected(std::move(problems));
    return script;
}

std::string Script::title(Language language) const {
    return textOf(titles_, language == Language::Swedish ? "sv" : "en");
}

}  // namespace stafett::app
