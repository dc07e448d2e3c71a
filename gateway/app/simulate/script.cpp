#include "gateway/app/simulate/script.h"

#include <algorithm>

#include "gateway/app/document.h"
#include "gateway/app/simulate/wire_path.h"
#include "gateway/base/bytes.h"
#include "gateway/codec/read.h"
#include "gateway/codec/write.h"
#include "gateway/config/reader.h"
#include "gateway/message/dates.h"

namespace stafett::app {
namespace {

using Json = nlohmann::ordered_json;
constexpr codec::Encoding kLegacy[] = {codec::Encoding::Latin1, codec::Encoding::Windows1252};

std::string text(const Json& json, const char* key, const std::string& fallback = {}) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : fallback;
}

std::string titleOf(const Json& step, Language language) {
    const char* key = language == Language::Swedish ? "sv" : "en";
    return text(step, key, text(step, "en"));
}

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

std::string expected(const std::string& what, const std::string& wanted, const std::string& came) {
    return what + ": expected " + wanted + ", came " + (came.empty() ? "nothing" : came);
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

}  // namespace

Result<Script> Script::load(const std::filesystem::path& file) {
    ST_TRY(const Bytes bytes, readBytes(file));
    const auto json = Json::parse(bytes, nullptr, false, true);
    if (!json.is_object() || !json.contains("steps") || !json.contains("agencies")) {
        return tl::make_unexpected(Error(Code::ConfigSyntax, Place{.file = file.string()}));
    }
    Script script;
    script.folder_ = file.parent_path();
    script.agencies_ = json.at("agencies");
    script.steps_ = json.at("steps");
    script.titles_ = json.value("title", Json::object());
    const Time now = SystemClock().now();
    script.names_["now"] = timeText(now);
    script.names_["now_local"] = message::toStockholm(timeText(now));
    script.names_["today"] = message::stockholmDate(now);
    for (const int days : {14, 30, 90, 180}) {
        script.names_["in_" + std::to_string(days) + "_days"] =
            message::stockholmDate(now + std::chrono::days(days));
    }
    return script;
}

const std::string& Script::title(Language language) const {
    static const std::string kNone;
    const auto found = titles_.find(language == Language::Swedish ? "sv" : "en");
    return found == titles_.end() ? kNone : found->get_ref<const std::string&>();
}

/// ${name} is what was remembered; ${uuid:NAME} and ${int:NAME} are made once a name.
std::string Script::fill(std::string body) {
    for (std::size_t at = body.find("${"); at != std::string::npos; at = body.find("${", at)) {
        const auto end = body.find('}', at);
        if (end == std::string::npos) break;
        const std::string name = body.substr(at + 2, end - at - 2);
        if (!names_.contains(name)) {
            if (name.starts_with("uuid:")) names_[name] = Uuid::make().text();
            if (name.starts_with("int:")) {
                const auto random = Uuid::make().bytes;
                names_[name] =
                    std::to_string(1'000'000 + random[15] * 65536 + random[14] * 256 + random[13]);
            }
        }
        const std::string value = names_.contains(name) ? names_.at(name) : "?" + name + "?";
        body.replace(at, end - at + 1, value);
        at += value.size();
    }
    return body;
}

std::vector<StepOutcome> Script::play(Stage& stage, Language language,
                                      const std::function<void(const StepOutcome&)>& told) {
    std::vector<StepOutcome> outcomes;
    for (const auto& step : steps_) {
        outcomes.push_back(playStep(step, stage, language));
        told(outcomes.back());
        if (!outcomes.back().ok) break;
    }
    return outcomes;
}

StepOutcome Script::playStep(const Json& step, Stage& stage, Language language) {
    StepOutcome outcome;
    outcome.title = fill(titleOf(step, language));
    const auto begun = std::chrono::steady_clock::now();
    for (const char* act : {"send", "arrive", "down", "up", "treat"}) {
        if (step.contains(act) && !stage.agencies.contains(text(step, act))) {
            outcome.why = "the script names an agency it does not list: " + text(step, act);
            return outcome;
        }
    }
    if (step.contains("send")) {
        outcome.why = send(step, stage, outcome);
    } else if (step.contains("arrive")) {
        outcome.why = arrive(step, stage);
    } else if (step.contains("trace")) {
        outcome.why = trace(step, stage);
    } else if (step.contains("down")) {
        stage.agencies.at(text(step, "down"))->goDown();
    } else if (step.contains("up")) {
        if (!stage.agencies.at(text(step, "up"))->comeBack()) outcome.why = "its port is taken";
    } else if (step.contains("treat")) {
        std::vector<Manner> manners;
        for (const auto& name : step.at("next")) {
            const auto manner = mannerByName(name.get<std::string>());
            if (!manner) outcome.why = "no such manner: " + name.get<std::string>();
            if (manner) manners.push_back(*manner);
        }
        stage.agencies.at(text(step, "treat"))->treatNext(std::move(manners));
    } else {
        outcome.why = "the step does nothing: send, arrive, trace, down, up or treat";
    }
    outcome.ok = outcome.why.empty();
    outcome.took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begun);
    return outcome;
}

