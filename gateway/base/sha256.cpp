#include "gateway/base/sha256.h"

#include <openssl/evp.h>

#include <cstdlib>

#include "gateway/base/bytes.h"

namespace stafett {

std::string Digest::hex() const { return stafett::hex(bytes); }

Digest sha256(std::string_view bytes) {
    Digest digest;
    unsigned int size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.bytes.data(), &size, EVP_sha256(), nullptr) !=
        1) {
        std::abort();
    }
    return digest;
}

struct FieldDigest::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { EVP_MD_CTX_free(context); }
};

FieldDigest::FieldDigest() : state_(std::make_unique<State>()) {
    if (EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr) != 1) std::abort();
}
FieldDigest::~FieldDigest() = default;

FieldDigest& FieldDigest::add(std::string_view field) {
    std::array<std::uint8_t, 8> length{};
    for (std::size_t i = 0; i < 8; ++i) {
        length[i] = static_cast<std::uint8_t>(field.size() >> (8 * (7 - i)));
    }
    if (EVP_DigestUpdate(state_->context, length.data(), length.size()) != 1 ||
        EVP_DigestUpdate(state_->context, field.data(), field.size()) != 1) {
        std::abort();
    }
    return *this;
}

Digest FieldDigest::finish() {
    Digest digest;
    unsigned int size = 0;
    if (EVP_DigestFinal_ex(state_->context, digest.bytes.data(), &size) != 1) std::abort();
    return digest;
}

}  // namespace stafett
