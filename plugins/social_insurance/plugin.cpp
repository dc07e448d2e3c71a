// FK answers 200 to nearly everything; what it means stands in ResultType (RIV-TA Basic
// Profile 2.1: only TECHNICAL_ERROR may be retried). Malformed requests get a SOAP Fault, and a
// Fault is retried.
#include "gateway/plugin/adapter.h"
#include "manifest.h"  // made from manifest.json by stafett_add_plugin()

namespace {
using namespace stafett::plugin;

/// A document we read or write, and the namespaces of the response it gets.
struct Contract {
    std::string_view form;
    std::string_view root;
    std::string_view space;  ///< of root and response
    std::string_view types;  ///< of what stands in result
    bool own = true;         ///< ours: the response also names our message id
};

constexpr std::string_view kTypes = "urn:example:fk:samverkan:typer:1";
constexpr std::string_view kCertificate = "urn:riv:clinicalprocess:healthcond:certificate:3";

constexpr Contract kContracts[] = {
    {"remiss", "Remiss", "urn:example:fk:samverkan:remiss:1", kTypes},
    {"overlamning", "Overlamning", "urn:example:fk:samverkan:overlamning:1", kTypes},
    {"svar", "Svar", "urn:example:fk:samverkan:svar:1", kTypes},
    {"notis", "Notis", "urn:example:fk:samverkan:notis:1", kTypes},
    {"planering", "Planering", "urn:example:fk:samverkan:planering:1", kTypes},
    {"kartlaggning", "Kartlaggning", "urn:example:fk:samverkan:kartlaggning:1", kTypes},
    {"stegforflyttning", "Stegforflyttning", "urn:example:fk:samverkan:stegforflyttning:1", kTypes},
    {"avvikelse", "Avvikelse", "urn:example:fk:samverkan:avvikelse:1", kTypes},
    {"samtycke", "Samtycke", "urn:example:fk:samverkan:samtycke:1", kTypes},
    {"avslut", "Avslut", "urn:example:fk:samverkan:avslut:1", kTypes},
    {"aterkallelse", "Aterkallelse", "urn:example:fk:samverkan:aterkallelse:1", kTypes},
    {"paminnelse", "Paminnelse", "urn:example:fk:samverkan:paminnelse:1", kTypes},
    {"handlaggarbyte", "Handlaggarbyte", "urn:example:fk:samverkan:handlaggarbyte:1", kTypes},
    {"intygsfraga", "SendMessageToCare",
     "urn:riv:clinicalprocess:healthcond:certificate:SendMessageToCareResponder:2", kCertificate,
     false},
    {"intygssvar", "SendMessageToRecipient",
     "urn:riv:clinicalprocess:healthcond:certificate:SendMessageToRecipientResponder:2",
     kCertificate, false},
};

const Contract* contractOf(std::string_view form) {
    for (const Contract& known : kContracts) {
        if (known.form == form) return &known;
    }
    return nullptr;
}

/// The problems and warnings once more, one element each, for the any slot.
std::string anySlot(const Reply& reply) {
    std::string out;
    for (const Line& line : reply.lines) {
        out += "<p:problem xmlns:p=\"urn:example:stafett:problem:1\" kod=\"" + xml(line.code) + '"';
        if (!line.place.empty()) out += " plats=\"" + xml(line.place) + '"';
        if (line.warning) out += " varning=\"true\"";
        out += '>' + xml(line.text) + "</p:problem>";
    }
    return out;
}

/// What a caseworker reads: the refusal's id, then a line for each problem.
std::string resultText(const Reply& reply) {
    std::string out;
    if (!reply.accepted()) {
        out.append(reply.say("Avvisat. Avvisningens beteckning: ", "Refused. The refusal's id: "));
        out.append(reply.id);
        if (reply.lines.empty()) out.append("\n").append(reply.text);
    }
    for (const Line& line : reply.lines) {
        if (!out.empty()) out += '\n';
        out.append(line.code);
        if (!line.place.empty()) out.append(" ").append(line.place);
        out.append(": ").append(line.text);
    }
    if (reply.count > reply.lines.size()) {
        out.append("\n").append(reply.say("Antal fel: ", "Problems in all: "));
        out.append(std::to_string(reply.count));
    }
    return out;
}

std::string_view errorIdOf(stafett_outcome outcome) {
    switch (outcome) {
        case STAFETT_CONTENT_REFUSED:
            return "VALIDATION_ERROR";
        case STAFETT_BUSY:
            return "TECHNICAL_ERROR";
        default:
            return "APPLICATION_ERROR";
    }
}

int fault(Call& call, const Reply& reply) {
    call.write("<soap:Fault><faultcode>soap:", reply.outcome == STAFETT_BUSY ? "Server" : "Client",
               "</faultcode><faultstring>",
               xml(reply.text.empty() ? reply.say("Avvisat", "Refused") : reply.text),
               "</faultstring><detail>", anySlot(reply),
               "<p:id xmlns:p=\"urn:example:stafett:problem:1\">", xml(reply.id),
               "</p:id></detail></soap:Fault></soap:Body></soap:Envelope>");
    return 500;
}

int reply(Call& call, const Reply& reply) {
    call.header("Content-Type", "text/xml; charset=utf-8");
    call.write(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
        "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>");
    const Contract* const contract = contractOf(reply.form);
    if (reply.outcome == STAFETT_MALFORMED || contract == nullptr) return fault(call, reply);

    const bool told = !reply.lines.empty();
    const std::string_view code = !reply.accepted() ? "ERROR" : told ? "INFO" : "OK";
    call.write("<", contract->root, "Response xmlns=\"", contract->space, "\" xmlns:t=\"",
               contract->types, "\"><result><t:resultCode>", code, "</t:resultCode>");
    if (code != "OK") call.write("<t:resultText>", xml(resultText(reply)), "</t:resultText>");
    if (code == "ERROR") call.write("<t:errorId>", errorIdOf(reply.outcome), "</t:errorId>");
    call.write(anySlot(reply), "</result>");
    if (reply.accepted() && contract->own) {
        call.write("<meddelande-id>", xml(reply.id), "</meddelande-id>");
    }
    call.write("</", contract->root, "Response></soap:Body></soap:Envelope>");
    return 200;
}

/// Whether the document is the response that belongs to what we sent.
bool isOurResponse(const Answer& answer) {
    const Contract* const contract = contractOf(answer.form);
    if (contract == nullptr || !answer.has_document) return false;
    return answer.rootName() == std::string(contract->root) + "Response" &&
           answer.rootSpace() == contract->space;
}

stafett_fate interpret(Call& call, const Answer& answer) {
    if (answer.status == 401 || answer.status == 403 || answer.isFault()) {
        return call.byStatus(answer.value("faultcode"));
    }
    if (!isOurResponse(answer)) {
        // 2xx with something else in it says nothing about the message: it is sent again.
        return answer.ok() ? call.retry("OLASLIGT-SVAR") : call.byStatus();
    }
    const std::string_view result = answer.value("result/resultCode");
    if (result == "OK") return call.delivered(answer.value("meddelande-id"));
    if (result == "INFO") return call.deliveredWithInfo(answer.value("meddelande-id"));
    if (result != "ERROR") return call.retry("OKAND-RESULTCODE");
    const std::string_view error = answer.value("result/errorId");
    if (error == "TECHNICAL_ERROR") return call.retry(error);
    return call.refused(error.empty() ? "ERROR" : error);
}

}  // namespace

const stafett_plugin stafett_plugin_v1 =
    describe(kManifest, {.reply = bridge<reply>, .interpret = bridge<interpret>});
