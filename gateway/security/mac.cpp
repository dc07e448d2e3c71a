#include "gateway/security/mac.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <array>
#include <cstdlib>
#include <memory>

#include "gateway/security/openssl.h"
#include "gateway/security/secret.h"

namespace stafett::security {

namespace {

using MacContext = std::unique_ptr<EVP_MAC_CTX, FreeBy<EVP_MAC_CTX_free>>;

MacContext newContext() {
    static EVP_MAC* hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    MacContext context(EVP_MAC_CTX_new(hmac));
    std::array<char, 7> digest{"SHA256"};
    const std::array parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_end()};
    if (context == nullptr || EVP_MAC_CTX_set_params(context.get(), parameters.data()) != 1) {
        std::abort();
    }
    return context;
}

void must(int answer) {
    if (answer != 1) std::abort();
}

/// A context that has begun with a key, and begins anew without working the key in again.
struct Keyed {
    Secret key;
    MacContext context;
};

/// The thread's own for this key. Few keys are in use: the ring's active ones.
EVP_MAC_CTX* begun(std::string_view key) {
    thread_local std::array<Keyed, 4> known;
    thread_local std::size_t next = 0;
    for (const auto& one : known) {
        if (one.context == nullptr || one.key.bytes() != key) continue;
        must(EVP_MAC_init(one.context.get(), nullptr, 0, nullptr));
        return one.context.get();
    }
    Keyed& place = known[next++ % known.size()];
    if (place.context == nullptr) place.context = newContext();
    place.key = Secret(Bytes(key));
    const auto* bytes = reinterpret_cast<const unsigned char*>(key.data());
    must(EVP_MAC_init(place.context.get(), bytes, key.size(), nullptr));
    return place.context.get();
}

}  // namespace

Digest hmacSha256(std::string_view key, std::initializer_list<std::string_view> fields) {
    EVP_MAC_CTX* context = begun(key);
    for (const auto field : fields) {
        std::array<unsigned char, 8> length{};
        for (std::size_t i = 0; i < length.size(); ++i) {
            length[i] = static_cast<unsigned char>(field.size() >> (8 * (7 - i)));
        }
        must(EVP_MAC_update(context, length.data(), length.size()));
        must(EVP_MAC_update(context, reinterpret_cast<const unsigned char*>(field.data()),
                            field.size()));
    }
    Digest digest;
    std::size_t size = 0;
    must(EVP_MAC_final(context, digest.bytes.data(), &size, digest.bytes.size()));
    return digest;
}

}  // namespace stafett::security
