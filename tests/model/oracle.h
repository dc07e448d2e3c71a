#pragma once

#include <set>
#include <string>
#include <vector>

#include "gateway/custody/custody.h"

/// What must be true of a case whatever happens to it. The oracle keeps books of its own from the
/// acts that were allowed, in the plainest way, and shares no rule with the machine.
namespace stafett::custody::model {

class Oracle {
public:
    /// What was wrong with this step; empty = nothing.
    std::string judge(const std::optional<CaseState>& before, const Act& act,
                      const Result<Decision>& result);

private:
    /// An offer or a request that waits for an answer.
    struct Wait {
        MessageId message;
        Holder from, to;
        std::string kind;  ///< "referral", "handover" or "assessment"
        bool lead = false;
        bool open = true;
        bool asked = false;
        std::string promised = {};  ///< taken over from that day
        bool accepted = false;
        OfferDates dates;
        std::set<std::string> spent = {};  ///< reminder days that have passed
        bool escalated = false;
        PlannedExit exit = {};
    };

    std::string wrongAnswer(const Act& act, bool allowed);
    std::string wrongNotices(const Act& act, const Decision& decision);
    std::string wrongState(const std::optional<CaseState>& before, const Act& act,
                           const CaseState& after) const;
    void follow(const Act& act);
    void followOffer(const Act& act);
    void followAnswer(const Act& act);
    void followEnding(const Act& act);
    void dayComes(const std::string& today);
    void takeOver(Wait& wait);
    std::vector<Wait*> answerable(const Act& act);
    bool speaksFor(const Holder& by, const Holder& side) const;
    bool heldOut() const;

    std::optional<Holder> holder_;
    std::vector<Wait> waits_;
    std::set<MessageId> counted_;
    std::set<MessageId> consents_;
    bool withdrawn_ = false;
    bool closed_ = false;
    PlannedExit exit_;
    std::vector<FollowUp> follow_ups_;
};

}  // namespace stafett::custody::model
