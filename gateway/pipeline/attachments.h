#pragma once

#include "gateway/pipeline/inbound.h"

namespace stafett::pipeline {

/// Where a party fetches an attachment that its document only refers to: GET /v1/attachments/{id},
/// over its mutual TLS. Only who was sent a message with it may, while the consent it rests on
/// stands; for all others there is no such attachment. Each fetch is an event of the message.
/// Everything else is for `others`.
class Attachments final : public transport::Inbox {
public:
    Attachments(const Shared& shared, SnapshotSource snapshot, transport::Inbox& others)
        : shared_(shared), snapshot_(std::move(snapshot)), others_(others) {}

    void take(transport::RawRequest request, transport::Responder responder) override;
    transport::HttpResponse turnAway(const transport::RawRequest& request,
                                     transport::Refusal refusal) override;
    bool mayBeLarge(const security::Peer& peer,
                    const transport::HttpRequest& request) const override {
        return others_.mayBeLarge(peer, request);
    }

private:
    void give(const transport::RawRequest& request, transport::Responder responder);
    /// The delivery by which one of the peer's parties may have it; nothing when none may.
    const store::KnownAttachment::For* mayFetch(const store::KnownAttachment& attachment,
                                                const security::Peer& peer) const;

    const Shared& shared_;
    SnapshotSource snapshot_;
    transport::Inbox& others_;
};

}  // namespace stafett::pipeline
