#include "gateway/app/tell_case.h"

#include <map>
#include <ostream>

namespace stafett::app {
namespace {

const char* saysKey(const Words& w) { return w.sv() ? "says_sv" : "says"; }

Json listIn(const Json& json, const char* key) { return json.value(key, Json::array()); }

std::string day(const std::string& time) { return time.substr(0, 10); }

void tellHolders(std::ostream& out, const Json& c, const Words& w) {
    const auto holders = listIn(c, "holders");
    if (holders.size() < 2) return;
    out << w("  The baton has been with:\n", "  Stafettpinnen har varit hos:\n");
    for (const auto& one : holders) {
        out << "    " << text(one, "since") << "  " << who(one.at("holder")) << "\n";
    }
}

void tellTurns(std::ostream& out, const Json& c, const Words& w) {
    for (const auto& turn : listIn(c, "turns")) {
        out << w("  Whose turn: ", "  Vems tur: ") << who(turn) << " " << text(turn, saysKey(w))
            << ".\n";
    }
    for (const auto& gap : listIn(c, "between_chairs")) {
        out << w("  Between the chairs: ", "  Mellan stolarna: ") << text(gap, saysKey(w)) << " — "
            << who(gap.at("owes")) << ".\n";
    }
}

std::string assessmentState(const std::string& state, const Words& w) {
    static const std::map<std::string, const char*> kSwedish = {{"requested", "begärd"},
                                                                {"booked", "bokad"},
                                                                {"done", "genomförd"},
                                                                {"withdrawn", "återtagen"}};
    const auto found = kSwedish.find(state);
    return w.sv() && found != kSwedish.end() ? found->second : state;
}

void tellOffers(std::ostream& out, const Json& c, const Words& w) {
    for (const auto& offer : listIn(c, "offers")) {
        out << "  " << kindName(text(offer, "kind"), w) << " " << who(offer.at("from")) << " → "
            << who(offer.at("to")) << (text(offer, "role") == "part" ? w(" (part)", " (del)") : "")
            << ": " << text(offer, saysKey(w)) << "\n";
        if (!text(offer, "reminded").empty())
            out << w("      reminded ", "      påmind ") << text(offer, "reminded") << "\n";
    }
    for (const auto& one : listIn(c, "assessments")) {
        out << "  " << kindName("joint_assessment", w) << " " << who(one.at("from")) << ": "
            << assessmentState(text(one, "state"), w);
        if (!text(one, "meets").empty()) out << w(", meets ", ", möte ") << text(one, "meets");
        out << "\n";
    }
}

void tellSteps(std::ostream& out, const Json& c, const Words& w) {
    static const std::map<std::string, const char*> kSwedish = {
        {"not_yet", "inte än"}, {"under_way", "pågår"}, {"late", "försenat"}, {"done", "nått"}};
    const auto steps = listIn(c, "steps");
    if (steps.empty()) return;
    out << w("  The plan, and what has been reached:\n", "  Planen, och vad som har nåtts:\n");
    for (const auto& step : steps) {
        const auto reached = text(step, "reached");
        const auto found = kSwedish.find(reached);
        out << w("    step ", "    steg ") << text(step, "number");
        if (!text(step, "from").empty() || !text(step, "to").empty())
            out << ", " << text(step, "from") << "–" << text(step, "to");
        out << ": " << (w.sv() && found != kSwedish.end() ? found->second : reached);
        if (!text(step, "done").empty()) out << " " << text(step, "done");
        out << "\n";
    }
}

void tellEnd(std::ostream& out, const Json& c, const Words& w) {
    if (c.contains("planned_exit")) {
        out << w("  Planned exit: ", "  Planerat avslut: ") << text(c.at("planned_exit"), "on")
            << "\n";
    }
    for (const auto& change : listIn(c, "caseworker_changes")) {
        out << w("  Changes of caseworker at ", "  Byten av handläggare hos ") << who(change)
            << ": " << text(change, "count") << "\n";
    }
    if (c.contains("closure")) {
        const auto& closure = c.at("closure");
        out << w("  Closed ", "  Avslutat ") << text(closure, "date") << w(" by ", " av ")
            << who(closure.at("by")) << ": " << outcomeName(closure, w) << "\n";
    }
    for (const auto& one : listIn(c, "follow_ups")) {
        out << w("  Follow-up after ", "  Uppföljning efter ") << text(one, "month")
            << w(" months, ", " månader, ") << text(one, "due");
        if (!text(one, "done").empty()) out << w(": done ", ": gjord ") << text(one, "done");
        if (one.contains("kept"))
            out << (one.at("kept").get<bool>() ? w(", kept", ", består")
                                               : w(", not kept", ", består inte"));
        out << "\n";
    }
}

/// What somebody has promised, as a participant reads it.
std::string promised(const std::string& owes) {
    static const std::map<std::string, const char*> kSwedish = {
        {"answer", "ska svara på om de tar över"},
        {"supplement", "ska lämna de uppgifter som saknas"},
        {"booking", "ska boka en tid för gemensam kartläggning"},
        {"new_receiver", "ska hitta någon annan som kan ta över"},
        {"closure", "ska avsluta, eller fråga dig om samtycke igen"},
        {"follow_up", "ska höra av sig till dig om hur det går"},
        {"takeover", "tar över"},
        {"meeting", "träffar dig för gemensam kartläggning"}};
    const auto found = kSwedish.find(owes);
    return found == kSwedish.end() ? "ska göra sin del" : found->second;
}

std::string callable(const Json& contact) {
    auto name = text(contact, "name");
    const auto function = text(contact, "function");
    return function.empty() ? name : name + ", " + function;
}

}  // namespace

void tellCase(std::ostream& out, const Json& c, const Words& w) {
    out << w("Case ", "Ärende ") << text(c, "id") << "\n";
    if (c.contains("holder")) {
        out << w("  The baton is held by ", "  Stafettpinnen är hos ") << who(c.at("holder"))
            << ".\n";
    }
    tellTurns(out, c, w);
    tellHolders(out, c, w);
    tellOffers(out, c, w);
    tellSteps(out, c, w);
    tellEnd(out, c, w);
    out << "\n";
}

void tellCases(std::ostream& out, const Json& page, const Words& w) {
    const auto cases = listIn(page, "cases");
    for (const auto& one : cases) {
        out << text(one, "id") << "  "
            << (text(one, "state") == "closed" ? w("closed", "avslutat") : w("open", "öppet"))
            << w(", opened ", ", öppnat ") << day(text(one, "opened")) << "\n"
            << w("    held by ", "    hos ") << who(one.at("holder")) << "\n";
        if (!text(one, "between_since").empty()) {
            out << w("    between the chairs since ", "    mellan stolarna sedan ")
                << text(one, "between_since") << "\n";
        }
        for (const auto& gap : listIn(one, "between_chairs")) {
            out << "      " << who(gap.at("owes")) << ": " << text(gap, saysKey(w)) << "\n";
        }
        for (const auto& turn : listIn(one, "turns")) {
            out << "    " << who(turn) << " " << text(turn, saysKey(w)) << "\n";
        }
    }
    out << counted(cases.size(), w("case", "ärende"), w("cases", "ärenden"));
    if (page.contains("after"))
        out << w("; more: --after ", "; fler: --after ") << text(page, "after");
    out << "\n";
}

void tellParticipant(std::ostream& out, const Json& page) {
    const auto& holder = page.at("holder");
    const bool closed = page.value("closed", false);
    out << "Ditt ärende\n\n"
        << (closed ? "Ärendet är avslutat. Senast ansvarade " : "Just nu har du din kontakt hos ")
        << callable(holder) << ".\n";
    const auto promises = listIn(page, "promises");
    if (!promises.empty()) out << "\nDet här är lovat:\n";
    for (const auto& one : promises) {
        out << "  • " << callable(one.at("who")) << " " << promised(text(one, "owes"));
        if (!text(one, "by").empty()) {
            out << (text(one, "owes") == "meeting" || text(one, "owes") == "takeover" ? " den "
                                                                                      : " senast ")
                << text(one, "by");
        }
        out << "." << (one.value("late", false) ? " Det är försenat, och vi har påmint." : "")
            << "\n";
    }
    if (!text(page, "planned_exit").empty()) {
        out << "\nInsatsen är planerad till och med " << text(page, "planned_exit") << ".\n";
    }
    out << "\nHar du frågor? ";
    if (text(holder, "phone").empty()) {
        out << "Vänd dig till " << callable(holder) << ".\n";
    } else {
        out << "Ring " << callable(holder) << ", telefon " << text(holder, "phone") << ".\n";
    }
    const auto looked = listIn(page, "looked");
    out << "\nVem har läst uppgifter om dig här:\n";
    if (looked.empty()) out << "  Ingen har öppnat innehållet.\n";
    for (const auto& one : looked) {
        out << "  • " << day(text(one, "at")) << " " << text(one, "who") << "\n";
    }
}

}  // namespace stafett::app
