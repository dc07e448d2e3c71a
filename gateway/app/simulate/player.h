#pragma once

#include <map>
#include <string>

#include "gateway/app/simulate/names.h"
#include "gateway/app/simulate/stage.h"
#include "gateway/codec/tree.h"

namespace stafett::app {

/// What one step of a script came to.
struct StepOutcome {
    std::string title;
    bool ok = false;
    std::string why;  ///< when not ok: what was expected and what came
    std::chrono::milliseconds took{0};
    std::string message_id;  ///< a send that was accepted
    std::string case_id;     ///< the case a step is about, where it is about one
};

/// One participant's way through a script: its own ids, its own person, what it remembers. Plays on
/// whichever stage it is given; one thread at a time.
class Player {
public:
    /// `number` counts participants from 0: it picks the person.
    Player(const Script& script, std::size_t number);

    /// Plays one step, or looks whether one of the script's ends holds.
    StepOutcome play(const Script::Json& step, Stage& stage, Language language);

    /// The case of a message by the name it was sent as; empty when nothing was sent so.
    std::string caseOf(const std::string& name) const { return names_.get(name + ".case"); }
    /// Every case of this participant: id → the first name of a message of it.
    std::map<std::string, std::string> cases() const;

private:
    using Json = Script::Json;
    std::string act(const Json& step, Stage& stage, StepOutcome& outcome);
    std::string send(const Json& step, Stage& stage, StepOutcome& outcome);
    std::string answered(const Json& step, const transport::HttpResponse& answer,
                         StepOutcome& outcome);
    std::string arrive(const Json& step, Stage& stage);
    std::string trace(const Json& step, Stage& stage);
    std::string treat(const Json& step, Stage& stage);
    std::string advance(const Json& step, Stage& stage);
    std::string lookAtCase(const Json& step, Stage& stage, StepOutcome& outcome);
    std::string lookBetween(const Json& step, Stage& stage);
    std::string lookAtReport(const Json& step, Stage& stage);
    Result<transport::HttpRequest> requestOf(const Json& step);
    std::string lacks(const codec::Document& document, const Json& fields);

    const Script& script_;
    Names names_;
    Stage* stage_ = nullptr;  ///< while a step is played: names ask it for the day
    std::map<std::string, std::string> receipts_;  ///< by the name a send was given
    std::map<std::string, std::string> cases_;
};

/// "what: expected this, came that".
std::string expected(const std::string& what, const std::string& wanted, const std::string& came);

/// How what came differs from what is expected of it, or nothing. An object may hold more than is
/// expected; a list must be as long.
std::string differs(const Script::Json& expect, const Script::Json& came, const std::string& at);

/// A case as scripts speak of it (docs/simulate.md), of what the admin API tells of it.
Script::Json caseForScripts(const Script::Json& told);

}  // namespace stafett::app
