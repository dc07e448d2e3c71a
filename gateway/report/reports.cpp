#include "gateway/report/reports.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "gateway/message/dates.h"
#include "gateway/report/facts.h"

namespace stafett::report {
namespace {

constexpr const char* kWaitingColumn = "report/waiting";

Time startOf(const std::string& month) {
    return *message::parseTime(message::fromStockholm(month + "-01T00:00:00")->utc);
}

std::string printEvents(const std::vector<Event>& events) {
    auto json = nlohmann::json::array();
    for (const auto& e : events) json.push_back({e.population, e.values, e.days});
    return json.dump();
}

Result<std::vector<Event>> parseEvents(std::string_view text) {
    try {
        std::vector<Event> events;
        for (const auto& item : nlohmann::json::parse(text)) {
            Event event{item.at(0).get<Population>(), {}, item.at(2).get<std::int64_t>()};
            for (const auto& [name, value] : item.at(1).items()) {
                event.values[name] = value.get<std::string>();
            }
            events.push_back(std::move(event));
        }
        return events;
    } catch (const nlohmann::json::exception&) {
        return tl::make_unexpected(Error(Code::StoreDamaged, Place{.path = "report/waiting"}));
    }
}

store::ReportCell archived(Population population, const CellKey& key, const Cell& cell) {
    return {.population = std::string(name(population)),
            .month = {},
            .by = key.by,
            .value = key.value,
            .column = key.column,
            .across = key.across,
            .n = cell.n,
            .days = cell.days};
}

void addTo(Cell& sum, const store::ReportCell& cell) {
    sum.n += cell.n;
    sum.days += cell.days;
}

/// The values that stand across: in their fixed order, then those nobody foresaw.
std::vector<std::string> columnsOf(const Definition& definition,
                                   const std::vector<store::ReportCell>& cells) {
    std::vector<std::string> columns;
    if (definition.column.empty()) return columns;
    for (const auto& value : valuesOf(definition.column)) columns.emplace_back(value.code);
    std::set<std::string> others;
    for (const auto& cell : cells) {
        if (std::find(columns.begin(), columns.end(), cell.across) == columns.end()) {
            others.insert(cell.across);
        }
    }
    columns.insert(columns.end(), others.begin(), others.end());
    return columns;
}

void put(Row& row, const store::ReportCell& cell, const std::vector<std::string>& columns) {
    row.cells.resize(columns.size());
    const auto column = std::find(columns.begin(), columns.end(), cell.across);
    if (column != columns.end()) {
        addTo(row.cells[static_cast<std::size_t>(column - columns.begin())], cell);
    }
    addTo(row.sum, cell);
}

Error refused(Code code, std::string path, std::string hint = {}) {
    return Error(code, Place{.path = std::move(path), .hint = std::move(hint)});
}

template <class List, class Name>
std::string oneOf(const List& list, Name name) {
    std::string out;
    for (const auto& one : list) out.append(out.empty() ? "One of: " : ", ").append(name(one));
    return out;
}

Status checkRequest(const Request& request, std::string_view this_month) {
    const auto* definition = find(request.report);
    if (definition == nullptr) {
        const auto all = oneOf(definitions(), [](const auto& one) { return one.id; });
        return tl::make_unexpected(refused(Code::CliUsage, "report", all));
    }
    const auto& by = definition->by;
    if (!request.by.empty() && std::find(by.begin(), by.end(), request.by) == by.end()) {
        const auto all = oneOf(by, [](const auto& one) { return one; });
        return tl::make_unexpected(refused(Code::ReportDimension, "by", all));
    }
    if (!isMonth(request.from) || request.from > request.to) {
        return tl::make_unexpected(refused(Code::ReportPeriod, "from"));
    }
    if (!isMonth(request.to) || request.to >= this_month) {
        return tl::make_unexpected(refused(Code::ReportPeriod, "to"));
    }
    return {};
}

}  // namespace

bool isMonth(std::string_view text) {
    return text.size() == 7 && message::isDate(std::string(text) + "-01");
}

std::string nextMonth(std::string_view month) {
    int year = std::stoi(std::string(month.substr(0, 4)));
    int number = std::stoi(std::string(month.substr(5, 2))) + 1;
    if (number > 12) number = 1, ++year;
    return std::to_string(year) + (number < 10 ? "-0" : "-") + std::to_string(number);
}

Result<Table> Reports::make(const Request& request, const config::Config& config,
                            std::string_view today) {
    const std::string this_month(today.substr(0, 7));
    if (auto fine = checkRequest(request, this_month); !fine) {
        return tl::make_unexpected(fine.error());
    }
    if (auto counted = catchUp(config, this_month); !counted) {
        return tl::make_unexpected(counted.error());
    }
    Table table;
    table.definition = find(request.report);
    table.request = request;
    const std::string population(name(table.definition->population));
    const std::string column(table.definition->column);
    ST_TRY(const auto all, archive_.cells(population, "", column, request.from, request.to));
    table.columns = columnsOf(*table.definition, all);
    table.total.cells.resize(table.columns.size());
    for (const auto& cell : all) put(table.total, cell, table.columns);
    if (request.by.empty()) return table;
    ST_TRY(const auto split,
           archive_.cells(population, request.by, column, request.from, request.to));
    std::map<std::string, Row> rows;
    for (const auto& cell : split) {
        Row& row = rows[cell.value];
        row.value = cell.value;
        put(row, cell, table.columns);
    }
    for (auto& [value, row] : rows) table.rows.push_back(std::move(row));
    return table;
}

Status Reports::catchUp(const config::Config& config, const std::string& this_month) {
    const std::lock_guard lock(counting_);
    ST_TRY(const auto last, archive_.lastMonth());
    std::string month;
    if (last.empty()) {
        ST_TRY(const auto first, store_.firstReceived());
        if (!first) return {};
        month = message::stockholmDate(*first).substr(0, 7);
    } else {
        month = nextMonth(last);
    }
    for (; month < this_month; month = nextMonth(month)) {
        if (auto done = count(config, month); !done) return done;
    }
    return {};
}

Status Reports::count(const config::Config& config, const std::string& month) {
    const Time from = startOf(month), to = startOf(nextMonth(month));
    std::vector<Event> events;
    ST_TRY(const auto before, archive_.waiting());
    if (before) {
        ST_TRY(const auto key, sealer_.openKey(before->owner, before->data_key));
        ST_TRY(const auto text, key.open(kWaitingColumn, before->sealed));
        ST_TRY(events, parseEvents(text));
    }
    std::set<Digest> persons;
    const auto is_first = [&](const Digest& person) -> Result<bool> {
        ST_TRY(const bool known, archive_.knows(person));
        return !known && persons.insert(person).second;
    };
    const Facts facts(store_, sealer_, config, is_first);
    ST_TRY(auto cases, store_.casesWithMessages(from, to));
    std::sort(cases.begin(),
              cases.end());  // by time of opening: who came first is the same each time
    for (const auto& id : cases) {
        ST_TRY(auto found, facts.of(id, from, to));
        std::move(found.begin(), found.end(), std::back_inserter(events));
    }

    store::ReportArchive::Month result;
    result.month = month;
    std::vector<Event> waiting;
    for (std::size_t i = 0; i < kPopulations; ++i) {
        const auto population = static_cast<Population>(i);
        std::vector<Event> mine;
        std::copy_if(events.begin(), events.end(), std::back_inserter(mine),
                     [&](const Event& e) { return e.population == population; });
        auto release = letGo(std::move(mine), marginsOf(population));
        for (const auto& [key, cell] : release.cells) {
            result.cells.push_back(archived(population, key, cell));
        }
        std::move(release.waiting.begin(), release.waiting.end(), std::back_inserter(waiting));
    }
    result.persons.assign(persons.begin(), persons.end());
    result.waiting.owner = MessageId::make().uuid;
    const auto key = sealer_.newKey(result.waiting.owner);
    result.waiting.data_key = key.wrapped();
    result.waiting.sealed = key.seal(kWaitingColumn, printEvents(waiting));
    return archive_.publish(result);
}

Result<std::vector<store::ExperienceRow>> Reports::experience(const std::string& from,
                                                              const std::string& to) {
    return archive_.experience(from, to);
}

Result<std::string> Reports::sealedUnder() {
    ST_TRY(const auto waiting, archive_.waiting());
    return waiting ? std::string(security::Sealer::ringKeyOf(waiting->data_key)) : std::string();
}

Result<bool> Reports::rewrap() {
    ST_TRY(const auto waiting, archive_.waiting());
    const auto& active = sealer_.ring().active(security::KeyUse::Seal);
    if (!waiting || security::Sealer::ringKeyOf(waiting->data_key) == active) return false;
    ST_TRY(const auto wrapped, sealer_.wrapAgain(waiting->owner, waiting->data_key));
    if (auto done = archive_.wrapAgain(waiting->owner, wrapped); !done) {
        return tl::make_unexpected(done.error());
    }
    return true;
}

}  // namespace stafett::report
