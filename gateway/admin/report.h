#pragma once

#include <nlohmann/json.hpp>

#include "gateway/message/schema.h"
#include "gateway/report/reports.h"

namespace stafett::admin {

/// A report as the API gives it: labels in Swedish and English, `null` for a number that is nought
/// or under five, shares against the targets where the report has them.
nlohmann::ordered_json reportJson(const report::Table& table, const config::Config& config,
                                  const message::Catalogue& catalogue);
/// What reports there are, and how each may be split.
nlohmann::ordered_json definitionsJson();
nlohmann::ordered_json experienceJson(const std::vector<store::ExperienceRow>& rows);

}  // namespace stafett::admin
