#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "gateway/security/peer.h"

namespace stafett::transport::test {

/// A receiver that does on each connection exactly what the test's script says, well or badly.
class ScriptedServer {
public:
    /// One connection, seen from the server. Blocking, at most five seconds a read.
    class Visitor {
    public:
        explicit Visitor(int fd) : fd_(fd) {}
        ~Visitor();
        Visitor(const Visitor&) = delete;
        bool shakeHands(SSL_CTX* context);
        /// A request with its body by Content-Length; empty when the caller has gone.
        std::string request();
        void say(std::string_view bytes);
        void sayGoodbye();  ///< close_notify
        void cut();         ///< the end, without a word
        /// Until the caller or the test ends it.
        void waitForEnd();
        int number = 0;  ///< first connection is 0

    private:
        bool more();
        int fd_;
        SSL* ssl_ = nullptr;
        std::string received_;
    };
    using Script = std::function<void(Visitor&)>;

    /// Null context: plain TCP, and the script shakes hands with nobody.
    ScriptedServer(const security::Context* context, Script script);
    ~ScriptedServer();

    std::uint16_t port() const { return port_; }
    int connections() const { return connections_; }

private:
    void accept();

    const security::Context* context_;
    Script script_;
    int listening_;
    std::uint16_t port_ = 0;
    std::atomic<int> connections_{0};
    std::mutex lock_;
    std::vector<int> open_;
    std::vector<std::thread> threads_;
    std::thread acceptor_;
};

}  // namespace stafett::transport::test
