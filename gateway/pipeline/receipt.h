#pragma once

#include "gateway/pipeline/shared.h"
#include "gateway/pipeline/tickets.h"

namespace stafett::pipeline {

/// The receipt (design 4): a compact JWS over ids, digests, versions and numbers; no personal data.
std::string receiptFor(const Shared& shared, const MessageFacts& facts, std::uint64_t seq,
                       std::size_t losses, const Journey& journey);

}  // namespace stafett::pipeline
