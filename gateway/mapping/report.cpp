#include "gateway/mapping/report.h"

#include <algorithm>
#include <array>
#include <ostream>
#include <set>

#include "gateway/codec/read.h"
#include "gateway/message/dates.h"

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
    out << '\n' << findings.size() << (language == Language::Swedish ? " fel.\n" : " findings.\n");
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
        for (std::size_t i = 0; i + 1 < row.size(); ++i) cell(out, row[i], wide[i]);
        out << row.back() << '\n';
    }
}

void lossReport(std::ostream& out, const std::vector<Loss>& losses, Language language) {
    for (const Loss& one : losses) {
        out << info(one.code).id << ' ' << info(one.code).what(language) << " [" << one.canonical
            << ']';
        if (!one.wire.empty()) out << " -> " << one.wire;
        if (!one.because.empty()) out << ": " << one.because;
        out << '\n';
    }
}

bool tryDocument(std::ostream& out, const Form& form, std::string_view document,
                 const TryOptions& options) {
    const bool swedish = options.language == Language::Swedish;
    constexpr codec::Encoding kAllowed[] = {codec::Encoding::Latin1, codec::Encoding::Windows1252};
    const codec::ReadOptions reading{.limits = {}, .allowed = kAllowed};
    const auto parsed = form.format() == codec::Format::Xml ? codec::readXml(document, reading)
                                                            : codec::readJson(document, reading);
    if (!parsed) {
        out << describe(parsed.error(), options.language) << '\n';
        return false;
    }
    Explanation explanation;
    ReadContext context;
    context.sender = options.sender;
    context.received_at = options.now;
    context.settings = &options.settings;
    context.attributes = &options.attributes;
    context.person.today = message::stockholmDate(options.now);
    if (options.explained == Explained::Yes) context.explanation = &explanation;
    const auto read = form.read(*parsed, context);
    for (const Error& one : read.problems) out << describe(one, options.language) << '\n';
    for (const Error& one : read.warnings) out << describe(one, options.language) << '\n';
    if (read.problems.empty()) out << message::print(read.message) << '\n';
    for (const auto& [path, text] : read.residue.fields) {
        out << (swedish ? "behålls: " : "kept: ") << path << '\n';
    }
    if (options.explained == Explained::Yes) {
        out << '\n';
        explainReport(out, explanation, options.language);
    }
    return read.problems.empty();
}

}  // namespace stafett::mapping
