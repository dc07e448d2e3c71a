#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/ids.h"
#include "gateway/base/sha256.h"

// Cases as the store knows them: plain values, each used by one thread at a time.
namespace stafett::store {

/// A case from one state to its next, and what it is found by there.
struct CaseMove {
    CaseId case_id;
    std::uint64_t case_version = 0;  ///< at which the case was read; 0 = the case is new
    std::string case_state;          ///< custody::print of the state after, notices and all
    PartyId holder;                  ///< after
    FunctionId holder_function;
    std::string next_due = {};         ///< YYYY-MM-DD on which a timer is due, or empty
    std::string between_since = {};    ///< YYYY-MM-DD since when it is between the chairs, or empty
    std::string closed_on = {};        ///< YYYY-MM-DD, or empty while it is open
    std::string municipality = {};     ///< kommunkod, for reports; empty = as before
    std::vector<PartyId> joined = {};  ///< parties that take part from now on
    std::optional<Digest> rests_on = {};  ///< the consent the case rests on from now
};

struct CaseRow {
    CaseId id;
    std::uint64_t version = 0;
    std::string state;                   ///< custody JSON
    std::optional<Digest> consent = {};  ///< what the case rests on
};

/// Newest first, where nothing else is said. Every condition given must hold.
struct CaseQuery {
    std::optional<PartyId> holder = {};
    std::optional<PartyId> party = {};  ///< holds it, has held it, offered it or was offered it
    std::optional<bool> open = {};
    bool between_chairs = false;             ///< those that stand there, longest first
    std::optional<std::string> due_by = {};  ///< with a date that has come by then, earliest first
    std::string after = {};                  ///< keyset: the last row's key
    std::uint32_t limit = 50;
};

struct ListedCase {
    CaseRow row;
    PartyId holder;
    FunctionId holder_function;
    std::string next_due, between_since, closed_on;  ///< YYYY-MM-DD, or empty
    Time opened_at{}, changed_at{};
    std::string key;  ///< for CaseQuery::after
};

}  // namespace stafett::store
