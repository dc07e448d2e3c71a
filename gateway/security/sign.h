#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/base/result.h"
#include "gateway/security/key_ring.h"
#include "gateway/security/peer.h"

namespace stafett::security {

/// The `typ` of a receipt (design 4).
inline constexpr std::string_view kReceiptType = "stafett-receipt+jwt";

/// Signs with the ring's active sign key: compact JWS, ES256 (RFC 7515, RFC 7518 3.4).
/// Many threads may use one.
class Signer {
public:
    explicit Signer(KeyRing ring) : ring_(std::move(ring)) {}

    /// header.payload.signature, with {"alg":"ES256","kid":…,"typ":…}. The payload is signed as it
    /// is.
    std::string sign(std::string_view payload, std::string_view type = kReceiptType) const;
    const std::string& keyId() const { return ring_.active(KeyUse::Sign); }

private:
    KeyRing ring_;
};

/// Verifies with public keys by `kid`. Many threads may use one.
class Verifier {
public:
    /// Every sign key of the ring: active, old, and destroyed ones whose public half is kept.
    explicit Verifier(const KeyRing& ring);
    /// The keys of a JWKS document, as /.well-known/stafett-keys gives it. Keys that are not ES256
    /// are passed over; a malformed document is KeyRing.
    static Result<Verifier> fromJwks(std::string_view json);

    /// The payload. SignatureWrong when any byte was changed, the key is unknown, the algorithm is
    /// not ES256, the type is another, or the header holds more than it should.
    Result<std::string> verify(std::string_view jws, std::string_view type = kReceiptType) const;

    /// The JWKS document, keys ordered by id.
    std::string jwks() const;

private:
    Verifier() = default;
    std::map<std::string, std::shared_ptr<EVP_PKEY>, std::less<>> keys_;
};

/// KeyRing when the ring would sign with the very key that TLS uses.
Status keptApart(const KeyRing& ring, const Context& context);

}  // namespace stafett::security
