#pragma once

#include <map>
#include <string>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/config/security.h"
#include "gateway/security/judge.h"
#include "gateway/security/peer.h"

namespace stafett::security {

/// Which certificates belong to which system: an allow-list, and nothing else lets anybody in.
/// Never changed after it was made; safe to share between threads.
class Systems {
public:
    /// All problems at once: ConfigMissing, ConfigRange, ConfigDuplicate (a system, name or
    /// fingerprint given twice). The place's path names the entry.
    static Checked<Systems> make(const std::vector<config::SystemEntry>& entries);

    /// The one system whose certificate this is, on this day. TlsUnknownSystem where there is none,
    /// or more than one, or not on this day.
    Result<Peer> find(const X509* certificate, Time now) const;

private:
    Systems() = default;
    std::vector<config::SystemEntry> entries_;
    std::map<std::string, std::size_t, std::less<>> by_uri_;
    std::map<std::string, std::size_t, std::less<>> by_dns_;
    std::map<std::string, std::size_t, std::less<>> by_fingerprint_;
};

}  // namespace stafett::security
