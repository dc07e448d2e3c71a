#include "gateway/transport/inbox_engine.h"

#include <openssl/ssl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "gateway/base/workers.h"

namespace stafett::transport {
namespace {

constexpr unsigned kTurn = 16;  ///< requests one connection may bring before others have a turn
constexpr std::size_t kReadPiece = 32U << 10;

/// The request this thread has just handed to the Inbox, to know an answer given on the spot.
struct Handed {
    const void* engine = nullptr;
    Poller::Token token = 0;
    bool answered = false;
};
thread_local Handed handed;

}  // namespace

InboxEngine::InboxEngine(const config::Listener& settings, security::ContextSource context,
                         Inbox& inbox, InboxWatch watch)
    : settings_(settings),
      context_(std::move(context)),
      inbox_(inbox),
      watch_(std::move(watch)),
      connections_(settings),
      room_(std::make_shared<BodyRoom>(settings.large_memory)) {}

void InboxEngine::welcome(int fd, const PeerAddress& peer) {
    Wire wire(fd);
    if (draining_) {
        ++refused_;
        return;
    }
    const auto [room, index] = connections_.claim(peer);
    if (!index) {
        ++refused_;
        countTurnedAway(room, false);
        return;
    }
    ++accepted_;
    wire.quickAcknowledge();
    auto& slot = connections_.at(*index);
    const std::lock_guard guard(slot.lock);
    slot.connection = std::make_unique<Connection>(std::move(wire), peer, settings_);
    slot.connection->turned_away = refusalOf(room);
    slot.dueIn(settings_.handshake_time);
    const auto token = Connections::token(*index, slot.generation);
    if (!poller_.add(fd, token, Wire::Io::WantRead)) {
        slot.connection.reset();
        ++slot.generation;
        connections_.release(*index);
    }
}

void InboxEngine::work() {
    while (true) {
        if (const auto token = poller_.wait(std::chrono::milliseconds(-1))) {
            drive(*token);
            if (Workers::leaves()) return;
        } else if (poller_.stopped()) {
            return;
        }
    }
}

void InboxEngine::drive(Poller::Token token) {
    const auto index = static_cast<std::uint32_t>(token & 0xFFFFFFFFU);
    auto& slot = connections_.at(index);
    std::unique_lock lock(slot.lock);
    if (slot.generation != token >> 32U || !slot.connection) return;
    Held held{index, slot, *slot.connection, lock};
    while (step(held) == Go::On) {
        if (held.handed >= kTurn && held.at.phase == Connection::Phase::Reading) {
            poller_.tellSoon(held.at.wire.fd(), token);
            return;
        }
    }
}

InboxEngine::Go InboxEngine::step(Held& held) {
    switch (held.at.phase) {
        case Connection::Phase::Handshake:
            return shakeHands(held);
        case Connection::Phase::Reading:
            return read(held);
        case Connection::Phase::Answering:
            return Go::Left;
        case Connection::Phase::Answered:
            return render(held);
        case Connection::Phase::Writing:
            return write(held);
        case Connection::Phase::Lingering:
            return linger(held);
    }
    return Go::Left;
}

InboxEngine::Go InboxEngine::shakeHands(Held& held) {
    auto& c = held.at;
    if (context_ && c.wire.ssl() == nullptr) {
        c.context = context_();
        if (!c.context || !c.wire.serve(c.context->native())) {
            ++refused_;
            return drop(held);
        }
    }
    const auto io = c.wire.handshake();
    if (context_) c.wire.quickAcknowledge();
    if (io == Wire::Io::WantRead || io == Wire::Io::WantWrite) return wait(held, io);
    if (io != Wire::Io::Done) {
        ++refused_;
        return endSending(held);
    }
    if (c.context) identify(held, *c.context);
    if (c.context && !c.stranger) {
        const auto [room, index] = connections_.know(held.index, c.peer.system);
        if (!index) {
            ++refused_;
            countTurnedAway(room, false);
            return endSending(held);
        }
        c.turned_away = refusalOf(room);
    }
    c.phase = Connection::Phase::Reading;
    held.slot.dueIn(settings_.idle_time);
    return Go::On;
}

void InboxEngine::identify(Held& held, const security::Context& context) {
    auto peer = context.identify(held.at.wire.ssl());
    if (peer) {
        held.at.peer = std::move(*peer);
        held.at.stranger.reset();
    } else {
        ++refused_;
        held.at.stranger = Refusal{403, peer.error().code()};
    }
}

InboxEngine::Go InboxEngine::read(Held& held) {
    auto& c = held.at;
    if (c.unread.empty()) return readMore(held);
    const auto pending = std::exchange(c.unread, {});
    return consume(held, pending);
}

InboxEngine::Go InboxEngine::readMore(Held& held) {
    thread_local std::array<char, kReadPiece> piece;
    auto& c = held.at;
    const auto moved = c.wire.read(piece.data(), piece.size());
    switch (moved.io) {
        case Wire::Io::Done:
            return consume(held, {piece.data(), moved.bytes});
        case Wire::Io::WantRead:
        case Wire::Io::WantWrite:
        case Wire::Io::WantEither:
            if (draining_ && !c.begun) return endSending(held);
            setParked(held, !c.begun);
            return wait(held, moved.io);
        case Wire::Io::Closed:
            if (c.begun) return refuse(held, {400, Code::HttpMalformed});
            c.wire.endSending();
            return drop(held);
        case Wire::Io::Failed:
            if (c.begun) ++malformed_;
            return drop(held);
    }
    return Go::Left;
}

InboxEngine::Go InboxEngine::consume(Held& held, std::string_view bytes) {
    auto& c = held.at;
    setParked(held, false);
    if (!c.begun) {
        c.begun = true;
        held.slot.dueIn(settings_.request_time);
    }
    auto step = c.reader.put(bytes);
    bytes.remove_prefix(step.used);
    if (step.state != Step::State::More) c.language = languageOf(c.reader.request().headers);
    if (step.state == Step::State::Refused) return refuse(held, withLimit(c.reader.refusal()));
    if (step.state != Step::State::More && c.stranger) return refuse(held, *c.stranger);
    if (step.state != Step::State::More && c.turned_away) return turnAway(held, *c.turned_away);
    if (step.state == Step::State::Head) {
        if (const auto refusal = admit(held)) {
            if (refusal->status != 503) return refuse(held, *refusal);
            c.turned_away = refusal;  // its body is not read: the connection ends with the answer
            return turnAway(held, *refusal);
        }
        if (bytes.empty()) return c.reader.waitsForContinue() ? sendContinue(held) : Go::On;
        step = c.reader.put(bytes);
        bytes.remove_prefix(step.used);
    }
    switch (step.state) {
        case Step::State::Refused:
            return refuse(held, withLimit(c.reader.refusal()));
        case Step::State::Whole:
            c.unread.assign(bytes);
            return hand(held);
        default:
            return Go::On;
    }
}

/// Says which limit a body has passed that is larger than any may be.
Refusal InboxEngine::withLimit(Refusal refusal) const {
    if (refusal.code == Code::HttpTooLarge) {
        refusal.limit = std::max(settings_.body, settings_.large_body);
    }
    return refusal;
}

/// A body larger than others may be: where attachments are taken, and while there is memory.
std::optional<Refusal> InboxEngine::admit(Held& held) {
    auto& c = held.at;
    const auto length = c.reader.length();
    if (length <= settings_.body) return std::nullopt;
    if (!inbox_.mayBeLarge(c.peer, c.reader.request())) {
        return Refusal{413, Code::HttpTooLarge, settings_.body};
    }
    c.room = room_->take(length);
    if (!c.room) return Refusal{503, Code::HttpFull};
    c.reader.makeRoom();
    return std::nullopt;
}

InboxEngine::Go InboxEngine::sendContinue(Held& held) {
    constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    const auto moved = held.at.wire.write(kContinue);
    // A peer whose window has no room for 25 bytes at the start of its request is up to no good.
    const bool sent = moved.io == Wire::Io::Done && moved.bytes == kContinue.size();
    return sent ? Go::On : drop(held);
}

InboxEngine::Go InboxEngine::hand(Held& held) {
    auto& c = held.at;
    ++requests_;
    ++held.handed;
    c.begun = false;
    c.keeps_alive = c.reader.keepsAlive();
    c.head_only = c.reader.request().method == "HEAD";
    c.phase = Connection::Phase::Answering;
    const auto generation = held.slot.generation;
    auto under_way = connections_.beginRequest(held.index);
    if (!under_way) return turnAway(held, {429, Code::HttpTooMany});
    const auto deadline = Deadline::in(settings_.request_time);
    held.slot.dueAt(deadline.at());
    const auto now = std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now());
    RawRequest request{c.peer, c.reader.take(), now, deadline, std::exchange(c.room, nullptr)};
    // Its members end from the last to the first: the request before the engine that counts it.
    struct Way {
        std::shared_ptr<InboxEngine> engine;
        std::shared_ptr<void> under_way;
    };
    Responder responder([way = Way{shared_from_this(), std::move(under_way)}, index = held.index,
                         generation](HttpResponse response) {
        way.engine->answer(index, generation, std::move(response));
    });

