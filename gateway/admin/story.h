#pragma once

#include <nlohmann/json.hpp>

#include "gateway/config/config.h"
#include "gateway/store/message_store.h"

namespace stafett::admin {

/// A story as the API gives it: ids, parties by name, states, events, losses, who holds the baton
/// and whose turn it is on this day. No content.
nlohmann::ordered_json storyJson(const store::Story& story, const config::Config& config,
                                 const std::string& today);
nlohmann::ordered_json foundJson(const store::Found& found, const config::Config& config);

}  // namespace stafett::admin
