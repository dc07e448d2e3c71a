// stafett policy explain: which flow decides and why others do not, what it demands and takes out,
// and which rules and agreements speak. Reads the configuration alone; no gateway need run.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>

#include "gateway/app/commands.h"
#include "gateway/config/reader.h"
#include "gateway/message/dates.h"
#include "gateway/message/identifiers.h"
#include "gateway/policy/match.h"
#include "gateway/policy/policy.h"

namespace stafett::app {
namespace {

using Json = nlohmann::ordered_json;
using policy::Flow;
using policy::Miss;

/// What is needed of the configuration, and the question made of the arguments.
struct Asked {
    config::Config config;
    message::Catalogue catalogue;
    policy::Policy policy;
    const config::Party* from = nullptr;
    const config::Party* to = nullptr;
    const message::Schema* schema = nullptr;
    std::string date, municipality;
    std::optional<std::uint32_t> tenths;

    policy::Passage passage() const {
        return {.kind = schema->kind,
                .sender = *from,
                .receiver = *to,
                .place = policy::placeOf(municipality, *from, *to),
                .today = date};
    }
    policy::RuleFacts facts() const {
        policy::RuleFacts facts{.kind = schema->kind, .date = date, .giver = from};
        facts.place = from->municipality;
        facts.tenths = tenths;
        return facts;
    }
};

Checked<Asked> loadParts(const Common& common) {
    const auto folder = configFolder(common);
    ST_TRY(auto config, config::load(folder));
    ST_TRY(auto catalogue, message::Catalogue::load(config.settings.mappings / "canonical"));
    ST_TRY(auto policy, policy::Policy::load(folder / "policy.json", config, catalogue));
    Asked asked;
    asked.config = std::move(config);
    asked.catalogue = std::move(catalogue);
    asked.policy = std::move(policy);
    return asked;
}

Error wrong(Code code, const char* option, std::string hint) {
    return Error(code, Place{.row = option, .hint = std::move(hint)});
}

const config::Party* partyOf(const Asked& asked, const char* option, const std::string& id,
                             Problems& problems) {
    const auto* party = asked.config.party(PartyId{message::readOrgNumber(id).value_or(id)});
    if (party != nullptr) return party;
    std::vector<std::string> known;
    for (const auto& [other, unused] : asked.config.parties) known.push_back(other.value);
    const std::string near = nearest(id, known);
    problems.push_back(
        wrong(Code::ConfigReference, option,
              near.empty() ? "No such party stands in parties/." : "Nearest: " + near + "."));
    return nullptr;
}

const message::Schema* schemaOf(const Asked& asked, const std::string& kind, Problems& problems) {
    std::vector<std::string> known;
    for (const auto& schema : asked.catalogue.schemas()) {
        if (schema->kind == kind) return schema.get();
        known.push_back(schema->kind);
    }
    std::string all;
    for (const auto& one : known) all += (all.empty() ? "One of: " : ", ") + one;
    const std::string near = nearest(kind, known);
    problems.push_back(
        wrong(Code::ConfigReference, "--kind", (near.empty() ? all : "Nearest: " + near) + "."));
    return nullptr;
}

/// "8", "8.0" or "8,0".
std::optional<std::uint32_t> tenthsOf(std::string text) {
    std::replace(text.begin(), text.end(), ',', '.');
    double hours = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), hours);
    const bool whole = failed == std::errc() && end == text.data() + text.size();
    if (!whole || !(hours >= 0 && hours <= 168)) return std::nullopt;  // nor "nan"
    return static_cast<std::uint32_t>(std::lround(hours * 10));
}

Problems readArguments(Asked& asked, const PolicyArguments& arguments) {
    Problems problems;
    asked.from = partyOf(asked, "--from", arguments.from, problems);
    asked.to = partyOf(asked, "--to", arguments.to, problems);
    asked.schema = schemaOf(asked, arguments.kind, problems);
    asked.date =
        arguments.date.empty() ? message::stockholmDate(SystemClock{}.now()) : arguments.date;
    if (!message::isDate(asked.date)) {
        problems.push_back(wrong(Code::ConfigRange, "--date", "A date is written YYYY-MM-DD."));
    }
    asked.municipality = arguments.municipality;
    if (!asked.municipality.empty() && !message::isMunicipalityCode(asked.municipality)) {
        problems.push_back(wrong(Code::MunicipalityCode, "--municipality", "Four digits."));
    }
    if (!arguments.hours.empty()) {
        asked.tenths = tenthsOf(arguments.hours);
        if (!asked.tenths) {
            problems.push_back(
                wrong(Code::ConfigRange, "--hours", "Hours a week, 0 to 168, as 8.0."));
        }
    }
    return problems;
}

