#include "gateway/security/endings.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <ctime>

#include "gateway/security/openssl.h"

namespace stafett::security {
namespace {

constexpr std::chrono::hours kDay{24};

Time timeOf(const ASN1_TIME* time) {
    std::tm parts{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return {};
    return std::chrono::time_point_cast<Time::duration>(
        std::chrono::system_clock::from_time_t(::timegm(&parts)));
}

/// The last common name, else the whole of it.
std::string nameOf(const X509_NAME* name) {
    const int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    if (at < 0) {
        char line[256] = {};
        X509_NAME_oneline(name, line, sizeof line);
        return line;
    }
    const auto* value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
            static_cast<std::size_t>(ASN1_STRING_length(value))};
}

template <class Pointer, class Read, class Take>
void readAll(const std::string& path, Read read, Take take) {
    const BioPtr file(BIO_new_file(path.c_str(), "rb"));
    while (file != nullptr) {
        const Pointer next(read(file.get(), nullptr, nullptr, nullptr));
        if (next == nullptr) break;
        take(next.get());
    }
    ERR_clear_error();
}

void addCertificates(const std::string& path, Ending::What what, std::vector<Ending>& into) {
    readAll<CertificatePtr>(path, &PEM_read_bio_X509, [&](const X509* one) {
        into.push_back(
            {what, nameOf(X509_get_subject_name(one)), path, timeOf(X509_get0_notAfter(one))});
    });
}

std::string hintOf(const Ending& ending, Time now) {
    const auto left = std::chrono::duration_cast<std::chrono::hours>(ending.at - now) / kDay;
    std::string hint(name(ending.what));
    return hint + " ends " + timeText(ending.at) + ", in " + std::to_string(left) +
           (left == 1 ? " day." : " days.");
}

}  // namespace

std::string_view name(Ending::What what) {
    switch (what) {
        case Ending::What::Certificate:
            return "certificate";
        case Ending::What::Authority:
            return "authority";
        case Ending::What::RevocationList:
            break;
    }
    return "revocation_list";
}

std::vector<Ending> endingsOf(const config::TlsSettings& settings) {
    std::vector<Ending> all;
    addCertificates(settings.certificate, Ending::What::Certificate, all);
    addCertificates(settings.authorities, Ending::What::Authority, all);
    if (settings.revocation == config::Revocation::Off) return all;
    for (const auto& path : settings.revocation_lists) {
        readAll<RevocationListPtr>(path, &PEM_read_bio_X509_CRL, [&](const X509_CRL* one) {
            all.push_back({Ending::What::RevocationList, nameOf(X509_CRL_get_issuer(one)), path,
                           timeOf(X509_CRL_get0_nextUpdate(one))});
        });
    }
    return all;
}

Problems endingSoon(const std::vector<Ending>& endings, const config::TlsSettings& settings,
                    Time now) {
    Problems problems;
    for (const auto& ending : endings) {
        const bool is_list = ending.what == Ending::What::RevocationList;
        const auto days = is_list ? settings.warn_list_days : settings.warn_days;
        if (ending.at - now > days * kDay) continue;
        problems.emplace_back(
            Code::TlsEndsSoon,
            Place{.file = ending.file, .row = ending.name, .hint = hintOf(ending, now)});
    }
    return problems;
}

}  // namespace stafett::security