    held.lock.unlock();
    const auto outer =
        std::exchange(handed, Handed{this, Connections::token(held.index, generation), false});
    inbox_.take(std::move(request), std::move(responder));
    const bool answered = std::exchange(handed, outer).answered;
    held.lock.lock();
    if (!answered || held.slot.generation != generation) return Go::Left;
    return Go::On;
}

void InboxEngine::answer(std::uint32_t index, std::uint32_t generation, HttpResponse response) {
    auto& slot = connections_.at(index);
    const std::lock_guard guard(slot.lock);
    if (slot.generation != generation || !slot.connection) return;  // the peer has gone
    auto& c = *slot.connection;
    if (c.phase != Connection::Phase::Answering) return;  // too late: 503 was said
    c.answer = std::move(response);
    c.phase = Connection::Phase::Answered;
    const auto token = Connections::token(index, generation);
    if (handed.engine == this && handed.token == token) {
        handed.answered = true;
    } else {
        poller_.tellSoon(c.wire.fd(), token);
    }
}

InboxEngine::Go InboxEngine::wait(Held& held, Wire::Io want) {
    poller_.arm(held.at.wire.fd(), Connections::token(held.index, held.slot.generation), want);
    return Go::Left;
}

InboxEngine::Go InboxEngine::drop(Held& held) {
    setParked(held, false);
    held.slot.connection.reset();  // closes the socket; held.at is gone
    held.slot.due = INT64_MAX;
    ++held.slot.generation;
    connections_.release(held.index);
    if (draining_ && connections_.open() == 0) {
        const std::lock_guard guard(emptied_lock_);
        emptied_.notify_all();
    }
    return Go::Left;
}

void InboxEngine::setParked(Held& held, bool parked) {
    if (held.at.parked == parked) return;
    held.at.parked = parked;
    if (parked) {
        ++parked_;
    } else {
        --parked_;
    }
}

}  // namespace stafett::transport
