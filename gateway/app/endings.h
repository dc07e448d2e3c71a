#pragma once

#include <vector>

#include "gateway/security/endings.h"
#include "gateway/trace/log.h"
#include "gateway/trace/metrics.h"

namespace stafett::app {

/// Tells in good time of certificates and revocation lists that end: a gauge for each, and a
/// warning a day from the day the settings say. By the world's clock. One thread.
class Endings {
public:
    /// The files are new: what has been warned of is warned of again.
    void readAgain(const config::TlsSettings& settings);
    /// To be called often; it looks about every ten seconds.
    void tell(const config::TlsSettings& settings, trace::Log& log, trace::Metrics& metrics);

private:
    std::vector<security::Ending> endings_;
    Time look_next_{};
    Time warn_next_{};
};

}  // namespace stafett::app
