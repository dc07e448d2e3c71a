#pragma once

#include <string>

#include "gateway/plugin/json_reading.h"
#include "gateway/plugin/manifest.h"

namespace stafett::plugin {

// The parts of a manifest, each read and checked by itself; manifest.cpp puts them together.

using Json = JsonReading::Json;

std::vector<Route> readInbound(const Json& root, JsonReading& in);
Envelope readEnvelope(const Json& root, JsonReading& in);
std::vector<Outbound> readOutbound(const Json& root, JsonReading& in);
SettingsSchema readSettings(const Json& root, JsonReading& in);
std::vector<OwnCode> readCodes(const Json& root, JsonReading& in);
/// A template at at/key; what is wrong with it is said.
WireTemplate readTemplate(const Json& object, const std::string& at, const char* key, Need need,
                          JsonReading& in);

/// [a-z][a-z0-9_-]{0,63}: names of dialects, forms, plugins.
bool isSmallName(std::string_view name);
/// [A-Za-z][A-Za-z0-9_-]{0,63}: attributes and settings.
bool isName(std::string_view name);

}  // namespace stafett::plugin
