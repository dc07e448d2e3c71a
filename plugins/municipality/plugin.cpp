// A municipality's case system gets a Kvittens in its own encoding, and answers with one: OK or
// FEL. Some answer 200 whatever they think of the document, so the Kvittens decides, not the
// status.
#include "gateway/plugin/adapter.h"
#include "manifest.h"  // made from manifest.json by stafett_add_plugin()

namespace {
using namespace stafett::plugin;

std::string lineElement(const Line& line) {
    const std::string name = line.warning ? "Varning" : "Fel";
    std::string out = "<" + name + " kod=\"" + xml(line.code) + '"';
    if (!line.place.empty()) out += " plats=\"" + xml(line.place) + '"';
    return out + '>' + xml(line.text) + "</" + name + '>';
}

/// A child element, or nothing when there is nothing to say.
std::string element(std::string_view name, std::string_view text) {
    if (text.empty()) return {};
    return std::string("<").append(name).append(">").append(xml(text)).append("</").append(name) +
           '>';
}

int reply(Call& call, const Reply& reply) {
    call.header("Content-Type", "application/xml; charset=ISO-8859-1");
    std::string out = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<Kvittens status=\"";
    out += reply.accepted() ? "OK\">" : "FEL\">";
    out += element("Id", reply.id);
    out += element("MeddelandeId", reply.sender_id);
    out += element("Ärende", reply.case_own);
    out += element("Tid", reply.time);
    if (reply.accepted()) {
        out += element("Text", reply.say("Mottaget", "Received"));
    } else if (reply.lines.empty()) {
        out += lineElement({reply.code, {}, reply.text, false});
    }
    for (const Line& line : reply.lines) out += lineElement(line);
    if (reply.count > reply.lines.size()) out += element("Antal", std::to_string(reply.count));
    out += "</Kvittens>";
    call.write(latin1(out));
    return reply.status;
}

stafett_fate interpret(Call& call, const Answer& answer) {
    const bool kvittens = answer.has_document && answer.rootName() == "Kvittens";
    const std::string_view status = kvittens ? answer.value("@status") : std::string_view();
    const std::string_view code = kvittens ? answer.value("Fel/@kod") : std::string_view();
    if (!answer.ok()) return call.byStatus(code);
    if (status == "OK") return call.delivered(answer.value("Id"));
    if (status == "FEL") return call.refused(code.empty() ? "FEL" : code);
    // 2xx without a Kvittens says nothing about the message: it is sent again, with the same id.
    return call.retry("KVITTENS-SAKNAS");
}

}  // namespace

const stafett_plugin stafett_plugin_v1 =
    describe(kManifest, {.reply = bridge<reply>, .interpret = bridge<interpret>});
