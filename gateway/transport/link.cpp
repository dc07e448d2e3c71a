#include "gateway/transport/link.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

#include <Poco/Net/SocketAddress.h>

namespace stafett::transport {
namespace {

constexpr unsigned kPiecesATurn = 8;

}  // namespace

Link::Link(Poller& poller, Poller::Token token, const config::Courier& settings, std::string host,
           std::uint16_t port, std::shared_ptr<const security::Context> context)
    : poller_(poller),
      token_(token),
      settings_(settings),
      host_(std::move(host)),
      port_(port),
      context_(std::move(context)) {
    dueIn(settings_.connect_time);
}

void Link::dueIn(std::chrono::milliseconds time) {
    due_ = (Steady::now() + time).time_since_epoch().count();
}

void Link::give(Errand errand) {
    errand_ = std::move(errand);
    if (phase_ == Phase::Idle) beginExchange();
}

void Link::beginExchange() {
    phase_ = Phase::Exchanging;
    sent_ = 0;
    piece_.clear();
    piece_sent_ = 0;
    source_ended_ = !errand_->source;
    source_failed_ = false;
    if (errand_->source) errand_->source->begin();
    reader_.emplace(AnswerReader::Limits{.body = settings_.answer_body}, errand_->method);
    dueIn(settings_.answer_time);
}

void Link::connect(Resolver::Addresses addresses) {
    if (phase_ != Phase::Resolving) return;
    addresses_ = std::move(addresses);
    if (connectNext().state == State::Failed) {
        phase_ = Phase::Resolving;
        due_ = 0;
    }
}

Link::Outcome Link::connectNext() {
    wire_.close();
    while (next_address_ < addresses_.size()) {
        const Poco::Net::SocketAddress to(addresses_[next_address_++], port_);
        const int fd = ::socket(to.af(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (fd < 0) continue;
        Wire wire(fd);
        if (::connect(fd, to.addr(), to.length()) != 0 && errno != EINPROGRESS) continue;
        if (!poller_.add(fd, token_, Wire::Io::WantWrite)) continue;
        wire_ = std::move(wire);
        phase_ = Phase::Connecting;
        return {};
    }
    return fail(Code::DeliverUnreachable);
}

Link::Outcome Link::drive() {
    switch (phase_) {
        case Phase::Connecting:
            return finishConnect();
        case Phase::Handshake:
            return shakeHands();
        case Phase::Exchanging:
            return exchange();
        case Phase::Idle:
            return waitIdly();
        case Phase::Resolving:
        case Phase::Over:
            return {};
    }
    return {};
}

Link::Outcome Link::finishConnect() {
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(wire_.fd(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return connectNext();
    sockaddr_storage peer{};
    size = sizeof peer;
    if (::getpeername(wire_.fd(), reinterpret_cast<sockaddr*>(&peer), &size) != 0) {
        return wait(Wire::Io::WantWrite);
    }
    if (!context_) {
        beginExchange();
        return exchange();
    }
    if (!wire_.call(context_->native(), host_)) return fail(Code::DeliverTls);
    phase_ = Phase::Handshake;
    return shakeHands();
}

Link::Outcome Link::shakeHands() {
    const auto io = wire_.handshake();
    if (io == Wire::Io::WantRead || io == Wire::Io::WantWrite) return wait(io);
    if (io != Wire::Io::Done) {
        return fail(wire_.refused() ? Code::DeliverTls : Code::DeliverUnreachable);
    }
    if (!context_->identify(wire_.ssl())) return fail(Code::DeliverTls);
    beginExchange();
    return exchange();
}

Link::Outcome Link::exchange() {
    const bool more = !allSent();
    unsigned pieces = 0;
    while (!cannot_send_ && !allSent() && sendSome()) {
        if (!source_failed_ && ++pieces < kPiecesATurn) continue;
        if (source_failed_) return fail(Code::StoreDamaged);
        wake();  // others have a turn
        return {};
    }
    // Nothing can be there yet: the socket will tell.
    if (more && allSent() && !wire_.buffered()) return wait(Wire::Io::WantRead);
    return receive();
}

bool Link::allSent() const {
    return sent_ == errand_->bytes.size() && piece_sent_ == piece_.size() && source_ended_;
}

/// One write: what is left of the errand's bytes, then its source's, piece by piece. False when the
/// socket takes no more.
bool Link::sendSome() {
    const bool head = sent_ < errand_->bytes.size();
    if (!head && piece_sent_ == piece_.size()) {
        piece_.clear();
        piece_sent_ = 0;
        source_failed_ = !errand_->source->next(piece_);
        source_ended_ = piece_.empty();
        if (source_ended_ || source_failed_) return true;
        dueIn(settings_.answer_time);  // as long as it takes what it is given
    }
    const auto rest = head ? std::string_view(errand_->bytes).substr(sent_)
                           : std::string_view(piece_).substr(piece_sent_);
    const auto moved = wire_.write(rest);
    (head ? sent_ : piece_sent_) += moved.bytes;
    if (moved.io == Wire::Io::WantRead || moved.io == Wire::Io::WantWrite) return false;
    // An answer may lie there already, said before the receiver closed: read on.
    cannot_send_ = moved.io != Wire::Io::Done;
    return true;
}

Link::Outcome Link::receive() {
    thread_local std::array<char, 32U << 10> piece;
    while (true) {
        const auto moved = wire_.read(piece.data(), piece.size());
        switch (moved.io) {
            case Wire::Io::Done: {
                const auto step = reader_->put({piece.data(), moved.bytes});
                if (step.state == Step::State::Refused) return fail(Code::DeliverUnknown);
                std::size_t used = step.used;
                auto state = step.state;
                if (state == Step::State::Head) {
                    const auto rest = std::string_view(piece.data(), moved.bytes).substr(used);
                    const auto next = reader_->put(rest);
                    if (next.state == Step::State::Refused) return fail(Code::DeliverUnknown);
                    used += next.used;
                    state = next.state;
                }
                if (state == Step::State::Whole) return answered(used < moved.bytes);
                break;
            }
            case Wire::Io::WantRead:
                if (cannot_send_) return cut();
                return wait(allSent() ? moved.io : Wire::Io::WantEither);
            case Wire::Io::WantWrite:
            case Wire::Io::WantEither:
                return wait(moved.io);
            case Wire::Io::Closed:
                // Without TLS a cut looks the same as an end in good order.
                if (wire_.ssl() != nullptr && reader_->finish()) return answered(true);
                return cut();
            case Wire::Io::Failed:
                return cut();
        }
    }
}

Link::Outcome Link::answered(bool rest_follows) {
    Outcome outcome{State::Answered};
    outcome.reusable =
        !rest_follows && !cannot_send_ && allSent() && reader_->keepsAlive() && !wire_.buffered();
    outcome.response = reader_->take();
    reader_.reset();
    used_before_ = true;
    if (!outcome.reusable) {
        wire_.endSending();
        phase_ = Phase::Over;
        return outcome;
    }
    phase_ = Phase::Idle;
    dueIn(settings_.idle_time);
    wait(Wire::Io::WantRead);
    return outcome;
}

Link::Outcome Link::cut() {
    if (wire_.refused() && !reader_->begun()) return fail(Code::DeliverTls);
    const bool stale = used_before_ && !reader_->begun();
    auto outcome = fail(sent_ == 0 ? Code::DeliverUnreachable : Code::DeliverUnknown);
    outcome.stale = stale;
    return outcome;
}

Link::Outcome Link::fail(Code code) {
    phase_ = Phase::Over;
    Outcome outcome{State::Failed};
    outcome.code = code;
    return outcome;
}

Link::Outcome Link::waitIdly() {
    std::array<char, 16> piece{};
    const auto moved = wire_.read(piece.data(), piece.size());
    if (moved.io == Wire::Io::WantRead || moved.io == Wire::Io::WantWrite) return wait(moved.io);
    wire_.endSending();
    phase_ = Phase::Over;  // closed, or speaks without being asked
    return {State::Over};
}

Link::Outcome Link::expire() {
    switch (phase_) {
        case Phase::Resolving:
        case Phase::Connecting:
        case Phase::Handshake:
            return fail(Code::DeliverUnreachable);
        case Phase::Exchanging:
            return fail(sent_ == 0 ? Code::DeliverUnreachable : Code::DeliverUnknown);
        case Phase::Idle:
            wire_.endSending();
            phase_ = Phase::Over;
            return {State::Over};
        case Phase::Over:
            return {};
    }
    return {};
}

Link::Outcome Link::wait(Wire::Io want) {
    poller_.arm(wire_.fd(), token_, want);
    return {};
}

void Link::close() {
    phase_ = Phase::Over;
    wire_.close();
}

}  // namespace stafett::transport
