// Which act a message is, by its kind and type.
#include "gateway/custody/act.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace stafett::custody {
namespace {

struct Row {
    std::string_view kind;
    std::string_view type;  ///< empty = the kind has none that matters here
    Act::Kind act;
};

constexpr std::array<Row, 21> kActs = {{
    {"referral", "", Act::Kind::Refer},
    {"handover", "", Act::Kind::HandOver},
    {"answer", "accept", Act::Kind::Accept},
    {"answer", "decline", Act::Kind::Decline},
    {"answer", "ask", Act::Kind::Ask},
    {"answer", "supplement", Act::Kind::Supplement},
    {"answer", "started", Act::Kind::Started},
    {"answer", "status", Act::Kind::Status},
    {"plan", "", Act::Kind::Plan},
    {"joint_assessment", "request", Act::Kind::RequestAssessment},
    {"joint_assessment", "booked", Act::Kind::BookAssessment},
    {"joint_assessment", "result", Act::Kind::AssessmentResult},
    {"progress", "", Act::Kind::Progress},
    {"deviation", "", Act::Kind::Deviation},
    {"consent", "given", Act::Kind::GiveConsent},
    {"consent", "withdrawn", Act::Kind::WithdrawConsent},
    {"closure", "", Act::Kind::Close},
    {"cancel", "", Act::Kind::Cancel},
    {"reminder", "", Act::Kind::Remind},
    {"caseworker_change", "", Act::Kind::ChangeCaseworker},
    {"notice", "", Act::Kind::Notice},
}};

}  // namespace

std::optional<Act::Kind> actKind(std::string_view kind, std::string_view type) {
    const auto* found = std::find_if(kActs.begin(), kActs.end(), [&](const Row& row) {
        return row.kind == kind && (row.type.empty() || row.type == type);
    });
    return found == kActs.end() ? std::nullopt : std::optional(found->act);
}

}  // namespace stafett::custody
