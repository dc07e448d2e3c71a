// Those for whom there is no room: what they are told, and who else is.
#include <utility>

#include "gateway/transport/inbox_engine.h"

namespace stafett::transport {
namespace {

constexpr std::chrono::seconds kTellEvery{10};
constexpr std::chrono::seconds kCountEvery{1};

}  // namespace

HttpResponse Inbox::turnAway(const RawRequest& request, Refusal refusal) {
    return problem(refusal, languageOf(request.http.headers));
}

std::optional<Refusal> refusalOf(Room room) {
    switch (room) {
        case Room::Given:
            return std::nullopt;
        case Room::PeerFull:
            return Refusal{429, Code::HttpTooMany};
        case Room::AllFull:
            return Refusal{503, Code::HttpFull};
    }
    return std::nullopt;
}

/// Asks for the answer without the lock: it may be a dialect's own.
InboxEngine::Go InboxEngine::turnAway(Held& held, Refusal refusal) {
    auto& c = held.at;
    if (c.turned_away) c.keeps_alive = false;
    c.head_only = c.reader.request().method == "HEAD";
    setParked(held, false);
    c.phase = Connection::Phase::Answering;
    const auto deadline = Deadline::in(settings_.request_time);
    held.slot.dueAt(deadline.at());
    const auto now = std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now());
    const RawRequest request{c.peer, c.turned_away ? c.reader.request() : c.reader.take(), now,
                             deadline};
    const auto generation = held.slot.generation;
    countTurnedAway(refusal.status == 429 ? Room::PeerFull : Room::AllFull, true);

    held.lock.unlock();
    auto answer = inbox_.turnAway(request, refusal);
    held.lock.lock();
    const bool there = held.slot.generation == generation && held.slot.connection;
    if (!there || c.phase != Connection::Phase::Answering) return Go::Left;
    c.answer = std::move(answer);
    c.phase = Connection::Phase::Answered;
    return Go::On;
}

void InboxEngine::countTurnedAway(Room room, bool said) {
    ++(said ? turned_away_ : closed_unsaid_);
    if (watch_.metrics == nullptr) return;
    const trace::Label why = room == Room::PeerFull ? trace::Label("peer") : trace::Label("all");
    watch_.metrics->countTurnedAway(watch_.listener, why,
                                    said ? trace::Label("told") : trace::Label("closed"));
}

/// At most one line in ten seconds, however many they are.
void InboxEngine::tellTurnedAway() {
    const auto now = Steady::now();
    if (now < tell_next_) return;
    tell_next_ = now + kCountEvery;
    shown_open_ = connections_.open();
    if (watch_.metrics != nullptr) {
        watch_.metrics->setConnections(watch_.listener, shown_open_, parked_);
    }
    const std::uint64_t said = turned_away_;
    const std::uint64_t unsaid = closed_unsaid_;
    if (said + unsaid == told_away_) return;
    if (watch_.log != nullptr) {
        watch_.log->warn("over_capacity", {{"listener", watch_.listener},
                                           {"told", said - (told_away_ - told_unsaid_)},
                                           {"closed", unsaid - told_unsaid_}});
    }
    told_away_ = said + unsaid;
    told_unsaid_ = unsaid;
    tell_next_ = now + kTellEvery;
}

}  // namespace stafett::transport
