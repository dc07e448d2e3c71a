#include "gateway/security/mac.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <array>
#include <cstdlib>
#include <memory>

#include "gateway/security/openssl.h"

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

}  // namespace

Digest hmacSha256(std::string_view key, std::initializer_list<std::string_view> fields) {
    thread_local const MacContext context = newContext();
    const auto must = [](int answer) {
        if (answer != 1) std::abort();
    };
    const auto* bytes = reinterpret_cast<const unsigned char*>(key.data());
    must(EVP_MAC_init(context.get(), bytes, key.size(), nullptr));
    for (const auto field : fields) {
        std::array<unsigned char, 8> length{};
        for (std::size_t i = 0; i < length.size(); ++i) {
            length[i] = static_cast<unsigned char>(field.size() >> (8 * (7 - i)));
        }
        must(EVP_MAC_update(context.get(), length.data(), length.size()));
        must(EVP_MAC_update(context.get(), reinterpret_cast<const unsigned char*>(field.data()),
                            field.size()));
    }
    Digest digest;
    std::size_t size = 0;
    must(EVP_MAC_final(context.get(), digest.bytes.data(), &size, digest.bytes.size()));
    return digest;
}

}  // namespace stafett::security
