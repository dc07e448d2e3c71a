#include "gateway/transport/poller.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <limits>

namespace stafett::transport {
namespace {

constexpr Poller::Token kStop = std::numeric_limits<Poller::Token>::max();

epoll_event event(Poller::Token token, Wire::Io want) {
    epoll_event wanted{};
    wanted.events = EPOLLONESHOT;
    if (want != Wire::Io::WantRead) wanted.events |= EPOLLOUT;
    if (want != Wire::Io::WantWrite) wanted.events |= EPOLLIN | EPOLLRDHUP;
    wanted.data.u64 = token;
    return wanted;
}

}  // namespace

Poller::Poller() : epoll_(::epoll_create1(EPOLL_CLOEXEC)), stop_(::eventfd(0, EFD_CLOEXEC)) {
    epoll_event wanted{};
    wanted.events = EPOLLIN;
    wanted.data.u64 = kStop;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, stop_, &wanted);
}

Poller::~Poller() {
    if (epoll_ >= 0) ::close(epoll_);
    if (stop_ >= 0) ::close(stop_);
}

bool Poller::add(int fd, Token token, Wire::Io want) {
    auto wanted = event(token, want);
    return ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &wanted) == 0;
}

void Poller::arm(int fd, Token token, Wire::Io want) {
    auto wanted = event(token, want);
    ::epoll_ctl(epoll_, EPOLL_CTL_MOD, fd, &wanted);
}

std::optional<Poller::Token> Poller::wait(std::chrono::milliseconds time) {
    epoll_event got{};
    const int count = ::epoll_wait(epoll_, &got, 1, static_cast<int>(time.count()));
    const Token token = got.data.u64;
    if (count != 1 || token == kStop) return std::nullopt;
    return token;
}

void Poller::stop() { ::eventfd_write(stop_, 1); }

bool Poller::stopped() const {
    pollfd watched{stop_, POLLIN, 0};
    return ::poll(&watched, 1, 0) == 1;
}

}  // namespace stafett::transport
