#pragma once

#include <string>
#include <string_view>

#include "gateway/base/bytes.h"
#include "gateway/base/result.h"
#include "gateway/security/openssl.h"

namespace stafett::security {

/// Bytes that are wiped from memory when they go.
class Secret {
public:
    Secret() = default;
    explicit Secret(Bytes bytes) : bytes_(std::move(bytes)) {}
    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret();

    std::string_view bytes() const { return bytes_; }

private:
    void wipe();
    Bytes bytes_;
};

/// Reads what a key reference points at: `env:NAME`, `fd:N` (read from its start where it can be
/// sought, so that a reload reads it again), or a file, relative to `folder`, which must be ours,
/// ordinary and of mode 0400. At most 64 KiB.
/// KeyMissing when it is not there, KeyRing when mode or owner is wrong; the hint says which.
Result<Secret> readSecret(std::string_view reference, std::string_view folder);

/// A PEM private key; never asks for a passphrase. Null when it is none.
KeyPtr readPrivateKey(std::string_view pem);
/// A PEM public key. Null when it is none.
KeyPtr readPublicKey(std::string_view pem);
/// Whether signatures of this key are ES256: an elliptic key on P-256.
bool isP256(const EVP_PKEY* key);

}  // namespace stafett::security
