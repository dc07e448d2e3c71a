#include "gateway/config/lines.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

namespace stafett::config {
namespace {

/// Walks a text that has been parsed already: lenient, and never past its end.
class Walk {
public:
    explicit Walk(std::string_view text) : text_(text) {}

    /// Where what the pointer names begins, or the nearest thing around it.
    std::size_t to(std::string_view pointer) {
        skipBlank();
        std::size_t found = at_;
        while (!pointer.empty() && pointer.front() == '/') {
            pointer.remove_prefix(1);
            const auto end = std::min(pointer.find('/'), pointer.size());
            if (!enter(unescaped(pointer.substr(0, end)), found)) break;
            pointer.remove_prefix(end);
        }
        return found;
    }

private:
    static std::string unescaped(std::string_view token) {
        std::string out;
        for (std::size_t i = 0; i < token.size(); ++i) {
            const bool escape = token[i] == '~' && i + 1 < token.size();
            out += !escape ? token[i] : token[++i] == '0' ? '~' : '/';
        }
        return out;
    }
    bool ended() const { return at_ >= text_.size(); }
    char now() const { return ended() ? '\0' : text_[at_]; }
    void past(std::string_view end) {
        at_ = text_.find(end, at_);
        at_ = at_ == std::string_view::npos ? text_.size() : at_ + end.size();
    }
    void skipBlank() {
        while (!ended()) {
            if (text_.substr(at_).starts_with("//")) {
                past("\n");
            } else if (text_.substr(at_).starts_with("/*")) {
                past("*/");
            } else if (std::string_view(" \t\r\n,:").find(now()) != std::string_view::npos) {
                ++at_;
            } else {
                return;
            }
        }
    }
    std::string_view string() {
        const auto start = ++at_;
        while (!ended() && now() != '"') at_ += now() == '\\' ? 2 : 1;
        const auto end = std::min(at_, text_.size());
        ++at_;
        return text_.substr(start, end - start);
    }
    void skipValue() {
        std::size_t depth = 0;
        do {
            skipBlank();
            const char c = now();
            if (c == '"') {
                string();
                continue;
            }
            if (c == '{' || c == '[') ++depth;
            if ((c == '}' || c == ']') && depth > 0) --depth;
            ++at_;
            if (c == '{' || c == '[' || c == '}' || c == ']') continue;
            at_ = std::min(text_.find_first_of(" \t\r\n,:]}/", at_), text_.size());
        } while (depth > 0 && !ended());
    }
    /// Into the member or item so named; stands at its value, and `found` at where it begins.
    bool enter(const std::string& name, std::size_t& found) {
        const bool object = now() == '{';
        if (!object && now() != '[') return false;
        ++at_;
        for (std::size_t index = 0;; ++index) {
            skipBlank();
            if (ended() || now() == '}' || now() == ']') return false;
            const auto begins = at_;
            const bool here = object ? string() == name : std::to_string(index) == name;
            skipBlank();
            if (here) {
                found = begins;
                return true;
            }
            skipValue();
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

std::uint32_t lineOf(std::string_view text, std::string_view pointer) {
    const auto found = Walk(text).to(pointer);
    if (found >= text.size()) return 0;
    return static_cast<std::uint32_t>(
        1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(found), '\n'));
}

void addLines(Problems& problems) {
    std::map<std::string, std::string> texts;
    for (auto& problem : problems) {
        auto& place = problem.place();
        if (place.line != 0 || !place.path.starts_with('/') || !place.file.ends_with(".json")) {
            continue;
        }
        const auto [text, is_new] = texts.try_emplace(place.file);
        if (is_new) {
            std::ifstream in(place.file, std::ios::binary);
            text->second.assign(std::istreambuf_iterator<char>(in), {});
        }
        place.line = lineOf(text->second, place.path);
    }
}

}  // namespace stafett::config
