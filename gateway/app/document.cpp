#include "gateway/app/document.h"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "gateway/config/config.h"

namespace stafett::app {
namespace {

using Json = nlohmann::json;
using HeaderList = std::vector<std::pair<std::string, std::string>>;

struct Candidate {
    std::string method, path;
    HeaderList headers;
};

std::string given(const std::vector<std::string>& attributes, const std::string& name) {
    for (const auto& pair : attributes) {
        if (pair.starts_with(name + "=")) return pair.substr(name.size() + 1);
    }
    return {};
}

/// The request that a golden case was sent as.
std::optional<Candidate> besideFile(const std::filesystem::path& file) {
    std::ifstream in(file.parent_path() / "attributes.json");
    const auto json = Json::parse(in, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    Candidate candidate{json.value("method", "POST"), json.value("path", "/"), {}};
    const auto headers = json.value("headers", Json::object());
    for (const auto& [name, value] : headers.items()) {
        candidate.headers.emplace_back(name, value.get<std::string>());
    }
    return candidate;
}

HeaderList headersOf(const Json& route, const std::vector<std::string>& attributes) {
    HeaderList headers;
    const auto types = route.value("content_types", Json::array());
    if (!types.empty()) headers.emplace_back("Content-Type", types.front().get<std::string>());
    const auto named = route.value("attributes", Json::object());
    for (const auto& [name, source] : named.items()) {
        if (!source.contains("header")) continue;
        std::string value = given(attributes, name);
        if (value.empty() && source.value("id", false)) {
            value = Uuid::make().text();
            std::cerr << "note: " << name << " was not given (--attr " << name << "=…); made up\n";
        }
        if (!value.empty()) headers.emplace_back(source.at("header").get<std::string>(), value);
    }
    return headers;
}

/// One request for each route and each SOAPAction it knows.
std::vector<Candidate> everyRoute(const plugin::Adapter& adapter, const std::string& form,
                                  const std::vector<std::string>& attributes) {
    std::vector<Candidate> candidates;
    const auto manifest = Json::parse(adapter.manifest());
    for (const auto& route : manifest.at("inbound")) {
        const auto& forms = route.at("forms");
        const bool wanted =
            form.empty() || std::any_of(forms.begin(), forms.end(),
                                        [&](const Json& f) { return f.at("form") == form; });
        if (!wanted) continue;
        const Candidate plain{route.value("method", "POST"), route.at("path").get<std::string>(),
                              headersOf(route, attributes)};
        bool by_action = false;
        for (const auto& f : forms) {
            const auto when = f.value("when", Json::object());
            if (!when.contains("soap_action")) continue;
            by_action = true;
            Candidate one = plain;
            one.headers.emplace_back("SOAPAction",
                                     "\"" + when.at("soap_action").get<std::string>() + "\"");
            candidates.push_back(std::move(one));
        }
        if (!by_action) candidates.push_back(plain);
    }
    return candidates;
}

}  // namespace

Result<Bytes> readBytes(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return tl::make_unexpected(Error(Code::CliFile, Place{.file = file.string()}));
    std::ostringstream bytes;
    bytes << in.rdbuf();
    return std::move(bytes).str();
}

Result<TrialDocument> readDocument(const plugin::Adapter& adapter,
                                   const mapping::ContentPlaces& places,
                                   const std::filesystem::path& file, const std::string& form,
                                   const std::vector<std::string>& attributes) {
    ST_TRY(Bytes whole, readBytes(file));
    whole.reserve(64);  // too long to move with its owner: the contents point into it
    const auto most = config::Attachments{}.content;
    auto [body, contents] = codec::cutContents(whole, places.format, places.places, most);
    std::vector<Candidate> candidates;
    if (auto beside = besideFile(file)) candidates.push_back(std::move(*beside));
    if (candidates.empty()) candidates = everyRoute(adapter, form, attributes);
    Error last(Code::NoForm, Place{.file = file.string()});
    for (const auto& candidate : candidates) {
        auto decoded =
            adapter.decode({candidate.method, candidate.path, {}, &candidate.headers, body});
        if (decoded && (form.empty() || decoded->form.value == form)) {
            return TrialDocument{std::move(*decoded), std::move(whole), std::move(contents)};
        }
        // Another dialect's path is only one more way in which the document is not this one's.
        const auto why = decoded ? Code::NoForm : decoded.error().code();
        if (why != Code::NoForm && why != Code::HttpNoRoute) last = decoded.error();
    }
    return tl::make_unexpected(last);
}

}  // namespace stafett::app
