#include "gateway/app/simulate/player.h"

#include <algorithm>
#include <thread>

#include "gateway/app/document.h"
#include "gateway/app/simulate/wire_path.h"
#include "gateway/base/bytes.h"
#include "gateway/codec/read.h"
#include "gateway/codec/write.h"

namespace stafett::app {
namespace {

using Json = Script::Json;
constexpr codec::Encoding kLegacy[] = {codec::Encoding::Latin1, codec::Encoding::Windows1252};

Result<codec::Document> parse(const std::string& body) {
    codec::ReadOptions options;
    options.limits.bytes = 8U << 20;
    const auto first = body.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    if (first != std::string::npos && body[first] == '{') return codec::readJson(body, options);
    options.allowed = kLegacy;
    return codec::readXml(body, options);
}

/// The unverified claims of a receipt: the script has asked for it over mutual TLS itself.
Json claimsOf(std::string_view receipt) {
    const auto first = receipt.find('.');
    const auto second = receipt.find('.', first + 1);
    if (second == std::string_view::npos) return {};
    const auto payload = fromBase64Url(receipt.substr(first + 1, second - first - 1));
    auto claims = payload ? Json::parse(*payload, nullptr, false) : Json();
    return claims.is_object() ? claims : Json::object();
}

bool contains(const std::string& body, const std::string& part) {
    return body.find(part) != std::string::npos;
}

/// ISO-8859-1 where the document says so: documents lie as UTF-8 in the repository.
Result<Bytes> asDeclared(const Bytes& utf8) {
    const auto end = utf8.find("?>");
    if (end == std::string::npos || !contains(utf8.substr(0, end), "ISO-8859-1")) return utf8;
    return codec::encodeXml(utf8, codec::Encoding::Latin1, codec::Unencodable::Refuse);
}

/// The first part that should be said and is not, or nothing.
std::string unsaid(const Json& expect, Names& names, const std::string& where,
                   const std::string& came) {
    for (const auto& part : expect.value("says", Json::array())) {
        const std::string filled = names.fill(part.get<std::string>());
        if (!contains(came, filled))
            return expected(where, "\"" + filled + "\" in it", codec::asUtf8(came));
    }
    return {};
}

std::chrono::seconds within(const Json& step) {
    return std::chrono::seconds(step.value("within_seconds", 20));
}

/// Posts it again, byte for byte, as long as nobody answers or the gateway is busy.
Result<transport::HttpResponse> post(Agency& agency, const Stage& stage,
                                     const transport::HttpRequest& request, unsigned& attempts) {
    const auto deadline = Deadline::in(stage.patience);
    for (;;) {
        ++attempts;
        auto answer = agency.post(stage.gateway_host, stage.gateway_port, request);
        const bool busy = answer && answer->headers.get("Stafett-Outcome") == "busy";
        const bool cut = answer && answer->headers.get("Stafett-Outcome").empty();
        if ((answer && !busy && !cut) || deadline.passed()) return answer;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

}  // namespace

std::string expected(const std::string& what, const std::string& wanted, const std::string& came) {
    return what + ": expected " + wanted + ", came " + (came.empty() ? "nothing" : came);
}

Player::Player(const Script& script, std::size_t number)
    : script_(script), names_([this] { return clockOf(*stage_); }) {
    names_.set("participant", std::to_string(number + 1));
    if (script.persons().empty()) return;
    const auto& person = script.persons()[number % script.persons().size()];
    names_.set("person", person);
    if (person.size() == 12) {
        names_.set("person_with_hyphen", person.substr(0, 8) + "-" + person.substr(8));
    }
}

std::map<std::string, std::string> Player::cases() const { return cases_; }

StepOutcome Player::play(const Json& step, Stage& stage, Language language) {
    StepOutcome outcome;
    stage_ = &stage;
    outcome.title = names_.fill(titleOf(step, language));
    const auto begun = std::chrono::steady_clock::now();
    outcome.why = act(step, stage, outcome);
    outcome.ok = outcome.why.empty();
    outcome.took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begun);
    stage_ = nullptr;
    return outcome;
}

std::string Player::act(const Json& step, Stage& stage, StepOutcome& outcome) {
    const auto act = actOf(step);
    if (act == "send") return send(step, stage, outcome);
    if (act == "arrive") return arrive(step, stage);
    if (act == "trace") return trace(step, stage);
    if (act == "case") return lookAtCase(step, stage, outcome);
    if (act == "between_chairs") return lookBetween(step, stage);
    if (act == "report") return lookAtReport(step, stage);
    if (act == "advance") return advance(step, stage);
    if (act == "treat") return treat(step, stage);
    auto& agency = *stage.agencies.at(textOf(step, act.c_str()));
    if (act == "up") return agency.comeBack() ? "" : "its port is taken";
    agency.goDown();
    return {};
}

std::string Player::treat(const Json& step, Stage& stage) {
    std::vector<Manner> manners;
    for (const auto& name : step.at("next"))
        manners.push_back(*mannerByName(name.get<std::string>()));
    stage.agencies.at(textOf(step, "treat"))->treatNext(std::move(manners));
    return {};
}

std::string Player::advance(const Json& step, Stage& stage) {
    const auto& by = step.at("advance");
    const auto day = by.contains("to") ? textOf(by, "to")
                                       : names_.fill("${in_" + by.at("days").dump() + "_days}");
    return advanceTo(stage, day);
}

Result<transport::HttpRequest> Player::requestOf(const Json& step) {
    const Json with = step.value("with", Json::object());
    for (const auto& [name, value] : with.items()) {
        names_.set(name, names_.fill(value.get<std::string>()));
    }
    ST_TRY(const Bytes file, readBytes(script_.folder() / textOf(step, "document")));
    transport::HttpRequest request;
    request.method = "POST";
    request.path = textOf(step, "path");
    const Json headers = step.value("headers", Json::object());
    for (const auto& [name, value] : headers.items()) {
        request.headers.add(name, names_.fill(value.get<std::string>()));
    }
    ST_TRY(request.body, asDeclared(names_.fill(file)));
    return request;
}

std::string Player::send(const Json& step, Stage& stage, StepOutcome& outcome) {
    const auto request = requestOf(step);
    if (!request) return describe(request.error(), Language::English);
    unsigned attempts = 0;
    const auto answer = post(*stage.agencies.at(textOf(step, "send")), stage, *request, attempts);
    if (!answer) return describe(answer.error(), Language::English);
    Json expected_of_it = step;
    // The answer to a repeat is the first receipt: warnings were said with the one that was lost.
    if (attempts > 1 && step.contains("expect")) expected_of_it["expect"].erase("says");
    return answered(expected_of_it, *answer, outcome);
}

std::string Player::answered(const Json& step, const transport::HttpResponse& answer,
                             StepOutcome& outcome) {
    const Json expect = step.value("expect", Json::object());
    const std::string came(answer.headers.get("Stafett-Outcome"));
    const std::string receipt(answer.headers.get("Stafett-Receipt"));
    const std::string wanted = textOf(expect, "outcome", "accepted");
    if (came != wanted)
        return expected("outcome", wanted, came + " — " + codec::asUtf8(answer.body));
    if (expect.contains("status") && expect.at("status") != answer.status) {
        return expected("status", expect.at("status").dump(), std::to_string(answer.status));
    }
    auto why = unsaid(expect, names_, "the reply", answer.body);
    if (!why.empty()) return why;
    if (wanted != "accepted") return {};
    if (receipt.empty()) return "accepted without a receipt";
    if (const auto first = textOf(expect, "same_receipt_as"); !first.empty()) {
        if (receipts_[first] != receipt) return "the receipt is another than the first one";
    }
    const Json claims = claimsOf(receipt);
    outcome.message_id = textOf(claims, "mid");
    outcome.case_id = textOf(claims, "case");
    if (const auto name = textOf(step, "as"); !name.empty()) {
        receipts_[name] = receipt;
        names_.set(name, outcome.message_id);
        names_.set(name + ".case", outcome.case_id);
        cases_.emplace(outcome.case_id, name);
    }
    return {};
}

std::string Player::lacks(const codec::Document& document, const Json& fields) {
    for (const auto& [path, value] : fields.items()) {
        const auto found = textAt(document, path);
        if (value.is_null()) {
            if (found) return expected(path, "nothing", *found);
            continue;
        }
        const std::string wanted = names_.fill(value.get<std::string>());
        if (!found || *found != wanted) return expected(path, wanted, found.value_or(""));
    }
    return {};
}

std::string Player::arrive(const Json& step, Stage& stage) {
    const Json fields = step.value("fields", Json::object());
    const auto agency = textOf(step, "arrive");
    const auto of = textOf(step, "of");
    const std::set<std::string> ids =
        of.empty() ? names_.idsAt(agency) : std::set<std::string>{names_.get(of)};
    std::string why;  // of the last that came and did not fit
    const auto fits = [&](const Arrival& arrival) {
        const auto document = parse(arrival.request.body);
        const auto lacking =
            document ? lacks(*document, fields) : describe(document.error(), Language::English);
        why = lacking;
        return lacking.empty();
    };
    // What a killed gateway had under way is tried again when its lease is over.
    const auto patience = std::max(within(step), stage.patience);
    const auto arrival =
        stage.agencies.at(agency)->claim(textOf(step, "path"), ids, fits, Deadline::in(patience));
    if (!arrival) {
        if (!why.empty()) return why;
        return "nothing came within " + std::to_string(patience.count()) + " s";
    }
    const auto document = parse(arrival->request.body);
    const Json remember = step.value("remember", Json::object());
    for (const auto& [variable, path] : remember.items()) {
        const auto where = path.get<std::string>();
        const auto found =
            where.starts_with("header:")
                ? std::optional(std::string(arrival->request.headers.get(where.substr(7))))
                : textAt(*document, where);
        if (!found) return expected(where, "something to remember", "");
        names_.hear(agency, variable, *found);
    }
    return {};
}

/// Asks the gateway until the story says what it must, or the time is up.
std::string Player::trace(const Json& step, Stage& stage) {
    const std::string id = names_.get(textOf(step, "trace"));
    const Json expect = step.value("expect", Json::object());
    return untilNothing(within(step), [&]() -> std::string {
        const auto story = ask(stage, "/v1/trace/" + id);
        if (!story) return describe(story.error(), Language::English);
        const Json c = story->value("case", Json::object());
        const auto holder = textOf(c.value("holder", Json::object()), "party");
        const auto wanted = textOf(expect, "holder", holder);
        if (holder != wanted) return expected("holder", wanted, holder);
        for (const auto& message : story->value("messages", Json::array())) {
            if (textOf(message, "id") != id) continue;
            auto why = unsaid(expect, names_, "the trace", message.dump());
            if (!why.empty()) return why;
            for (const auto& delivery : message.at("deliveries")) {
                const auto state = textOf(delivery, "state");
                const auto wanted_state = textOf(expect, "state", state);
                if (state != wanted_state) return expected("delivery", wanted_state, state);
                if (delivery.value("attempts", 0) < expect.value("attempts_at_least", 0)) {
                    return "too few attempts";
                }
            }
        }
        return {};
    });
}

}  // namespace stafett::app
