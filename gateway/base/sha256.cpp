#include "gateway/base/sha256.h"

#include <openssl/evp.h>

#include <cstdlib>
#include <utility>

#include "gateway/base/bytes.h"

namespace stafett {

std::string Digest::hex() const { return stafett::hex(bytes); }

namespace {

/// Fetched once: finding the algorithm costs more than a short digest.
const EVP_MD* algorithm() {
    static const EVP_MD* const kFetched = EVP_MD_fetch(nullptr, "SHA2-256", nullptr);
    return kFetched;
}

}  // namespace

Digest sha256(std::string_view bytes) {
    struct Context {
        EVP_MD_CTX* context = EVP_MD_CTX_new();
        Context() = default;
        Context(const Context&) = delete;
        Context& operator=(const Context&) = delete;
        ~Context() { EVP_MD_CTX_free(context); }
    };
    thread_local const Context own;
    Digest digest;
    unsigned int size = 0;
    if (EVP_DigestInit_ex2(own.context, algorithm(), nullptr) != 1 ||
        EVP_DigestUpdate(own.context, bytes.data(), bytes.size()) != 1 ||
        EVP_DigestFinal_ex(own.context, digest.bytes.data(), &size) != 1) {
        std::abort();
    }
    return digest;
}

/// A context that the thread's last digest left is used again: making one costs as much as a few
/// fields.
struct FieldDigest::State {
    struct Spare {
        EVP_MD_CTX* context = nullptr;
        Spare() = default;
        Spare(const Spare&) = delete;
        Spare& operator=(const Spare&) = delete;
        ~Spare() { EVP_MD_CTX_free(context); }
    };
    static Spare& spare() {
        thread_local Spare own;
        return own;
    }

    EVP_MD_CTX* context = std::exchange(spare().context, nullptr);
    State() {
        if (context == nullptr) context = EVP_MD_CTX_new();
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { EVP_MD_CTX_free(std::exchange(spare().context, context)); }
};

FieldDigest::FieldDigest() : state_(std::make_unique<State>()) {
    if (EVP_DigestInit_ex2(state_->context, algorithm(), nullptr) != 1) std::abort();
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

FieldDigest& FieldDigest::raw(std::string_view bytes) {
    if (EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) != 1) std::abort();
    return *this;
}

Digest FieldDigest::finish() {
    Digest digest;
    unsigned int size = 0;
    if (EVP_DigestFinal_ex(state_->context, digest.bytes.data(), &size) != 1) std::abort();
    return digest;
}

}  // namespace stafett
