#include "gateway/security/index_key.h"

#include "gateway/security/mac.h"

namespace stafett::security {

namespace {

std::string_view nameOf(IndexPurpose purpose) {
    switch (purpose) {
        case IndexPurpose::Person:
            return "person";
        case IndexPurpose::Alias:
            return "alias";
        case IndexPurpose::Consent:
            return "consent";
        case IndexPurpose::SenderId:
            return "sender id";
    }
    return {};
}

/// The fields are hashed first, under the same key: a list of any length becomes one field.
Digest hash(std::string_view key, IndexPurpose purpose, const PartyId& party,
            std::initializer_list<std::string_view> fields) {
    const auto inner = hmacSha256(key, fields);
    const std::string_view inner_bytes(reinterpret_cast<const char*>(inner.bytes.data()),
                                       inner.bytes.size());
    return hmacSha256(key, {"stafett index 1", nameOf(purpose), party.value, inner_bytes});
}

}  // namespace

Digest IndexKey::of(IndexPurpose purpose, const PartyId& party,
                    std::initializer_list<std::string_view> fields) const {
    return hash(ring_.secret(KeyUse::Index, ring_.active(KeyUse::Index)), purpose, party, fields);
}

std::vector<Digest> IndexKey::candidates(IndexPurpose purpose, const PartyId& party,
                                         std::initializer_list<std::string_view> fields) const {
    std::vector<Digest> found{of(purpose, party, fields)};
    for (const auto& key : ring_.entries()) {
        if (key.use != KeyUse::Index || key.state != KeyState::Old) continue;
        found.push_back(hash(ring_.secret(KeyUse::Index, key.id), purpose, party, fields));
    }
    return found;
}

}  // namespace stafett::security
