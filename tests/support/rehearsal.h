#pragma once

#include <chrono>

#include "tests/support/documents.h"
#include "tests/support/running_gateway.h"

namespace stafett::support {

/// A gateway whose clock is put forward by hand, where every kind may be sent. Throws
/// std::runtime_error when something that is no part of a test fails. One thread.
class Rehearsal {
public:
    explicit Rehearsal(const std::string& name,
                       const std::function<void(const GatewayFolder&)>& change = {});

    RunningGateway& gateway() { return gateway_; }

    /// Posts what must be accepted; our id of it.
    std::string accepted(const std::string& agency, transport::HttpRequest request);

    Json story(const std::string& id) { return gateway_.admin("/v1/trace/" + id); }
    /// The gateway's day, in Stockholm.
    std::string today();

    static void advance(RunningGateway& gateway, std::chrono::seconds by);
    /// To this hour of a day, unless it has come.
    void advanceTo(const std::string& date);
    /// To the next day on which something becomes due in a message's case; its story after that.
    Json passNext(const std::string& id);

private:
    RunningGateway gateway_;
};

}  // namespace stafett::support
