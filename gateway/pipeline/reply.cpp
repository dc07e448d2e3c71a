#include "gateway/pipeline/reply.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

namespace stafett::pipeline {
namespace {

constexpr std::chrono::seconds kRetryAfter{5};

/// What happened, why if there is more to say of that, and what to do.
std::string textOf(Code code, Language language, std::string_view why = {}) {
    const CodeInfo& row = info(code);
    std::string text(row.what(language));
    if (!why.empty()) text.append(": ").append(why);
    text += ". ";
    text += row.todo(language);
    return text;
}

/// A rule of the dialect's own, in the words of its manifest.
std::optional<plugin::ReplyLine> ownLineOf(const Error& error, const Journey& journey) {
    if (error.code() != Code::PluginRule && error.code() != Code::PluginRuleWarning) return {};
    if (journey.adapter == nullptr) return {};
    const auto own = journey.adapter->explain(error.place().row, journey.language);
    if (!own) return {};
    return plugin::ReplyLine{error.place().row, error.place().path, own->what + ". " + own->todo,
                             own->warning};
}

plugin::ReplyLine lineOf(const Error& error, const Journey& journey, bool warning) {
    if (auto own = ownLineOf(error, journey)) return std::move(*own);
    const Place& place = error.place();
    std::string where = place.path;
    if (!place.row.empty())
        where += (where.empty() ? "" : " (") + place.row + (where.empty() ? "" : ")");
    // Where nothing could be read a path says little: the line comes first.
    if (place.line != 0 && (where.empty() || error.outcome() == Outcome::Malformed)) {
        const auto line = std::to_string(place.line) + ":" + std::to_string(place.column);
        where = where.empty() ? line : line + " " + where;
    }
    std::string text = textOf(error.code(), journey.language);
    if (!place.hint.empty()) text += " " + place.hint;  // what a rule of policy.json says follows
    return {std::string(error.info().id), std::move(where), std::move(text), warning};
}

/// `several`: other receivers are not told something either, so it says which one.
plugin::ReplyLine lineOf(const NotTold& one, bool several, const Journey& journey) {
    const auto& loss = one.loss;
    std::string where = loss.canonical.empty() ? loss.wire : loss.canonical;
    if (several) where += " (receiver " + one.receiver.value + ")";
    return {std::string(info(loss.code).id), std::move(where),
            textOf(loss.code, journey.language, loss.because.in(journey.language)), true};
}

plugin::ReplyInput inputOf(const Journey& journey) {
    plugin::ReplyInput input;
    input.sender_id = journey.sender_id;
    input.case_own = journey.case_own;
    input.now = journey.now;
    input.language = journey.language;
    input.form = journey.form.value;
    return input;
}

/// The framing of HTTP has its own statuses, whatever the dialect says.
int statusOf(Code code, int said) {
    switch (code) {
        case Code::HttpNoRoute:
            return 404;
        case Code::HttpMethod:
            return 405;
        case Code::HttpMediaType:
            return 415;
        case Code::HttpTooLarge:
            return 413;
        default:
            return said;
    }
}

int plainStatus(Outcome outcome) {
    switch (outcome) {
        case Outcome::NotAllowed:
            return 403;
        case Outcome::Conflict:
            return 409;
        case Outcome::ContentRefused:
            return 422;
        case Outcome::Busy:
            return 503;
        default:
            return 400;
    }
}

/// For a caller whose dialect is not known: RFC 9457.
plugin::WireMessage plainReply(const plugin::ReplyInput& input) {
    plugin::WireMessage message;
    message.status = statusOf(input.code, plainStatus(input.outcome));
    message.headers.emplace_back("Content-Type", "application/problem+json");
    const nlohmann::ordered_json body = {{"type", "about:blank"},
                                         {"status", message.status},
                                         {"title", info(input.code).what(input.language)},
                                         {"detail", info(input.code).todo(input.language)},
                                         {"code", info(input.code).id},
                                         {"instance", "urn:uuid:" + input.id}};
    message.body = body.dump();
    return message;
}

transport::HttpResponse responseOf(const Journey& journey, const plugin::ReplyInput& input) {
    auto wire = journey.adapter != nullptr ? journey.adapter->reply(input) : plainReply(input);
    transport::HttpResponse response;
    response.status = statusOf(input.code, wire.status);
    if (input.outcome == Outcome::Accepted) response.status = wire.status;
    for (auto& [name, value] : wire.headers)
        response.headers.add(std::move(name), std::move(value));
    if (!response.headers.has("Stafett-Outcome")) {
        response.headers.add("Stafett-Outcome", std::string(outcomeName(input.outcome)));
    }
    if (!input.receipt.empty() && !response.headers.has("Stafett-Receipt")) {
        response.headers.add("Stafett-Receipt", input.receipt);
    }
    if (input.outcome == Outcome::Busy && !response.headers.has("Retry-After")) {
        response.headers.add("Retry-After", std::to_string(kRetryAfter.count()));
    }
    response.body = std::move(wire.body);
    return response;
}

unsigned gravity(Outcome outcome) {
    switch (outcome) {
        case Outcome::Busy:
            return 5;
        case Outcome::Malformed:
            return 4;
        case Outcome::NotAllowed:
            return 3;
        case Outcome::Conflict:
            return 2;
        case Outcome::ContentRefused:
            return 1;
        default:
            return 5;  // ours to mend: the sender keeps it
    }
}

}  // namespace

Outcome outcomeOf(const Problems& problems) {
    Outcome worst = Outcome::ContentRefused;
    for (const auto& problem : problems) {
        if (gravity(problem.outcome()) > gravity(worst)) worst = problem.outcome();
    }
    return gravity(worst) == 5 ? Outcome::Busy : worst;
}

std::string_view outcomeName(Outcome outcome) {
    switch (outcome) {
        case Outcome::Accepted:
            return "accepted";
        case Outcome::ContentRefused:
            return "content_refused";
        case Outcome::NotAllowed:
            return "not_allowed";
        case Outcome::Conflict:
            return "conflict";
        case Outcome::Malformed:
            return "malformed";
        default:
            return "busy";
    }
}

transport::HttpResponse sayAccepted(const Journey& journey, const std::string& message_id,
                                    const std::string& receipt, const Problems& warnings,
                                    const std::vector<NotTold>& losses) {
    auto input = inputOf(journey);
    input.outcome = Outcome::Accepted;
    input.id = message_id;
    input.receipt = receipt;
    for (const auto& warning : warnings) {
        input.lines.push_back(lineOf(warning, journey, true));
    }
    const bool several = std::any_of(losses.begin(), losses.end(), [&](const NotTold& one) {
        return one.receiver != losses.front().receiver;
    });
    for (const auto& one : losses) input.lines.push_back(lineOf(one, several, journey));
    input.count = input.lines.size();
    const std::size_t most = journey.snapshot->config.settings.problems;
    if (input.lines.size() > most) input.lines.resize(most);
    return responseOf(journey, input);
}

transport::HttpResponse sayRefused(const Journey& journey, const std::string& refusal_id,
                                   const Problems& problems) {
    auto input = inputOf(journey);
    input.outcome = outcomeOf(problems);
    input.id = refusal_id;
    input.count = problems.size();
    input.code = problems.empty() ? Code::StoreFailed : problems.front().code();
    if (input.outcome == Outcome::Busy) input.retry_after = kRetryAfter;
    const std::size_t most =
        std::min<std::size_t>(problems.size(), journey.snapshot->config.settings.problems);
    for (std::size_t i = 0; i < most; ++i) {
        input.lines.push_back(lineOf(problems[i], journey, false));
    }
    return responseOf(journey, input);
}

std::string problemsText(const Problems& problems, std::size_t most) {
    auto json = nlohmann::ordered_json::array();
    for (std::size_t i = 0; i < std::min(most, problems.size()); ++i) {
        const Place& place = problems[i].place();
        nlohmann::ordered_json item = {{"code", problems[i].info().id}};
        if (!place.path.empty()) item["path"] = place.path;
        if (!place.row.empty()) item["row"] = place.row;
        if (place.line != 0) {
            item["line"] = place.line;
            item["column"] = place.column;
        }
        json.push_back(std::move(item));
    }
    return json.dump();
}

Language languageOf(std::string_view accept_language, Language fallback) {
    if (accept_language.starts_with("en")) return Language::English;
    if (accept_language.starts_with("sv")) return Language::Swedish;
    return fallback;
}

}  // namespace stafett::pipeline
