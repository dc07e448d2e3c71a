#include "gateway/security/seal.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <cstdlib>
#include <cstring>
#include <optional>
#include <span>

#include "gateway/security/gcm.h"
#include "gateway/security/mac.h"
#include "gateway/security/pack.h"

namespace stafett::security {

namespace {

using DataKey = std::array<std::uint8_t, 32>;

constexpr std::size_t kNonce = kGcmNonce;
constexpr std::size_t kTag = kGcmTag;
constexpr std::size_t kSalt = 12;
constexpr char kStored = 1;      // first byte of a sealed value: as it was
constexpr char kCompressed = 2;  // zstd; its frame says with which dictionary
constexpr char kWrapped = 1;     // first byte of a wrapped data key

unsigned char* raw(char* bytes) { return reinterpret_cast<unsigned char*>(bytes); }
const unsigned char* raw(const char* bytes) {
    return reinterpret_cast<const unsigned char*>(bytes);
}

/// What cannot fail but for want of memory or a broken libcrypto.
void must(int answer) {
    if (answer != 1) std::abort();
}

/// Random bytes that are no secret (nonces, salts), taken from a thread's own supply: a call of
/// libcrypto's generator costs more than the bytes.
void fillPublicRandom(char* out, std::size_t size) {
    thread_local std::array<unsigned char, 1024> supply;
    thread_local std::size_t used = supply.size();
    if (used + size > supply.size()) {
        must(RAND_bytes(supply.data(), static_cast<int>(supply.size())));
        used = 0;
    }
    std::memcpy(out, supply.data() + used, size);
    used += size;
}

/// What a seal vouches for beside the bytes. The column comes last, the rest has fixed sizes: no
/// two give the same bytes.
Bytes vouch(char form, const Uuid& owner, std::string_view column) {
    Bytes bytes;
    bytes.reserve(24 + column.size());
    bytes.push_back(form);
    bytes.append(text(owner.bytes));
    bytes.append(column);
    return bytes;
}

tl::unexpected<Error> damaged(std::string_view what) {
    return tl::make_unexpected(Error(Code::StoreDamaged, {.path = std::string(what)}));
}

/// form, length of the ring key's id, the id, salt, nonce, the data key under it with its tag.
struct WrappedParts {
    std::string_view id, salt, nonce, key;
};

std::optional<WrappedParts> split(std::string_view wrapped) {
    if (wrapped.size() < 2 || wrapped[0] != kWrapped) return std::nullopt;
    const auto id = static_cast<std::size_t>(static_cast<unsigned char>(wrapped[1]));
    if (wrapped.size() != 2 + id + kSalt + kNonce + std::tuple_size_v<DataKey> + kTag) {
        return std::nullopt;
    }
    return WrappedParts{wrapped.substr(2, id), wrapped.substr(2 + id, kSalt),
                        wrapped.substr(2 + id + kSalt, kNonce),
                        wrapped.substr(2 + id + kSalt + kNonce)};
}

static_assert(Sealer::kWrappedTail == kSalt + kNonce + std::tuple_size_v<DataKey> + kTag);

/// The key that wraps one data key, from the ring's and the salt.
class WrappingKey {
public:
    WrappingKey(std::string_view ring_key, std::string_view salt)
        : key_(hmacSha256(ring_key, {"stafett wrap 1", salt}).bytes) {}
    WrappingKey(const WrappingKey&) = delete;
    WrappingKey& operator=(const WrappingKey&) = delete;
    ~WrappingKey() { OPENSSL_cleanse(key_.data(), key_.size()); }
    const unsigned char* data() const { return key_.data(); }

private:
    DataKey key_;
};

Bytes vouchForKey(const Uuid& owner, std::string_view ring_key_id) {
    return vouch(kWrapped, owner, "data key/" + std::string(ring_key_id));
}

}  // namespace

MessageKey::MessageKey(MessageKey&& other) noexcept
    : owner_(other.owner_), key_(other.key_), wrapped_(std::move(other.wrapped_)) {
    OPENSSL_cleanse(other.key_.data(), other.key_.size());
}

MessageKey& MessageKey::operator=(MessageKey&& other) noexcept {
    if (this != &other) {
        owner_ = other.owner_;
        key_ = other.key_;
        wrapped_ = std::move(other.wrapped_);
        OPENSSL_cleanse(other.key_.data(), other.key_.size());
    }
    return *this;
}

MessageKey::~MessageKey() { OPENSSL_cleanse(key_.data(), key_.size()); }

Bytes MessageKey::seal(std::string_view column, std::string_view plain) const {
    if (plain.size() > kLargestValue) std::abort();  // limits are kept long before
    const auto packed = pack(plain);
    const char form = packed ? kCompressed : kStored;
    const std::string_view body = packed ? std::string_view(*packed) : plain;
    Bytes sealed;
    sealed.reserve(1 + kNonce + body.size() + kTag);
    sealed.push_back(form);
    sealed.resize(1 + kNonce);
    fillPublicRandom(sealed.data() + 1, kNonce);
    std::array<unsigned char, kNonce> nonce{};
    std::copy_n(raw(sealed.data() + 1), kNonce, nonce.begin());
    encryptGcm(sealed, key_.data(), nonce.data(), vouch(form, owner_, column), body);
    return sealed;
}

Result<Bytes> MessageKey::open(std::string_view column, std::string_view sealed) const {
    if (sealed.size() < 1 + kNonce + kTag || sealed.size() > 1 + kNonce + kLargestValue + kTag ||
        (sealed[0] != kStored && sealed[0] != kCompressed)) {
        return damaged(column);
    }
    auto plain = decryptGcm(key_.data(), raw(sealed.data() + 1), vouch(sealed[0], owner_, column),
                            sealed.substr(1 + kNonce));
    if (plain && sealed[0] == kCompressed) plain = unpack(*plain);
    if (!plain) return damaged(column);
    return std::move(*plain);
}

MessageKey Sealer::newKey(const Uuid& owner) const {
    MessageKey key;
    key.owner_ = owner;
    must(RAND_priv_bytes(key.key_.data(), static_cast<int>(key.key_.size())));
    key.wrapped_ = wrap(owner, key.key_);
    return key;
}

Bytes Sealer::wrap(const Uuid& owner, const std::array<std::uint8_t, 32>& key) const {
    const auto& id = ring_.active(KeyUse::Seal);
    std::array<char, kSalt + kNonce> random{};
    fillPublicRandom(random.data(), random.size());
    Bytes wrapped;
    wrapped.reserve(2 + id.size() + random.size() + key.size() + kTag);
    wrapped.push_back(kWrapped);
    wrapped.push_back(static_cast<char>(id.size()));
    wrapped.append(id);
    wrapped.append(random.data(), random.size());
    const WrappingKey wrapping(ring_.secret(KeyUse::Seal, id), {random.data(), kSalt});
    encryptGcm(wrapped, wrapping.data(), raw(random.data() + kSalt), vouchForKey(owner, id),
               text(key));
    return wrapped;
}

Result<MessageKey> Sealer::openKey(const Uuid& owner, std::string_view wrapped) const {
    const auto parts = split(wrapped);
    if (!parts) return damaged("data key");
    const auto ring_key = ring_.secret(KeyUse::Seal, parts->id);
    if (ring_key.empty()) return damaged("data key");
    const WrappingKey wrapping(ring_key, parts->salt);
    auto opened = decryptGcm(wrapping.data(), raw(parts->nonce.data()),
                             vouchForKey(owner, parts->id), parts->key);
    if (!opened) return damaged("data key");
    MessageKey key;
    key.owner_ = owner;
    std::copy_n(raw(opened->data()), key.key_.size(), key.key_.begin());
    OPENSSL_cleanse(opened->data(), opened->size());
    key.wrapped_ = Bytes(wrapped);
    return key;
}

Result<Bytes> Sealer::wrapAgain(const Uuid& owner, std::string_view wrapped) const {
    ST_TRY(const auto key, openKey(owner, wrapped));
    return wrap(owner, key.key_);
}

std::string_view Sealer::ringKeyOf(std::string_view wrapped) {
    const auto parts = split(wrapped);
    return parts ? parts->id : std::string_view();
}

}  // namespace stafett::security
