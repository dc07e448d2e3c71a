#include "gateway/pipeline/settle.h"

#include "gateway/pipeline/frame.h"
#include "gateway/pipeline/view.h"

namespace stafett::pipeline {
namespace {

using Outcome = store::Attempt::Outcome;

trace::Label labelOf(Outcome outcome) {
    switch (outcome) {
        case Outcome::Delivered:
            return "delivered";
        case Outcome::Retry:
            return "retry";
        case Outcome::Withdrawn:
            return "withdrawn";
        case Outcome::Fetched:
            return "fetched";
        case Outcome::Held:
            break;
    }
    return "held";
}

}  // namespace

Result<plugin::WireMessage> openRequest(const Shared& shared, const store::Lease& lease) {
    ST_TRY(const auto key, shared.sealer.openKey(lease.message.uuid, lease.data_key));
    ST_TRY(const auto framed, key.open(deliveryColumn(lease.id), lease.request));
    return unframe(framed);
}

Settling::Settling(const Shared& shared, SnapshotSource snapshot, Notices& notices)
    : shared_(shared), snapshot_(std::move(snapshot)), notices_(notices) {}

void Settling::settle(const store::Lease& lease, store::Attempt attempt,
                      std::function<void(const Status&)> done) const {
    const auto outcome = attempt.outcome;
    const auto code = attempt.code;
    shared_.store.settle(std::move(attempt), [this, lease, outcome, code,
                                              done = std::move(done)](const Status& settled) {
        if (settled) {
            shared_.metrics.countDelivery(lease.dialect, labelOf(outcome));
        } else if (settled.error().code() != Code::MailboxLease) {
            shared_.log.error("settle_failed",
                              {{"delivery", lease.id}, {"code", settled.error().code()}});
        }
        done(settled);
        if (settled) tell(lease, outcome, code);
    });
}

void Settling::tell(const store::Lease& lease, Outcome outcome, std::optional<Code> code) const {
    if (lease.kind == "notice" || outcome == Outcome::Retry || outcome == Outcome::Fetched) return;
    std::string notice = outcome == Outcome::Withdrawn ? "withdrawn" : "delivered";
    if (outcome == Outcome::Held) {
        notice = code == Code::DeliverRefused ? "refused_by_receiver" : "held";
        shared_.log.warn("held", {{"delivery", lease.id},
                                  {"receiver", lease.receiver},
                                  {"code", code.value_or(Code::DeliverRefused)}});
    }
    const auto snapshot = snapshot_();
    Word word{.about = lease.message,
              .case_id = lease.case_id,
              .to = lease.sender,
              .party = lease.receiver,
              .code = notice,
              .problem = code,
              .called = Word::Called::ByItself};
    notices_.tell(word, snapshot);
    if (outcome != Outcome::Withdrawn) return;
    std::swap(word.to, word.party);
    word.called = Word::Called::ByUs;
    notices_.tell(std::move(word), snapshot);
}

}  // namespace stafett::pipeline
