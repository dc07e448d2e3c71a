#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "gateway/transport/wire.h"

namespace stafett::transport {

/// Tells threads which socket is ready. Each arm() is answered once, to one thread (ONESHOT), so
/// whoever was told owns the socket until it is armed again. Safe to call from many threads.
class Poller {
public:
    using Token = std::uint64_t;

    Poller();
    ~Poller();
    Poller(const Poller&) = delete;
    Poller& operator=(const Poller&) = delete;

    bool ready() const { return epoll_ >= 0 && stop_ >= 0; }
    /// Begins to watch a socket, armed for what is wanted. Closing the socket ends it.
    bool add(int fd, Token token, Wire::Io want);
    void arm(int fd, Token token, Wire::Io want);
    /// Tells one thread at once, as long as the socket can be written (it nearly always can).
    void tellSoon(int fd, Token token) { arm(fd, token, Wire::Io::WantWrite); }

    /// The next that is ready. Empty when the time is up or all threads were told to stop.
    std::optional<Token> wait(std::chrono::milliseconds time);
    void stop();
    bool stopped() const;

private:
    int epoll_ = -1;
    int stop_ = -1;
};

}  // namespace stafett::transport
