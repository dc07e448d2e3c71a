#include "gateway/base/error.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace stafett {
namespace {

constexpr std::array kCodes = {
#define ST_CODE(name, id, outcome, sv, en, todo_sv, todo_en) \
    CodeInfo{#name, id, Outcome::outcome, sv, en, todo_sv, todo_en},
#include "gateway/base/codes.def"
#undef ST_CODE
};

std::size_t editDistance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
        }
    }
    return row.back();
}

}  // namespace

const CodeInfo& info(Code code) { return kCodes.at(static_cast<std::size_t>(code)); }

std::size_t codeCount() { return kCodes.size(); }

std::optional<Code> findCode(std::string_view id) {
    const auto* found =
        std::find_if(kCodes.begin(), kCodes.end(), [&](const CodeInfo& c) { return c.id == id; });
    if (found == kCodes.end()) return std::nullopt;
    return static_cast<Code>(found - kCodes.begin());
}

std::string describe(const Error& error, Language language) {
    const Place& place = error.place();
    std::string text;
    if (!place.file.empty()) {
        text += place.file;
        if (place.line != 0) text += ":" + std::to_string(place.line);
        if (place.column != 0) text += ":" + std::to_string(place.column);
        text += ": ";
    } else if (place.line != 0) {
        text += std::to_string(place.line) + ":" + std::to_string(place.column) + ": ";
    }
    text.append(error.info().id).append(" ").append(error.info().what(language));
    if (!place.path.empty()) text += " [" + place.path + "]";
    if (!place.row.empty()) text += " (" + place.row + ")";
    if (!place.hint.empty()) text += ". " + place.hint;
    return text;
}

std::string nearest(std::string_view found, const std::vector<std::string>& known) {
    std::string best;
    std::size_t best_distance = std::max<std::size_t>(2, found.size() / 3) + 1;
    for (const auto& candidate : known) {
        const std::size_t distance = editDistance(found, candidate);
        if (distance < best_distance) {
            best_distance = distance;
            best = candidate;
        }
    }
    return best;
}

}  // namespace stafett
