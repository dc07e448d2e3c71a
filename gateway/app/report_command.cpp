// stafett report: the numbers of follow-up, as table, CSV, JSON or picture.
#include <Poco/URI.h>

#include <chrono>
#include <cmath>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <sstream>

#include "gateway/app/chart.h"
#include "gateway/app/gateway_client.h"
#include "gateway/app/words.h"

namespace stafett::app {
namespace {

constexpr int kNumberWidth = 12;
constexpr std::size_t kLabelWidth = 40;

int failed(const Error& error, const Common& common) {
    tellProblems({error}, common.language);
    return error.outcome() == Outcome::Usage && error.code() != Code::CliNoGateway ? kUsage
                                                                                   : kFailed;
}

std::string shown(const Json& number) { return number.is_null() ? "–" : number.dump(); }

void tellRow(const std::string& label, const Json& row) {
    std::cout << padded(label, kLabelWidth);
    if (row.contains("cells")) {
        for (const auto& cell : row.at("cells")) std::cout << right(shown(cell), kNumberWidth);
    }
    std::cout << right(shown(row.at("n")), kNumberWidth);
    if (row.contains("mean_days")) {
        std::ostringstream days;
        days << std::fixed << std::setprecision(1) << row.at("mean_days").get<double>();
        std::cout << right(days.str(), kNumberWidth);
    }
    std::cout << "\n";
}

/// Headings are numbered where they are long: a legend below says what they mean.
void tellTable(const Json& report, const Words& words) {
    std::cout << labelIn(report.at("title"), words) << ", " << report.at("from").get<std::string>()
              << " – " << report.at("to").get<std::string>() << "\n\n"
              << padded(labelIn(report.at("by_label"), words), kLabelWidth);
    const auto& columns = report.at("columns");
    for (std::size_t i = 0; i < columns.size(); ++i) {
        std::cout << right("(" + std::to_string(i + 1) + ")", kNumberWidth);
    }
    std::cout << right(words("number", "antal"), kNumberWidth);
    if (report.at("total").contains("mean_days")) {
        std::cout << right(words("mean days", "medeldagar"), kNumberWidth);
    }
    std::cout << "\n";
    for (const auto& row : report.at("rows")) tellRow(labelIn(row.at("label"), words), row);
    tellRow(words("All", "Alla"), report.at("total"));
    std::cout << "\n";
    for (std::size_t i = 0; i < columns.size(); ++i) {
        std::cout << "  (" << i + 1 << ") " << labelIn(columns[i].at("label"), words) << "\n";
    }
    std::cout << words(
        "  –: fewer than five, or none. Small numbers are counted in the month when they are at "
        "least five.\n",
        "  –: färre än fem, eller ingen. Små tal räknas med i den månad då de är minst fem.\n");
}

std::string targetName(const std::string& target, const Words& words) {
    if (target == "work_or_studies") return words("work or studies", "arbete eller studier");
    if (target == "ordinary")
        return words("the Employment Service or ordinary measures",
                     "Arbetsförmedlingen eller ordinarie insatser");
    return words("participants", "deltagare");
}

void tellTargets(const Json& targets, const Words& words) {
    for (const auto& [name, target] : targets.items()) {
        if (target.is_null()) continue;
        std::cout << "  " << targetName(name, words) << ": ";
        if (target.contains("share")) {
            std::cout << std::lround(target.at("share").get<double>() * 100) << " %, "
                      << words("target ", "mål ")
                      << std::lround(target.at("target").get<double>() * 100) << " %";
        } else {
            std::cout << words("target ", "mål ") << target.at("target");
        }
        std::cout << (target.at("met").get<bool>() ? words(" (met)", " (nått)")
                                                   : words(" (not met)", " (inte nått)"))
                  << "\n";
    }
}

std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) out.append(c == '"' ? "\"\"" : std::string(1, c));
    return out + '"';
}

