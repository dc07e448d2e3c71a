#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <string>
#include <vector>

#include "gateway/base/result.h"

namespace stafett::security {

/// Which side of a handshake a certificate is shown by, and so what it must be meant for.
enum class Role : std::uint8_t { Client, Server };

inline constexpr int kSecurityLevel = 2;
inline constexpr int kChainDepth = 5;

/// What OpenSSL leaves open about the last certificate of a chain (trust 3): it must name its
/// extended usage, the role's among it and not "any"; be meant for signatures; and be nobody's
/// authority. X509_V_OK, or what is wrong in OpenSSL's numbers.
int judgeLeaf(X509* certificate, Role role);

/// The callback of a handshake in which the other side plays `Client` or `Server`.
SSL_verify_cb callbackFor(Role other_side);

/// The whole judgement, outside a handshake: chain, dates, strength, revocation, usage.
/// `untrusted` may be null. The error's row says what was wrong.
Status judge(X509_STORE* store, X509* certificate, STACK_OF(X509) * untrusted, Role role);

/// TlsRevocation where the lists could not tell, TlsRefused for all else.
Error refusal(long verify_result);

/// The names of a certificate, exactly as they stand, without what holds a NUL.
struct Names {
    std::vector<std::string> uris;
    std::vector<std::string> dns;  ///< lower case
};
Names namesOf(const X509* certificate);

/// SHA-256 of the certificate, hex.
std::string fingerprintOf(const X509* certificate);

}  // namespace stafett::security
