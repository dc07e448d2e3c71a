#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "gateway/pipeline/inbound.h"
#include "gateway/pipeline/shared.h"
#include "gateway/report/reports.h"
#include "gateway/transport/inbox.h"

namespace stafett::admin {

/// Puts the clock of a rehearsal forward; empty where the clock is the world's.
using Advance = std::function<void(std::chrono::seconds)>;

/// The admin API (docs/openapi.yaml): trace, search, cases, health, metrics, public keys. It
/// changes what an operator does with held deliveries, the wrapping of data keys, imported
/// follow-up numbers, and a rehearsal's clock; nothing else.
/// On its own listener, loopback by default. It tells where messages are and never what they say.
/// Problems are RFC 9457. Many threads.
class Api final : public transport::Inbox {
public:
    Api(const pipeline::Shared& shared, report::Reports& reports, pipeline::SnapshotSource snapshot,
        std::string keys, std::function<bool()> ready, Advance advance = {});

    void take(transport::RawRequest request, transport::Responder responder) override;

private:
    transport::HttpResponse answer(const transport::HttpRequest& request) const;
    transport::HttpResponse trace(const std::string& id) const;
    transport::HttpResponse find(const std::string& body) const;
    transport::HttpResponse search(const std::string& query) const;
    transport::HttpResponse cases(const std::string& query) const;
    transport::HttpResponse story(const std::string& path) const;
    transport::HttpResponse participantPage(const std::string& id) const;
    transport::HttpResponse advance(const transport::HttpRequest& request) const;
    transport::HttpResponse metrics() const;
    transport::HttpResponse deliveries(const transport::HttpRequest& request) const;
    transport::HttpResponse keys(const transport::HttpRequest& request) const;
    transport::HttpResponse keysInUse() const;
    transport::HttpResponse rewrap(const std::string& body) const;
    transport::HttpResponse report(const transport::HttpRequest& request) const;

    const pipeline::Shared& shared_;
    report::Reports& reports_;
    pipeline::SnapshotSource snapshot_;
    std::string keys_;
    std::function<bool()> ready_;
    Advance advance_;
};

}  // namespace stafett::admin
