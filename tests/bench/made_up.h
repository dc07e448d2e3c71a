#pragma once

#include "gateway/store/message_store.h"

namespace stafett::bench {

/// A referral with one delivery, for the store alone: of the sizes a real one has, its sealed
/// values stood in for by random bytes. Each is another message of another case.
store::Keep madeUp();

}  // namespace stafett::bench
