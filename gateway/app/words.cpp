#include "gateway/app/words.h"

#include <algorithm>
#include <map>

namespace stafett::app {

std::string text(const Json& json, const char* key) {
    const auto found = json.find(key);
    if (found == json.end() || found->is_null()) return {};
    return found->is_string() ? found->get<std::string>() : found->dump();
}

std::string nameOf(const Json& party) {
    return text(party, "name").empty() ? text(party, "party") : text(party, "name");
}

std::string who(const Json& party) {
    std::string name = nameOf(party);
    const auto function = text(party, "function");
    return function.empty() ? name : name + " (" + function + ")";
}

std::string kindName(const std::string& kind, const Words& w) {
    static const std::map<std::string, const char*> kSwedish = {
        {"referral", "remiss"},
        {"handover", "överlämning"},
        {"answer", "svar"},
        {"plan", "gemensam planering"},
        {"joint_assessment", "gemensam kartläggning"},
        {"progress", "stegförflyttning"},
        {"deviation", "avvikelse"},
        {"consent", "samtycke"},
        {"closure", "avslut"},
        {"cancel", "återkallelse"},
        {"reminder", "påminnelse"},
        {"caseworker_change", "byte av handläggare"},
        {"notice", "notis"}};
    const auto found = kSwedish.find(kind);
    if (w.sv() && found != kSwedish.end()) return found->second;
    std::string name = kind;
    std::replace(name.begin(), name.end(), '_', ' ');
    return name;
}

std::string stateName(const std::string& state, const Words& w) {
    static const std::map<std::string, const char*> kSwedish = {{"waiting", "väntar"},
                                                                {"delivered", "levererat"},
                                                                {"held", "hålls"},
                                                                {"skipped", "överhoppat"},
                                                                {"withdrawn", "återtaget"}};
    const auto found = kSwedish.find(state);
    return w.sv() && found != kSwedish.end() ? found->second : state;
}

std::string noticeName(const std::string& code, const Words& w) {
    static const std::map<std::string, const char*> kSwedish = {
        {"delivered", "levererat"},
        {"refused_by_receiver", "avvisat av mottagaren"},
        {"held", "hålls"},
        {"resumed", "återupptaget"},
        {"withdrawn", "återtaget"},
        {"left_out", "uppgift utelämnad"},
        {"overdue", "svaret är försenat"},
        {"reminder_soon", "svar väntas snart"},
        {"escalated", "eskalerat"},
        {"exit_near", "planerat avslut närmar sig"},
        {"follow_up_due", "uppföljning"},
        {"rule_warning", "en regel varnar"}};
    const auto found = kSwedish.find(code);
    if (w.sv() && found != kSwedish.end()) return found->second;
    std::string name = code;
    std::replace(name.begin(), name.end(), '_', ' ');
    return name;
}

std::string outcomeName(const Json& closure, const Words& w) {
    return closure.contains("label") ? labelIn(closure.at("label"), w) : text(closure, "outcome");
}

std::string counted(std::size_t count, const char* one, const char* several) {
    return std::to_string(count) + " " + (count == 1 ? one : several);
}

std::string codeText(const std::string& id, const Words& w) {
    const auto code = findCode(id);
    if (!code) return id;
    return id + " " + std::string(info(*code).what(w.sv() ? Language::Swedish : Language::English));
}

std::string labelIn(const Json& label, const Words& w) {
    return label.at(w.sv() ? "sv" : "en").get<std::string>();
}

std::size_t lettersIn(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

std::string padded(const std::string& text, std::size_t width) {
    const auto letters = lettersIn(text);
    return letters < width ? text + std::string(width - letters, ' ') : text;
}

std::string right(const std::string& text, std::size_t width) {
    const auto letters = lettersIn(text);
    return letters < width ? std::string(width - letters, ' ') + text : text;
}

std::vector<std::string> wrapped(const std::string& text, std::size_t width) {
    std::vector<std::string> lines{""};
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find_first_of(" \n", at), text.size());
        const auto word = text.substr(at, end - at);
        auto& line = lines.back();
        if (line.empty()) {
            line = word;
        } else if (lettersIn(line) + 1 + lettersIn(word) <= width) {
            line += " " + word;
        } else {
            lines.push_back(word);
        }
        at = end + 1;
    }
    return lines;
}

}  // namespace stafett::app
