#include "gateway/security/systems.h"

#include <algorithm>
#include <set>

#include "gateway/message/dates.h"

namespace stafett::security {

namespace {

std::string lower(std::string text) {
    for (auto& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return text;
}

bool isFingerprint(const std::string& text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

bool isHostName(const std::string& text) {
    return !text.empty() && text.size() <= 253 &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.") == std::string::npos;
}

bool isSystemName(const std::string& text) {
    return !text.empty() && text.size() <= 64 &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-._") == std::string::npos;
}

}  // namespace

Checked<Systems> Systems::make(const std::vector<config::SystemEntry>& entries) {
    Systems systems;
    Problems problems;
    const auto add = [&](Code code, std::size_t at, std::string_view field, std::string hint) {
        problems.emplace_back(code, Place{.path = "/" + std::to_string(at) + std::string(field),
                                          .hint = std::move(hint)});
    };
    const auto own = [&](auto& names, std::string name, std::size_t at, std::string_view field) {
        if (!names.emplace(std::move(name), at).second) {
            add(Code::ConfigDuplicate, at, field, "It belongs to another system, or stands twice.");
        }
    };
    for (std::size_t at = 0; at < entries.size(); ++at) {
        auto entry = entries[at];
        if (!isSystemName(entry.system.value)) {
            add(Code::ConfigRange, at, "/system", "a to z, 0 to 9, - . and _ ; at most 64.");
        }
        own(systems.by_uri_, "urn:stafett:system:" + entry.system.value, at, "/system");
        for (const auto& name : entry.dns) {
            if (!isHostName(lower(name))) add(Code::ConfigRange, at, "/dns", "An exact host name.");
            own(systems.by_dns_, lower(name), at, "/dns");
        }
        for (auto& fingerprint : entry.fingerprints) {
            fingerprint = lower(fingerprint);
            if (!isFingerprint(fingerprint)) {
                add(Code::ConfigRange, at, "/fingerprints",
                    "SHA-256 of the certificate, 64 hex digits.");
            }
            own(systems.by_fingerprint_, fingerprint, at, "/fingerprints");
        }
        for (const auto& day : {entry.valid_from, entry.valid_to}) {
            if (!day.empty() && !message::isDate(day))
                add(Code::ConfigRange, at, "", "A date is written YYYY-MM-DD.");
        }
        systems.entries_.push_back(std::move(entry));
    }
    if (!problems.empty()) return tl::make_unexpected(std::move(problems));
    return systems;
}

Result<Peer> Systems::find(const X509* certificate, Time now) const {
    const auto unknown = [] { return tl::make_unexpected(Error(Code::TlsUnknownSystem)); };
    std::set<std::size_t> hits;
    const auto seek = [&](const auto& names, const std::string& name) {
        if (const auto hit = names.find(name); hit != names.end()) hits.insert(hit->second);
    };
    const auto names = namesOf(certificate);
    for (const auto& uri : names.uris) seek(by_uri_, uri);
    for (const auto& dns : names.dns) seek(by_dns_, dns);
    const auto fingerprint = fingerprintOf(certificate);
    seek(by_fingerprint_, fingerprint);
    if (hits.size() != 1) return unknown();

    const auto& entry = entries_[*hits.begin()];
    const auto& pinned = entry.fingerprints;
    if (!pinned.empty() && std::find(pinned.begin(), pinned.end(), fingerprint) == pinned.end()) {
        return unknown();
    }
    const auto today = message::stockholmDate(now);
    if (!entry.valid_from.empty() && today < entry.valid_from) return unknown();
    if (!entry.valid_to.empty() && today > entry.valid_to) return unknown();
    return Peer{entry.system, entry.parties, fingerprint};
}

}  // namespace stafett::security
