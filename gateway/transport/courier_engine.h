#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "gateway/transport/link.h"

namespace stafett::transport {

/// The connections of the courier, in one pool for each receiver, and the errands that wait for
/// one. Locks are taken in this order: a link's, then the engine's; none is held while an errand is
/// reported.
class CourierEngine : public std::enable_shared_from_this<CourierEngine> {
public:
    CourierEngine(const config::Courier& settings, security::ContextSource context)
        : settings_(settings), context_(std::move(context)) {}

    bool ready() const { return poller_.ready(); }
    void send(const Destination& destination, HttpRequest request, Courier::Done done);
    /// One worker: drives links until stop().
    void work();
    /// One thread: ends what is past its time, until stop(); then ends all.
    void watch();
    void stop();
    void stopWorkers() { poller_.stop(); }

private:
    struct Pool {
        Destination to;
        std::deque<Errand> waiting = {};
        std::vector<std::shared_ptr<Link>> idle = {};
        std::uint32_t open = 0;
    };
    struct Open {
        std::shared_ptr<Link> link;
        Pool* pool;
    };
    /// An errand that goes out by a link: one that was idle, or a new one.
    struct Start {
        std::shared_ptr<Link> link;
        Errand errand;
        Pool* pool;
        bool is_new;
    };
    struct Report {
        Errand errand;
        Result<HttpResponse> result;
    };
    /// What has to be done once no lock is held.
    struct Todo {
        std::vector<Start> starts = {};
        std::vector<Report> reports = {};
    };

    template <class Turn>
    void take(const std::shared_ptr<Link>& link, Turn turn);
    void settle(const std::shared_ptr<Link>& link, Link::Outcome outcome, Todo& todo);
    void perform(Todo todo);
    static Report failed(Errand errand, Code code);
    bool begin(Start& start);
    // With the engine's lock held:
    void schedule(Pool& pool, Todo& todo);
    void openLink(Pool& pool, Errand errand, Todo& todo);
    void retire(const std::shared_ptr<Link>& link, Pool& pool);

    std::vector<std::shared_ptr<Link>> dueLinks();
    void expireWaiting(Todo& todo);
    void endAll();

    const config::Courier settings_;
    const security::ContextSource context_;
    Poller poller_;
    Resolver resolver_;
    std::mutex lock_;
    std::condition_variable woken_;
    std::map<std::string, Pool> pools_;
    std::unordered_map<Poller::Token, Open> links_;
    Poller::Token last_token_ = 0;
    std::size_t waiting_ = 0;
    std::vector<Report> late_;  ///< known while sending, to be told by the watching thread
    bool stopping_ = false;
};

}  // namespace stafett::transport
