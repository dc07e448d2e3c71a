#include "gateway/admin/report.h"

#include <algorithm>

namespace stafett::admin {
namespace {

using Json = nlohmann::ordered_json;

Json labelJson(const report::Label& label) { return {{"sv", label.sv}, {"en", label.en}}; }
Json plain(const std::string& text) { return {{"sv", text}, {"en", text}}; }

/// The values of the variables, in words: parties by name, municipalities by the party that is one.
class Labels {
public:
    Labels(const config::Config& config, const message::Catalogue& catalogue)
        : config_(config), catalogue_(catalogue) {}

    Json of(std::string_view variable, const std::string& value) const {
        if (value == "unknown") return {{"sv", "Okänd"}, {"en", "Unknown"}};
        for (const auto& known : report::valuesOf(variable)) {
            if (known.code == value) return labelJson(known.label);
        }
        if (variable == "cause") return cause(value);
        if (variable == "insats" || variable == "party") return plain(party(value));
        if (variable == "municipality") return plain(municipality(value));
        if (const auto arrow = value.find('>'); arrow != std::string::npos) {
            return plain(both(variable, value.substr(0, arrow), value.substr(arrow + 1)));
        }
        return plain(value);
    }

private:
    std::string party(const std::string& id) const {
        const auto* found = config_.party(PartyId{id});
        return found == nullptr ? id : found->name;
    }
    std::string municipality(const std::string& code) const {
        for (const auto& [id, found] : config_.parties) {
            if (found.type == "municipality" && found.municipality == code) return found.name;
        }
        return code;
    }
    std::string function(const std::string& side) const {
        const auto slash = side.find('/');
        const auto* found = config_.party(PartyId{side.substr(0, slash)});
        if (found == nullptr || slash == std::string::npos) return side;
        const auto id = side.substr(slash + 1);
        for (const auto& f : found->functions) {
            if (f.id.value == id && !f.name.empty()) return found->name + ", " + f.name;
        }
        return found->name + ", " + id;
    }
    std::string both(std::string_view variable, const std::string& a, const std::string& b) const {
        if (variable == "functions") return function(a) + " – " + function(b);
        if (variable == "receiver_municipality") return party(a) + ", " + municipality(b);
        return party(a) + " → " + party(b);
    }
    Json cause(const std::string& code) const {
        const auto* set = catalogue_.valueSet("deviation_cause");
        const auto* value = set == nullptr ? nullptr : set->find(code);
        return value == nullptr ? plain(code)
                                : Json{{"sv", value->label_sv}, {"en", value->label_en}};
    }

    const config::Config& config_;
    const message::Catalogue& catalogue_;
};

Json number(std::uint64_t n) { return n < report::kLeast ? Json(nullptr) : Json(n); }

Json rowJson(const report::Row& row, const report::Definition& definition) {
    Json json = {{"n", number(row.sum.n)}};
    if (!definition.column.empty()) {
        json["cells"] = Json::array();
        for (const auto& cell : row.cells) json["cells"].push_back(number(cell.n));
    }
    if (definition.days && row.sum.n >= report::kLeast) {
        json["mean_days"] = double(row.sum.days) / double(row.sum.n);
    }
    return json;
}

/// A share of the closures against its target; nothing where either number is not shown.
Json shareJson(const report::Table& table, std::string_view column, double target) {
    const auto at = std::find(table.columns.begin(), table.columns.end(), column);
    if (at == table.columns.end()) return nullptr;
    const auto n = table.total.cells[std::size_t(at - table.columns.begin())].n;
    if (n < report::kLeast) return nullptr;
    const double share = double(n) / double(table.total.sum.n);
    return {{"share", share}, {"target", target}, {"met", share >= target}};
}

Json targetsJson(const report::Table& table, const config::Targets& targets) {
    return {{"work_or_studies", shareJson(table, "work_or_studies", targets.work_or_studies)},
            {"ordinary", shareJson(table, "ordinary", targets.ordinary)}};
}

}  // namespace

Json reportJson(const report::Table& table, const config::Config& config,
                const message::Catalogue& catalogue) {
    const auto& definition = *table.definition;
    const Labels labels(config, catalogue);
    Json json = {
        {"report", definition.id},    {"title", labelJson(definition.title)},
        {"from", table.request.from}, {"to", table.request.to},
        {"by", table.request.by},     {"by_label", labelJson(report::labelOf(table.request.by))},
        {"columns", Json::array()},   {"rows", Json::array()}};
    for (const auto& column : table.columns) {
        json["columns"].push_back(
            {{"value", column}, {"label", labels.of(definition.column, column)}});
    }
    for (const auto& row : table.rows) {
        Json item = {{"value", row.value}, {"label", labels.of(table.request.by, row.value)}};
        item.update(rowJson(row, definition));
        json["rows"].push_back(std::move(item));
    }
    json["total"] = rowJson(table.total, definition);
    const auto& targets = config.settings.targets;
    if (definition.targets) json["targets"] = targetsJson(table, targets);
    if (definition.id == "deltagare") {
        json["targets"] = {{"participants",
                            {{"target", targets.participants},
                             {"met", table.total.sum.n >= targets.participants}}}};
    }
    return json;
}

Json definitionsJson() {
    auto list = Json::array();
    for (const auto& definition : report::definitions()) {
        auto by = Json::array();
        for (const auto variable : definition.by) {
            by.push_back({{"id", variable}, {"label", labelJson(report::labelOf(variable))}});
        }
        list.push_back({{"report", definition.id},
                        {"title", labelJson(definition.title)},
                        {"by", std::move(by)}});
    }
    return {{"reports", std::move(list)}};
}

Json experienceJson(const std::vector<store::ExperienceRow>& rows) {
    auto list = Json::array();
    for (const auto& row : rows) {
        list.push_back({{"month", row.month},
                        {"association", row.association},
                        {"question", row.question},
                        {"answers", row.answers},
                        {"yes", row.yes},
                        {"share", double(row.yes) / double(row.answers)}});
    }
    return {{"experience", std::move(list)}};
}

}  // namespace stafett::admin
