#pragma once

#include <nlohmann/json.hpp>

#include "gateway/config/config.h"
#include "gateway/store/message_store.h"

// Cases as the API gives them: ids, parties by name, codes, dates, and sentences in both languages.
// No content.
namespace stafett::admin {

nlohmann::ordered_json partyJson(const PartyId& id, const FunctionId& function,
                                 const config::Config& config);

/// Who holds the baton, what has been promised, whose turn it is, plan against reached.
nlohmann::ordered_json caseJson(const store::CaseRow& row, const config::Config& config,
                                const std::string& today);

/// One row of a list of cases.
nlohmann::ordered_json listedJson(const store::ListedCase& listed, const config::Config& config,
                                  const std::string& today);

/// Who held the baton from when, read from the events of the case's messages.
nlohmann::ordered_json holdersJson(const store::Story& story, const config::Config& config);

/// What a participant may read about the own case: who has the baton, what was promised by when,
/// whom to call, who has looked. Names and dates alone.
nlohmann::ordered_json participantJson(const store::Story& story, const config::Config& config,
                                       const std::string& today);

}  // namespace stafett::admin
