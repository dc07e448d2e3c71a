// FHIR messaging: a technical answer is a message Bundle whose MessageHeader.response says ok,
// transient-error or fatal-error; what is wrong stands in an OperationOutcome, one issue per
// problem (domain 4.4). Neither ever means that somebody took the case: that is the form svar.
#include "gateway/plugin/adapter.h"

#include <algorithm>
#include <iterator>

#include "manifest.h"

namespace {
using namespace stafett::plugin;

constexpr std::string_view kCodes = "https://stafett.example/fhir/CodeSystem/kod";

/// The issue type of FHIR R4 that comes nearest to an outcome of ours.
std::string_view issueType(stafett_outcome outcome) {
    switch (outcome) {
        case STAFETT_CONTENT_REFUSED:
            return "processing";
        case STAFETT_NOT_ALLOWED:
            return "forbidden";
        case STAFETT_CONFLICT:
            return "conflict";
        case STAFETT_MALFORMED:
            return "structure";
        case STAFETT_BUSY:
            return "transient";
        default:
            return "informational";
    }
}

/// A wire path as FHIRPath; empty when the place is none in the Bundle (a receiver's rule).
std::string fhirPath(std::string_view place) {
    constexpr std::string_view kTop[] = {"entry", "identifier", "type", "timestamp",
                                         "resourceType"};
    const auto top = place.substr(0, place.find_first_of("/["));
    if (std::find(std::begin(kTop), std::end(kTop), top) == std::end(kTop)) return {};
    std::string path = "Bundle." + std::string(place);
    std::replace(path.begin(), path.end(), '/', '.');
    return path;
}

void writeIssue(Call& call, std::string_view severity, std::string_view type, const Line& line) {
    call.write("{\"severity\":\"", severity, "\",\"code\":\"", type,
               "\",\"details\":{\"coding\":[{\"system\":\"", kCodes,
               "\",\"code\":", json(line.code), "}]");
    if (!line.text.empty()) call.write(",\"text\":", json(line.text));
    call.write("}");
    if (const auto place = fhirPath(line.place); !place.empty()) {
        call.write(",\"expression\":[", json(place), "]");
    } else if (!line.place.empty()) {
        call.write(",\"diagnostics\":", json(line.place));
    }
    call.write("}");
}

void writeOutcome(Call& call, const Reply& reply) {
    call.write("{\"resourceType\":\"OperationOutcome\"");
    if (!reply.id.empty()) call.write(",\"id\":", json(reply.id));
    call.write(",\"issue\":[");
    bool first = true;
    for (const Line& line : reply.lines) {
        if (!first) call.write(",");
        first = false;
        writeIssue(call, line.warning ? "warning" : "error",
                   line.warning ? "informational" : issueType(reply.outcome), line);
    }
    if (first) writeIssue(call, "error", issueType(reply.outcome), {reply.code, {}, reply.text});
    call.write("]}");
}

/// FHIR's id: what MessageHeader.response.identifier must be.
bool isFhirId(std::string_view text) {
    constexpr std::string_view kAllowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.";
    return !text.empty() && text.size() <= 64 &&
           text.find_first_not_of(kAllowed) == std::string_view::npos;
}

/// The receipt Bundle: our id as its identifier, the sender's in the response; warnings and losses
/// as an OperationOutcome beside the header.
void writeReceipt(Call& call, const Reply& reply) {
    call.write(
        "{\"resourceType\":\"Bundle\",\"identifier\":{\"system\":"
        "\"urn:ietf:rfc:3986\",\"value\":",
        json("urn:uuid:" + std::string(reply.id)),
        "},\"type\":\"message\",\"timestamp\":", json(reply.time),
        ",\"entry\":[{\"fullUrl\":", json("urn:uuid:" + std::string(reply.id)),
        ",\"resource\":{\"resourceType\":\"MessageHeader\",\"eventCoding\":{\"system\":"
        "\"https://stafett.example/fhir/CodeSystem/handelsetyp\",\"code\":\"kvittens\"},"
        "\"source\":{\"endpoint\":\"urn:example:stafett:gateway\"},\"response\":{"
        "\"identifier\":",
        json(isFhirId(reply.sender_id) ? reply.sender_id : reply.id), ",\"code\":\"ok\"}}}");
    if (!reply.lines.empty()) {
        call.write(",{\"resource\":");
        writeOutcome(call, reply);
        call.write("}");
    }
    call.write("]}");
}

int reply(Call& call, const Reply& reply) {
    call.header("Content-Type", "application/fhir+json; charset=utf-8");
    if (reply.accepted()) {
        writeReceipt(call, reply);
    } else {
        writeOutcome(call, reply);
    }
    return reply.status;
}

std::string_view issueCode(const Answer& answer, std::string_view outcome) {
    const std::string issue = std::string(outcome) + "issue[0]/";
    for (const char* path : {"details/coding[0]/code", "code"}) {
        if (const auto code = answer.value(issue + path); !code.empty()) return code.substr(0, 64);
    }
    return {};
}

stafett_fate interpret(Call& call, const Answer& answer) {
    const auto type = answer.value("resourceType");
    if (type == "Bundle") {
        const auto said = answer.value("entry[0]/resource/response/code");
        const auto code = issueCode(answer, "entry[1]/resource/");
        if (said == "ok" && answer.ok()) {
            auto id = answer.value("identifier/value");
            if (id.starts_with("urn:uuid:")) id.remove_prefix(9);
            return call.delivered(id);
        }
        if (said == "transient-error") return call.retry(code);
        if (said == "fatal-error") return call.refused(code);
        return call.byStatus(code);
    }
    if (type == "OperationOutcome") {
        const auto severity = answer.value("issue[0]/severity");
        const auto code = issueCode(answer, "");
        // Some servers say 200 with an outcome of errors: refused, unless the error is of passing
        // kind.
        if (answer.ok() && (severity == "error" || severity == "fatal")) {
            return answer.value("issue[0]/code") == "transient" ? call.retry(code)
                                                                : call.refused(code);
        }
        return call.byStatus(code);
    }
    return call.byStatus();
}
}  // namespace

const stafett_plugin stafett_plugin_v1 =
    describe(kManifest, {.reply = bridge<reply>, .interpret = bridge<interpret>});
