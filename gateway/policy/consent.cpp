// Whether a consent lets a message go: known, standing, in time, and covering whom and what.
#include <algorithm>

#include "gateway/policy/match.h"
#include "gateway/policy/policy.h"

namespace stafett::policy {
namespace {

Error problem(Code code, std::string_view path, const Flow& flow) {
    return Error(code, Place{.path = std::string(path), .row = "flow " + flow.id});
}

/// The first field of this kind of information that the receiver would be told.
std::string_view firstOf(const InformationKind& kind, const message::Message& message,
                         const std::vector<message::FieldIndex>& left_out) {
    const auto& fields = message.schema().root.fields;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto index = static_cast<message::FieldIndex>(i);
        if (!message.root().has(index) || !underAny(fields[i].path, kind.fields)) continue;
        const bool stays = std::find(left_out.begin(), left_out.end(), index) != left_out.end();
        if (!stays) return fields[i].path;
    }
    return {};
}

bool names(const message::Consent& consent, const InformationKind& kind) {
    return std::any_of(consent.kinds.begin(), consent.kinds.end(), [&](const std::string& named) {
        return named == kind.id || contains(kind.called, named);
    });
}

}  // namespace

void Policy::judgeConsent(const message::Message& message, const Flow& flow, const Passage& passage,
                          const message::Consent* on_record, Verdict& verdict) const {
    if (message.text("consent/ref").empty()) {
        verdict.refused.push_back(problem(Code::PolicyNoConsent, "consent/ref", flow));
        return;
    }
    const auto said_to = message.text("consent/validTo");
    if (!said_to.empty() && said_to < passage.today) {
        verdict.refused.push_back(problem(Code::PolicyConsentExpired, "consent/validTo", flow));
    } else if (on_record == nullptr) {
        const bool refuse = flow.unknown_consent == Flow::Unknown::Refuse;
        auto& list = refuse ? verdict.refused : verdict.warnings;
        list.push_back(problem(refuse ? Code::PolicyConsentUnknown : Code::PolicyConsentUnconfirmed,
                               "consent/ref", flow));
    } else if (!on_record->withdrawn.empty() && on_record->withdrawn <= passage.today) {
        verdict.refused.push_back(problem(Code::PolicyConsentWithdrawn, "consent/ref", flow));
    } else if (!config::holdsOn(on_record->from, on_record->to, passage.today)) {
        verdict.refused.push_back(problem(Code::PolicyConsentExpired, "consent/ref", flow));
    } else {
        for (auto& lack : uncovered(message, flow, passage, *on_record)) {
            verdict.refused.push_back(std::move(lack));
        }
    }
}

Problems Policy::uncovered(const message::Message& message, const Flow& flow,
                           const Passage& passage, const message::Consent& consent) const {
    Problems out;
    if (!contains(consent.parties, passage.receiver.id.value)) {
        out.push_back(problem(Code::PolicyConsentParty, "receivers/party", flow));
        out.back().place().row += ", receiver " + passage.receiver.id.value;
    }
    const auto purpose = message.text("purpose");
    if (!purpose.empty() && !consent.purpose.empty() && purpose != consent.purpose) {
        out.push_back(problem(Code::PolicyConsentPurpose, "purpose", flow));
    }
    const auto left_out = withheld(message, flow);
    for (const auto& kind : information_kinds_) {
        if (names(consent, kind)) continue;
        const auto field = firstOf(kind, message, left_out);
        if (field.empty()) continue;
        out.push_back(problem(Code::PolicyConsentKind, field, flow));
        out.back().place().row += ", kind " + kind.id;
    }
    return out;
}

}  // namespace stafett::policy
