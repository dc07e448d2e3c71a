#pragma once

#include <array>
#include <string>
#include <string_view>

#include "gateway/base/bytes.h"
#include "gateway/base/ids.h"
#include "gateway/base/result.h"
#include "gateway/security/key_ring.h"

namespace stafett::security {

/// The data key of one message (or case, or refusal): seals and opens its columns.
/// Wiped from memory when it goes. Many threads may use one.
class MessageKey {
public:
    MessageKey(MessageKey&& other) noexcept;
    MessageKey& operator=(MessageKey&& other) noexcept;
    MessageKey(const MessageKey&) = delete;
    MessageKey& operator=(const MessageKey&) = delete;
    ~MessageKey();

    /// What is stored beside the message and opens this key again (about 90 bytes).
    const Bytes& wrapped() const { return wrapped_; }

    /// Compresses (where that makes it smaller) and seals. `column` says which value this is, and
    /// which row where the owner has several: "raw", "canonical", "delivery/<id>". The same name
    /// must be given to open it: a value moved to another column, row or message does not open.
    Bytes seal(std::string_view column, std::string_view plain) const;
    /// StoreDamaged when it was changed, moved, cut, or sealed under another key.
    Result<Bytes> open(std::string_view column, std::string_view sealed) const;

private:
    friend class Sealer;
    MessageKey() = default;
    Uuid owner_{};
    std::array<std::uint8_t, 32> key_{};
    Bytes wrapped_;
};

/// Makes and opens data keys under the key ring. AES-256-GCM throughout. Many threads may use one.
///
/// Each owner has a data key of its own, so destroying that one key destroys its content, and
/// turning the ring's key means wrapping data keys again, not content. A data key is wrapped under
/// a key derived from the ring's and 96 random bits, with 96 more as nonce: no pair comes twice
/// however many messages there are. What is vouched for beside the bytes: owner, column and, for
/// the wrapped data key, the ring key's id.
class Sealer {
public:
    explicit Sealer(KeyRing ring) : ring_(std::move(ring)) {}

    const KeyRing& ring() const { return ring_; }

    /// A new data key for this owner (a message's, case's or refusal's id), under the active key.
    MessageKey newKey(const Uuid& owner) const;
    /// StoreDamaged when it was changed, is another owner's, or its ring key is gone.
    Result<MessageKey> openKey(const Uuid& owner, std::string_view wrapped) const;

    /// The same data key under the active ring key: for turning keys. Content stays as it is.
    Result<Bytes> wrapAgain(const Uuid& owner, std::string_view wrapped) const;
    /// The ring key a wrapped data key asks for; empty when the bytes are no wrapped key.
    static std::string_view ringKeyOf(std::string_view wrapped);
    /// How many bytes of a wrapped data key stand after what names its ring key.
    static constexpr std::size_t kWrappedTail = 72;

private:
    Bytes wrap(const Uuid& owner, const std::array<std::uint8_t, 32>& key) const;
    KeyRing ring_;
};

}  // namespace stafett::security
