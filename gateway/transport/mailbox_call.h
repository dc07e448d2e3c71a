#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/base/ids.h"
#include "gateway/base/result.h"
#include "gateway/transport/http.h"
#include "gateway/transport/refusal.h"

namespace stafett::transport {

/// What a receiver asks of its mailbox (docs/mailbox.md).
struct MailboxCall {
    enum class Ask : std::uint8_t { Fetch, Acknowledge } ask = Ask::Fetch;
    std::chrono::seconds wait{0};  ///< Fetch: how long to wait for something to come
    PartyId party = {};            ///< Fetch: for whom; empty = all for whom the system may act
    DeliveryId delivery = {};      ///< Acknowledge, as is the one below
    std::uint32_t lease = 0;       ///< the number the fetch gave it, from 1
    int status = 0;  ///< the receiver's technical answer as HTTP would have said it; 0 = none said
};

/// Whether a path belongs to the mailbox, and to no dialect.
bool isMailboxPath(std::string_view path);

/// Reads such a request. Refused: another path or method, a query that says anything unknown, twice
/// or out of its limits, a lease that is missing.
tl::expected<MailboxCall, Refusal> readMailboxCall(const HttpRequest& request);

}  // namespace stafett::transport
