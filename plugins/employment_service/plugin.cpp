// Arbetsförmedlingen answers 201 {"message": …} with four headers of its own, and an error object;
// 403 has another shape (domain 4.1). What its answers mean to us stands in the status, with felkod
// as the code to show. Its report of a person's absence is known and refused by name.
#include "gateway/plugin/adapter.h"
#include "manifest.h"

namespace {
using namespace stafett::plugin;

void writeProblem(Call& call, const Line& line) {
    call.write("{\"falt\":", json(line.place), ",\"felkod\":", json(line.code),
               ",\"operation\":\"POST\",\"meddelande\":", json(line.text), "}");
}

void writeError(Call& call, const Reply& reply) {
    call.write("{\"error_id\":", json(reply.id), ",\"message\":", json(reply.text),
               ",\"cause\":{\"system\":\"stafett\",\"code\":", json(reply.code),
               ",\"message\":", json(reply.text), ",\"error\":[");
    bool first = true;
    for (const Line& line : reply.lines) {
        if (line.warning) continue;
        if (!first) call.write(",");
        first = false;
        writeProblem(call, line);
    }
    call.write("],\"antal_fel\":", std::to_string(reply.count), "}}");
}

void writeAccepted(Call& call, const Reply& reply) {
    call.write("{\"message\":", json(reply.say("Mottaget", "Received")),
               ",\"meddelande_id\":", json(reply.id));
    if (!reply.lines.empty()) {
        call.write(",\"varning\":[");
        bool first = true;
        for (const Line& line : reply.lines) {
            if (!first) call.write(",");
            first = false;
            writeProblem(call, line);
        }
        call.write("]");
    }
    call.write("}");
}

int reply(Call& call, const Reply& reply) {
    call.header("Content-Type", "application/json; charset=utf-8");
    // Of the headers AF answers with, these two say something we know: whose call it was, and where
    // to ask.
    call.header("AF-Traceability", reply.id);
    if (const auto tracking = call.header("AF-TrackingId"); !tracking.empty()) {
        call.header("AF-TrackingId", tracking);
    }
    if (reply.accepted()) {
        writeAccepted(call, reply);
        return 201;
    }
    if (reply.outcome == STAFETT_NOT_ALLOWED) {
        call.write("{\"error\":", json(reply.code), ",\"description\":", json(reply.text),
                   ",\"error_id\":", json(reply.id), "}");
    } else {
        writeError(call, reply);
    }
    return reply.status;
}

/// The first code that says what is wrong: a field's, the cause's, or 403's.
std::string_view codeOf(const Answer& answer) {
    for (const char* path : {"cause/error[0]/felkod", "cause/code", "error"}) {
        if (const auto code = answer.value(path); !code.empty()) return code.substr(0, 64);
    }
    return {};
}

stafett_fate interpret(Call& call, const Answer& answer) {
    // A 2xx that carries an error object is no receipt, whatever the status says.
    if (answer.ok() && answer.has_document && answer.has("error_id")) {
        return call.refused(codeOf(answer));
    }
    if (answer.ok()) return call.delivered(answer.value("meddelande_id"));
    return call.byStatus(codeOf(answer));
}

/// AF's own deviation report tells of a person's absence. It is never read as a deviation of the
/// system: whoever sends it is told so in words, beside the mapping's unknown fields.
void check(Call& call, const CheckedDocument& document) {
    if (document.form != "avvikelse") return;
    for (const char* field : {"franvaro", "avvikelsealternativ"}) {
        if (document.has(field)) call.problem("AF-AVVIKELSERAPPORT", field);
    }
}
}  // namespace

const stafett_plugin stafett_plugin_v1 = describe(
    kManifest, {.reply = bridge<reply>, .interpret = bridge<interpret>, .check = bridge<check>});
