#pragma once

#include <string>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/error.h"
#include "gateway/config/security.h"

namespace stafett::security {

/// A day on which something that TLS rests on ends: one's own certificate or one sent with it, an
/// authority, a revocation list.
struct Ending {
    enum class What : std::uint8_t { Certificate, Authority, RevocationList };
    What what;
    std::string name;  ///< the subject's or issuer's common name
    std::string file;
    Time at{};
};

std::string_view name(Ending::What what);

/// Of everything these files hold, in their order. What cannot be read is passed over: whoever
/// loads it tells of that.
std::vector<Ending> endingsOf(const config::TlsSettings& settings);

/// TlsEndsSoon for each that ends within the days the settings give it, with file, name and day.
Problems endingSoon(const std::vector<Ending>& endings, const config::TlsSettings& settings,
                    Time now);

}  // namespace stafett::security
