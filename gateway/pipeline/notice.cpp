#include "gateway/pipeline/notice.h"

#include <algorithm>

#include "gateway/message/dates.h"
#include "gateway/pipeline/frame.h"
#include "gateway/pipeline/view.h"

namespace stafett::pipeline {
namespace {

constexpr unsigned kTries = 5;

bool asked(const config::Party& party, const std::string& code) {
    return std::find(party.notices.begin(), party.notices.end(), code) != party.notices.end();
}

Result<message::Message> noticeMessage(const Shared& shared, const NoticeCause& cause,
                                       const Snapshot& snapshot, const config::Party& party,
                                       const MessageId& id, Time now) {
    message::Message notice([&] {
        const auto& schemas = snapshot.catalogue.schemas();
        return *std::find_if(schemas.begin(), schemas.end(),
                             [](const auto& schema) { return schema->kind == "notice"; });
    }());
    // Another's message is called what it would have been called on arrival: ours.
    ST_TRY(const auto about, cause.about == NoticeCause::About::Own
                                 ? senderIdOf(shared, cause.message)
                                 : Result<std::string>(cause.message.text()));
    notice.set("message/id", id.text());
    notice.set("message/senderId", id.text());
    notice.set("message/kind", "notice");
    notice.set("message/schema", notice.schema().id());
    notice.set("message/created", timeText(now));
    notice.set("message/receivedAt", timeText(now));
    notice.set("message/refTo", about);
    notice.set("case/id", cause.case_id.text());
    notice.set("sender/party", snapshot.config.settings.party.value);
    notice.set("notice/code", cause.code);
    notice.set("notice/about", about);
    notice.set("notice/party", cause.receiver.value);
    notice.set("notice/at", timeText(now));
    if (cause.problem) {
        notice.set("notice/text",
                   cause.words.empty() ? info(*cause.problem).what(party.language) : cause.words);
        auto& problem = notice.root().append(*notice.schema().root.find("problems"));
        problem.set(*problem.type().find("code"), info(*cause.problem).id);
    }
    return notice;
}

}  // namespace

Notices::Notices(const Shared& shared) : shared_(shared), thread_([this] { run(); }) {}

Notices::~Notices() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

void Notices::tell(NoticeCause cause, std::shared_ptr<const Snapshot> snapshot) {
    const auto* party = snapshot->config.party(cause.sender);
    if (party == nullptr || !asked(*party, cause.code)) return;
    push(Job{std::move(cause), std::move(snapshot)});
}

void Notices::push(Job job) {
    {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
    }
    wake_.notify_one();
}

void Notices::run() {
    for (;;) {
        std::shared_ptr<const Job> job;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
            if (stopping_) return;
            job = std::make_shared<const Job>(std::move(jobs_.front()));
            jobs_.pop_front();
        }
        const Status kept = keep(job);
        if (!kept) {
            shared_.log.error("notice_failed",
                              {{"message", job->cause.message}, {"code", kept.error().code()}});
        }
    }
}

Status Notices::keep(const std::shared_ptr<const Job>& job) {
    const NoticeCause& cause = job->cause;
    const Snapshot& snapshot = *job->snapshot;
    const auto& party = *snapshot.config.party(cause.sender);
    const auto* adapter = snapshot.adapterOf(party);
    const Time now = shared_.clock.now();
    const auto id = MessageId::make();
    ST_TRY(auto notice, noticeMessage(shared_, cause, snapshot, party, id, now));
    const auto form_id = adapter->outboundForm(notice, party.settings);
    const auto* form = form_id ? snapshot.library.find(adapter->dialect(), *form_id) : nullptr;
    if (form == nullptr) return {};  // this dialect is told nothing

    ST_TRY(const auto row, shared_.store.findCase(cause.case_id));
    if (!row) return tl::make_unexpected(Error(Code::StoreNotFound));
    ST_TRY(const auto before, custody::parse(row->state));
    custody::Act act;
    act.message = id;
    act.today = message::stockholmDate(now);
    ST_TRY(const auto decision, custody::decide(before, act));
    ST_TRY(const auto alias, aliasFor(shared_, cause.case_id, party.id, form->aliasForm()));

    const auto key = shared_.sealer.newKey(id.uuid);
    const Receiver receiver{&party, party.default_function, custody::Role::Lead};
    static const policy::Flow kNoFlow;
    View view = viewFor(notice, receiver, kNoFlow);
    view.message.set("case/receiver", alias.text);
    mapping::WriteContext context;
    context.receiver = party.id;
    context.receiver_function = receiver.function;
    context.gateway = snapshot.config.settings.party;
    context.now = now;
    context.settings = &party.settings;
    const auto* door = snapshot.config.door(party.id, receiver.function);
    if (door != nullptr) context.endpoint = door->url();
    auto out = form->write(view.message, context);
    if (!out.problems.empty()) return tl::make_unexpected(out.problems.front());
    ST_TRY(const auto request,
           adapter->encode(*form_id, out.document, out.attributes, party.settings));

    store::Keep keep;
    keep.id = id;
    keep.case_id = cause.case_id;
    keep.case_version = row->version;
    keep.case_state = custody::print(decision.state);
    keep.holder = decision.state.holder.party;
    keep.holder_function = decision.state.holder.function;
    keep.sender = snapshot.config.settings.party;
    keep.kind = "notice";
    keep.dialect = adapter->dialect();
    keep.form = *form_id;
    keep.versions = snapshot.versions(*adapter, *form);
    keep.received_at = now;
    keep.repeat_digest = keep.body_digest = keep.transport_free_digest = sha256(id.text());
    keep.sender_id = shared_.index.of(security::IndexPurpose::SenderId, keep.sender, {id.text()});
    keep.data_key = key.wrapped();
    keep.canonical = key.seal("canonical", message::print(notice));
    store::NewDelivery delivery;
    delivery.id = DeliveryId::make();
    delivery.receiver = party.id;
    delivery.function = receiver.function;
    delivery.dialect = adapter->dialect();
    delivery.form = *form_id;
    delivery.versions = keep.versions;
    delivery.losses = "[]";
    delivery.request = key.seal(deliveryColumn(delivery.id), frame(request));
    if (door == nullptr) delivery.held = Code::AddressNoDoor;
    keep.deliveries.push_back(std::move(delivery));
    keep.events.push_back({trace::Step::Noticed,
                           now,
                           {{"about", cause.message},
                            {"receiver", cause.receiver},
                            {"code", trace::SafeText::fromConfiguration(cause.code)}}});
    shared_.store.keep(std::move(keep), [this, job](const Result<store::Kept>& kept) {
        const bool moved = kept && kept->outcome == store::Kept::Outcome::CaseMoved;
        if (moved && job->tries < kTries) {
            Job next = *job;
            ++next.tries;
            push(std::move(next));
        } else if (!kept || moved) {
            shared_.log.error("notice_failed", {{"message", job->cause.message}});
        }
    });
    return {};
}

}  // namespace stafett::pipeline