/// RFC 4180 with semicolons, as spreadsheets in Swedish read it; a number not shown is empty.
void tellCsv(const Json& report, const Words& words) {
    std::cout << quoted(labelIn(report.at("by_label"), words));
    for (const auto& column : report.at("columns")) {
        std::cout << ';' << quoted(labelIn(column.at("label"), words));
    }
    std::cout << ';' << quoted(words("Number", "Antal")) << "\r\n";
    const auto line = [&](const std::string& label, const Json& row) {
        std::cout << quoted(label);
        if (row.contains("cells")) {
            for (const auto& cell : row.at("cells")) {
                std::cout << ';' << (cell.is_null() ? "" : cell.dump());
            }
        }
        std::cout << ';' << (row.at("n").is_null() ? "" : row.at("n").dump()) << "\r\n";
    };
    for (const auto& row : report.at("rows")) line(labelIn(row.at("label"), words), row);
    line(words("All", "Alla"), report.at("total"));
}

void tellExperience(const Json& answer, const Words& words) {
    const auto& rows = answer.at("experience");
    if (rows.empty()) return;
    std::cout << "\n" << words("What participants have said", "Vad deltagare har sagt") << "\n";
    for (const auto& row : rows) {
        std::cout << "  " << row.at("month").get<std::string>() << "  "
                  << padded(row.at("association").get<std::string>(), 20)
                  << padded(row.at("question").get<std::string>(), kLabelWidth)
                  << std::lround(row.at("share").get<double>() * 100) << " % "
                  << words("of ", "av ") << row.at("answers") << "\n";
    }
}

void tellDefinitions(const Json& answer, const Words& words) {
    for (const auto& definition : answer.at("reports")) {
        std::cout << padded(definition.at("report").get<std::string>(), 18)
                  << labelIn(definition.at("title"), words) << "\n";
        std::string splits;
        for (const auto& by : definition.at("by")) {
            splits += (splits.empty() ? "" : ", ") + by.at("id").get<std::string>();
        }
        std::cout << std::string(18, ' ') << "--by " << splits << "\n";
    }
}

std::string monthsBefore(int count) {
    using namespace std::chrono;
    const year_month_day today(floor<days>(system_clock::now()));
    const auto month = today.year() / today.month() - months(count);
    std::ostringstream out;
    out << int(month.year()) << '-' << std::setw(2) << std::setfill('0') << unsigned(month.month());
    return out.str();
}

std::string queryOf(const ReportArguments& a) {
    Poco::URI uri("/");
    uri.addQueryParameter("from", a.from.empty() ? monthsBefore(12) : a.from);
    uri.addQueryParameter("to", a.to.empty() ? monthsBefore(1) : a.to);
    uri.addQueryParameter("by", a.by);
    return uri.getRawQuery();
}

}  // namespace

int report(const Common& common, const ReportArguments& arguments) {
    auto client = GatewayClient::connect(common);
    if (!client) return failed(client.error(), common);
    const Words words(common.language);
    const bool list = arguments.report.empty();
    const auto answer = list ? client->get("/v1/reports")
                             : client->get("/v1/reports/" + arguments.report, queryOf(arguments));
    if (!answer) return failed(answer.error(), common);
    if (!arguments.svg.empty() && !list) {
        std::ofstream out(arguments.svg);
        out << chart(*answer, common.language);
        if (!out.flush()) {
            return failed(Error(Code::CliFile, Place{.file = arguments.svg.string()}), common);
        }
    }
    if (common.json) {
        std::cout << answer->dump(2) << "\n";
    } else if (list) {
        tellDefinitions(*answer, words);
    } else if (arguments.csv) {
        tellCsv(*answer, words);
    } else {
        tellTable(*answer, words);
        if (answer->contains("targets")) tellTargets(answer->at("targets"), words);
        if (arguments.report == "deltagare") {
            const auto said = client->get("/v1/reports/experience", queryOf(arguments));
            if (said) tellExperience(*said, words);
        }
    }
    return kDone;
}

int reportImport(const Common& common, const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) return failed(Error(Code::CliFile, Place{.file = file.string()}), common);
    auto client = GatewayClient::connect(common);
    if (!client) return failed(client.error(), common);
    const auto answer = client->postText("/v1/reports/experience", "text/csv", text.str());
    if (!answer) return failed(answer.error(), common);
    std::cout << answer->at("rows")
              << (common.language == Language::Swedish ? " rader inlästa\n" : " rows imported\n");
    return kDone;
}

}  // namespace stafett::app
