// Fetching: who may, what they are given, and how they wait.
#include "gateway/pipeline/mailbox.h"

#include <algorithm>

#include "gateway/message/dates.h"
#include "gateway/pipeline/consent.h"
#include "gateway/pipeline/contents.h"
#include "gateway/pipeline/judge.h"
#include "gateway/transport/render.h"
#include "gateway/transport/target.h"

namespace stafett::pipeline {
namespace {

/// From being lent to the commit that says so.
constexpr std::chrono::seconds kHandOverTime{10};
/// How often it is looked for what nobody fetches, and, by those who wait, at a clock that may
/// jump.
constexpr std::chrono::seconds kLook{10};
constexpr std::chrono::seconds kClockLook{1};
/// What is left of a request's time when its wait ends, to answer it.
constexpr std::chrono::milliseconds kAnswerTime{2'000};
constexpr std::uint32_t kHeldAtOnce = 64;

transport::HttpResponse nothing() {
    transport::HttpResponse response;
    response.status = 204;
    response.headers.add("Cache-Control", "no-store");
    return response;
}

/// The dialect's own request, turned round: its headers and body are the answer's.
transport::HttpResponse documentOf(const store::Lease& lease, plugin::WireMessage wire,
                                   Time until) {
    transport::HttpResponse response;
    for (auto& [name, value] : wire.headers)
        response.headers.add(std::move(name), std::move(value));
    std::string path;
    transport::appendEncodedPath(path, wire.path);
    response.headers.add("Stafett-Delivery", lease.id.text());
    response.headers.add("Stafett-Lease", std::to_string(lease.attempt));
    response.headers.add("Stafett-Lease-Until", timeText(until));
    response.headers.add("Stafett-Receiver", lease.receiver.value);
    response.headers.add("Stafett-Function", lease.function.value);
    response.headers.add("Stafett-Method", std::move(wire.method));
    response.headers.add("Stafett-Path", std::move(path));
    response.headers.add("Cache-Control", "no-store");
    response.body = std::move(wire.body);
    return response;
}

bool canBeSaid(const transport::HttpResponse& response) {
    std::string out;
    return transport::renderResponse(out, response, transport::After::KeepAlive,
                                     transport::BodySent::No);
}

}  // namespace

/// One who fetches, until answered.
struct Mailbox::Fetch {
    SystemId system;
    store::Receivers to;
    std::shared_ptr<const Snapshot> snapshot;  ///< that said for whom it may fetch
    Language language = Language::Swedish;
    Deadline until = Deadline::never();  ///< waits no longer than this
    transport::Responder responder;
};

std::vector<PartyId> partiesOf(const security::Peer& peer, const config::Config& config,
                               std::string_view today) {
    std::vector<PartyId> found;
    for (const auto& id : peer.parties) {
        const auto* party = config.party(id);
        if (party != nullptr && config::holdsOn(party->valid_from, party->valid_to, today)) {
            found.push_back(id);
        }
    }
    return found;
}

Mailbox::Mailbox(const Shared& shared, SnapshotSource snapshot, Notices& notices,
                 transport::Inbox& others)
    : shared_(shared),
      snapshot_(snapshot),
      others_(others),
      settling_(shared, std::move(snapshot), notices),
      thread_([this] { run(); }) {}

Mailbox::~Mailbox() {
    drain();
    thread_.join();
}

void Mailbox::take(transport::RawRequest request, transport::Responder responder) {
    if (!transport::isMailboxPath(request.http.path)) {
        return others_.take(std::move(request), std::move(responder));
    }
    const auto language = transport::languageOf(request.http.headers);
    const auto call = transport::readMailboxCall(request.http);
    if (!call) return responder.answer(transport::problem(call.error(), language));
    if (call->ask == transport::MailboxCall::Ask::Fetch) {
        return fetch(request, *call, std::move(responder));
    }
    acknowledge(std::move(request), *call, std::move(responder));
}

transport::HttpResponse Mailbox::turnAway(const transport::RawRequest& request,
                                          transport::Refusal refusal) {
    if (transport::isMailboxPath(request.http.path)) return Inbox::turnAway(request, refusal);
    return others_.turnAway(request, refusal);
}

void Mailbox::fetch(const transport::RawRequest& request, const transport::MailboxCall& call,
                    transport::Responder responder) {
    const auto snapshot = snapshot_();
    const auto language = transport::languageOf(request.http.headers);
    const auto fetching = config::Door::By::Mailbox;
    const auto fetchers = snapshot->config.reachedBy(fetching);
    std::vector<PartyId> parties;
    for (auto& party :
         partiesOf(request.peer, snapshot->config, message::stockholmDate(shared_.clock.now()))) {
        const bool asked = call.party.empty() || call.party == party;
        const bool fetches = std::find(fetchers.begin(), fetchers.end(), party) != fetchers.end();
        if (asked && fetches) parties.push_back(std::move(party));
    }
    if (parties.empty()) {
        shared_.log.warn("fetch_refused",
                         {{"system", request.peer.system}, {"code", Code::TlsNotForParty}});
        return responder.answer(transport::problem({403, Code::TlsNotForParty}, language));
    }
    const auto wait = std::min<std::chrono::milliseconds>(
        {call.wait, snapshot->config.settings.mailbox.wait, request.deadline.left() - kAnswerTime});
    auto fetch = std::make_shared<Fetch>(
        Fetch{.system = request.peer.system,
              .to = {.which = store::Receivers::Which::Only, .parties = std::move(parties)},
              .snapshot = snapshot,
              .language = language,
              .until = Deadline::in(wait),
              .responder = std::move(responder)});
    if (!give(fetch)) park(std::move(fetch));
}

/// False: nothing of theirs is due. Else it is answered, or will be.
bool Mailbox::give(const FetchRef& fetch) {
    while (true) {
        const Time now = shared_.clock.now();
        auto leases = shared_.store.lend(now, kHandOverTime, 1, fetch->to);
        if (!leases) {
            fetch->responder.answer(
                transport::problem({503, leases.error().code()}, fetch->language));
            return true;
        }
        if (leases->empty()) return false;
        const auto& lease = leases->front();
        if (endsUnfetched(lease)) continue;
        auto wire = openRequest(shared_, lease);
        auto source = wire ? bodyOf(shared_, lease, *wire) : tl::unexpected(wire.error());
        if (source) {
            handOver(fetch, lease, std::move(*wire), std::move(*source));
            return true;
        }
        settling_.settle(lease, hold(lease, source.error().code(), now, {}), [](const Status&) {});
    }
}

/// Keeps that it is fetched, then gives it. Whoever asks for it while that is written finds it
/// lent.
void Mailbox::handOver(const FetchRef& fetch, const store::Lease& lease, plugin::WireMessage wire,
                       std::shared_ptr<transport::BodySource> source) {
    const Time now = shared_.clock.now();
    store::Attempt attempt;
    attempt.id = lease.id;
    attempt.outcome = store::Attempt::Outcome::Fetched;
    attempt.fetched = lease.attempt - 1;
    attempt.next = now + snapshot_()->config.settings.mailbox.lease;
    auto document = documentOf(lease, std::move(wire), attempt.next);
    document.source = std::move(source);
    if (!canBeSaid(document)) {
        settling_.settle(lease, hold(lease, Code::DeliverUnsafe, now, {}), [](const Status&) {});
        return park(fetch);
    }
    attempt.events.push_back(attemptEvent(lease, trace::Step::Fetched, now,
                                          {{"system", fetch->system}, {"next", attempt.next}}));
    auto kept = lease;
    kept.request.clear();
    settling_.settle(kept, std::move(attempt),
                     [this, fetch, document = std::move(document)](const Status& done) mutable {
                         if (done) return fetch->responder.answer(std::move(document));
                         if (done.error().code() == Code::MailboxLease) return park(fetch);
                         fetch->responder.answer(
                             transport::problem({503, done.error().code()}, fetch->language));
                     });
}

void Mailbox::park(FetchRef fetch) {
    {
        const std::lock_guard lock(mutex_);
        if (!stopping_ && !fetch->until.passed()) {
            waiting_.push_back(std::move(fetch));
            due_ = true;  // something may have come since it was looked
            changed_.notify_all();
            return;
        }
    }
    fetch->responder.answer(nothing());
}

/// At every commit that makes something due; without anybody waiting there is nothing to look for.
void Mailbox::wake() {
    const std::lock_guard lock(mutex_);
    due_ = true;
    if (!waiting_.empty()) changed_.notify_all();
}

void Mailbox::drain() {
    std::deque<FetchRef> waiting;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        waiting.swap(waiting_);
        changed_.notify_all();
    }
    for (const auto& fetch : waiting) fetch->responder.answer(nothing());
}

void Mailbox::run() {
    auto look = Deadline::in(kLook);
    while (true) {
        {
            std::unique_lock lock(mutex_);
            auto until = look.at();
            if (!waiting_.empty()) until = std::min(until, Deadline::in(kClockLook).at());
            for (const auto& fetch : waiting_) until = std::min(until, fetch->until.at());
            changed_.wait_until(lock, until,
                                [this] { return stopping_ || (due_ && !waiting_.empty()); });
            if (stopping_) return;
            due_ = false;
        }
        serveWaiting();
        if (!look.passed()) continue;
        holdUnfetched();
        look = Deadline::in(kLook);
    }
}

/// In the order they came. A new configuration may say otherwise for whom they fetch: they ask
/// anew.
void Mailbox::serveWaiting() {
    std::deque<FetchRef> waiting;
    {
        const std::lock_guard lock(mutex_);
        waiting.swap(waiting_);
    }
    std::deque<FetchRef> still;
    const auto snapshot = snapshot_();
    for (auto& fetch : waiting) {
        if (fetch->snapshot == snapshot && give(fetch)) continue;
        if (fetch->snapshot != snapshot || fetch->until.passed()) {
            fetch->responder.answer(nothing());
        } else {
            still.push_back(std::move(fetch));
        }
    }
    {
        const std::lock_guard lock(mutex_);
        if (!stopping_) {
            waiting_.insert(waiting_.begin(), std::make_move_iterator(still.begin()),
                            std::make_move_iterator(still.end()));
            still.clear();
        }
    }
    for (const auto& fetch : still) fetch->responder.answer(nothing());
}

/// What may not leave any more, or has waited for too long, is settled so.
bool Mailbox::endsUnfetched(const store::Lease& lease) {
    const Time now = shared_.clock.now();
    const auto& settings = snapshot_()->config.settings.delivery;
    std::optional<store::Attempt> end;
    if (!mayStillLeave(lease, now)) {
        end = withdraw(lease, now);
    } else if (now - lease.first_due >= settings.give_up) {
        const bool never = lease.attempt == 1;
        end = hold(lease, never ? Code::DeliverNotFetched : Code::DeliverExpired, now, {});
    }
    if (!end) return false;
    end->fetched = lease.attempt - 1;
    settling_.settle(lease, std::move(*end), [](const Status&) {});
    return true;
}

void Mailbox::holdUnfetched() {
    const auto snapshot = snapshot_();
    const Time now = shared_.clock.now();
    const Time since = now - snapshot->config.settings.delivery.give_up;
    for (const auto& party : snapshot->config.reachedBy(config::Door::By::Mailbox)) {
        const auto leases = shared_.store.unfetched(party, now, since, kHeldAtOnce);
        if (!leases) {
            shared_.log.error("lend_failed", {{"code", leases.error().code()}});
            return;
        }
        for (const auto& lease : *leases) endsUnfetched(lease);
    }
}

}  // namespace stafett::pipeline
