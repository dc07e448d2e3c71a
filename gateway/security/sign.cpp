#include "gateway/security/sign.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>

#include "gateway/base/bytes.h"
#include "gateway/base/sha256.h"
#include "gateway/security/openssl.h"
#include "gateway/security/secret.h"

namespace stafett::security {

namespace {

using nlohmann::json;
using Signature = std::unique_ptr<ECDSA_SIG, FreeBy<ECDSA_SIG_free>>;
using Number = std::unique_ptr<BIGNUM, FreeBy<BN_free>>;

constexpr std::size_t kHalf = 32;  // r, s, x and y of P-256

unsigned char* raw(char* bytes) { return reinterpret_cast<unsigned char*>(bytes); }
const unsigned char* raw(const char* bytes) {
    return reinterpret_cast<const unsigned char*>(bytes);
}

tl::unexpected<Error> wrong() { return tl::make_unexpected(Error(Code::SignatureWrong)); }

/// Ready to sign with this key: the thread's last one, which is nearly always it. A context keeps
/// its key alive, so no other key can have the same address.
EVP_PKEY_CTX* signingContext(EVP_PKEY* key) {
    thread_local KeyContextPtr context;
    if (context == nullptr || EVP_PKEY_CTX_get0_pkey(context.get()) != key) {
        context.reset(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
        if (context == nullptr || EVP_PKEY_sign_init(context.get()) != 1) std::abort();
    }
    return context.get();
}

/// r and s, 32 bytes each (RFC 7518 3.4), not DER.
Bytes signRaw(EVP_PKEY* key, std::string_view input) {
    const auto digest = sha256(input);
    std::array<unsigned char, 80> der{};
    auto size = der.size();
    if (EVP_PKEY_sign(signingContext(key), der.data(), &size, digest.bytes.data(),
                      digest.bytes.size()) != 1) {
        std::abort();
    }
    const unsigned char* at = der.data();
    const Signature signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)));
    Bytes both(2 * kHalf, '\0');
    if (signature == nullptr ||
        BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), raw(both.data()), kHalf) != kHalf ||
        BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), raw(both.data()) + kHalf, kHalf) != kHalf) {
        std::abort();
    }
    return both;
}

bool verifies(EVP_PKEY* key, std::string_view input, std::string_view both) {
    if (both.size() != 2 * kHalf) return false;
    const Signature signature(ECDSA_SIG_new());
    Number r(BN_bin2bn(raw(both.data()), kHalf, nullptr));
    Number s(BN_bin2bn(raw(both.data()) + kHalf, kHalf, nullptr));
    if (signature == nullptr || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1)
        return false;
    static_cast<void>(r.release());  // the signature owns them now
    static_cast<void>(s.release());
    std::array<unsigned char, 80> der{};
    unsigned char* end = der.data();
    const auto size = i2d_ECDSA_SIG(signature.get(), &end);
    const KeyContextPtr context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
    const auto digest = sha256(input);
    const bool holds = size > 0 && context != nullptr && EVP_PKEY_verify_init(context.get()) == 1 &&
                       EVP_PKEY_verify(context.get(), der.data(), static_cast<std::size_t>(size),
                                       digest.bytes.data(), digest.bytes.size()) == 1;
    ERR_clear_error();
    return holds;
}

/// The key id of a header that says just alg, kid and typ, as it should.
std::optional<std::string> keyIdOf(std::string_view header, std::string_view type) {
    const auto object = json::parse(header, nullptr, false);
    if (!object.is_object() || object.size() != 3) return std::nullopt;
    const auto is = [&](const char* name, std::string_view value) {
        return object.contains(name) && object[name].is_string() &&
               object[name].get_ref<const std::string&>() == value;
    };
    if (!is("alg", "ES256") || !is("typ", type)) return std::nullopt;
    if (!object.contains("kid") || !object["kid"].is_string()) return std::nullopt;
    return object["kid"].get<std::string>();
}

Bytes coordinate(EVP_PKEY* key, const char* name) {
    BIGNUM* number = nullptr;
    Bytes bytes(kHalf, '\0');
    if (EVP_PKEY_get_bn_param(key, name, &number) != 1) std::abort();
    const Number kept(number);
    if (BN_bn2binpad(number, raw(bytes.data()), kHalf) != kHalf) std::abort();
    return bytes;
}