/// Sensitive fields this kind can hold that the flow takes out.
std::vector<std::string> takenOut(const Asked& asked, const Flow& flow) {
    std::vector<std::string> out;
    for (const auto& field : asked.schema->root.fields) {
        if (field.sensitive && !policy::underAny(field.path, flow.sensitive)) {
            out.push_back(field.path);
        }
    }
    return out;
}

Json flowJson(const Asked& asked, const policy::Permission& permission) {
    const Flow& flow = *permission.flow;
    const bool demanded = flow.consent == Flow::Consent::Demanded;
    Json json = {{"flow", flow.id},
                 {"consent", demanded ? "demanded" : "not_needed"},
                 {"legal_basis", flow.grounds},
                 {"purposes", flow.purposes},
                 {"sensitive", flow.sensitive},
                 {"taken_out", takenOut(asked, flow)},
                 {"protected_persons", flow.protected_persons}};
    if (demanded) {
        json["unknown_consent"] = flow.unknown_consent == Flow::Unknown::Refuse ? "refuse" : "warn";
    }
    if (permission.routine != nullptr) {
        json["routine"] = permission.routine->id + "@" + permission.routine->version;
    }
    return json;
}

Json findingsJson(const Asked& asked, Language language) {
    Json list = Json::array();
    for (const auto& finding : asked.policy.findings(asked.facts())) {
        Json item = {{"rule", finding.rule->id}, {"code", info(finding.code()).id}};
        if (finding.agreement != nullptr) {
            item["agreement"] = finding.agreement->id;
            item["note"] = finding.agreement->note;
        } else {
            item["says"] = finding.words(language);
        }
        list.push_back(std::move(item));
    }
    return list;
}

Json answerOf(const Asked& asked, Language language) {
    Json json = {{"from", asked.from->id.value},
                 {"to", asked.to->id.value},
                 {"kind", asked.schema->kind},
                 {"date", asked.date},
                 {"municipality", asked.passage().place}};
    const auto permission = asked.policy.flowFor(asked.passage());
    json["allowed"] = permission.has_value();
    if (permission) {
        json["decides"] = flowJson(asked, *permission);
    } else {
        json["code"] = permission.error().info().id;
        json["place"] = permission.error().place().path;
    }
    json["others"] = Json::array();
    for (const auto& flow : asked.policy.flows()) {
        if (permission && permission->flow == &flow) continue;
        Json misses = Json::array();
        for (const auto miss : asked.policy.misses(flow, asked.passage())) {
            misses.push_back(policy::name(miss));
        }
        json["others"].push_back({{"flow", flow.id}, {"misses", std::move(misses)}});
    }
    json["rules"] = findingsJson(asked, language);
    return json;
}

/// The answer in plain words.
class Teller {
public:
    Teller(std::ostream& out, Language language) : out_(out), sv_(language == Language::Swedish) {}

    void tell(const Asked& asked, const Json& answer) {
        out_ << asked.from->name << " (" << asked.from->id.value << ") → " << asked.to->name << " ("
             << asked.to->id.value << "), " << asked.schema->kind << ", " << asked.date;
        const auto place = answer.at("municipality").get<std::string>();
        if (!place.empty()) out_ << ", " << w("kommun ", "kommun ") << place;
        out_ << "\n";
        if (answer.at("allowed").get<bool>()) {
            tellFlow(answer.at("decides"));
        } else {
            const auto code = findCode(answer.at("code").get<std::string>());
            out_ << w("Refused: ", "Avvisas: ") << info(*code).id << " "
                 << info(*code).what(language()) << ". " << info(*code).todo(language()) << "\n";
        }
        tellOthers(answer.at("others"));
        tellRules(asked, answer.at("rules"));
    }

private:
    const char* w(const char* en, const char* sv) const { return sv_ ? sv : en; }
    Language language() const { return sv_ ? Language::Swedish : Language::English; }

    std::string listed(const Json& items, const char* none) const {
        std::string text;
        for (const auto& item : items) {
            text += (text.empty() ? "" : ", ") + item.get<std::string>();
        }
        return text.empty() ? none : text;
    }
    void line(const char* label, const std::string& text) {
        out_ << "  " << label << ": " << text << "\n";
    }

