#include "gateway/policy/policy.h"

#include <algorithm>

#include "gateway/config/sides.h"

namespace stafett::policy {
namespace {

bool contains(const std::vector<std::string>& list, std::string_view item) {
    return std::find(list.begin(), list.end(), item) != list.end();
}

/// The kommun a message is about: the person's, else the sender's own.
std::string_view territoryOf(const message::Message& message, const config::Party& sender) {
    const auto person = message.text("person/municipality");
    return person.empty() ? std::string_view(sender.municipality) : person;
}

bool covers(const Flow& flow, const message::Message& message, const config::Party& sender,
            const config::Party& receiver, std::string_view today) {
    if (!config::holdsOn(flow.valid_from, flow.valid_to, today)) return false;
    if (!contains(flow.kinds, "*") && !contains(flow.kinds, message.schema().kind)) return false;
    return config::names(flow.from, sender) && config::names(flow.to, receiver) &&
           config::liesIn(flow.territory, territoryOf(message, sender));
}

bool statesOne(const message::Message& message, std::string_view list,
               const std::vector<std::string>& allowed) {
    const auto& items = message.items(list);
    return std::any_of(items.begin(), items.end(), [&](const message::Record& item) {
        return contains(allowed, item.text(0));
    });
}

Error refusal(Code code, std::string path, const Flow& flow) {
    return Error(code, Place{.path = std::move(path), .row = "flow " + flow.id});
}

bool under(std::string_view path, std::string_view root) {
    return path == root || (path.starts_with(root) && path[root.size()] == '/');
}

}  // namespace

Checked<Permission> Policy::permit(const message::Message& message, const config::Party& sender,
                                   const config::Party& receiver, std::string_view today) const {
    const auto found = std::find_if(flows_.begin(), flows_.end(), [&](const Flow& flow) {
        return covers(flow, message, sender, receiver, today);
    });
    if (found == flows_.end()) {
        return tl::make_unexpected(Problems{
            Error(Code::PolicyNoFlow, Place{.row = message.schema().kind + " " + sender.id.value +
                                                   " -> " + receiver.id.value})});
    }
    const Flow& flow = *found;
    Problems problems;
    if (!message.items("protection").empty() && !flow.protected_persons) {
        problems.push_back(refusal(Code::PolicyProtected, "protection", flow));
    }
    if (flow.consent == Flow::Consent::Demanded) {
        const auto valid_to = message.text("consent/validTo");
        if (message.text("consent/ref").empty()) {
            problems.push_back(refusal(Code::PolicyNoConsent, "consent/ref", flow));
        } else if (!valid_to.empty() && valid_to < today) {
            problems.push_back(refusal(Code::PolicyConsentExpired, "consent/validTo", flow));
        }
    }
    if (!flow.grounds.empty() && !statesOne(message, "legalBasis", flow.grounds)) {
        problems.push_back(refusal(Code::PolicyNoGround, "legalBasis", flow));
    }
    if (!flow.purposes.empty() && !contains(flow.purposes, message.text("purpose"))) {
        problems.push_back(refusal(Code::PolicyNoPurpose, "purpose", flow));
    }
    if (!problems.empty()) return tl::make_unexpected(std::move(problems));
    return Permission{&flow};
}

std::vector<message::FieldIndex> withheld(const message::Message& message, const Flow& flow) {
    std::vector<message::FieldIndex> out;
    const auto& fields = message.schema().root.fields;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto index = static_cast<message::FieldIndex>(i);
        if (!fields[i].sensitive || !message.root().has(index)) continue;
        const bool listed = std::any_of(flow.sensitive.begin(), flow.sensitive.end(),
                                        [&](const std::string& allowed) {
                                            return allowed == "*" || under(fields[i].path, allowed);
                                        });
        if (!listed) out.push_back(index);
    }
    return out;
}

Problems warnings(const message::Message& message) {
    Problems out;
    const auto hours = message.text("extent/hours");
    // A decimal with one place: below ten hours there is one digit before the point.
    if (hours.size() == 3 && hours != "0.0") {
        out.emplace_back(Code::PolicyTenHours,
                         Place{.path = "extent/hours", .row = "rule ten_hours"});
    }
    return out;
}

}  // namespace stafett::policy
