#include "gateway/pipeline/inbound.h"

#include <algorithm>

#include "gateway/base/fault_point.h"
#include "gateway/message/dates.h"
#include "gateway/pipeline/contents.h"
#include "gateway/pipeline/owed.h"
#include "gateway/pipeline/reply.h"

namespace stafett::pipeline {
namespace {

constexpr std::size_t kLarge = 256U << 10;  // a body that is not for a thread others wait for
constexpr unsigned kTries = 5;  // stages take to keep, when the case moves meanwhile (design 3)
constexpr unsigned kWorkers = 2;

}  // namespace

/// One message between its first stage and its answer.
struct Inbound::Pending {
    Pending(Journey j, transport::Responder r, std::atomic<std::uint32_t>& count)
        : journey(std::move(j)), responder(std::move(r)), in_work(count) {
        ++in_work;
    }
    ~Pending() { --in_work; }

    /// The one answer, counted.
    void answer(const Shared& shared, transport::HttpResponse response, Outcome outcome) {
        shared.metrics.countMessage(
            trace::SafeText::fromConfiguration(kind),
            trace::SafeText::fromConfiguration(std::string(outcomeName(outcome))));
        shared.metrics.observeRequest(shared.clock.now() - journey.now);
        responder.answer(std::move(response));
    }
    Pending(const Pending&) = delete;
    Pending& operator=(const Pending&) = delete;

