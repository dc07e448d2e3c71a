#include "gateway/trace/field.h"

namespace stafett::trace {
namespace {

bool isCodeCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_.:/").find(c) != std::string_view::npos;
}

}  // namespace

SafeText SafeText::place(const Place& place) {
    std::string text = place.file;
    if (place.line != 0) text += ":" + std::to_string(place.line);
    if (place.line != 0 && place.column != 0) text += ":" + std::to_string(place.column);
    if (!place.path.empty()) text += (text.empty() ? "" : " ") + place.path;
    if (!place.row.empty()) text += (text.empty() ? "" : " ") + ("(" + place.row + ")");
    return SafeText(std::move(text));
}

SafeText SafeText::foreignCode(std::string_view code) {
    constexpr std::size_t kLongest = 64;
    std::string text(code.substr(0, kLongest));
    for (char& c : text) {
        if (!isCodeCharacter(c)) c = '?';
    }
    return SafeText(std::move(text));
}

}  // namespace stafett::trace
