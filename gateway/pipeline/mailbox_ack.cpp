// Acknowledging: what was fetched is settled as a push's answer would have settled it.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "gateway/message/dates.h"
#include "gateway/pipeline/judge.h"
#include "gateway/pipeline/mailbox.h"

namespace stafett::pipeline {

/// One acknowledgement, until answered.
struct Mailbox::Acknowledgement {
    transport::RawRequest request;
    transport::MailboxCall call;
    transport::Responder responder;
    bool settled = false;  ///< it was tried: what stands now is the answer

    void refuse(int status, Code code) {
        const auto language = transport::languageOf(request.http.headers);
        responder.answer(transport::problem({status, code}, language));
    }
    /// The same words each time it is asked.
    void say(const store::Standing& standing) {
        nlohmann::ordered_json body = {{"delivery", standing.lease.id.text()},
                                       {"state", store::name(standing.state)}};
        if (!standing.code.empty()) body["code"] = standing.code;
        transport::HttpResponse response;
        response.headers.add("Content-Type", "application/json");
        response.headers.add("Cache-Control", "no-store");
        response.body = body.dump() + "\n";
        responder.answer(std::move(response));
    }
};

namespace {

/// It waits, or is held because it was not acknowledged in time: it may be settled still.
bool isOpen(const store::Standing& standing) {
    if (standing.state == store::DeliveryState::Waiting) return true;
    return standing.state == store::DeliveryState::Held &&
           (standing.code == info(Code::DeliverExpired).id ||
            standing.code == info(Code::DeliverNotFetched).id);
}

}  // namespace

void Mailbox::acknowledge(transport::RawRequest request, const transport::MailboxCall& call,
                          transport::Responder responder) {
    answerStanding(std::make_shared<Acknowledgement>(
        Acknowledgement{std::move(request), call, std::move(responder)}));
}

/// As the delivery stands: settled now, or answered as it was settled.
void Mailbox::answerStanding(const AcknowledgementRef& ack) {
    const auto standing = shared_.store.standing(ack->call.delivery);
    if (!standing) return ack->refuse(503, standing.error().code());
    const auto parties = partiesOf(ack->request.peer, snapshot_()->config,
                                   message::stockholmDate(shared_.clock.now()));
    const auto theirs = [&](const store::Lease& lease) {
        return std::find(parties.begin(), parties.end(), lease.receiver) != parties.end();
    };
    if (!*standing || !theirs((*standing)->lease)) return ack->refuse(404, Code::StoreNotFound);
    const std::uint32_t fetched = (*standing)->lease.attempt - 1;
    if (fetched != ack->call.lease) return ack->refuse(409, Code::MailboxLease);
    if (ack->settled || !isOpen(**standing)) return ack->say(**standing);
    settle(ack, (*standing)->lease);
}

void Mailbox::settle(const AcknowledgementRef& ack, const store::Lease& standing) {
    store::Lease lease = standing;
    lease.attempt = ack->call.lease;
    const auto& http = ack->request.http;
    const Time now = shared_.clock.now();
    trace::Fields who = {{"system", ack->request.peer.system}};
    auto attempt =
        ack->call.status == 0 && http.body.empty()
            ? delivered(lease, now, {})
            : judge(lease,
                    transport::HttpResponse{ack->call.status == 0 ? 200 : ack->call.status,
                                            http.headers, http.body},
                    *snapshot_(), now, chance());
    attempt.fetched = ack->call.lease;
    attempt.events.insert(attempt.events.begin(),
                          attemptEvent(lease, trace::Step::Acknowledged, now, std::move(who)));
    settling_.settle(lease, std::move(attempt), [this, ack](const Status& done) {
        const bool raced = !done && done.error().code() == Code::MailboxLease;
        if (!done && !raced) return ack->refuse(503, done.error().code());
        ack->settled = true;
        answerStanding(ack);
    });
}

}  // namespace stafett::pipeline
