#include "gateway/app/trial_input.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "gateway/app/document.h"
#include "gateway/app/mapping_files.h"
#include "gateway/config/config.h"
#include "gateway/mapping/test_file.h"

namespace stafett::app {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

tl::unexpected<Error> wrong(Code code, const fs::path& file, std::string hint) {
    return tl::make_unexpected(Error(code, Place{.file = file.string(), .hint = std::move(hint)}));
}

/// A file of JSON that may have comments; null when there is none or it is no JSON.
Json jsonIn(const fs::path& file) {
    std::ifstream in(file);
    auto json = Json::parse(in, nullptr, false, true);
    return json.is_discarded() ? Json() : json;
}

std::string textOf(const Json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
}

/// Header names as the plugin's manifest turns them into attributes: cases/<case>/wire.xml lies
/// two folders below it.
std::vector<std::pair<std::string, std::string>> attributeNames(const fs::path& document) {
    std::vector<std::pair<std::string, std::string>> names;
    const auto cases = fs::absolute(document).parent_path().parent_path();
    const Json manifest = jsonIn(cases.parent_path() / "manifest.json");
    if (!manifest.is_object() || !manifest.contains("inbound")) return names;
    for (const auto& route : manifest["inbound"]) {
        const Json named = route.value("attributes", Json::object());
        for (const auto& [name, source] : named.items()) {
            if (source.contains("header")) names.emplace_back(source["header"], name);
        }
    }
    return names;
}

void besideDocument(const fs::path& document, mapping::Attributes& attributes) {
    const Json json = jsonIn(document.parent_path() / "attributes.json");
    if (!json.is_object()) return;
    const Json headers = json.value("headers", Json::object());
    for (const auto& [header, name] : attributeNames(document)) {
        if (headers.contains(header)) attributes.set(name, textOf(headers[header]));
    }
    if (json.contains("headers") || json.contains("method")) return;
    for (const auto& [name, value] : json.items()) attributes.set(name, textOf(value));
}

Status firstTest(const fs::path& mapping, const mapping::Form& form, TrialInput& out) {
    const auto file = mapping::testFileOf(mapping);
    const Json tests = jsonIn(file);
    if (!tests.is_array()) {
        return wrong(Code::CliFile, file, "name a document: stafett mapping try MAPPING DOCUMENT");
    }
    const char* const key = form.does(mapping::Direction::Read) ? "wire" : "canonical";
    for (const auto& test : tests) {
        if (!test.contains(key) || test.contains("refused")) continue;
        const Json& document = test[key];
        if (document.is_object() && document.contains("file")) {
            ST_TRY(out.document, readBytes(file.parent_path() / textOf(document["file"])));
        } else {
            out.document = textOf(document);
        }
        out.from = file.filename().string() + ", \"" + test.value("name", "") + "\"";
        const Json attributes = test.value("attributes", Json::object());
        for (const auto& [name, value] : attributes.items()) {
            out.attributes.set(name, textOf(value));
        }
        const Json settings = test.value("settings", Json::object());
        for (const auto& [name, value] : settings.items()) out.settings[name] = textOf(value);
        if (test.contains("sender")) out.party = PartyId{textOf(test["sender"])};
        return {};
    }
    return wrong(Code::CliFile, file,
                 std::string("no test with a \"") + key +
                     "\" that is not refused; name a document after the mapping");
}

}  // namespace

Result<TrialInput> trialInput(const Common& common, const TryArguments& arguments,
                              const mapping::Form& form) {
    TrialInput out;
    if (const auto config = config::load(configFolder(common))) {
        for (const auto& [id, party] : config->parties) {
            if (party.dialect.value != form.dialect()) continue;
            out.party = id;
            out.settings = {party.settings.begin(), party.settings.end()};
            break;
        }
    }
    if (arguments.document.empty()) {
        if (auto found = firstTest(mappingOf(arguments.mapping), form, out); !found) {
            return tl::make_unexpected(found.error());
        }
    } else {
        ST_TRY(out.document, readBytes(arguments.document));
        out.from = arguments.document.string();
        besideDocument(arguments.document, out.attributes);
    }
    for (const auto& pair : arguments.attributes) {
        const auto equals = pair.find('=');
        if (equals == std::string::npos || equals == 0) {
            return wrong(Code::CliUsage, "--attr " + pair, "it is written --attr NAME=VALUE");
        }
        out.attributes.set(pair.substr(0, equals), pair.substr(equals + 1));
    }
    return out;
}

}  // namespace stafett::app
