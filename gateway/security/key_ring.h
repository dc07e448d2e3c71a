#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/bytes.h"
#include "gateway/base/result.h"

typedef struct evp_pkey_st EVP_PKEY;

namespace stafett::security {

enum class KeyUse : std::uint8_t { Seal, Index, Sign };

/// Active: new things are made with it; one a use. Old: still opens, finds and verifies.
/// Destroyed: gone for good; what it sealed cannot be opened.
enum class KeyState : std::uint8_t { Active, Old, Destroyed };

/// The gateway's own keys, read from keyring.json:
///
///     {"keys": [{"id": "seal-1", "use": "seal", "state": "active", "key": "keys/seal-1.key"}, …]}
///
/// `key` is a file (beside the ring when relative; ours, mode 0400), `env:NAME` or `fd:N`, and
/// holds 32 bytes in hex for seal and index, a P-256 private key in PEM for sign. `public` (a PEM
/// file) takes its place for a sign key that is old or destroyed: what it signed still verifies.
///
/// Never changed after it was loaded; copies are cheap and share one set of keys, which is wiped
/// from memory with the last of them. Safe to share between threads.
class KeyRing {
public:
    /// Every problem at once, each with file and JSON pointer: those of any configuration file,
    /// KeyRing, KeyMissing. There must be one active key for each use.
    static Checked<KeyRing> load(const std::string& path);

    struct Entry {
        std::string id;
        KeyUse use;
        KeyState state;
    };
    const std::vector<Entry>& entries() const;

    /// The id of the active key; there always is one.
    const std::string& active(KeyUse use) const;
    /// The 32 bytes of a seal or index key. Empty when the ring has no such key, or it is
    /// destroyed.
    std::string_view secret(KeyUse use, std::string_view id) const;
    /// The private key that signs.
    EVP_PKEY* signingKey() const;
    /// The public half of a sign key in any state; null when the ring does not have it.
    EVP_PKEY* verifyingKey(std::string_view id) const;

private:
    struct Keys;
    explicit KeyRing(std::shared_ptr<const Keys> keys) : keys_(std::move(keys)) {}
    std::shared_ptr<const Keys> keys_;
};

}  // namespace stafett::security
