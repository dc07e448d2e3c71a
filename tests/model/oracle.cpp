#include "tests/model/oracle.h"

#include <algorithm>

#include "gateway/message/dates.h"

namespace stafett::custody::model {
namespace {

using Kind = Act::Kind;
using Notices = std::multiset<std::pair<std::string, MessageId>>;  ///< code, about

bool isOffer(Kind kind) { return kind == Kind::Refer || kind == Kind::HandOver; }
void tellBoth(Notices& notices, const char* code, const MessageId& about) {
    notices.insert({code, about});
    notices.insert({code, about});
}
bool isNobody(const Holder& who) { return who.party.empty() || who.function.empty(); }

}  // namespace

std::string Oracle::judge(const std::optional<CaseState>& before, const Act& act,
                          const Result<Decision>& result) {
    const bool repeat = counted_.contains(act.message);
    if (act.kind != Kind::Tick && repeat && result) return "a repeat was counted twice";
    if (result || !repeat) {
        if (auto wrong = wrongAnswer(act, result.has_value()); !wrong.empty()) return wrong;
    }
    if (!result) return {};
    if (!holder_) holder_ = act.by;
    dayComes(act.today);
    if (act.kind == Kind::Tick) {
        if (auto wrong = wrongNotices(act, *result); !wrong.empty()) return wrong;
    } else {
        counted_.insert(act.message);
        follow(act);
    }
    return wrongState(before, act, result->state);
}

/// Whether a party may say this for that side: see R11.
bool Oracle::speaksFor(const Holder& by, const Holder& side) const {
    const bool by_function = std::any_of(waits_.begin(), waits_.end(), [&](const Wait& w) {
        return w.kind != "assessment" && w.from.party == by.party && w.to.party == by.party;
    });
    return by.party == side.party && (!by_function || by.function == side.function);
}

std::vector<Oracle::Wait*> Oracle::answerable(const Act& act) {
    std::vector<Wait*> found;
    for (auto& w : waits_) {
        const bool started = act.kind == Kind::Started && w.accepted;
        const bool supplement = act.kind == Kind::Supplement;
        const bool open = w.open && (act.kind != Kind::Ask || !w.asked) && (!supplement || w.asked);
        if (w.kind == "assessment" || !(act.kind == Kind::Started ? started : open)) continue;
        if (act.about && w.message != *act.about) continue;
        if (speaksFor(act.by, supplement ? w.from : w.to)) found.push_back(&w);
    }
    const auto own = [&](const Wait* w) {
        return (act.kind == Kind::Supplement ? w->from : w->to) == act.by;
    };
    if (std::any_of(found.begin(), found.end(), own)) {
        std::erase_if(found, [&](const Wait* w) { return !own(w); });
    }
    return found;
}

/// Of an acceptance, both ways: nobody takes what was not held out to them, and whoever it was held
/// out to is let take it.
std::string Oracle::wrongAnswer(const Act& act, bool allowed) {
    if (act.kind != Kind::Accept) return {};
    const auto before = waits_;
    const auto found = answerable(act);
    if (allowed && found.empty()) return "somebody accepted what was not held out to them";
    if (allowed && found.size() > 1) return "which offer was accepted was guessed";
    const bool may = holder_ && !closed_ && !withdrawn_ && found.size() == 1;
    if (!allowed && may) return "the one who was asked could not accept";
    return {};
}

bool Oracle::heldOut() const {
    return std::any_of(waits_.begin(), waits_.end(),
                       [](const Wait& w) { return w.lead && (w.open || !w.promised.empty()); });
}

void Oracle::takeOver(Wait& wait) {
    wait.promised.clear();
    if (!wait.lead) return;
    holder_ = wait.to;
    exit_ = wait.exit;
}

void Oracle::dayComes(const std::string& today) {
    for (auto& w : waits_) {
        if (!w.promised.empty() && w.promised <= today) takeOver(w);
    }
}

void Oracle::follow(const Act& act) {
    if (isOffer(act.kind) || act.kind == Kind::RequestAssessment) return followOffer(act);
    if (act.kind >= Kind::Accept && act.kind <= Kind::Started) return followAnswer(act);
    if (act.kind == Kind::Plan && speaksFor(act.by, *holder_) && !act.exit.on.empty()) {
        if (act.exit.on != exit_.on) exit_.told.clear();
        exit_.on = act.exit.on;
        exit_.warn = act.exit.warn;
    }
    if (act.kind == Kind::Progress && act.follow_up) {
        const auto next = std::find_if(follow_ups_.begin(), follow_ups_.end(),
                                       [](const FollowUp& f) { return f.done.empty(); });
        if (next != follow_ups_.end()) next->done = act.today;
    }
    followEnding(act);
}

void Oracle::followOffer(const Act& act) {
    for (const auto& to : act.to) {
        const bool offer = isOffer(act.kind);
        waits_.push_back({.message = act.message,
                          .from = act.by,
                          .to = to.who,
                          .kind = !offer                    ? "assessment"
                                  : act.kind == Kind::Refer ? "referral"
                                                            : "handover",
                          .lead = offer && to.role == Role::Lead,
                          .dates = offer ? to.dates : act.dates,
                          .exit = act.exit});
    }
}

void Oracle::followAnswer(const Act& act) {
    const auto found = answerable(act);
    if (found.size() != 1) return;  // judged by wrongState: the holder will not be ours
    Wait& w = *found.front();
    if (act.kind == Kind::Accept) {
        w.open = w.asked = false;
        w.accepted = true;
        w.promised = act.takes_over;
        if (act.takes_over <= act.today) takeOver(w);
    }
    if (act.kind == Kind::Decline) w.open = false;
    if (act.kind == Kind::Ask) w.asked = true;
    if (act.kind == Kind::Supplement) w.asked = false;
    if (act.kind == Kind::Started) {
        if (!w.promised.empty()) takeOver(w);
        w.accepted = false;
    }
}

void Oracle::followEnding(const Act& act) {
    const auto stop = [](Wait& w) {
        w.open = false;
        w.accepted = w.accepted && w.promised.empty();
        w.promised.clear();
    };
    for (auto& w : waits_) {
        const bool meant = !act.about || w.message == *act.about;
        if (act.kind == Kind::Cancel && w.open && meant && speaksFor(act.by, w.from)) stop(w);
        // Whoever is asked or asks may book the request they are in.
        const bool in_it = speaksFor(act.by, w.from) || speaksFor(act.by, w.to);
        if (act.kind == Kind::BookAssessment && w.kind == "assessment" && in_it) w.open = false;
        if (act.kind == Kind::Close) stop(w);
    }
    if (act.kind == Kind::GiveConsent) {
        withdrawn_ = false;
        consents_.insert(act.message);
    }
    if (act.kind == Kind::WithdrawConsent) {
        const bool known = act.about && consents_.erase(*act.about) == 1;
        if (known && !consents_.empty()) return;
        consents_.clear();
        withdrawn_ = true;
        for (auto& w : waits_) stop(w);
    }
    if (act.kind == Kind::Close) {
        closed_ = true;
        exit_ = {};
        if (act.outcome == "arbete" || act.outcome == "studier") follow_ups_ = act.follow_ups;
    }
}

/// What the calendar should have told on this day, by the oracle's own books: no more, no less.
std::string Oracle::wrongNotices(const Act& act, const Decision& decision) {
    Notices expected;
    for (auto& w : waits_) {
        if (!w.open) continue;
        bool soon = false;
        bool late = false;
        for (const auto& day : w.dates.remind_on) {
            if (day > act.today || !w.spent.insert(day).second) continue;
            (day > w.dates.answer_by ? late : soon) = true;
        }
        if (late) tellBoth(expected, "overdue", w.message);
        if (soon && !late && act.today <= w.dates.answer_by) {
            expected.insert({"reminder_soon", w.message});
        }
        if (!w.escalated && !w.dates.escalate_on.empty() && w.dates.escalate_on <= act.today) {
            w.escalated = true;
            tellBoth(expected, "escalated", w.message);
        }
    }
    if (!closed_ && exit_.told.empty() && !exit_.on.empty() && exit_.warn <= act.today &&
        !heldOut()) {
        exit_.told = act.today;
        expected.insert({"exit_near", MessageId{}});
    }
    std::size_t follow_ups = 0;
    for (auto& f : follow_ups_) {
        if (withdrawn_ || !f.told.empty() || !f.done.empty() || f.due > act.today) continue;
        f.told = act.today;
        ++follow_ups;
    }
    Notices told;
    for (const auto& one : decision.obligations) {
        if (one.code == "follow_up_due") {
            if (follow_ups-- == 0) return "a follow-up came due twice, or never should have";
        } else {
            told.insert({std::string(one.code), one.about});
        }
    }
    if (follow_ups != 0) return "a follow-up did not come due";
    if (told != expected) return "a timer fired twice, or never, or without cause";
    const auto next = nextDue(decision.state);
    if (!next.empty() && next <= act.today) return "what was due is still due after its tick";
    return {};
}

std::string Oracle::wrongState(const std::optional<CaseState>& before, const Act& act,
                               const CaseState& after) const {
    if (isNobody(after.holder)) {
        return closed_ ? "a case was closed with nobody" : "a case with nobody";
    }
    if (after.holder != *holder_) return "the holder changed without an acceptance";
    for (const auto& o : after.offers) {
        if (isOpen(o) && !message::isDate(o.dates.answer_by)) return "an open offer without a date";
    }
    if ((after.phase == Phase::Closed) != closed_) return "a case closed, or opened, by itself";
    if (closed_ && (!after.closure || after.closure->outcome.empty())) {
        return "a case was closed without an outcome";
    }
    if (closed_ && act.kind == Kind::Close && (!speaksFor(act.by, *holder_) || heldOut())) {
        return "a case was closed by another than its holder, or while held out";
    }
    const auto version = before ? before->version : 0;
    const bool tick = act.kind == Kind::Tick;
    if (!tick && after.version != version + 1) return "an act that was not one step";
    if (after.counted.size() != counted_.size()) return "messages were counted wrongly";
    const auto open = std::count_if(waits_.begin(), waits_.end(),
                                    [](const Wait& w) { return w.open && w.kind != "assessment"; });
    if (std::count_if(after.offers.begin(), after.offers.end(), isOpen) != open) {
        return "other offers are open than were left open";
    }
    return {};
}

}  // namespace stafett::custody::model
