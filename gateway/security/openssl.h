#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>

namespace stafett::security {

/// OpenSSL's objects, freed by their own functions. For the .cpp files of this folder.
template <auto kFree>
struct FreeBy {
    template <class T>
    void operator()(T* object) const {
        kFree(object);
    }
};

struct FreeBio {
    void operator()(BIO* bio) const { BIO_free_all(bio); }
};
using BioPtr = std::unique_ptr<BIO, FreeBio>;
using KeyPtr = std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY_free>>;
using KeyContextPtr = std::unique_ptr<EVP_PKEY_CTX, FreeBy<EVP_PKEY_CTX_free>>;
using CertificatePtr = std::unique_ptr<X509, FreeBy<X509_free>>;
using RevocationListPtr = std::unique_ptr<X509_CRL, FreeBy<X509_CRL_free>>;
using VerificationPtr = std::unique_ptr<X509_STORE_CTX, FreeBy<X509_STORE_CTX_free>>;

}  // namespace stafett::security
