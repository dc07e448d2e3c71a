#include "gateway/transport/body_room.h"

namespace stafett::transport {

std::shared_ptr<const void> BodyRoom::take(std::uint64_t bytes) {
    const std::lock_guard guard(lock_);
    if (bytes > left_) return nullptr;
    left_ -= bytes;
    return {this, [self = shared_from_this(), bytes](const void*) {
                const std::lock_guard again(self->lock_);
                self->left_ += bytes;
            }};
}

}  // namespace stafett::transport
