#include "gateway/security/gcm.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <cstdlib>
#include <memory>

#include "gateway/security/openssl.h"

namespace stafett::security {

namespace {

unsigned char* raw(char* bytes) { return reinterpret_cast<unsigned char*>(bytes); }
const unsigned char* raw(const char* bytes) {
    return reinterpret_cast<const unsigned char*>(bytes);
}

/// What cannot fail but for want of memory or a broken libcrypto.
void must(int answer) {
    if (answer != 1) std::abort();
}

const EVP_CIPHER* aesGcm() {
    static const EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    if (cipher == nullptr) std::abort();
    return cipher;
}

EVP_CIPHER_CTX* cipherContext() {
    thread_local const std::unique_ptr<EVP_CIPHER_CTX, FreeBy<EVP_CIPHER_CTX_free>> context(
        EVP_CIPHER_CTX_new());
    if (context == nullptr) std::abort();
    return context.get();
}

}  // namespace

void encryptGcm(Bytes& out, const unsigned char* key, const unsigned char* nonce,
                std::string_view vouched, std::string_view plain) {
    auto* context = cipherContext();
    int size = 0;
    must(EVP_EncryptInit_ex2(context, aesGcm(), key, nonce, nullptr));
    must(EVP_EncryptUpdate(context, nullptr, &size, raw(vouched.data()),
                           static_cast<int>(vouched.size())));
    const auto at = out.size();
    out.resize(at + plain.size() + kGcmTag);
    must(EVP_EncryptUpdate(context, raw(out.data() + at), &size, raw(plain.data()),
                           static_cast<int>(plain.size())));
    must(EVP_EncryptFinal_ex(context, raw(out.data() + at) + size, &size));
    must(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kGcmTag,
                             out.data() + at + plain.size()));
    must(EVP_CIPHER_CTX_reset(context));  // leaves no key behind
}

std::optional<Bytes> decryptGcm(const unsigned char* key, const unsigned char* nonce,
                                std::string_view vouched, std::string_view sealed) {
    if (sealed.size() < kGcmTag) return std::nullopt;
    auto* context = cipherContext();
    int size = 0;
    must(EVP_DecryptInit_ex2(context, aesGcm(), key, nonce, nullptr));
    must(EVP_DecryptUpdate(context, nullptr, &size, raw(vouched.data()),
                           static_cast<int>(vouched.size())));
    Bytes plain(sealed.size() - kGcmTag, '\0');
    must(EVP_DecryptUpdate(context, raw(plain.data()), &size, raw(sealed.data()),
                           static_cast<int>(plain.size())));
    std::array<char, kGcmTag> tag{};
    sealed.copy(tag.data(), kGcmTag, plain.size());
    must(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kGcmTag, tag.data()));
    const bool holds = EVP_DecryptFinal_ex(context, raw(plain.data()) + size, &size) == 1;
    must(EVP_CIPHER_CTX_reset(context));
    if (!holds) {
        OPENSSL_cleanse(plain.data(), plain.size());
        return std::nullopt;
    }
    return plain;
}

}  // namespace stafett::security
