#include "gateway/transport/inbox.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <thread>
#include <utility>

#include <Poco/Exception.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>

#include "gateway/base/workers.h"
#include "gateway/transport/inbox_engine.h"

namespace stafett::transport {
namespace {

constexpr int kBacklog = 512;
constexpr int kSweepMillis = 50;
constexpr unsigned kAcceptTurn = 64;

PeerAddress addressOf(const sockaddr_storage& from) {
    PeerAddress address{};
    if (from.ss_family == AF_INET6) {
        std::memcpy(address.data(), &reinterpret_cast<const sockaddr_in6&>(from).sin6_addr, 16);
    } else {
        address[10] = address[11] = 0xFF;
        std::memcpy(address.data() + 12, &reinterpret_cast<const sockaddr_in&>(from).sin_addr, 4);
    }
    return address;
}

class Server final : public InboxServer {
public:
    Server(const Poco::Net::ServerSocket& socket, std::shared_ptr<InboxEngine> engine,
           const config::Listener& settings)
        : socket_(socket),
          port_(socket_.address().port()),
          wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
          engine_(std::move(engine)),
          workers_(std::max(settings.workers, 1U), settings.stand_ins,
                   [engine = engine_] { engine->work(); }),
          accepting_([this] { acceptAndSweep(); }) {}

    ~Server() override {
        stop_ = true;
        ::eventfd_write(wake_, 1);
        engine_->closeAll();
        engine_->stop();
        accepting_.join();
        workers_.join();
        engine_->closeAll();
        ::close(wake_);
    }

    std::uint16_t port() const override { return port_; }

    void drain(Deadline deadline) override {
        closing_ = true;
        ::eventfd_write(wake_, 1);
        engine_->beginDrain();
        engine_->waitUntilEmpty(deadline);
        engine_->closeAll();
    }

    void judgeAgain() override { engine_->judgeAgain(); }
    unsigned kept() const override { return workers_.kept(); }
    Counts counts() const override { return engine_->counts(); }

private:
    void acceptAndSweep() {
        int listening = socket_.impl()->sockfd();
        bool out_of_descriptors = false;
        while (!stop_) {
            if (closing_ && listening >= 0) {
                socket_.close();
                listening = -1;
            }
            // poll() passes over a negative descriptor.
            pollfd watched[2] = {{wake_, POLLIN, 0},
                                 {out_of_descriptors ? -1 : listening, POLLIN, 0}};
            const bool ticks = engine_->ticks() || out_of_descriptors;
            ::poll(watched, 2, ticks ? kSweepMillis : -1);
            out_of_descriptors = false;
            if ((watched[0].revents & POLLIN) != 0) {
                eventfd_t told = 0;
                ::eventfd_read(wake_, &told);
            }
            if (watched[1].revents != 0 && !closing_) out_of_descriptors = !acceptAll(listening);
            engine_->sweep();
        }
    }

    /// False when there is no descriptor left for a new connection: it waits in the backlog.
    bool acceptAll(int listening) {
        for (unsigned i = 0; i < kAcceptTurn; ++i) {
            sockaddr_storage from{};
            socklen_t size = sizeof from;
            const int fd = ::accept4(listening, reinterpret_cast<sockaddr*>(&from), &size,
                                     SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (fd < 0) {
                return errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM;
            }
            engine_->welcome(fd, addressOf(from));
        }
        return true;
    }

    Poco::Net::ServerSocket socket_;
    std::uint16_t port_;
    int wake_;
    std::shared_ptr<InboxEngine> engine_;
    std::atomic<bool> stop_{false};
    std::atomic<bool> closing_{false};
    Workers workers_;
    std::thread accepting_;  ///< the last: it uses all of the above
};

}  // namespace

Responder::~Responder() {
    if (send_) answer(problem({503, Code::HttpNoAnswer}, Language::Swedish));
}

void Responder::answer(HttpResponse response) {
    const auto send = std::exchange(send_, nullptr);
    if (send) send(std::move(response));
}

Result<std::unique_ptr<InboxServer>> InboxServer::start(const config::Listener& listener,
                                                        security::ContextSource context,
                                                        Inbox& inbox, InboxWatch watch) {
    ignoreBrokenPipes();
    try {
        Poco::Net::ServerSocket socket;
        const Poco::Net::SocketAddress address(listener.address, listener.port);
        socket.bind(address, true, false);
        socket.listen(kBacklog);
        socket.setBlocking(false);
        auto engine =
            std::make_shared<InboxEngine>(listener, std::move(context), inbox, std::move(watch));
        if (!engine->ready()) return tl::make_unexpected(Error(Code::HttpListen));
        return std::make_unique<Server>(std::move(socket), std::move(engine), listener);
    } catch (const std::exception&) {  // Poco's: the address is taken, not ours, or not one
        return tl::make_unexpected(Error(Code::HttpListen, Place{.row = "listener.address"}));
    }
}

}  // namespace stafett::transport
