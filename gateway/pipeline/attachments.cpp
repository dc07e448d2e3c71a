#include "gateway/pipeline/attachments.h"

#include <algorithm>

#include "gateway/message/dates.h"
#include "gateway/pipeline/consent.h"
#include "gateway/pipeline/contents.h"
#include "gateway/pipeline/mailbox.h"

namespace stafett::pipeline {
namespace {

constexpr std::string_view kRoot = "/v1/attachments/";

}  // namespace

void Attachments::take(transport::RawRequest request, transport::Responder responder) {
    if (!request.http.path.starts_with(kRoot)) {
        return others_.take(std::move(request), std::move(responder));
    }
    if (request.http.method != "GET") {
        const auto language = transport::languageOf(request.http.headers);
        return responder.answer(transport::problem({405, Code::HttpMethod}, language));
    }
    give(request, std::move(responder));
}

transport::HttpResponse Attachments::turnAway(const transport::RawRequest& request,
                                              transport::Refusal refusal) {
    if (request.http.path.starts_with(kRoot)) return Inbox::turnAway(request, refusal);
    return others_.turnAway(request, refusal);
}

const store::KnownAttachment::For* Attachments::mayFetch(const store::KnownAttachment& attachment,
                                                         const security::Peer& peer) const {
    const Time now = shared_.clock.now();
    const auto parties = partiesOf(peer, snapshot_()->config, message::stockholmDate(now));
    for (const auto& one : attachment.deliveries) {
        if (std::find(parties.begin(), parties.end(), one.receiver) == parties.end()) continue;
        if (one.state == store::DeliveryState::Skipped ||
            one.state == store::DeliveryState::Withdrawn) {
            continue;
        }
        store::Lease lease;
        lease.kind = attachment.kind;
        lease.consent = one.consent;
        if (mayStillLeave(lease, now)) return &one;
    }
    return nullptr;
}

void Attachments::give(const transport::RawRequest& request, transport::Responder responder) {
    const auto language = transport::languageOf(request.http.headers);
    const auto& path = request.http.path;
    const auto id = store::AttachmentId::parse(std::string_view(path).substr(kRoot.size()));
    const auto known =
        id ? shared_.store.attachment(*id)
           : Result<std::optional<store::KnownAttachment>>(std::optional<store::KnownAttachment>());
    if (!known) return responder.answer(transport::problem({503, known.error().code()}, language));
    const auto* to = *known ? mayFetch(**known, request.peer) : nullptr;
    if (to == nullptr) {
        shared_.log.warn("fetch_refused",
                         {{"system", request.peer.system}, {"code", Code::StoreNotFound}});
        return responder.answer(transport::problem({404, Code::StoreNotFound}, language));
    }
    const auto& attachment = **known;
    const auto key = contentKey(shared_, attachment.message, attachment.data_key);
    if (!key) return responder.answer(transport::problem({503, key.error().code()}, language));

    transport::HttpResponse response;
    response.headers.add("Content-Type", attachment.media_type);
    response.headers.add("Cache-Control", "no-store");
    response.headers.add("X-Content-Type-Options", "nosniff");
    response.source = contentOf(shared_.store, *key, attachment.content, attachment.size);
    trace::Event event{trace::Step::Fetched,
                       shared_.clock.now(),
                       {{"delivery", to->delivery},
                        {"receiver", to->receiver},
                        {"system", request.peer.system},
                        {"attachment", attachment.id},
                        {"bytes", attachment.size}}};
    // It is written down that it was fetched, and then it is given.
    auto answer = std::make_shared<transport::Responder>(std::move(responder));
    shared_.store.note(attachment.message, {std::move(event)},
                       [answer, response = std::move(response), language](const Status& done) {
                           if (done) return answer->answer(response);
                           answer->answer(transport::problem({503, done.error().code()}, language));
                       });
}

}  // namespace stafett::pipeline
