#include "gateway/transport/courier_engine.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "gateway/transport/render.h"

namespace stafett::transport {
namespace {

constexpr std::chrono::milliseconds kTick{50};

std::string hostField(const Destination& to, bool tls) {
    const bool bare_v6 = to.host.find(':') != std::string::npos && to.host.front() != '[';
    auto host = bare_v6 ? "[" + to.host + "]" : to.host;
    if (to.port != (tls ? 443 : 80)) host += ":" + std::to_string(to.port);
    return host;
}

std::string poolName(const Destination& to) {
    return to.key + "\n" + to.host + "\n" + std::to_string(to.port);
}

}  // namespace

CourierEngine::Report CourierEngine::failed(Errand errand, Code code) {
    return {std::move(errand), tl::make_unexpected(Error(code))};
}

void CourierEngine::send(const Destination& destination, HttpRequest request, Courier::Done done) {
    Errand errand;
    errand.method = request.method;
    errand.source = request.source;
    errand.done = std::move(done);
    errand.waits_until = Deadline::in(settings_.answer_time);
    const bool safe =
        renderRequest(errand.bytes, request, hostField(destination, static_cast<bool>(context_)));
    Todo todo;
    {
        const std::lock_guard guard(lock_);
        if (stopping_) {
            todo.reports.push_back(failed(std::move(errand), Code::DeliverUnreachable));
        } else if (!safe) {
            late_.push_back(failed(std::move(errand), Code::DeliverUnsafe));
        } else {
            auto& pool = pools_.try_emplace(poolName(destination), Pool{destination}).first->second;
            pool.waiting.push_back(std::move(errand));
            ++waiting_;
            schedule(pool, todo);
            std::move(todo.reports.begin(), todo.reports.end(), std::back_inserter(late_));
            todo.reports.clear();
        }
    }
    woken_.notify_one();
    perform(std::move(todo));
}

void CourierEngine::schedule(Pool& pool, Todo& todo) {
    while (!stopping_ && !pool.waiting.empty()) {
        const bool can_open = pool.open < std::max(settings_.connections_per_receiver, 1U);
        if (pool.idle.empty() && !can_open) return;
        auto errand = std::move(pool.waiting.front());
        pool.waiting.pop_front();
        --waiting_;
        if (pool.idle.empty()) {
            openLink(pool, std::move(errand), todo);
            continue;
        }
        auto link = std::move(pool.idle.back());
        pool.idle.pop_back();
        todo.starts.push_back({std::move(link), std::move(errand), &pool, false});
    }
}

void CourierEngine::openLink(Pool& pool, Errand errand, Todo& todo) {
    std::shared_ptr<const security::Context> context;
    if (context_) {
        context = context_();
        if (!context) {
            todo.reports.push_back(failed(std::move(errand), Code::DeliverTls));
            return;
        }
    }
    auto link = std::make_shared<Link>(poller_, ++last_token_, settings_, pool.to.host,
                                       pool.to.port, std::move(context));
    links_[link->token()] = {link, &pool};
    ++pool.open;
    todo.starts.push_back({std::move(link), std::move(errand), &pool, true});
}

void CourierEngine::retire(const std::shared_ptr<Link>& link, Pool& pool) {
    std::erase(pool.idle, link);
    if (links_.erase(link->token()) == 1) --pool.open;
}

/// False when the link has ended meanwhile, or judges by rules that are no longer in force.
bool CourierEngine::begin(Start& start) {
    if (start.is_new) {
        {
            const std::lock_guard guard(start.link->lock());
            start.link->give(std::move(start.errand));
        }
        resolver_.find(start.pool->to.host,
                       [weak = weak_from_this(), link = start.link](Resolver::Addresses addresses) {
                           const auto engine = weak.lock();  // the poller must outlive the call
                           if (!engine) return;
                           const std::lock_guard guard(link->lock());
                           link->connect(std::move(addresses));
                       });
        return true;
    }
    const std::lock_guard guard(start.link->lock());
    if (!start.link->idle()) return false;
    if (context_ && context_() != start.link->context()) {
        start.link->close();
        return false;
    }
    start.link->give(std::move(start.errand));
    start.link->wake();
    return true;
}

void CourierEngine::perform(Todo todo) {
    while (!todo.starts.empty()) {
        auto start = std::move(todo.starts.back());
        todo.starts.pop_back();
        if (begin(start)) continue;
        const std::lock_guard guard(lock_);
        retire(start.link, *start.pool);
        if (stopping_) {
            todo.reports.push_back(failed(std::move(start.errand), Code::DeliverUnreachable));
            continue;
        }
        start.pool->waiting.push_front(std::move(start.errand));
        ++waiting_;
        schedule(*start.pool, todo);
    }
    for (auto& report : todo.reports) report.errand.done(std::move(report.result));
}

void CourierEngine::settle(const std::shared_ptr<Link>& link, Link::Outcome outcome, Todo& todo) {
    if (outcome.state == Link::State::Waiting) return;
    auto errand = link->takeErrand();
    const std::lock_guard guard(lock_);
    const auto found = links_.find(link->token());
    if (found == links_.end()) {
        link->close();
        if (errand) {
            todo.reports.push_back(failed(std::move(*errand), outcome.code));
        }
        return;
    }
    auto& pool = *found->second.pool;
    if (outcome.state == Link::State::Answered && outcome.reusable && !stopping_) {
        pool.idle.push_back(link);
    } else {
        link->close();
        retire(link, pool);
    }
    if (errand && outcome.state == Link::State::Answered) {
        todo.reports.push_back({std::move(*errand), std::move(outcome.response)});
    } else if (errand && outcome.stale && !stopping_) {
        // On a new connection, where nothing is stale: it is tried again once.
        openLink(pool, std::move(*errand), todo);
    } else if (errand) {
        todo.reports.push_back(failed(std::move(*errand), outcome.code));
    }
    schedule(pool, todo);
}

template <class Turn>
void CourierEngine::take(const std::shared_ptr<Link>& link, Turn turn) {
    Todo todo;
    {
        const std::lock_guard guard(link->lock());
        settle(link, turn(*link), todo);
    }
    perform(std::move(todo));
}

void CourierEngine::work() {
    while (true) {
        const auto token = poller_.wait(std::chrono::milliseconds(-1));
        if (!token) {
            if (poller_.stopped()) return;
            continue;
        }
        std::shared_ptr<Link> link;
        {
            const std::lock_guard guard(lock_);
            const auto found = links_.find(*token);
            if (found != links_.end()) link = found->second.link;
        }
        if (link) take(link, [](Link& at) { return at.drive(); });
    }
}

std::vector<std::shared_ptr<Link>> CourierEngine::dueLinks() {
    std::vector<std::shared_ptr<Link>> due;
    const std::lock_guard guard(lock_);
    for (const auto& [token, open] : links_) {
        if (open.link->due()) due.push_back(open.link);
    }
    return due;
}

void CourierEngine::expireWaiting(Todo& todo) {
    const std::lock_guard guard(lock_);
    std::move(late_.begin(), late_.end(), std::back_inserter(todo.reports));
    late_.clear();
    if (waiting_ == 0) return;
    for (auto& [name, pool] : pools_) {
        for (auto& errand : pool.waiting) {
            if (!stopping_ && !errand.waits_until.passed()) continue;
            todo.reports.push_back(
                failed(std::exchange(errand, Errand{}), Code::DeliverUnreachable));
        }
        waiting_ -=
            std::erase_if(pool.waiting, [](const Errand& errand) { return errand.bytes.empty(); });
    }
}

void CourierEngine::watch() {
    while (true) {
        {
            std::unique_lock lock(lock_);
            woken_.wait(lock, [this] {
                return stopping_ || waiting_ > 0 || !links_.empty() || !late_.empty();
            });
            woken_.wait_for(lock, kTick, [this] { return stopping_ || !late_.empty(); });
            if (stopping_) break;
        }
        for (const auto& link : dueLinks()) {
            take(link, [](Link& at) { return at.due() ? at.expire() : Link::Outcome{}; });
        }
        Todo todo;
        expireWaiting(todo);
        perform(std::move(todo));
    }
    endAll();
}

void CourierEngine::endAll() {
    std::vector<std::shared_ptr<Link>> all;
    {
        const std::lock_guard guard(lock_);
        for (const auto& [token, open] : links_) all.push_back(open.link);
    }
    for (const auto& link : all) take(link, [](Link& at) { return at.expire(); });
    Todo todo;
    expireWaiting(todo);
    perform(std::move(todo));
}

void CourierEngine::stop() {
    {
        const std::lock_guard guard(lock_);
        stopping_ = true;
    }
    woken_.notify_all();
}

}  // namespace stafett::transport
