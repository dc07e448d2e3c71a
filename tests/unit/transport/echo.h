#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/transport/inbox.h"
#include "tests/unit/transport/certificates.h"
#include "tests/unit/transport/raw_client.h"

namespace stafett::transport::test {

/// Answers each request with its body, and remembers what came.
class Echo : public Inbox {
public:
    void take(RawRequest request, Responder responder) override {
        HttpResponse response;
        response.headers.add("Content-Type", "text/plain");
        response.body = request.http.body;
        {
            const std::lock_guard guard(lock_);
            taken_.push_back(std::move(request));
        }
        responder.answer(std::move(response));
    }
    std::size_t count() const {
        const std::lock_guard guard(lock_);
        return taken_.size();
    }
    RawRequest last() const {
        const std::lock_guard guard(lock_);
        return taken_.back();
    }

protected:
    mutable std::mutex lock_;
    std::vector<RawRequest> taken_;
};

/// Keeps requests unanswered until the test answers them, from the test's own thread.
class Holding final : public Inbox {
public:
    void take(RawRequest, Responder responder) override {
        const std::lock_guard guard(lock_);
        held_.push_back(std::move(responder));
    }
    std::size_t count() const {
        const std::lock_guard guard(lock_);
        return held_.size();
    }
    Responder release() {
        const std::lock_guard guard(lock_);
        Responder first = std::move(held_.front());
        held_.erase(held_.begin());
        return first;
    }

private:
    mutable std::mutex lock_;
    std::vector<Responder> held_;
};

inline std::string post(const std::string& body, const std::string& fields = "",
                        const std::string& path = "/in") {
    return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + fields +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

inline HttpResponse ok(const std::string& body) {
    HttpResponse response;
    response.body = body;
    return response;
}

}  // namespace stafett::transport::test
