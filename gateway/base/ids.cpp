#include "gateway/base/ids.h"

#include <openssl/evp.h>
#include <sys/random.h>

#include <chrono>
#include <cstdlib>
#include <cstring>

namespace stafett {
namespace {

constexpr char kHex[] = "0123456789abcdef";

int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// Random bytes in blocks, so that an id does not cost a system call.
void fillRandom(std::uint8_t* out, std::size_t size) {
    thread_local std::array<std::uint8_t, 4096> pool;
    thread_local std::size_t used = pool.size();
    if (used + size > pool.size()) {
        std::size_t got = 0;
        while (got < pool.size()) {
            const ssize_t n = ::getrandom(pool.data() + got, pool.size() - got, 0);
            if (n < 0) std::abort();  // cannot happen with flags 0 on a started kernel
            got += static_cast<std::size_t>(n);
        }
        used = 0;
    }
    std::memcpy(out, pool.data() + used, size);
    std::memset(pool.data() + used, 0, size);
    used += size;
}

}  // namespace

std::string Uuid::text() const {
    std::string out(36, '-');
    char* at = out.data();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) ++at;
        *at++ = kHex[bytes[i] >> 4];
        *at++ = kHex[bytes[i] & 15];
    }
    return out;
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    Uuid id;
    std::size_t at = 0;
    for (std::size_t i = 0; i < id.bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            if (text[at++] != '-') return std::nullopt;
        }
        const int high = digit(text[at]);
        const int low = digit(text[at + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        id.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
        at += 2;
    }
    return id;
}

Uuid Uuid::make() {
    Uuid id;
    fillRandom(id.bytes.data() + 6, 10);
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
    for (int i = 0; i < 6; ++i) {
        id.bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(now >> (8 * (5 - i)));
    }
    id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0F) | 0x70);
    id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3F) | 0x80);
    return id;
}

Uuid Uuid::named(std::string_view name) const {
    static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA1", nullptr);
    struct Context {
        EVP_MD_CTX* context = EVP_MD_CTX_new();
        Context() = default;
        Context(const Context&) = delete;
        Context& operator=(const Context&) = delete;
        ~Context() { EVP_MD_CTX_free(context); }
    };
    thread_local const Context own;
    std::array<std::uint8_t, 20> sha1{};
    unsigned int size = 0;
    if (EVP_DigestInit_ex2(own.context, algorithm, nullptr) != 1 ||
        EVP_DigestUpdate(own.context, bytes.data(), bytes.size()) != 1 ||
        EVP_DigestUpdate(own.context, name.data(), name.size()) != 1 ||
        EVP_DigestFinal_ex(own.context, sha1.data(), &size) != 1) {
        std::abort();
    }
    Uuid id;
    std::memcpy(id.bytes.data(), sha1.data(), id.bytes.size());
    id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0F) | 0x50);
    id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3F) | 0x80);
    return id;
}

}  // namespace stafett
