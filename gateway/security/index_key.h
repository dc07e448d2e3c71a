#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "gateway/base/ids.h"
#include "gateway/base/sha256.h"
#include "gateway/security/key_ring.h"

namespace stafett::security {

/// What a keyed hash is for. Equal values give unequal hashes for unequal purposes or parties.
enum class IndexPurpose : std::uint8_t { Person = 1, Alias = 2, SenderId = 3, Consent = 4 };

/// Keyed hashes (HMAC-SHA-256) by which a person, an alias or a sender's id is found without being
/// written down. A bare hash would not do: all personal numbers can be tried. Many threads may use
/// one.
class IndexKey {
public:
    explicit IndexKey(KeyRing ring) : ring_(std::move(ring)) {}

    /// Under the active key: what is stored. `fields` are told apart (form and alias, say).
    /// A person is hashed without a party where it must be found across parties.
    Digest of(IndexPurpose purpose, const PartyId& party,
              std::initializer_list<std::string_view> fields) const;
    /// Under the active key, then each old one: what a search asks for, since stored hashes cannot
    /// be made again without the plain value.
    std::vector<Digest> candidates(IndexPurpose purpose, const PartyId& party,
                                   std::initializer_list<std::string_view> fields) const;

private:
    KeyRing ring_;
};

}  // namespace stafett::security
