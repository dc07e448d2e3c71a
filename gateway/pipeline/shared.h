#pragma once

#include "gateway/base/clock.h"
#include "gateway/security/index_key.h"
#include "gateway/security/seal.h"
#include "gateway/security/sign.h"
#include "gateway/store/message_store.h"
#include "gateway/trace/log.h"
#include "gateway/trace/metrics.h"

namespace stafett::pipeline {

/// The parts every stage may use; made once, in app/parts.cpp. All are safe for many threads.
struct Shared {
    store::MessageStore& store;
    const security::Sealer& sealer;
    const security::IndexKey& index;
    const security::Signer& signer;
    trace::Log& log;
    trace::Metrics& metrics;
    const Clock& clock;
    double pace = 1.0;       ///< the clock's seconds to one of the world's: 1 but in rehearsals
    bool rehearsal = false;  ///< the clock may leap
};

}  // namespace stafett::pipeline
