#include "gateway/security/judge.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "gateway/base/bytes.h"
#include "gateway/security/openssl.h"

namespace stafett::security {

namespace {

/// Called for each certificate of the chain; what went wrong before stays wrong.
template <Role kRole>
int onCertificate(int ok, X509_STORE_CTX* verification) {
    if (ok != 1) return 0;
    if (X509_STORE_CTX_get_error_depth(verification) != 0) return 1;
    const int found = judgeLeaf(X509_STORE_CTX_get_current_cert(verification), kRole);
    if (found == X509_V_OK) return 1;
    X509_STORE_CTX_set_error(verification, found);
    return 0;
}

std::string textOf(const ASN1_IA5STRING* string) {
    const auto* bytes = ASN1_STRING_get0_data(string);
    return {reinterpret_cast<const char*>(bytes),
            static_cast<std::size_t>(ASN1_STRING_length(string))};
}

}  // namespace

int judgeLeaf(X509* certificate, Role role) {
    const auto flags = X509_get_extension_flags(certificate);
    if ((flags & EXFLAG_INVALID) != 0) return X509_V_ERR_INVALID_EXTENSION;
    if (X509_check_ca(certificate) != 0) return X509_V_ERR_INVALID_PURPOSE;
    if ((flags & EXFLAG_XKUSAGE) == 0 || (flags & EXFLAG_KUSAGE) == 0) {
        return X509_V_ERR_INVALID_PURPOSE;  // not said is not meant for it
    }
    const auto extended = X509_get_extended_key_usage(certificate);
    const std::uint32_t wanted = role == Role::Client ? XKU_SSL_CLIENT : XKU_SSL_SERVER;
    if ((extended & wanted) == 0 || (extended & XKU_ANYEKU) != 0) return X509_V_ERR_INVALID_PURPOSE;
    const auto usage = X509_get_key_usage(certificate);
    return (usage & KU_DIGITAL_SIGNATURE) != 0 ? X509_V_OK : X509_V_ERR_INVALID_PURPOSE;
}

SSL_verify_cb callbackFor(Role other_side) {
    return other_side == Role::Client ? &onCertificate<Role::Client> : &onCertificate<Role::Server>;
}

Status judge(X509_STORE* store, X509* certificate, STACK_OF(X509) * untrusted, Role role) {
    const VerificationPtr verification(X509_STORE_CTX_new());
    if (verification == nullptr ||
        X509_STORE_CTX_init(verification.get(), store, certificate, untrusted) != 1) {
        std::abort();
    }
    X509_STORE_CTX_set_default(verification.get(),
                               role == Role::Client ? "ssl_client" : "ssl_server");
    auto* parameters = X509_STORE_CTX_get0_param(verification.get());
    X509_VERIFY_PARAM_set_auth_level(parameters, kSecurityLevel);
    X509_VERIFY_PARAM_set_depth(parameters, kChainDepth);
    X509_STORE_CTX_set_verify_cb(verification.get(), callbackFor(role));
    const bool holds = X509_verify_cert(verification.get()) == 1;
    ERR_clear_error();
    if (holds) return {};
    return tl::make_unexpected(refusal(X509_STORE_CTX_get_error(verification.get())));
}

Error refusal(long verify_result) {
    const auto code = [&] {
        switch (verify_result) {
            case X509_V_ERR_UNABLE_TO_GET_CRL:
            case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER:
            case X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE:
            case X509_V_ERR_CRL_SIGNATURE_FAILURE:
            case X509_V_ERR_CRL_NOT_YET_VALID:
            case X509_V_ERR_CRL_HAS_EXPIRED:
            case X509_V_ERR_CRL_PATH_VALIDATION_ERROR:
            case X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD:
            case X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD:
            case X509_V_ERR_KEYUSAGE_NO_CRL_SIGN:
            case X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION:
            case X509_V_ERR_DIFFERENT_CRL_SCOPE:
                return Code::TlsRevocation;
            default:
                return Code::TlsRefused;
        }
    }();
    if (verify_result == X509_V_OK) return Error(code);
    return Error(code, {.row = X509_verify_cert_error_string(verify_result)});
}

Names namesOf(const X509* certificate) {
    Names names;
    const std::unique_ptr<GENERAL_NAMES, FreeBy<GENERAL_NAMES_free>> list(
        static_cast<GENERAL_NAMES*>(
            X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; i < sk_GENERAL_NAME_num(list.get()); ++i) {
        const auto* name = sk_GENERAL_NAME_value(list.get(), i);
        if (name->type != GEN_URI && name->type != GEN_DNS) continue;
        auto found = textOf(name->d.ia5);
        if (found.find('\0') != std::string::npos) continue;
        if (name->type == GEN_URI) {
            names.uris.push_back(std::move(found));
            continue;
        }
        for (auto& c : found) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        names.dns.push_back(std::move(found));
    }
    return names;
}

std::string fingerprintOf(const X509* certificate) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) std::abort();
    return hex({digest.data(), size});
}

}  // namespace stafett::security
