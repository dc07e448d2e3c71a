#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "gateway/base/bytes.h"

namespace stafett::security {

inline constexpr std::size_t kGcmNonce = 12;
inline constexpr std::size_t kGcmTag = 16;

/// AES-256-GCM with a key of 32 bytes and a nonce of 12: adds ciphertext and tag at the end of
/// `out`. `vouched` is not stored, and must be the same to decrypt. The caller sees to it that a
/// key and a nonce never meet twice. Up to 256 MiB. Many threads may call it.
void encryptGcm(Bytes& out, const unsigned char* key, const unsigned char* nonce,
                std::string_view vouched, std::string_view plain);

/// Nothing when the tag does not hold; what was decrypted by then is wiped.
std::optional<Bytes> decryptGcm(const unsigned char* key, const unsigned char* nonce,
                                std::string_view vouched, std::string_view sealed);

}  // namespace stafett::security
