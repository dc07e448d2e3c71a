#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/security/peer.h"

namespace stafett::transport {

/// From here on a write to a socket whose peer has gone gives an error and does not end the
/// program.
void ignoreBrokenPipes();

/// One connected, non-blocking socket, with TLS or without: what inbox and courier share.
/// Closes the socket when it goes. One thread at a time.
class Wire {
public:
    enum class Io : std::uint8_t {
        Done,
        WantRead,   ///< wait until the socket can be read, then call again
        WantWrite,  ///< wait until it can be written
        WantEither,
        Closed,  ///< the peer ended in good order
        Failed,  ///< the peer is gone, or broke TLS
    };
    struct Moved {
        Io io;
        std::size_t bytes;
    };

    Wire() = default;
    /// Takes the socket over. Plain until TLS is put on it.
    explicit Wire(int fd);
    ~Wire();
    Wire(Wire&& other) noexcept;
    Wire& operator=(Wire&& other) noexcept;

    /// Puts TLS on as the one who was called: no resumption, no renegotiation.
    bool serve(SSL_CTX* context);
    /// Puts TLS on as the caller. The name or address is judged inside the handshake.
    bool call(SSL_CTX* context, const std::string& host);

    Io handshake();
    /// After a failure: one side judged the other's certificate or TLS, and said no.
    bool refused() const { return refused_; }
    Moved read(char* to, std::size_t room);
    /// May write a part. A call that has to be repeated must be given the same bytes.
    Moved write(std::string_view bytes);

    /// Bytes lie in TLS already: do not wait for the socket before reading.
    bool buffered() const;
    /// Says goodbye (close_notify) if the connection is still in order, and ends the sending half.
    void endSending();
    /// Reads and forgets what the peer still sends, below TLS. Closed at its end.
    Moved discard();
    /// Asks the kernel to acknowledge at once, so that a peer with Nagle's rule does not wait.
    void quickAcknowledge() const;

    bool open() const { return fd_ >= 0; }
    int fd() const { return fd_; }
    SSL* ssl() const { return ssl_; }
    void close();

private:
    Io judge(int result);

    int fd_ = -1;
    SSL* ssl_ = nullptr;
    bool established_ = false;
    bool broken_ = false;
    bool refused_ = false;
};

}  // namespace stafett::transport
