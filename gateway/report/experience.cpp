// What participants have said of their support (R24): numbers an evaluator has counted, as CSV.
#include <charconv>

#include "gateway/report/release.h"
#include "gateway/report/reports.h"

namespace stafett::report {
namespace {

constexpr std::string_view kHeading = "month;association;question;answers;yes";
constexpr std::size_t kFields = 5;
constexpr std::size_t kMostText = 200;

Error wrongLine(std::size_t line, std::string field) {
    return Error(Code::ReportImport,
                 Place{.path = std::move(field), .row = "line " + std::to_string(line)});
}

std::vector<std::string_view> fieldsOf(std::string_view line) {
    std::vector<std::string_view> fields;
    for (std::size_t at = 0; at <= line.size();) {
        const auto end = std::min(line.find(';', at), line.size());
        fields.push_back(line.substr(at, end - at));
        at = end + 1;
    }
    return fields;
}

bool readCount(std::string_view text, std::uint64_t& out) {
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
    return !text.empty() && failed == std::errc{} && end == text.data() + text.size();
}

Result<store::ExperienceRow> readRow(std::string_view text, std::size_t line,
                                     std::string_view this_month) {
    const auto fields = fieldsOf(text);
    if (fields.size() != kFields) return tl::make_unexpected(wrongLine(line, "fields"));
    store::ExperienceRow row;
    row.month = fields[0];
    row.association = fields[1];
    row.question = fields[2];
    if (!isMonth(row.month) || row.month >= this_month) {
        return tl::make_unexpected(wrongLine(line, "month"));
    }
    for (const auto* name : {&row.association, &row.question}) {
        if (name->empty() || name->size() > kMostText) {
            return tl::make_unexpected(
                wrongLine(line, name == &row.question ? "question" : "association"));
        }
    }
    if (!readCount(fields[3], row.answers) || row.answers < kLeast) {
        return tl::make_unexpected(wrongLine(line, "answers"));
    }
    // Those who said no can be worked out, so both sides are nought or at least five.
    const auto tells = [](std::uint64_t n) { return n > 0 && n < kLeast; };
    if (!readCount(fields[4], row.yes) || row.yes > row.answers || tells(row.yes) ||
        tells(row.answers - row.yes)) {
        return tl::make_unexpected(wrongLine(line, "yes"));
    }
    return row;
}

}  // namespace

Result<std::size_t> Reports::importExperience(std::string_view csv, std::string_view today) {
    std::vector<store::ExperienceRow> rows;
    std::size_t line = 0;
    if (csv.starts_with("\xEF\xBB\xBF")) csv.remove_prefix(3);  // spreadsheets put it there
    while (!csv.empty()) {
        ++line;
        const auto end = std::min(csv.find('\n'), csv.size());
        auto text = csv.substr(0, end);
        csv.remove_prefix(std::min(end + 1, csv.size()));
        if (text.ends_with('\r')) text.remove_suffix(1);
        if (line == 1) {
            if (text != kHeading) return tl::make_unexpected(wrongLine(1, "headings"));
            continue;
        }
        if (text.empty()) continue;
        ST_TRY(auto row, readRow(text, line, today.substr(0, 7)));
        rows.push_back(std::move(row));
    }
    if (rows.empty()) return tl::make_unexpected(wrongLine(line, "rows"));
    if (auto added = archive_.add(rows); !added) {
        return tl::make_unexpected(wrongLine(0, "a row is there already"));
    }
    return rows.size();
}

}  // namespace stafett::report
