#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/custody/custody.h"
#include "gateway/pipeline/shared.h"
#include "gateway/pipeline/snapshot.h"

namespace stafett::pipeline {

/// What the gateway itself tells a party, in that party's own dialect.
struct Word {
    /// What a party owes it is reminded of, whether it asked for notices or not; and in its form
    /// for reminders, where its dialect has one.
    enum class Kind : std::uint8_t { Notice, Reminder };

    std::optional<MessageId> about;  ///< nothing when it is the case as a whole
    CaseId case_id;
    PartyId to;        ///< who is told
    PartyId party;     ///< whom it is about
    std::string code;  ///< of the value set notice_code
    std::optional<Code> problem = {};
    std::string words = {};  ///< from configuration, in the party's language; else the problem's
    /// How `to` calls the message: by its own id, by ours, or as the case's offers say.
    enum class Called : std::uint8_t { AsInCase, ByItself, ByUs } called = Called::AsInCase;
    Kind kind = Kind::Notice;
    FunctionId function = {};  ///< of `to`; empty = its default one
    std::string due = {};      ///< YYYY-MM-DD: the date that makes it so
    std::uint32_t number = 0;  ///< which reminder
};

/// Whether the party has asked to be told this code.
bool asksFor(const config::Party& party, std::string_view code);

/// The message to be kept, whole but for its case's next state; nothing when the party's dialect
/// has no form for it. `state` is the case as it stands. Many threads.
Result<std::optional<store::Keep>> write(const Shared& shared, const Snapshot& snapshot,
                                         const custody::CaseState& state, const Word& word,
                                         Time now);

/// Everything custody obliges the gateway to say after an act or a tick: the messages, at the next
/// places of the case, in `notices`; `state` counts them. `because`: what made it so, where there
/// is a code for it.
Status say(const Shared& shared, const Snapshot& snapshot, const CaseId& case_id,
           const std::vector<custody::Obligation>& obligations, Time now, custody::CaseState& state,
           std::vector<store::Keep>& notices, std::optional<Code> because = {});

/// Draws from custody's state what the case is found by in the store, on this day. `between_since`
/// is what it was so far.
void fill(store::CaseMove& move, const std::optional<custody::CaseState>& before,
          const custody::CaseState& after, const config::Config& config, std::string_view today);

}  // namespace stafett::pipeline
