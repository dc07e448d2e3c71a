#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "gateway/store/records.h"

namespace stafett::store {

/// A delivery that a commit made ready at once: of this message, the one at this place.
struct Fresh {
    const Keep* keep;
    std::size_t which;
};

/// Deliveries just kept and not tried yet, so that they need not be read from the store a moment
/// later. The newest of them, a bounded number and size. Many threads.
class AtHand {
public:
    static constexpr std::size_t kMost = 1024;
    static constexpr std::size_t kMostBytes = std::size_t{16} << 20;

    struct Delivery {
        Lease lease;                    ///< for the first attempt; its consent is not filled in
        std::optional<Digest> consent;  ///< what it may not leave without
        std::string consent_to;
    };

    void add(const Fresh& fresh);
    /// Once; nothing when it is not here.
    std::optional<Delivery> take(const DeliveryId& id);
    /// It has become another than it was when it was kept.
    void forget(const DeliveryId& id);
    /// Their data keys are wrapped anew.
    void forgetAll();

private:
    void drop(const DeliveryId& id);

    std::mutex mutex_;
    std::unordered_map<DeliveryId, Delivery> deliveries_;
    std::deque<DeliveryId> order_;  ///< of coming; with some that are gone
    std::size_t bytes_ = 0;
};

}  // namespace stafett::store
