#include "gateway/app/tell.h"

#include <cctype>
#include <map>
#include <ostream>

#include "gateway/app/tell_case.h"

namespace stafett::app {
namespace {

/// What a story calls its parties, by their numbers: its events have the numbers alone.
using PartyNames = std::map<std::string, std::string>;

void collect(const Json& value, PartyNames& names) {
    if (value.is_object() && value.contains("party") && !text(value, "name").empty()) {
        names.emplace(text(value, "party"), text(value, "name"));
    }
    if (!value.is_structured()) return;
    for (const auto& child : value) collect(child, names);
}

/// One event as a sentence.
std::string sentence(const std::string& step, const Json& f, const PartyNames& names,
                     const Words& w) {
    const auto field = [&](const char* key) { return text(f, key); };
    const auto party = [&](const char* key) {
        const auto known = names.find(field(key));
        return known == names.end() ? field(key) : known->second;
    };
    if (step == "received")
        return w("received from system ", "mottaget från system ") + field("system") + ", " +
               field("bytes") + " B";
    if (step == "read")
        return w("read as form ", "läst som form ") + field("form") +
               w(" of dialect ", " i dialekten ") + field("dialect");
    if (step == "mapped_in")
        return w("understood by ", "förstått med ") + field("mapping") +
               (field("kept_fields") == "0"
                    ? ""
                    : w(", own fields kept sealed: ", ", egna fält förseglade: ") +
                          field("kept_fields"));
    if (step == "attached")
        return w("with attachment ", "med bilaga ") + field("attachment") + ", " +
               field("media_type") + ", " + field("bytes") + " B";
    if (step == "fetched" && !field("attachment").empty())
        return w("attachment ", "bilaga ") + field("attachment") +
               w(" fetched by ", " hämtad av ") + party("receiver") +
               w(" with system ", " med systemet ") + field("system");
    if (step == "addressed")
        return w("addressed by rule ", "adresserat enligt regel ") + field("rule") +
               w(" to ", " till ") + party("to");
    if (step == "permitted")
        return w("allowed by flow ", "tillåtet enligt flöde ") + field("flow") +
               w(" to ", " till ") + party("receiver") +
               (field("routine").empty()
                    ? ""
                    : w(", under routine ", ", enligt rutinen ") + field("routine"));
    if (step == "warned")
        return field("agreement").empty()
                   ? w("rule ", "regeln ") + field("rule") + ": " + codeText(field("code"), w) +
                         (field("suggested_deviation").empty()
                              ? ""
                              : w("; suggested deviation ", "; föreslagen avvikelse ") +
                                    field("suggested_deviation"))
                   : w("rule ", "regeln ") + field("rule") + ": " + codeText(field("code"), w) +
                         " " + field("agreement");
    if (step == "consented")
        return field("said") == "given"
                   ? w("consent on record, parties: ", "samtycke registrerat, parter: ") +
                         field("parties")
                   : w("withdrawal of consent on record", "återkallat samtycke registrerat");
    if (step == "withdrawn" && !field("because").empty())
        return w("not delivered to ", "inte levererat till ") + party("receiver") + ": " +
               codeText(field("code"), w);
    if (step == "taken")
        return w("case at place ", "ärendet på plats ") + field("place") +
               w(", held by ", ", hos ") + party("holder") + " (" + field("holder_function") + ")";
    if (step == "mapped_out")
        return w("written for ", "skrivet för ") + party("receiver") + w(" by ", " med ") +
               field("mapping") + w(", losses: ", ", förluster: ") + field("losses");
    if (step == "kept") return w("kept, receipt given", "lagrat, kvitto lämnat");
    if (step == "refused") return w("refused: ", "avvisat: ") + codeText(field("code"), w);
    if (step == "delivered")
        return w("delivered to ", "levererat till ") + party("receiver") +
               w(" at attempt ", " vid försök ") + field("attempt");
    if (step == "retry")
        return w("not delivered to ", "inte levererat till ") + party("receiver") +
               w(" at attempt ", " vid försök ") + field("attempt") + ": " +
               codeText(field("code"), w) + w("; next ", "; nästa ") + field("next");
    if (step == "held")
        return w("held for ", "hållet för ") + party("receiver") + ": " +
               codeText(field("code"), w) +
               (field("said").empty()
                    ? ""
                    : w(", the receiver said ", ", mottagaren sade ") + field("said"));
    if (step == "fetched")
        return w("fetched by ", "hämtat av ") + field("system") + w(" for ", " åt ") +
               party("receiver") + w(" at attempt ", " vid försök ") + field("attempt") +
               w("; to be acknowledged by ", "; ska kvitteras före ") + field("next");
    if (step == "acknowledged") return w("acknowledged by ", "kvitterat av ") + field("system");
    if (step == "due")
        return w("due: ", "dags: ") + noticeName(field("what"), w) + " " + field("due") +
               w(", told ", ", sagt till ") + party("party") + " (" + field("function") + ")";
    if (step == "withdrawn")
        return w("taken out of the queue to ", "taget ur kön till ") + party("receiver");
    if (step == "released")
        return w("released by an operator, tried again: delivery ",
                 "släppt av driften, prövas igen: leverans ") +
               field("delivery");
    if (step == "skipped")
        return w("skipped by an operator: delivery ", "överhoppat av driften: leverans ") +
               field("delivery") + ", " + field("because");
    if (step == "noticed")
        return w("notice made: ", "notis gjord: ") + noticeName(field("code"), w);
    std::string out = step;
    for (const auto& [key, value] : f.items()) out += " " + key + "=" + text(f, key.c_str());
    return out;
}

void tellEvents(std::ostream& out, const Json& events, const PartyNames& names, const Words& w) {
    for (const auto& event : events) {
        if (!event.is_object()) continue;
        out << "      " << text(event, "at") << "  "
            << sentence(text(event, "step"), event.value("fields", Json::object()), names, w)
            << "\n";
    }
}

void tellLosses(std::ostream& out, const Json& losses, const Words& w) {
    if (!losses.is_array()) return;
    for (const auto& loss : losses) {
        const auto path =
            text(loss, "canonical").empty() ? text(loss, "wire") : text(loss, "canonical");
        out << "        " << w("not told: ", "får inte veta: ") << path;
        const auto code = findCode(text(loss, "code"));
        if (code && *code != Code::MapLoss)
            out << " — " << info(*code).what(w.sv() ? Language::Swedish : Language::English);
        const auto swedish = w.sv() ? text(loss, "because_sv") : std::string();
        const auto because = swedish.empty() ? text(loss, "because") : swedish;
        if (!because.empty()) out << " (" << because << ")";
        out << "\n";
    }
}

void tellDelivery(std::ostream& out, const Json& delivery, const Words& w) {
    out << "    → " << who(delivery.at("receiver")) << ": "
        << stateName(text(delivery, "state"), w);
    const auto attempts = text(delivery, "attempts");
    if (attempts != "0")
        out << ", " << attempts << w(attempts == "1" ? " attempt" : " attempts", " försök");
    const auto versions = delivery.value("versions", Json::object());
    if (versions.is_object()) {
        out << w(", as ", ", som ") << text(versions, "mapping") << "@"
            << text(versions, "version");
    }
    out << "\n";
    if (!text(delivery, "code").empty() && text(delivery, "state") != "delivered") {
        out << "        " << codeText(text(delivery, "code"), w) << "\n";
    }
    if (text(delivery, "state") == "held") {
        out << "        " << w("delivery ", "leverans ") << text(delivery, "id")
            << w(": stafett delivery release, or skip", ": stafett delivery release, eller skip")
            << "\n";
    }
    tellLosses(out, delivery.value("losses", Json::array()), w);
}

void tellMessage(std::ostream& out, const Json& message, const PartyNames& names, const Words& w) {
    out << "  " << text(message, "place") << ". " << kindName(text(message, "kind"), w)
        << w(" from ", " från ") << who(message.at("sender")) << ", " << text(message, "received")
        << "\n    id " << text(message, "id") << "\n";
    for (const auto& delivery : message.at("deliveries")) tellDelivery(out, delivery, w);
    tellEvents(out, message.at("events"), names, w);
    out << "\n";
}

void tellRefusal(std::ostream& out, const Json& refusal, const PartyNames& names, const Words& w) {
    out << w("Refused ", "Avvisat ") << text(refusal, "at") << w(", refusal ", ", avvisning ")
        << text(refusal, "id") << "\n  " << w("from system ", "från system ")
        << text(refusal, "system");
    if (!text(refusal.at("sender"), "party").empty())
        out << w(" for ", " för ") << who(refusal.at("sender"));
    if (!text(refusal, "form").empty())
        out << ", form " << text(refusal, "dialect") << "/" << text(refusal, "form");
    out << "\n  " << text(refusal, "count")
        << (text(refusal, "count") == "1" ? w(" problem", " fel") : w(" problems", " fel"))
        << w("; nothing was kept of the content:", "; inget av innehållet sparades:") << "\n";
    for (const auto& problem : refusal.at("problems")) {
        out << "    " << codeText(text(problem, "code"), w);
        if (!text(problem, "path").empty()) out << "  [" << text(problem, "path") << "]";
        if (!text(problem, "row").empty()) out << "  (" << text(problem, "row") << ")";
        out << "\n";
    }
    tellEvents(out, refusal.at("events"), names, w);
    out << "\n";
}

/// "delivered 1, held 1", in the reader's language.
std::string statesIn(const std::string& states, const Words& w) {
    std::string out, word;
    for (const char c : states + ' ') {
        if (std::isalpha(static_cast<unsigned char>(c)) != 0) {
            word += c;
            continue;
        }
        out += stateName(word, w) + c;
        word.clear();
    }
    out.pop_back();
    return out;
}

}  // namespace

void tellStory(std::ostream& out, const Json& story, Language language) {
    const Words w(language);
    PartyNames names;
    collect(story, names);
    if (story.contains("refusal")) tellRefusal(out, story.at("refusal"), names, w);
    if (story.contains("case")) tellCase(out, story.at("case"), w);
    for (const auto& message : story.value("messages", Json::array())) {
        tellMessage(out, message, names, w);
    }
}

void tellFound(std::ostream& out, const Json& found, Language language) {
    const Words w(language);
    const auto& rows = found.at("messages");
    for (const auto& row : rows) {
        out << text(row, "received") << "  " << padded(kindName(text(row, "kind"), w), 11) << "  "
            << who(row.at("sender")) << "  " << statesIn(text(row, "states"), w) << "\n    "
            << w("message ", "meddelande ") << text(row, "id") << "  " << w("case ", "ärende ")
            << text(row, "case") << "\n";
    }
    out << counted(rows.size(), w("message", "meddelande"), w("messages", "meddelanden"));
    if (found.contains("after"))
        out << w("; more: --after ", "; fler: --after ") << text(found, "after");
    out << "\n";
}

}  // namespace stafett::app
