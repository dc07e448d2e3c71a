#include "gateway/app/show.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <ostream>
#include <vector>

#include "gateway/codec/content_scan.h"

namespace stafett::app {
namespace {

constexpr std::size_t kMostLines = 4000;  // beyond this a table of all pairs would be too large

void newLine(std::string& out, std::size_t depth) {
    if (!out.empty()) out += '\n';
    out.append(2 * depth, ' ');
}

/// Behind the string that begins at `at`.
std::size_t pastString(std::string_view text, std::size_t at) {
    for (++at; at < text.size(); ++at) {
        if (text[at] == '\\') {
            ++at;
        } else if (text[at] == '"') {
            return at + 1;
        }
    }
    return text.size();
}

std::string indentedXml(std::string_view text) {
    std::string out;
    std::size_t depth = 0;
    bool inline_end = false;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] != '<') {
            const auto end = std::min(text.find('<', at), text.size());
            out += text.substr(at, end - at);
            at = end;
            inline_end = true;
            continue;
        }
        const auto end = std::min(codec::endOfTag(text, at), text.size());
        const auto tag = text.substr(at, end - at);
        const bool closes = tag.starts_with("</");
        if (closes && depth > 0) --depth;
        if (!closes || !inline_end) newLine(out, depth);
        out += tag;
        inline_end = false;
        if (!closes && !tag.starts_with("<?") && !tag.ends_with("/>")) {
            ++depth;
            inline_end = text.substr(end).starts_with("</");
        }
        at = end;
    }
    return out;
}

std::string indentedJson(std::string_view text) {
    std::string out;
    std::size_t depth = 0;
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        if (c == '"') {
            const auto end = pastString(text, at);
            out += text.substr(at, end - at);
            at = end;
            continue;
        }
        const bool opens = c == '{' || c == '[';
        const bool closes = c == '}' || c == ']';
        const bool bare = at > 0 && (text[at - 1] == '{' || text[at - 1] == '[');
        if (closes && depth > 0) --depth;
        if (closes && !bare) newLine(out, depth);
        out += c;
        if (opens) ++depth;
        ++at;
        const bool empty = opens && at < text.size() && (text[at] == '}' || text[at] == ']');
        if ((opens && !empty) || c == ',') newLine(out, depth);
        if (c == ':') out += ' ';
    }
    return out;
}

std::vector<std::string_view> linesOf(std::string_view text) {
    std::vector<std::string_view> lines;
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

}  // namespace

Paint::Paint(int descriptor)
    : terminal_(::isatty(descriptor) == 1),
      colours_(terminal_ && std::getenv("NO_COLOR") == nullptr) {}

std::string Paint::in(const char* colour, std::string_view text) const {
    if (!colours_) return std::string(text);
    return std::string("\033[").append(colour).append("m").append(text).append("\033[0m");
}

std::string indented(std::string_view document, codec::Format format) {
    return format == codec::Format::Xml ? indentedXml(document) : indentedJson(document);
}

void showDifference(std::ostream& out, const Paint& paint, std::string_view wanted,
                    std::string_view found) {
    const auto a = linesOf(wanted);
    const auto b = linesOf(found);
    if (a.size() > kMostLines || b.size() > kMostLines) {
        out << "  too long to be compared line by line\n";
        return;
    }
    // common[i][j]: how many lines a from i and b from j share, in order.
    std::vector<std::vector<std::uint32_t>> common(a.size() + 1,
                                                   std::vector<std::uint32_t>(b.size() + 1));
    for (std::size_t i = a.size(); i-- > 0;) {
        for (std::size_t j = b.size(); j-- > 0;) {
            common[i][j] = a[i] == b[j] ? common[i + 1][j + 1] + 1
                                        : std::max(common[i + 1][j], common[i][j + 1]);
        }
    }
    const std::string_view* before = nullptr;
    const auto change = [&](char sign, std::string_view line) {
        if (before != nullptr) out << "    " << *before << '\n';
        before = nullptr;
        const std::string text = std::string(1, sign).append(" ").append(line);
        out << "  " << (sign == '-' ? paint.bad(text) : paint.good(text)) << '\n';
    };
    for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
        if (i < a.size() && j < b.size() && a[i] == b[j]) {
            before = &a[i];
            ++i, ++j;
        } else if (j == b.size() || (i < a.size() && common[i + 1][j] >= common[i][j + 1])) {
            change('-', a[i++]);
        } else {
            change('+', b[j++]);
        }
    }
}

}  // namespace stafett::app
