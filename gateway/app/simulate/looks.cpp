// The acts that only look: at a case, at who stands between the chairs, at a report.
#include <algorithm>

#include "gateway/app/simulate/player.h"
#include "gateway/report/release.h"

namespace stafett::app {
namespace {

using Json = Script::Json;

std::string partyOf(const Json& json, const char* key) {
    return textOf(json.value(key, Json::object()), "party");
}

void copy(const Json& from, const char* key, Json& to) {
    if (from.contains(key)) to[key] = from.at(key);
}

Json offerForScripts(const Json& told) {
    Json offer = {{"from", partyOf(told, "from")},
                  {"from_function", textOf(told.value("from", Json::object()), "function")},
                  {"to", partyOf(told, "to")},
                  {"to_function", textOf(told.value("to", Json::object()), "function")}};
    for (const char* key :
         {"kind", "role", "state", "answer_by", "overdue", "takes_over", "reminded", "escalated"}) {
        copy(told, key, offer);
    }
    return offer;
}

/// Agencies by the names the script gives them become their parties; ${…} is filled in.
Json resolved(const Json& expect, const Json& agencies, Names& names, const std::string& key = {}) {
    if (expect.is_string()) {
        auto value = names.fill(expect.get<std::string>());
        const bool who = key == "holder" || key == "from" || key == "to" || key == "who" ||
                         key == "party" || key == "coordinator";
        if (who && agencies.contains(value)) value = textOf(agencies.at(value), "party");
        return value;
    }
    if (!expect.is_structured()) return expect;
    Json out = expect;
    for (auto it = out.begin(); it != out.end(); ++it) {
        *it = resolved(*it, agencies, names, expect.is_object() ? it.key() : key);
    }
    return out;
}

/// {"each": 2} is two for each participant. With fewer than five participants no number is told,
/// and no row that has none.
Json forSoMany(const Json& expect, std::size_t participants) {
    if (!expect.is_structured()) return expect;
    if (expect.is_object() && expect.size() == 1 && expect.contains("each")) {
        if (participants < report::kLeast) return {};
        return expect.at("each").get<std::size_t>() * participants;
    }
    Json out = expect.is_array() ? Json::array() : Json::object();
    for (const auto& [key, value] : expect.items()) {
        auto part = forSoMany(value, participants);
        if (expect.is_object()) {
            out[key] = std::move(part);
        } else if (!part.is_object() || !part.contains("n") || !part["n"].is_null()) {
            out.push_back(std::move(part));
        }
    }
    return out;
}

}  // namespace

std::string differs(const Json& expect, const Json& came, const std::string& at) {
    if (expect.is_object() && came.is_object()) {
        for (const auto& [key, value] : expect.items()) {
            const auto found = came.find(key);
            if (found == came.end()) {
                if (value.is_null()) continue;
                return expected(at + "/" + key, value.dump(), "");
            }
            if (auto why = differs(value, *found, at + "/" + key); !why.empty()) return why;
        }
        return {};
    }
    if (expect.is_array() && came.is_array() && expect.size() == came.size()) {
        for (std::size_t i = 0; i < expect.size(); ++i) {
            auto why = differs(expect[i], came[i], at + "/" + std::to_string(i));
            if (!why.empty()) return why;
        }
        return {};
    }
    return expect == came ? "" : expected(at, expect.dump(), came.dump());
}

Json caseForScripts(const Json& told) {
    const Json holder = told.value("holder", Json::object());
    Json out = {{"holder", textOf(holder, "party")},
                {"holder_function", textOf(holder, "function")},
                {"phase", textOf(told, "state")},
                {"consent", textOf(told, "consent")},
                {"outcome", textOf(told.value("closure", Json::object()), "outcome")},
                {"planned_exit", textOf(told.value("planned_exit", Json::object()), "on")}};
    out["offers"] = Json::array();
    for (const auto& offer : told.value("offers", Json::array())) {
        out["offers"].push_back(offerForScripts(offer));
    }
    out["between_chairs"] = Json::array();
    for (const auto& gap : told.value("between_chairs", Json::array())) {
        out["between_chairs"].push_back(textOf(gap, "why"));
    }
    out["whose_turn"] = Json::array();
    for (const auto& turn : told.value("turns", Json::array())) {
        Json one = {{"who", textOf(turn, "party")}, {"owes", textOf(turn, "owes")}};
        copy(turn, "by", one);
        out["whose_turn"].push_back(std::move(one));
    }
    for (const char* key : {"follow_ups", "steps", "related", "caseworker_changes", "assessments"})
        out[key] = told.value(key, Json::array());
    return out;
}

std::string Player::lookAtCase(const Json& step, Stage& stage, StepOutcome& outcome) {
    const auto name = textOf(step, "case");
    outcome.case_id = caseOf(name);
    if (outcome.case_id.empty()) return "nothing was sent as " + name;
    Json expect = resolved(step.at("expect"), script_.agencies(), names_);
    // Cases that are related stand there by the names of messages.
    if (expect.contains("related")) {
        for (auto& other : expect["related"]) other = caseOf(other.get<std::string>());
    }
    const auto seconds = std::chrono::seconds(step.value("within_seconds", 20));
    return untilNothing(seconds, [&]() -> std::string {
        const auto story = ask(stage, "/v1/cases/" + outcome.case_id);
        if (!story) return describe(story.error(), Language::English);
        return differs(expect, caseForScripts(story->value("case", Json::object())), name);
    });
}

/// Of this participant's cases, exactly these stand between the chairs.
std::string Player::lookBetween(const Json& step, Stage& stage) {
    std::set<std::string> expect;
    for (const auto& name : step.at("between_chairs")) {
        expect.insert(caseOf(name.get<std::string>()));
    }
    const auto seconds = std::chrono::seconds(step.value("within_seconds", 20));
    return untilNothing(seconds, [&]() -> std::string {
        std::string after;
        std::set<std::string> found;
        do {
            const auto page =
                ask(stage, "/v1/cases",
                    "between_chairs=true&limit=500" + (after.empty() ? "" : "&after=" + after));
            if (!page) return describe(page.error(), Language::English);
            for (const auto& one : page->value("cases", Json::array())) {
                if (cases_.contains(textOf(one, "id"))) found.insert(textOf(one, "id"));
            }
            after = textOf(*page, "after");
        } while (!after.empty());
        for (const auto& id : expect) {
            if (!found.contains(id)) return "not between the chairs: " + cases_.at(id);
        }
        for (const auto& id : found) {
            if (!expect.contains(id)) return "between the chairs, unexpected: " + cases_.at(id);
        }
        return {};
    });
}

std::string Player::lookAtReport(const Json& step, Stage& stage) {
    std::string query;
    for (const char* key : {"from", "to", "by"}) {
        const auto value = names_.fill(textOf(step, key));
        if (!value.empty()) query += (query.empty() ? "" : "&") + std::string(key) + "=" + value;
    }
    const auto report = ask(stage, "/v1/reports/" + textOf(step, "report"), query);
    if (!report) return describe(report.error(), Language::English);
    const Json expect = step.value("expect", Json::object());
    return differs(forSoMany(resolved(expect, script_.agencies(), names_), stage.participants),
                   *report, textOf(step, "report"));
}

}  // namespace stafett::app