    void tellFlow(const Json& flow) {
        out_ << w("Flow ", "Flödet ") << flow.at("flow").get<std::string>()
             << w(" decides.\n", " avgör.\n");
        const bool demanded = flow.at("consent") == "demanded";
        std::string consent = demanded ? w("demanded", "krävs") : w("not needed", "behövs inte");
        if (demanded) {
            consent += flow.at("unknown_consent") == "refuse"
                           ? w("; one that is not on record is refused",
                               "; ett som inte är registrerat avvisas")
                           : w("; one that is not on record is warned of",
                               "; ett som inte är registrerat ger en varning");
        }
        const char* none = w("none demanded", "inget krav");
        line(w("consent", "samtycke"), consent);
        line(w("legal ground, one of", "rättslig grund, någon av"),
             listed(flow.at("legal_basis"), none));
        line(w("purpose, one of", "ändamål, något av"), listed(flow.at("purposes"), none));
        line(w("sensitive fields that may go", "känsliga uppgifter som får lämnas"),
             listed(flow.at("sensitive"), w("none", "inga")));
        line(w("taken out", "tas bort"), listed(flow.at("taken_out"), w("nothing", "inget")));
        line(w("protected persons", "skyddade personer"), flow.at("protected_persons").get<bool>()
                                                              ? w("may go", "får skickas")
                                                              : w("are refused", "avvisas"));
        if (flow.contains("routine")) {
            line(w("routine", "rutin"), flow.at("routine").get<std::string>());
        }
    }

    std::string reason(const std::string& miss) const {
        if (miss == "period") return w("its period", "dess giltighetstid");
        if (miss == "kind") return w("the kind of message", "slaget av meddelande");
        if (miss == "from") return w("the sender", "avsändaren");
        if (miss == "to") return w("the receiver", "mottagaren");
        if (miss == "territory") return w("the territory", "området");
        return w("the routine, which both sides have not accepted",
                 "rutinen, som båda sidor inte har godtagit");
    }

    void tellOthers(const Json& others) {
        if (others.empty()) return;
        out_ << w("Other flows:\n", "Andra flöden:\n");
        for (const auto& other : others) {
            Json reasons = Json::array();
            for (const auto& miss : other.at("misses")) {
                reasons.push_back(reason(miss.get<std::string>()));
            }
            out_ << "  " << other.at("flow").get<std::string>() << ": "
                 << (reasons.empty()
                         ? std::string(w("would cover it, but stands after the one that decides",
                                         "skulle gälla, men står efter det som avgör"))
                         : w("does not cover it: ", "gäller inte: ") + listed(reasons, ""))
                 << "\n";
        }
    }

    void tellRules(const Asked& asked, const Json& rules) {
        if (rules.empty()) return;
        const auto& place = asked.from->municipality;
        out_ << w("Rules that speak, for a giver in ", "Regler som gäller, för en givare i ")
             << (place.empty() ? w("no kommun", "ingen kommun") : place) << ":\n";
        for (const auto& rule : rules) {
            const auto code = findCode(rule.at("code").get<std::string>());
            out_ << "  " << rule.at("rule").get<std::string>() << ": " << info(*code).id << " "
                 << info(*code).what(language());
            if (rule.contains("agreement")) {
                out_ << ": " << rule.at("agreement").get<std::string>() << " ("
                     << rule.at("note").get<std::string>() << ")\n";
            } else {
                out_ << ". " << rule.at("says").get<std::string>() << "\n";
            }
        }
    }

    std::ostream& out_;
    bool sv_;
};

}  // namespace

int policyExplain(const Common& common, const PolicyArguments& arguments) {
    auto asked = loadParts(common);
    if (!asked) {
        tellProblems(asked.error(), common.language);
        return kConfiguration;
    }
    const auto problems = readArguments(*asked, arguments);
    if (!problems.empty()) {
        tellProblems(problems, common.language);
        return kUsage;
    }
    const Json answer = answerOf(*asked, common.language);
    if (common.json) {
        std::cout << answer.dump(2) << "\n";
    } else {
        Teller(std::cout, common.language).tell(*asked, answer);
    }
    return answer.at("allowed").get<bool>() ? kDone : kFailed;
}

}  // namespace stafett::app
