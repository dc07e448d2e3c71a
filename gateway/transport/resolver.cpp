#include "gateway/transport/resolver.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include <Poco/Exception.h>
#include <Poco/Net/DNS.h>
#include <Poco/Net/HostEntry.h>

namespace stafett::transport {
namespace {

constexpr unsigned kThreads = 4;
constexpr std::size_t kMostKnown = 1024;
constexpr std::chrono::seconds kKeep{60};

Resolver::Addresses lookUp(const std::string& host) {
    try {
        return Poco::Net::DNS::hostByName(host).addresses();
    } catch (const Poco::Exception&) {
        return {};
    }
}

}  // namespace

struct Resolver::Shared {
    struct Known {
        Addresses addresses = {};
        std::chrono::steady_clock::time_point until = {};
    };
    struct Question {
        std::string host;
        Found found;
    };

    std::mutex lock;
    std::condition_variable asked;
    std::deque<Question> questions;
    std::map<std::string, Known> known;
    unsigned threads = 0;
    unsigned resting = 0;
    bool stopped = false;
};

Resolver::Resolver() : shared_(std::make_shared<Shared>()) {}

Resolver::~Resolver() {
    const std::lock_guard guard(shared_->lock);
    shared_->stopped = true;
    shared_->asked.notify_all();
}

void Resolver::find(const std::string& host, Found found) {
    Poco::Net::IPAddress address;
    if (Poco::Net::IPAddress::tryParse(host, address)) return found({address});
    std::unique_lock lock(shared_->lock);
    const auto known = shared_->known.find(host);
    if (known != shared_->known.end() && known->second.until > std::chrono::steady_clock::now()) {
        const auto addresses = known->second.addresses;
        lock.unlock();
        return found(addresses);
    }
    shared_->questions.push_back({host, std::move(found)});
    if (shared_->resting < shared_->questions.size() && shared_->threads < kThreads) {
        ++shared_->threads;
        std::thread([shared = shared_] { work(shared); }).detach();
    }
    shared_->asked.notify_one();
}

void Resolver::work(const std::shared_ptr<Shared>& shared) {
    std::unique_lock lock(shared->lock);
    while (true) {
        ++shared->resting;
        shared->asked.wait(lock, [&] { return shared->stopped || !shared->questions.empty(); });
        --shared->resting;
        if (shared->stopped) return;
        const auto question = std::move(shared->questions.front());
        shared->questions.pop_front();
        lock.unlock();
        auto addresses = lookUp(question.host);
        lock.lock();
        if (!addresses.empty()) {
            if (shared->known.size() >= kMostKnown) shared->known.clear();
            shared->known[question.host] = {addresses, std::chrono::steady_clock::now() + kKeep};
        }
        lock.unlock();
        question.found(std::move(addresses));
        lock.lock();
    }
}

}  // namespace stafett::transport
