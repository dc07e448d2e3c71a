#include "tests/house/outcomes.h"

#include <array>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <stdexcept>

#include "gateway/plugin/registry.h"
#include "tests/house/tree.h"

namespace stafett::house {
namespace {

using Json = nlohmann::ordered_json;

struct Dialect {
    const char* name;
    const char* title;
    const char* form;
};
constexpr std::array kDialects = {
    Dialect{"employment_service", "Employment Service", "leverantorsavrop"},
    Dialect{"social_insurance", "Social Insurance Agency", "remiss"},
    Dialect{"municipality", "municipality", "remiss"},
    Dialect{"region", "region", "remiss"},
};

struct Said {
    const char* name;
    Outcome outcome;
    Code code;
};
constexpr std::array kOutcomes = {
    Said{"accepted", Outcome::Accepted, Code::StoreFailed},
    Said{"accepted, with warnings or losses", Outcome::Accepted, Code::MapLoss},
    Said{"content refused", Outcome::ContentRefused, Code::MapUnknownValue},
    Said{"not allowed", Outcome::NotAllowed, Code::PolicyNoFlow},
    Said{"conflict", Outcome::Conflict, Code::CustodyConflict},
    Said{"malformed", Outcome::Malformed, Code::NoForm},
    Said{"busy", Outcome::Busy, Code::StoreBusy},
};

constexpr const char* kId = "01980000-0000-7000-8000-000000000001";

const plugin::Registry& registry() {
    static const auto kRegistry = [] {
        std::vector<plugin::PluginSource> sources;
        for (const auto& dialect : kDialects) {
            sources.push_back({.file = fs::path(STAFETT_BUILD_DIR) / "plugins" /
                                       (std::string(dialect.name) + ".so")});
        }
        auto loaded = plugin::Registry::load(sources, plugin::Profile::Dev);
        if (loaded) return std::move(*loaded);
        std::string why;
        for (const auto& problem : loaded.error()) why += describe(problem, Language::English);
        throw std::runtime_error(why);
    }();
    return kRegistry;
}

/// Where the dialect's own golden case has a value that its code table lacks.
std::string placeOf(const Dialect& dialect) {
    for (const auto& file :
         files("plugins/" + std::string(dialect.name) + "/cases/", {"/refused.txt"})) {
        if (file.find("four_problems") == std::string::npos) continue;
        for (const auto& line : lines(file)) {
            if (line.starts_with("ST-MAP-014 ")) return line.substr(11);
        }
    }
    throw std::runtime_error(std::string(dialect.name) + " has no case of four problems at once");
}

std::string text(Code code) {
    return std::string(info(code).what_en) + ". " + std::string(info(code).todo_en);
}

plugin::WireMessage replyOf(const Dialect& dialect, const Said& said) {
    plugin::ReplyInput input;
    input.outcome = said.outcome;
    input.code = said.code;
    input.id = kId;
    input.form = dialect.form;
    input.now = std::chrono::sys_days(std::chrono::year(2026) / 1 / 20) + std::chrono::hours(9);
    input.language = Language::English;
    if (said.outcome == Outcome::ContentRefused) {
        input.lines = {{std::string(info(said.code).id), placeOf(dialect), text(said.code), false}};
    } else if (said.outcome == Outcome::Accepted && said.code == Code::MapLoss) {
        input.lines = {{std::string(info(said.code).id), "case/own", text(said.code), true}};
    }
    input.count = input.lines.size();
    if (said.outcome == Outcome::Busy) input.retry_after = std::chrono::seconds(5);
    return registry().find(DialectId{dialect.name})->reply(input);
}

bool isXml(const plugin::WireMessage& reply) { return reply.body.starts_with("<"); }

std::string between(const std::string& body, const std::string& before, const std::string& after) {
    const auto start = body.find(before);
    if (start == std::string::npos) return {};
    const auto from = start + before.size();
    return body.substr(from, body.find(after, from) - from);
}

std::string gistOfXml(const std::string& body) {
    if (const auto code = between(body, "<faultcode>", "<"); !code.empty()) return "Fault " + code;
    if (const auto code = between(body, "resultCode>", "<"); !code.empty()) {
        const auto error = between(body, "errorId>", "<");
        return "ResultType " + code + (error.empty() ? "" : " " + error);
    }
    std::string root = body.substr(body.find("?>") + 2);
    root = "`" + root.substr(root.find('<'), root.find('>') + 1 - root.find('<')) + "`";
    for (const auto* child : {"Fel", "Varning"}) {
        if (body.find(std::string("<") + child + " ") != std::string::npos) {
            root += " with `<" + std::string(child) + ">`";
        }
    }
    return root;
}

std::string gistOfJson(const std::string& body) {
    const auto json = Json::parse(body);
    const std::string type = json.value("resourceType", "");
    if (type == "OperationOutcome") {
        return "OperationOutcome, issue " + json.at("issue")[0].at("code").get<std::string>();
    }
    if (type == "Bundle") {
        const auto& header = json.at("entry")[0].at("resource");
        return "Bundle, response " + header.at("response").at("code").get<std::string>() +
               (json.at("entry").size() > 1 ? " and an OperationOutcome" : "");
    }
    std::string keys;
    for (const auto& [key, value] : json.items()) keys += (keys.empty() ? "" : ", ") + key;
    return "`{" + keys + "}`";
}

std::string gist(const plugin::WireMessage& reply) {
    return std::to_string(reply.status) + " " +
           (isXml(reply) ? gistOfXml(codec::asUtf8(reply.body)) : gistOfJson(reply.body));
}

std::string pretty(const plugin::WireMessage& reply) {
    if (!isXml(reply)) return Json::parse(reply.body).dump(2);
    return std::regex_replace(codec::asUtf8(reply.body), std::regex("><"), ">\n<");
}

std::string outcomeOf(Outcome outcome) {
    switch (outcome) {
        case Outcome::Accepted:
            return "accepted";
        case Outcome::Warning:
            return "warning";
        case Outcome::Loss:
            return "loss";
        case Outcome::ContentRefused:
            return "content refused";
        case Outcome::NotAllowed:
            return "not allowed";
        case Outcome::Conflict:
            return "conflict";
        case Outcome::Malformed:
            return "malformed";
        case Outcome::Busy:
            return "busy";
        case Outcome::Retry:
            return "retry";
        case Outcome::Hold:
            return "hold";
        case Outcome::Configuration:
            return "configuration";
        case Outcome::Usage:
            return "usage";
    }
    return {};
}

const std::map<std::string, std::string>& areas() {
    static const std::map<std::string, std::string> kAreas = {
        {"ADR", "addressing: who is meant"},
        {"CFG", "configuration"},
        {"CHK", "a mapping, when it is loaded"},
        {"CLI", "commands"},
        {"ATT", "attachments"},
        {"CUS", "custody: who holds the baton"},
        {"DEL", "deliveries"},
        {"ENC", "encodings"},
        {"HTTP", "the HTTP request"},
        {"JSON", "JSON documents"},
        {"KEY", "keys and signatures"},
        {"MAP", "a message, read or written by a mapping"},
        {"MSG", "canonical messages"},
        {"PER", "personal numbers and other identifiers"},
        {"PLU", "plugins"},
        {"POL", "policy: who may"},
        {"STO", "messages and the store"},
        {"TLS", "certificates and systems"},
        {"XML", "XML documents"},
    };
    return kAreas;
}

}  // namespace

std::string repliesTable() {
    std::string table = "| outcome |";
    std::string rule = "|---|";
    for (const auto& dialect : kDialects) {
        table += " " + std::string(dialect.title) + " |";
        rule += "---|";
    }
    table += "\n" + rule + "\n";
    for (const auto& said : kOutcomes) {
        table += "| " + std::string(said.name) + " |";
        for (const auto& dialect : kDialects) table += " " + gist(replyOf(dialect, said)) + " |";
        table += "\n";
    }
    return table;
}

std::string repliesWhole() {
    std::string whole;
    for (const auto& dialect : kDialects) {
        const auto reply = replyOf(dialect, kOutcomes[2]);
        whole += "### " + std::string(dialect.title) + "\n\n```" + (isXml(reply) ? "xml" : "json") +
                 "\n" + pretty(reply) + "\n```\n\n";
        whole += "Status " + std::to_string(reply.status) + ", headers";
        const char* separator = " ";
        for (const auto& [name, value] : reply.headers) {
            whole += separator + ("`" + name + ": " + value) + "`";
            separator = ", ";
        }
        whole += ".\n\n";
    }
    return whole;
}

std::string codesTables() {
    std::map<std::string, std::string> tables;
    for (std::size_t i = 0; i < codeCount(); ++i) {
        const CodeInfo& code = info(static_cast<Code>(i));
        const std::string id(code.id);
        const std::string area = id.substr(3, id.rfind('-') - 3);
        tables[area] += "| **" + id + "** | " + outcomeOf(code.outcome) + " | " +
                        std::string(code.what_sv) + ". *" + std::string(code.todo_sv) + "* | " +
                        std::string(code.what_en) + ". *" + std::string(code.todo_en) + "* |\n";
    }
    std::string all;
    for (const auto& [area, rows] : tables) {
        all += "### " + area + ": " + areas().at(area) + "\n\n" +
               "| code | outcome | svenska | English |\n|---|---|---|---|\n" + rows + "\n";
    }
    return all;
}

std::string withMade(std::string text, const std::string& name, const std::string& made) {
    const std::string begin = "<!-- made: " + name + " -->\n";
    const auto start = text.find(begin);
    const auto end = start == std::string::npos ? start : text.find("<!-- end -->", start);
    if (end == std::string::npos) throw std::runtime_error("no place for " + name);
    const auto from = start + begin.size();
    return text.replace(from, end - from, "\n" + made + (made.ends_with("\n\n") ? "" : "\n"));
}

}  // namespace stafett::house