Result<transport::HttpRequest> Script::requestOf(const Json& step) {
    ST_TRY(const Bytes file, readBytes(folder_ / text(step, "document")));
    transport::HttpRequest request;
    request.method = "POST";
    request.path = text(step, "path");
    const Json headers = step.value("headers", Json::object());
    for (const auto& [name, value] : headers.items()) {
        request.headers.add(name, fill(value.get<std::string>()));
    }
    ST_TRY(request.body, asDeclared(fill(file)));
    return request;
}

std::string Script::send(const Json& step, Stage& stage, StepOutcome& outcome) {
    auto request = requestOf(step);
    if (!request) return describe(request.error(), Language::English);
    const auto answer = stage.agencies.at(text(step, "send"))
                            ->post(stage.gateway_host, stage.gateway_port, std::move(*request));
    if (!answer) return describe(answer.error(), Language::English);

    const Json expect = step.value("expect", Json::object());
    const std::string came(answer->headers.get("Stafett-Outcome"));
    const std::string receipt(answer->headers.get("Stafett-Receipt"));
    const std::string wanted = text(expect, "outcome", "accepted");
    if (came != wanted) return expected("outcome", wanted, came + " — " + answer->body);
    if (expect.contains("status") && expect.at("status") != answer->status) {
        return expected("status", expect.at("status").dump(), std::to_string(answer->status));
    }
    for (const auto& part : expect.value("says", Json::array())) {
        const std::string filled = fill(part.get<std::string>());
        if (!contains(answer->body, filled)) {
            return expected("the reply", "\"" + filled + "\" in it", answer->body);
        }
    }
    if (wanted == "accepted" && receipt.empty()) return "accepted without a receipt";
    if (const auto first = text(expect, "same_receipt_as"); !first.empty()) {
        if (receipts_[first] != receipt) return "the receipt is another than the first one";
    }
    const Json claims = claimsOf(receipt);
    outcome.message_id = text(claims, "mid");
    if (const auto name = text(step, "as"); !name.empty()) {
        receipts_[name] = receipt;
        names_[name] = outcome.message_id;
        names_[name + ".case"] = text(claims, "case");
    }
    return {};
}

std::string Script::arrive(const Json& step, Stage& stage) {
    const std::string name = text(step, "arrive");
    auto& agency = *stage.agencies.at(name);
    const auto within = std::chrono::seconds(step.value("within_seconds", 20));
    const auto arrival = agency.waitFor(seen_[name], text(step, "path"), Deadline::in(within));
    if (!arrival) return "nothing came within " + std::to_string(within.count()) + " s";
    seen_[name] = arrival->place + 1;
    const auto document = parse(arrival->request.body);
    if (!document) return describe(document.error(), Language::English);
    const Json fields = step.value("fields", Json::object());
    for (const auto& [path, value] : fields.items()) {
        const auto found = textAt(*document, path);
        if (value.is_null()) {
            if (found) return expected(path, "nothing", *found);
            continue;
        }
        const std::string wanted = fill(value.get<std::string>());
        if (!found || *found != wanted) return expected(path, wanted, found.value_or(""));
    }
    const Json remember = step.value("remember", Json::object());
    for (const auto& [variable, path] : remember.items()) {
        const auto where = path.get<std::string>();
        const auto found =
            where.starts_with("header:")
                ? std::optional(std::string(arrival->request.headers.get(where.substr(7))))
                : textAt(*document, where);
        if (!found) return expected(where, "something to remember", "");
        names_[variable] = *found;
    }
    return {};
}

/// Asks the gateway until the story says what it must, or the time is up.
std::string Script::trace(const Json& step, Stage& stage) {
    const std::string id = fill("${" + text(step, "trace") + "}");
    const auto deadline = Deadline::in(std::chrono::seconds(step.value("within_seconds", 20)));
    const Json expect = step.value("expect", Json::object());
    std::string why;
    for (auto pause = std::chrono::milliseconds(5);;
         pause = std::min(pause * 2, std::chrono::milliseconds(200))) {
        const auto story = stage.admin->get("/v1/trace/" + id);
        if (!story) return describe(story.error(), Language::English);
        why.clear();
        const Json c = story->value("case", Json::object());
        if (expect.contains("holder") &&
            text(c.value("holder", Json::object()), "party") != text(expect, "holder")) {
            why = expected("holder", text(expect, "holder"),
                           text(c.value("holder", Json::object()), "party"));
        }
        for (const auto& message : story->value("messages", Json::array())) {
            if (text(message, "id") != id) continue;
            for (const auto& delivery : message.at("deliveries")) {
                if (expect.contains("state") && text(delivery, "state") != text(expect, "state")) {
                    why = expected("delivery", text(expect, "state"), text(delivery, "state"));
                }
                if (delivery.value("attempts", 0) < expect.value("attempts_at_least", 0)) {
                    why = "too few attempts";
                }
            }
        }
        if (why.empty() || deadline.passed()) return why;
        std::this_thread::sleep_for(std::min<std::chrono::milliseconds>(pause, deadline.left()));
    }
}

}  // namespace stafett::app