KeyPtr keyFromPoint(const Bytes& x, const Bytes& y) {
    if (x.size() != kHalf || y.size() != kHalf) return nullptr;
    Bytes point = '\x04' + x + y;
    std::array<char, 11> group{"prime256v1"};
    std::array parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
        OSSL_PARAM_construct_end()};
    const KeyContextPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    EVP_PKEY* made = nullptr;
    if (context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.data()) != 1) {
        ERR_clear_error();
        return nullptr;
    }
    return KeyPtr(made);
}

std::string member(const json& object, const char* name) {
    return object.contains(name) && object[name].is_string() ? object[name].get<std::string>() : "";
}

}  // namespace

std::string Signer::sign(std::string_view payload, std::string_view type) const {
    std::string header = R"({"alg":"ES256","kid":")";
    header.append(keyId()).append(R"(","typ":")").append(type).append(R"("})");
    std::string jws = base64Url(header);
    jws.append(".").append(base64Url(payload));
    const auto signature = signRaw(ring_.signingKey(), jws);
    return jws.append(".").append(base64Url(signature));
}

Verifier::Verifier(const KeyRing& ring) {
    for (const auto& entry : ring.entries()) {
        EVP_PKEY* key = entry.use == KeyUse::Sign ? ring.verifyingKey(entry.id) : nullptr;
        if (key == nullptr) continue;
        auto copy = keyFromPoint(coordinate(key, OSSL_PKEY_PARAM_EC_PUB_X),
                                 coordinate(key, OSSL_PKEY_PARAM_EC_PUB_Y));
        keys_.emplace(entry.id, std::move(copy));  // the public half alone
    }
}

Result<Verifier> Verifier::fromJwks(std::string_view text) {
    const auto malformed = [](std::string where) {
        return tl::make_unexpected(Error(Code::KeyRing, {.path = std::move(where)}));
    };
    const auto document = json::parse(text, nullptr, false);
    if (!document.is_object() || !document.contains("keys") || !document["keys"].is_array()) {
        return malformed("/keys");
    }
    Verifier verifier;
    std::size_t at = 0;
    for (const auto& object : document["keys"]) {
        const auto where = "/keys/" + std::to_string(at++);
        if (!object.is_object()) return malformed(where);
        if (member(object, "kty") != "EC" || member(object, "crv") != "P-256") continue;
        const auto x = fromBase64Url(member(object, "x"));
        const auto y = fromBase64Url(member(object, "y"));
        auto key = x && y ? keyFromPoint(*x, *y) : nullptr;
        const auto id = member(object, "kid");
        if (key == nullptr || id.empty()) return malformed(where);
        if (!verifier.keys_.emplace(id, std::move(key)).second) return malformed(where + "/kid");
    }
    return verifier;
}

Result<std::string> Verifier::verify(std::string_view jws, std::string_view type) const {
    const auto first = jws.find('.');
    const auto last = jws.rfind('.');
    if (first == std::string_view::npos || first == last) return wrong();
    const auto header = fromBase64Url(jws.substr(0, first));
    auto payload = fromBase64Url(jws.substr(first + 1, last - first - 1));
    const auto signature = fromBase64Url(jws.substr(last + 1));
    if (!header || !payload || !signature) return wrong();
    const auto id = keyIdOf(*header, type);
    if (!id) return wrong();
    const auto key = keys_.find(*id);
    if (key == keys_.end() || !verifies(key->second.get(), jws.substr(0, last), *signature)) {
        return wrong();
    }
    return std::move(*payload);
}

std::string Verifier::jwks() const {
    auto list = json::array();
    for (const auto& [id, key] : keys_) {
        list.push_back({{"kty", "EC"},
                        {"crv", "P-256"},
                        {"use", "sig"},
                        {"alg", "ES256"},
                        {"kid", id},
                        {"x", base64Url(coordinate(key.get(), OSSL_PKEY_PARAM_EC_PUB_X))},
                        {"y", base64Url(coordinate(key.get(), OSSL_PKEY_PARAM_EC_PUB_Y))}});
    }
    return json{{"keys", list}}.dump();
}

Status keptApart(const KeyRing& ring, const Context& context) {
    const X509* certificate = SSL_CTX_get0_certificate(context.native());
    const EVP_PKEY* tls = certificate == nullptr ? nullptr : X509_get0_pubkey(certificate);
    for (const auto& entry : ring.entries()) {
        const EVP_PKEY* key = entry.use == KeyUse::Sign ? ring.verifyingKey(entry.id) : nullptr;
        if (tls != nullptr && key != nullptr && EVP_PKEY_eq(tls, key) == 1) {
            return tl::make_unexpected(
                Error(Code::KeyRing, {.row = entry.id, .hint = "TLS uses this very key."}));
        }
    }
    return {};
}

}  // namespace stafett::security
