// What goes out on a connection of the inbox: answers, refusals, and its end.
#include "gateway/transport/inbox_engine.h"
#include "gateway/transport/render.h"

namespace stafett::transport {
namespace {

constexpr std::chrono::milliseconds kLingerTime{2'000};
constexpr std::size_t kLingerBytes = 8U << 20;
constexpr std::size_t kKeptBuffer = 64U << 10;

}  // namespace

InboxEngine::Go InboxEngine::render(Held& held) {
    auto& c = held.at;
    if (c.answer.status == kCutConnection) return drop(held);
    c.keeps_alive = c.keeps_alive && !draining_;
    const auto after = c.keeps_alive ? After::KeepAlive : After::Close;
    const auto body = c.head_only ? BodySent::No : BodySent::Yes;
    c.out.clear();
    c.out_at = 0;
    if (!renderResponse(c.out, c.answer, after, body)) {
        renderResponse(c.out, problem({503, Code::HttpNoAnswer}, c.language), after, body);
        c.answer.source.reset();
    }
    c.source = c.head_only ? nullptr : std::move(c.answer.source);
    if (c.source) c.source->begin();
    c.answer = {};
    c.phase = Connection::Phase::Writing;
    return Go::On;
}

InboxEngine::Go InboxEngine::write(Held& held) {
    auto& c = held.at;
    while (c.out_at < c.out.size()) {
        const auto moved = c.wire.write(std::string_view(c.out).substr(c.out_at));
        if (moved.io == Wire::Io::WantRead || moved.io == Wire::Io::WantWrite) {
            return wait(held, moved.io);
        }
        if (moved.io != Wire::Io::Done) return drop(held);
        c.out_at += moved.bytes;
        if (c.out_at < c.out.size() || !c.source) continue;
        c.out.clear();
        c.out_at = 0;
        // What has begun and cannot go on is cut: its length says that it is not whole.
        if (!c.source->next(c.out)) return drop(held);
        if (c.out.empty()) c.source.reset();
        held.slot.dueIn(settings_.request_time);  // as long as it takes what it is given
    }
    if (c.out.capacity() > kKeptBuffer) c.out.shrink_to_fit();
    c.out.clear();
    if (!c.keeps_alive) return endSending(held);
    c.phase = Connection::Phase::Reading;
    held.slot.dueIn(settings_.idle_time);
    // Nothing lies here or in TLS: no need to ask the socket, it will tell.
    if (c.unread.empty() && !c.wire.buffered() && !draining_) {
        setParked(held, true);
        return wait(held, Wire::Io::WantRead);
    }
    return Go::On;
}

InboxEngine::Go InboxEngine::refuse(Held& held, Refusal refusal) {
    auto& c = held.at;
    if (refusal.status == 408 || refusal.status == 503) {
        ++timeouts_;
    } else if (refusal.status != 403) {
        ++malformed_;
    }
    setParked(held, false);
    c.out.clear();
    c.out_at = 0;
    renderResponse(c.out, problem(refusal, c.language), After::Close, BodySent::Yes);
    c.keeps_alive = false;
    c.phase = Connection::Phase::Writing;
    held.slot.dueIn(kLingerTime);
    return Go::On;
}

InboxEngine::Go InboxEngine::endSending(Held& held) {
    setParked(held, false);
    held.at.wire.endSending();
    held.at.phase = Connection::Phase::Lingering;
    held.slot.dueIn(kLingerTime);
    return Go::On;
}

InboxEngine::Go InboxEngine::linger(Held& held) {
    auto& c = held.at;
    while (true) {
        const auto moved = c.wire.discard();
        c.discarded += moved.bytes;
        if (moved.io == Wire::Io::WantRead) return wait(held, moved.io);
        if (moved.io != Wire::Io::Done || c.discarded > kLingerBytes) return drop(held);
    }
}

}  // namespace stafett::transport
