// What a party is sent, as files; and the threads that look.
#include "gateway/pipeline/file_drop.h"

#include <algorithm>

#include "gateway/pipeline/consent.h"
#include "gateway/pipeline/contents.h"
#include "gateway/pipeline/judge.h"

namespace stafett::pipeline {
namespace {

constexpr std::chrono::seconds kLeaseTime{120};
constexpr std::uint32_t kLentAtOnce = 16;

std::string_view headerOf(const plugin::WireMessage& wire, std::string_view name) {
    for (const auto& [one, value] : wire.headers) {
        if (one == name) return value;
    }
    return {};
}

std::string_view endingOf(const plugin::WireMessage& wire) {
    const auto type = headerOf(wire, "Content-Type");
    if (type.find("json") != std::string_view::npos) return ".json";
    return type.find("xml") != std::string_view::npos ? ".xml" : ".bin";
}

/// What the document does not say itself: how it would have been called with.
std::string headOf(const plugin::WireMessage& wire, const store::Lease& lease) {
    std::string head = wire.method + " " + wire.path + "\n";
    for (const auto& [name, value] : wire.headers) head.append(name + ": " + value + "\n");
    head.append("Stafett-Delivery: " + lease.id.text() + "\n");
    head.append("Stafett-Receiver: " + lease.receiver.value + "\n");
    head.append("Stafett-Function: " + lease.function.value + "\n");
    return head;
}

}  // namespace

FileDrop::FileDrop(const Shared& shared, SnapshotSource snapshot, Notices& notices,
                   transport::Inbox& inbox)
    : shared_(shared),
      snapshot_(snapshot),
      inbox_(inbox),
      settling_(shared, std::move(snapshot), notices) {
    refresh();
}

FileDrop::~FileDrop() {
    drain();
    for (const auto& [party, worker] : workers_) worker->thread.join();
}

void FileDrop::refresh() {
    const auto snapshot = snapshot_();
    const std::lock_guard lock(mutex_);
    for (const auto& party : snapshot->config.reachedBy(config::Door::By::Folder)) {
        auto& worker = workers_[party];
        if (worker) continue;
        worker = std::make_unique<Worker>(Worker{.party = party});
        worker->thread = std::thread([this, &its = *worker] { run(its); });
    }
}

void FileDrop::wake() {
    const std::lock_guard lock(mutex_);
    for (const auto& [party, worker] : workers_) worker->due = true;
    changed_.notify_all();
}

void FileDrop::drain() {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
}

bool FileDrop::stopping() {
    const std::lock_guard lock(mutex_);
    return stopping_;
}

void FileDrop::run(Worker& worker) {
    auto look = Deadline::in(std::chrono::milliseconds(0));
    while (true) {
        {
            std::unique_lock lock(mutex_);
            changed_.wait_until(lock, look.at(), [&] { return stopping_ || worker.due; });
            if (stopping_) return;
            worker.due = false;
        }
        const auto snapshot = snapshot_();
        const bool looks = look.passed();
        writeAll(worker, *snapshot);
        if (!looks) continue;
        for (const auto& door : snapshot->config.doors) {
            if (door.party != worker.party || door.in.empty() || stopping()) continue;
            tellFolder(worker, door, Side::In, readFolder(worker, snapshot, door));
        }
        look = Deadline::in(snapshot->config.settings.file_drop.look);
    }
}

void FileDrop::writeAll(Worker& worker, const Snapshot& snapshot) {
    const auto by_folder = snapshot.config.reachedBy(config::Door::By::Folder);
    if (std::find(by_folder.begin(), by_folder.end(), worker.party) == by_folder.end()) return;
    const store::Receivers to{.which = store::Receivers::Which::Only, .parties = {worker.party}};
    while (!stopping()) {
        const auto leases = shared_.store.lend(shared_.clock.now(), kLeaseTime, kLentAtOnce, to);
        if (!leases) {
            shared_.log.error("lend_failed", {{"code", leases.error().code()}});
            return;
        }
        if (leases->empty()) return;
        for (const auto& lease : *leases) writeOne(worker, snapshot, lease);
    }
}

void FileDrop::writeOne(Worker& worker, const Snapshot& snapshot, const store::Lease& lease) {
    const Time now = shared_.clock.now();
    const auto settle = [&](store::Attempt attempt) {
        settling_.settle(lease, std::move(attempt), [](const Status&) {});
    };
    if (!mayStillLeave(lease, now)) return settle(withdraw(lease, now));
    const auto* door = snapshot.config.door(lease.receiver, lease.function);
    if (door == nullptr) return settle(hold(lease, Code::AddressNoDoor, now, {}));
    const auto done = putDown(*door, lease);
    if (done || done.error().code() == Code::DropFolder) {
        tellFolder(worker, *door, Side::Out, done);
    }
    if (done) return settle(delivered(lease, now, {{"by", "folder"}}));
    if (done.error().code() != Code::DropFolder) {
        return settle(hold(lease, done.error().code(), now, {}));
    }
    settle(retry(lease, Code::DropFolder, std::chrono::seconds(0),
                 snapshot.config.settings.delivery, now, chance(), {}));
}

/// The head first: who sees the document finds its head beside it.
Status FileDrop::putDown(const config::Door& door, const store::Lease& lease) {
    ST_TRY(auto wire, openRequest(shared_, lease));
    ST_TRY(const auto source, bodyOf(shared_, lease, wire));
    ST_TRY(const auto folder, transport::DropFolder::open(door.out));
    const std::string name = lease.id.text();
    ST_CHECK(folder.write(name + ".head", headOf(wire, lease)));
    const std::string document = name + std::string(endingOf(wire));
    return source ? folder.write(document, *source) : folder.write(document, wire.body);
}

/// Once when it begins and once when it is over, however often it is tried.
void FileDrop::tellFolder(Worker& worker, const config::Door& door, Side side, const Status& done) {
    const auto name = trace::SafeText::fromConfiguration(door.id);
    if (done) {
        if (worker.failing.erase({door.id, side}) > 0)
            shared_.log.info("folder_back", {{"door", name}});
    } else if (worker.failing.insert({door.id, side}).second) {
        shared_.log.error("folder_failed", {{"door", name}, {"code", done.error().code()}});
    }
}

}  // namespace stafett::pipeline
