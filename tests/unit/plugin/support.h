#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "gateway/plugin/adapter.h"
#include "gateway/plugin/loaded_adapter.h"

namespace stafett::plugin {

/// An adapter from a manifest's text and functions of this program.
inline std::shared_ptr<const LoadedAdapter> adapterOf(
    std::string_view manifest, const Functions& functions = {},
    std::chrono::milliseconds deadline = std::chrono::seconds(10)) {
    auto made = LoadedAdapter::make(describe(manifest, functions), sha256("x"),
                                    std::make_shared<Watch>(deadline), "test");
    if (made) return *made;
    for (const auto& error : made.error())
        ADD_FAILURE() << stafett::describe(error, Language::English);
    return nullptr;
}

inline bool until(const std::function<bool()>& holds, std::chrono::milliseconds most) {
    const auto end = std::chrono::steady_clock::now() + most;
    while (!holds()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

inline std::string readFile(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline std::string headerOf(const WireMessage& message, std::string_view name) {
    return std::string(findHeader(&message.headers, name).value);
}

inline constexpr std::string_view kJsonManifest = R"({
  "plugin": "json_side", "version": "1.0.0", "dialect": "json_side", "status": "alpha",
  "title": { "sv": "Prov", "en": "Trial" },
  "read": { "format": "json", "body": 4096 },
  "inbound": [
    { "path": "/in", "content_types": ["application/json"],
      "forms": [ { "form": "remiss", "when": { "path": "typ", "is": "REMISS" } },
                 { "form": "svar", "when": { "path": "typ", "is": "SVAR" } } ],
      "attributes": { "sparning": { "header": "X-Tracking", "id": true },
                      "kanal": { "query": "kanal" },
                      "system": { "header": "X-System", "required": true } } },
    { "path": "/any", "content_types": ["application/json", "application/vnd.x+json"],
      "forms": [ { "form": "remiss" } ] } ],
  "outbound": [
    { "kind": "referral", "form": "remiss", "path": "/v1/{setting:gren}/in",
      "content_type": "application/json; charset=utf-8",
      "headers": { "X-Tracking": "{attr:sparning}", "X-Unit": "{setting:enhet}", "X-Fixed": "a {attr:kanal}" } } ],
  "settings": { "type": "object", "required": ["enhet"], "properties": {
      "enhet": { "type": "string", "title": "Enhet", "pattern": "^[A-Z]{2,8}$" },
      "gren": { "type": "string", "title": "Gren", "default": "a/b" },
      "antal": { "type": "integer", "title": "Antal", "minimum": 1, "maximum": 9 },
      "prov": { "type": "boolean", "title": "Prov" },
      "val": { "type": "string", "title": "Val", "enum": ["ett", "tva"] } } },
  "codes": [ { "code": "X-RULE", "outcome": "content_refused", "sv": "fel", "en": "wrong", "todo_sv": "rätta", "todo_en": "mend" },
             { "code": "X-WARN", "outcome": "warning", "sv": "obs", "en": "note", "todo_sv": "se", "todo_en": "see" } ]
EXTRA })";

/// kJsonManifest with more keys at its end: R"(, "replies": "plugin")".
inline std::string jsonManifest(std::string_view extra = {}) {
    std::string text(kJsonManifest);
    text.replace(text.find("EXTRA"), 5, extra);
    return text;
}

inline constexpr std::string_view kSoapManifest = R"({
  "plugin": "soap_side", "version": "1.0.0", "dialect": "soap_side", "status": "alpha",
  "title": { "sv": "Prov", "en": "Trial" },
  "read": { "format": "xml", "encodings": ["ISO-8859-1"] },
  "envelope": { "format": "soap11", "soap_action": "required",
    "headers": { "LogicalAddress": { "namespace": "urn:riv:itintegration:registry:1", "name": "LogicalAddress", "required": true },
                 "Spar": { "namespace": "urn:t", "name": "Tx" } } },
  "inbound": [ { "path": "/soap", "content_types": ["text/xml"],
    "forms": [ { "form": "remiss", "when": { "root": "Remiss", "namespace": "urn:r" } },
               { "form": "svar", "when": { "root": "Svar", "soap_action": "urn:svar" } } ] } ],
  "outbound": [ { "kind": "referral", "form": "remiss", "path": "/soap", "content_type": "text/xml; charset=utf-8",
    "headers": { "SOAPAction": "\"urn:remiss\"" } } ]
EXTRA })";

inline std::string soapManifest(std::string_view extra = {}) {
    std::string text(kSoapManifest);
    text.replace(text.find("EXTRA"), 5, extra);
    return text;
}

}  // namespace stafett::plugin
