#include "gateway/pipeline/settle.h"

#include "gateway/base/fault_point.h"
#include "gateway/pipeline/owed.h"
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

Result<Parcel> openRequest(const Shared& shared, const store::Lease& lease) {
    ST_TRY(const auto key, shared.sealer.openKey(lease.message.uuid, lease.data_key));
    auto framed = key.open(deliveryColumn(lease.id, lease.receiver, lease.function), lease.request);
    if (!framed) framed = key.open(firstDeliveryColumn(lease.id), lease.request);
    if (!framed) return tl::make_unexpected(framed.error());
    return unframe(*framed);
}

Settling::Settling(const Shared& shared, SnapshotSource snapshot, Notices& notices)
    : shared_(shared), snapshot_(std::move(snapshot)), notices_(notices) {}

void Settling::settle(const store::Lease& lease, store::Attempt attempt,
                      std::function<void(const Status&)> done) const {
    const auto outcome = attempt.outcome;
    const auto code = attempt.code;
    attempt.owed = owed(toTell(lease, outcome, code), *snapshot_());
    const bool owes = !attempt.owed.empty();
    shared_.store.settle(std::move(attempt), [this, lease, outcome, code, owes,
                                              done = std::move(done)](const Status& settled) {
        if (settled) {
            shared_.metrics.countDelivery(lease.dialect, labelOf(outcome));
        } else if (settled.error().code() != Code::MailboxLease) {
            shared_.log.error("settle_failed",
                              {{"delivery", lease.id}, {"code", settled.error().code()}});
        }
        reached("settled");
        done(settled);
        if (settled && outcome == Outcome::Held) {
            shared_.log.warn("held", {{"delivery", lease.id},
                                      {"receiver", lease.receiver},
                                      {"code", code.value_or(Code::DeliverRefused)}});
        }
        if (settled && owes) notices_.wake();
    });
}

/// What its sender may want to know of it; and of what was withdrawn, its receiver.
std::vector<Word> Settling::toTell(const store::Lease& lease, Outcome outcome,
                                   std::optional<Code> code) {
    if (lease.kind == "notice" || outcome == Outcome::Retry || outcome == Outcome::Fetched) {
        return {};
    }
    std::string notice = outcome == Outcome::Withdrawn ? "withdrawn" : "delivered";
    if (outcome == Outcome::Held) {
        notice = code == Code::DeliverRefused ? "refused_by_receiver" : "held";
    }
    Word word{.about = lease.message,
              .case_id = lease.case_id,
              .to = lease.sender,
              .party = lease.receiver,
              .code = notice,
              .problem = code,
              .called = Word::Called::ByItself};
    std::vector<Word> words = {word};
    if (outcome == Outcome::Withdrawn) {
        std::swap(word.to, word.party);
        word.called = Word::Called::ByUs;
        words.push_back(std::move(word));
    }
    return words;
}

}  // namespace stafett::pipeline
