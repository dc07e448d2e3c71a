#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "gateway/config/transport.h"
#include "gateway/transport/http.h"
#include "gateway/transport/refusal.h"

namespace stafett::transport {

/// What a reader says after it was given bytes, and how many of them it used.
struct Step {
    enum class State : std::uint8_t {
        More,     ///< all used; the message goes on
        Head,     ///< said once: the head is whole and good, a body follows
        Whole,    ///< the message is whole; what was not used belongs to the next one
        Refused,  ///< badly framed or past a limit: nothing after it may be read
    };
    State state;
    std::size_t used;
};

/// Reads one request after the other from bytes that come in any pieces (RFC 9112, read strictly).
/// Names that only a proxy of ours could set (X-Forwarded-*, Client-Cert and the like) are dropped:
/// nothing inside ever sees them. Trailers are dropped too. One thread at a time.
class RequestReader {
public:
    explicit RequestReader(const config::Listener& limits);
    ~RequestReader();
    RequestReader(RequestReader&&) noexcept;
    RequestReader& operator=(RequestReader&&) noexcept;

    Step put(std::string_view bytes);

    /// After Refused: the answer it deserves.
    Refusal refusal() const;
    /// After Head: how long its body is going to be; 0 where only its end will tell. One that is
    /// longer than the listener's body is to be admitted, or refused.
    std::uint64_t length() const;
    /// Makes room for such a body at once: it is not moved as it grows.
    void makeRoom();
    /// After Head: the peer waits for "100 Continue" before it sends the body.
    bool waitsForContinue() const;
    /// After Head: what stood in it. After Whole: the same, and the body.
    const HttpRequest& request() const;
    bool keepsAlive() const;
    /// After Whole: hands the request over and begins anew.
    HttpRequest take();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The same for the answer to one request. An answer whose end is marked by nothing but the end of
/// the connection is whole only when finish() is told that the end was orderly.
class AnswerReader {
public:
    struct Limits {
        std::size_t head = 16U << 10;
        std::size_t fields = 100;
        std::size_t body = 1U << 20;
    };
    AnswerReader(Limits limits, std::string_view method);
    ~AnswerReader();
    AnswerReader(AnswerReader&&) noexcept;
    AnswerReader& operator=(AnswerReader&&) noexcept;

    Step put(std::string_view bytes);
    /// The connection ended in good order. True when that makes the answer whole.
    bool finish();

    /// Any byte has come.
    bool begun() const;
    bool keepsAlive() const;
    HttpResponse take();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace stafett::transport
