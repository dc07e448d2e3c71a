#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/config/config.h"
#include "gateway/message/message.h"

namespace stafett::policy {

/// Who may send what to whom on what ground (design 8). Sides are named by organisationsnummer,
/// `type:municipality`, `dialect:region`, or `*`.
struct Flow {
    std::string id;
    std::vector<std::string> from, to;
    std::vector<std::string> kinds;      ///< or "*"
    std::vector<std::string> territory;  ///< kommunkod or län; empty = everywhere
    std::string valid_from, valid_to;
    enum class Consent : std::uint8_t { NotNeeded, Demanded };
    Consent consent = Consent::NotNeeded;
    std::vector<std::string> grounds;    ///< one of these must be stated; empty = none demanded
    std::vector<std::string> purposes;   ///< the same
    std::vector<std::string> sensitive;  ///< canonical paths or subtrees that may go; "*" = all
    bool protected_persons = false;
    std::string routine;  ///< id of the routine both sides have accepted; goes to the trace
};

/// What decided, and what may go. The rule lives as long as the policy it came from.
struct Permission {
    const Flow* rule = nullptr;
};

/// The policy in force. Never changed after it was loaded. Many threads.
class Policy {
public:
    /// Reads policy.json beside the rest of the configuration; all problems at once. Two flows that
    /// name the same sides, kind and territory in overlapping periods are refused.
    static Checked<Policy> load(const std::filesystem::path& file, const config::Config& config);

    /// Whether this message may go from its sender to this receiver today. The first flow that
    /// covers it decides. Problems carry the flow's id or, without one, both sides.
    Checked<Permission> permit(const message::Message& message, const config::Party& sender,
                               const config::Party& receiver, std::string_view today) const;

    const std::vector<Flow>& flows() const { return flows_; }

private:
    std::vector<Flow> flows_;
};

/// Sensitive fields of the message that this flow does not list, in the schema's order.
std::vector<message::FieldIndex> withheld(const message::Message& message, const Flow& flow);

/// Rules that warn (ten hours): never refuse, never change the message.
Problems warnings(const message::Message& message);

}  // namespace stafett::policy
