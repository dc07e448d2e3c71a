#include "gateway/mapping/report.h"

#include <algorithm>
#include <array>
#include <ostream>
#include <set>

namespace stafett::mapping {
namespace {

std::size_t width(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

void cell(std::ostream& out, std::string_view text, std::size_t wide) {
    out << text;
    for (std::size_t i = width(text); i < wide + 2; ++i) out << ' ';
}

using Cells = std::array<std::string, 5>;

}  // namespace

void checkReport(std::ostream& out, const Problems& findings, Language language) {
    std::set<Code> told;
    for (const Error& one : findings) {
        out << describe(one, language) << '\n';
        told.insert(one.code());
    }
    if (findings.empty()) {
        out << (language == Language::Swedish ? "Inga fel.\n" : "No findings.\n");
        return;
    }
    out << '\n'
        << findings.size()
        << (language == Language::Swedish ? " fel.\n"
            : findings.size() == 1        ? " finding.\n"
                                          : " findings.\n");
    for (const Code code : told) out << info(code).id << ": " << info(code).todo(language) << '\n';
}

void explainReport(std::ostream& out, const Explanation& explanation, Language language) {
    const bool swedish = language == Language::Swedish;
    std::vector<Cells> rows = {swedish ? Cells{"från", "till", "rad", "omvandlare", "anmärkning"}
                                       : Cells{"from", "to", "row", "codec", "note"}};
    for (const auto& line : explanation.lines) {
        rows.push_back(
            {line.from, line.to.empty() ? "-" : line.to, line.row, line.codec, line.note});
    }
    std::array<std::size_t, 5> wide{};
    for (const Cells& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) wide[i] = std::max(wide[i], width(row[i]));
    }
    for (const Cells& row : rows) {
        std::size_t last = row.size();
        while (last > 1 && row[last - 1].empty()) --last;
        for (std::size_t i = 0; i + 1 < last; ++i) cell(out, row[i], wide[i]);
        out << row[last - 1] << '\n';
    }
}

void lossReport(std::ostream& out, const std::vector<Loss>& losses, Language language) {
    for (const Loss& one : losses) {
        out << info(one.code).id << ' ' << info(one.code).what(language) << " [" << one.canonical
            << ']';
        if (!one.wire.empty()) out << " -> " << one.wire;
        if (!one.because.empty()) out << ": " << one.because.in(language);
        out << '\n';
    }
}

}  // namespace stafett::mapping
