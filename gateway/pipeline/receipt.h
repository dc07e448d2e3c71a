#pragma once

#include "gateway/pipeline/shared.h"
#include "gateway/pipeline/tickets.h"

namespace stafett::pipeline {

/// What the sender is told beside the yes, counted.
struct Told {
    std::size_t losses = 0, warnings = 0;
};

/// The receipt (design 4): a compact JWS over ids, digests, versions and numbers; no personal data.
std::string receiptFor(const Shared& shared, const MessageFacts& facts, std::uint64_t seq,
                       Told told, const Journey& journey);

}  // namespace stafett::pipeline
