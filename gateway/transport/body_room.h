#pragma once

#include <cstdint>
#include <memory>
#include <mutex>

namespace stafett::transport {

/// How much memory the large bodies may take that are read or worked on. Many threads.
class BodyRoom : public std::enable_shared_from_this<BodyRoom> {
public:
    explicit BodyRoom(std::uint64_t bytes) : left_(bytes) {}
    /// Given back when the last copy goes; nothing when there is not so much.
    std::shared_ptr<const void> take(std::uint64_t bytes);

private:
    std::mutex lock_;
    std::uint64_t left_;
};

}  // namespace stafett::transport
