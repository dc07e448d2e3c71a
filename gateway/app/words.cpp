#include "gateway/app/words.h"

#include <algorithm>
#include <map>

namespace stafett::app {

std::string text(const Json& json, const char* key) {
    const auto found = json.find(key);
    if (found == json.end() || found->is_null()) return {};
    return found->is_string() ? found->get<std::string>() : found->dump();
}

std::string who(const Json& party) {
    std::string name = text(party, "name").empty() ? text(party, "party") : text(party, "name");
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

}  // namespace stafett::app
