#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/config/config.h"
#include "gateway/message/consent.h"
#include "gateway/message/message.h"
#include "gateway/policy/rules.h"

namespace stafett::policy {

/// Who may send what to whom on what ground (design 8). Sides are named by organisationsnummer,
/// `type:municipality`, `dialect:region`, or `*`.
struct Flow {
    std::string id;
    std::vector<std::string> from, to;
    std::vector<std::string> kinds;      ///< or "*", which leaves out deviations: they are named
    std::vector<std::string> territory;  ///< kommunkod or län; empty = everywhere
    std::string valid_from, valid_to;
    enum class Consent : std::uint8_t { NotNeeded, Demanded };
    Consent consent = Consent::NotNeeded;
    enum class Unknown : std::uint8_t { Warn, Refuse };
    Unknown unknown_consent = Unknown::Warn;  ///< a reference that nothing is on record of
    std::vector<std::string> grounds;    ///< one of these must be stated; empty = none demanded
    std::vector<std::string> purposes;   ///< the same
    std::vector<std::string> sensitive;  ///< canonical paths or subtrees that may go; "*" = all
    bool protected_persons = false;
    std::string routine;  ///< id of the routine both sides must have accepted, or empty
};

/// A way of working that parties have accepted, in one version for a time.
struct Routine {
    std::string id, version;
    std::vector<std::string> accepted;  ///< sides, as in a flow
    std::string valid_from, valid_to;
};

/// A kind of information a consent covers: how consents name it, and which fields are of it.
struct InformationKind {
    std::string id;
    std::vector<std::string> called;  ///< other words for it in consents
    std::vector<std::string> fields;  ///< canonical paths or subtrees
};

/// Who sends what to whom, where and when: what decides which flow covers it.
struct Passage {
    std::string_view kind;
    const config::Party& sender;
    const config::Party& receiver;
    std::string_view place;  ///< the kommun it is about, or empty
    std::string_view today;
};
/// The person's kommun, where it is told; else the sender's own, else the receiver's.
std::string_view placeOf(std::string_view persons, const config::Party& sender,
                         const config::Party& receiver);
Passage passageOf(const message::Message& message, const config::Party& sender,
                  const config::Party& receiver, std::string_view today);

/// Why a flow does not cover a passage.
enum class Miss : std::uint8_t { Period, Kind, From, To, Territory, Routine };
std::string_view name(Miss miss);

/// What decided. Both live as long as the policy they came from.
struct Permission {
    const Flow* flow = nullptr;
    const Routine* routine = nullptr;  ///< the version in force, where the flow names one
};

/// What a flow demands and a message lacks; and what its sender is told all the same.
struct Verdict {
    Problems refused, warnings;
};

/// The policy in force. Never changed after it was loaded. Many threads.
class Policy {
public:
    /// Reads policy.json beside the rest of the configuration; all problems at once: names that
    /// nothing has, periods that end before they begin, and two flows, routines, rules or
    /// agreements that speak of the same thing at once.
    static Checked<Policy> load(const std::filesystem::path& file, const config::Config& config,
                                const message::Catalogue& catalogue);

    /// The first flow that covers the passage. ST-POL-016 when a side's time is over, ST-POL-001
    /// when there is none.
    Result<Permission> flowFor(const Passage& passage) const;
    /// Everything that keeps a flow from covering the passage; empty when it does.
    std::vector<Miss> misses(const Flow& flow, const Passage& passage) const;

    /// Whether a message has what its flow demands. `on_record` is what the gateway knows of the
    /// consent the message names; asked for only where the flow demands one.
    Verdict judge(const message::Message& message, const Flow& flow, const Passage& passage,
                  const message::Consent* on_record) const;

    /// The rules that speak, each with the agreement that says otherwise where there is one.
    std::vector<Finding> findings(const RuleFacts& facts) const;
    /// The declared kind of information that a consent calls so; nothing when there is none.
    const InformationKind* informationKind(std::string_view called) const;

    const std::vector<Flow>& flows() const { return flows_; }
    const std::vector<Rule>& rules() const { return rules_; }
    const std::vector<Agreement>& agreements() const { return agreements_; }
    const std::vector<InformationKind>& informationKinds() const { return information_kinds_; }

private:
    const Routine* routineFor(const Flow& flow, const Passage& passage) const;
    void judgeConsent(const message::Message& message, const Flow& flow, const Passage& passage,
                      const message::Consent* on_record, Verdict& verdict) const;
    Problems uncovered(const message::Message& message, const Flow& flow, const Passage& passage,
                       const message::Consent& consent) const;

    std::vector<Flow> flows_;
    std::vector<Routine> routines_;
    std::vector<InformationKind> information_kinds_;
    std::vector<Rule> rules_;
    std::vector<Agreement> agreements_;
};

/// Sensitive fields of the message that this flow does not list, in the schema's order.
std::vector<message::FieldIndex> withheld(const message::Message& message, const Flow& flow);

}  // namespace stafett::policy