    Journey journey;
    transport::Responder responder;
    std::atomic<std::uint32_t>& in_work;
    unsigned tries = 1;
    std::size_t events_before_take = 0;
    std::optional<PermittedFacts> permitted;  ///< when the case moved: to be taken again
    std::string kind = "unknown";             ///< known once it is to be kept
    MessageId id;                             ///< the same
    /// What is said once it is kept: made before, so that the store's writer has nothing to make.
    transport::HttpResponse accepted;
    bool owes = false;  ///< somebody is to be told of it in a message of its own
};

Inbound::Inbound(const Shared& shared, SnapshotSource snapshot, std::string keys, Notices& notices)
    : shared_(shared),
      snapshot_(std::move(snapshot)),
      keys_(std::move(keys)),
      notices_(notices),
      recognise_(shared),
      understand_(shared),
      permit_(shared),
      take_(shared),
      write_out_(shared),
      workers_(kWorkers, snapshot_()->config.settings.inbox.stand_ins, [this] { work(); }),
      large_(snapshot_()->config.settings.inbox.stand_ins) {}

Inbound::~Inbound() {
    {
        const std::lock_guard lock(later_mutex_);
        stopping_ = true;
    }
    later_wake_.notify_all();
    workers_.join();
}

void Inbound::take(transport::RawRequest request, transport::Responder responder) {
    if (request.http.method == "GET" && request.http.path == "/.well-known/stafett-keys") {
        transport::HttpResponse response;
        response.headers.add("Content-Type", "application/jwk-set+json");
        response.body = keys_;
        return responder.answer(std::move(response));
    }
    reached("received");
    Journey journey;
    journey.snapshot = snapshot_();
    journey.now = shared_.clock.now();
    journey.today = message::stockholmDate(journey.now);
    journey.raw = std::move(request);
    const std::uint32_t most = journey.snapshot->config.settings.in_work;
    const auto pending =
        std::make_shared<Pending>(std::move(journey), std::move(responder), in_work_);
    if (in_work_.load() > most) return refuse(pending, {Error(Code::StoreBusy)});
    if (pending->journey.raw.http.body.size() <= kLarge) return accept(pending);
    large_.add([this, pending] { accept(pending); });
}

bool Inbound::mayBeLarge(const security::Peer& peer, const transport::HttpRequest& request) const {
    const auto snapshot = snapshot_();
    return std::any_of(peer.parties.begin(), peer.parties.end(), [&](const PartyId& id) {
        const auto* party = snapshot->config.party(id);
        const auto* adapter = party == nullptr ? nullptr : snapshot->adapterOf(*party);
        return adapter != nullptr && adapter->hasPath(request.path) &&
               snapshot->contentsOf(party->dialect) != nullptr;
    });
}

transport::HttpResponse Inbound::turnAway(const transport::RawRequest& request,
                                          transport::Refusal refusal) {
    shared_.metrics.countMessage("unknown", "busy");
    Journey journey;
    journey.snapshot = snapshot_();
    journey.now = shared_.clock.now();
    journey.today = message::stockholmDate(journey.now);
    journey.raw = request;
    const auto accept_language = request.http.headers.get("Accept-Language");
    if (const auto sender = authenticate_(journey); !sender) {
        return transport::problem(refusal, languageOf(accept_language, Language::Swedish));
    }
    journey.language = languageOf(accept_language, journey.sender->language);
    return sayRefused(journey, {}, {Error(refusal.code)});
}

void Inbound::accept(const PendingRef& pending) const {
    auto done = tryAccept(pending);
    if (!done) recogniseOrRefuse(pending, std::move(done.error()));
}

/// What would be refused today may be a repeat of what was accepted then.
void Inbound::recogniseOrRefuse(const PendingRef& pending, Problems problems) const {
    const auto first = recognise_(pending->journey);
    if (!first) return refuse(pending, {first.error()});
    if (*first) return repeat(pending, (*first)->id.text(), (*first)->receipt);
    refuse(pending, std::move(problems));
}

/// The table of contents: the stages in their order. The store recognises what it has seen when it
/// is to keep it, recogniseOrRefuse() what does not come so far.
Checked<void> Inbound::tryAccept(const PendingRef& pending) const {
    Journey& journey = pending->journey;
    const auto one = [](const Error& error) { return Problems{error}; };

    auto sender = authenticate_(journey);
    if (!sender) return tl::make_unexpected(one(sender.error()));
    journey.language =
        languageOf(journey.raw.http.headers.get("Accept-Language"), journey.sender->language);

    auto document = read_(std::move(*sender), journey);
    if (!document) return tl::make_unexpected(one(document.error()));
    if (journey.contents != nullptr) {  // what costs much is not done again to learn it was done
        const auto first = recognise_(journey);
        if (!first) return tl::make_unexpected(one(first.error()));
        if (*first) {
            repeat(pending, (*first)->id.text(), (*first)->receipt);
            return {};
        }
    }

    ST_TRY(auto valid, understand_(std::move(*document), journey));
    ST_TRY(auto permitted, permit_(std::move(valid), journey));

    pending->events_before_take = journey.events.size();
    auto taken = take_(std::move(permitted), journey);
    if (!taken) return tl::make_unexpected(one(taken.error()));
    return writeAndKeep(pending, std::move(*taken));
}

Checked<void> Inbound::writeAndKeep(const PendingRef& pending, Taken taken) const {
    ST_TRY(auto written, write_out_(std::move(taken), pending->journey));
    keep(pending, std::move(written));
    return {};
}

/// What the sender may want to be told in messages of their own: rules that spoke, and what was
/// taken out for a receiver.
std::vector<Word> Inbound::toTell(const Pending& pending, const std::vector<PartyId>& left_out) {
    const auto& facts = pending.permitted->of;
    Word word{.about = facts.id,
              .case_id = facts.case_id,
              .to = facts.sender->id,
              .party = {},
              .code = "rule_warning",
              .called = Word::Called::ByItself};
    std::vector<Word> words;
    for (const auto& finding : pending.permitted->findings) {
        word.problem = finding.code();
        word.words = finding.words(facts.sender->language);
        words.push_back(word);
    }
    word.code = "left_out";
    word.problem = Code::MapLossSensitive;
    word.words.clear();
    for (const auto& receiver : left_out) {
        word.party = receiver;
        words.push_back(word);
    }
    return words;
}

void Inbound::keep(const PendingRef& pending, Written ticket) const {
    WrittenFacts written = std::move(ticket).release();
    if (written.again) pending->kind = written.again->of.message.schema().kind;
    pending->permitted = std::move(written.again);
    pending->id = written.keep.id;
    pending->accepted = sayAccepted(pending->journey, written.keep.id.text(), written.keep.receipt,
                                    written.warnings, written.losses);
    written.keep.owed = owed(toTell(*pending, written.left_out), *pending->journey.snapshot);
    pending->owes = !written.keep.owed.empty();
    written.keep.events = pending->journey.events;
    if (const auto done = keepContents(shared_, pending->journey, written.keep); !done) {
        return refuse(pending, {done.error()});
    }
    reached("written");
    shared_.store.keep(std::move(written.keep),
                       [this, pending](const Result<store::Kept>& outcome) {
                           later([this, pending, outcome] { kept(pending, outcome); });
                       });
}

void Inbound::kept(const PendingRef& pending, const Result<store::Kept>& outcome) const {
    if (!outcome) return refuse(pending, {outcome.error()});
    switch (outcome->outcome) {
        case store::Kept::Outcome::Stored:
            reached("kept");
            if (pending->owes) notices_.wake();
            return pending->answer(shared_, std::move(pending->accepted), Outcome::Accepted);
        case store::Kept::Outcome::Repeat:
            dropContents(shared_, pending->journey, pending->id);
            return repeat(pending, outcome->message.text(), outcome->receipt);
        case store::Kept::Outcome::Conflict:
            return refuse(pending, {Error(Code::MessageConflict)});
        case store::Kept::Outcome::CaseMoved:
            break;
    }
    if (++pending->tries > kTries) return refuse(pending, {Error(Code::StoreCaseMoved)});
    takeAgain(pending);
}

void Inbound::takeAgain(const PendingRef& pending) const {
    Journey& journey = pending->journey;
    journey.events.erase(
        journey.events.begin() + static_cast<std::ptrdiff_t>(pending->events_before_take),
        journey.events.end());
    auto taken = take_.again(std::move(*pending->permitted), journey);
    if (!taken) return recogniseOrRefuse(pending, {taken.error()});
    auto done = writeAndKeep(pending, std::move(*taken));
    if (!done) recogniseOrRefuse(pending, std::move(done.error()));
}

void Inbound::later(std::function<void()> job) const {
    {
        const std::lock_guard lock(later_mutex_);
        later_.push_back(std::move(job));
    }
    later_wake_.notify_one();
}

void Inbound::work() {
    while (!Workers::leaves()) {
        std::function<void()> job;
        {
            std::unique_lock lock(later_mutex_);
            later_wake_.wait(lock, [this] { return stopping_ || !later_.empty(); });
            if (stopping_) return;
            job = std::move(later_.front());
            later_.pop_front();
        }
        job();
    }
}

void Inbound::repeat(const PendingRef& pending, const std::string& id,
                     const std::string& receipt) const {
    shared_.log.info("repeated", {{"system", pending->journey.raw.peer.system}});
    pending->answer(shared_, sayAccepted(pending->journey, id, receipt, {}, {}), Outcome::Accepted);
}

void Inbound::refuse(const PendingRef& pending, Problems problems) const {
    Journey& journey = pending->journey;
    dropContents(shared_, journey, pending->id);
    if (outcomeOf(problems) == Outcome::Busy) {
        // Not refused: the sender keeps it and comes again.
        shared_.log.warn("busy", {{"code", problems.front().code()}});
        return pending->answer(shared_, sayRefused(journey, {}, problems), Outcome::Busy);
    }
    const auto id = RefusalId::make();
    store::Refusal refusal;
    refusal.id = id;
    refusal.at = journey.now;
    refusal.system = journey.raw.peer.system;
    if (journey.sender != nullptr) refusal.sender = journey.sender->id;
    if (journey.adapter != nullptr) refusal.dialect = journey.adapter->dialect();
    refusal.form = journey.form;
    refusal.body_digest = digestAsItCame(journey);
    if (!journey.sender_id.empty() && journey.sender != nullptr) {
        refusal.sender_id = shared_.index.of(security::IndexPurpose::SenderId, journey.sender->id,
                                             {journey.sender_id});
    }
    refusal.problems = problemsText(problems, journey.snapshot->config.settings.problems);
    refusal.count = static_cast<std::uint32_t>(problems.size());
    journey.note(trace::Step::Refused, {{"code", problems.front().code()},
                                        {"problems", problems.size()},
                                        {"outcome", trace::SafeText::fromConfiguration(std::string(
                                                        outcomeName(outcomeOf(problems))))}});
    refusal.events = journey.events;
    shared_.log.warn("refused", {{"refusal", id},
                                 {"system", refusal.system},
                                 {"code", problems.front().code()},
                                 {"problems", problems.size()}});
    shared_.store.refuse(std::move(refusal), [this, pending, id, problems](const Status& done) {
        later([this, pending, id, problems, done] {
            if (!done) {
                return pending->answer(shared_, sayRefused(pending->journey, {}, {done.error()}),
                                       Outcome::Busy);
            }
            pending->answer(shared_, sayRefused(pending->journey, id.text(), problems),
                            outcomeOf(problems));
        });
    });
}

}  // namespace stafett::pipeline
