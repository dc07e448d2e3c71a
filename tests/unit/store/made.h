#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <future>

#include "gateway/store/message_store.h"

namespace stafett::store {

/// A folder of its own for each test, removed after it.
class Folder {
public:
    Folder() {
        std::string form =
            (std::filesystem::temp_directory_path() / "stafett-test-XXXXXX").string();
        path_ = ::mkdtemp(form.data());
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::string file(const std::string& name = "store.db") const { return path_ + "/" + name; }
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

inline std::unique_ptr<MessageStore> openAt(const std::string& path) {
    auto store = openSqlite({.path = path});
    EXPECT_TRUE(store) << info(store.error().code()).id;
    return store ? std::move(*store) : nullptr;
}

inline Time at(long long millis) {
    return Time{std::chrono::milliseconds{1767225600000LL + millis}};  // 2026-01-01T00:00:00Z
}

inline const PartyId kSender{"2120000142"};
inline const PartyId kReceiver{"2021002114"};
inline const PartyId kOther{"2021005521"};
inline const SystemId kSystem{"kommun-01"};

inline NewDelivery deliveryTo(const PartyId& receiver, const std::string& request = "sealed-out") {
    NewDelivery delivery;
    delivery.id = DeliveryId::make();
    delivery.receiver = receiver;
    delivery.function = FunctionId{"intag"};
    delivery.dialect = DialectId{"employment_service"};
    delivery.form = FormId{"leverantorsavrop"};
    delivery.versions = R"({"mapping":"m1"})";
    delivery.losses = "[]";
    delivery.request = request;
    return delivery;
}

/// A referral that opens a case, with one delivery; every digest its own.
inline Keep newKeep(const std::vector<PartyId>& receivers = {kReceiver}) {
    Keep keep;
    keep.id = MessageId::make();
    keep.case_id = CaseId::make();
    keep.case_state = R"({"version":1})";
    keep.holder = kSender;
    keep.holder_function = FunctionId{"intag"};
    keep.system = kSystem;
    keep.sender = kSender;
    keep.sender_function = FunctionId{"intag"};
    keep.kind = "referral";
    keep.dialect = DialectId{"municipality"};
    keep.form = FormId{"arende"};
    keep.versions = R"({"mapping":"m0"})";
    keep.received_at = at(0);
    keep.repeat_digest = sha256("route" + keep.id.text());
    keep.body_digest = sha256("body" + keep.id.text());
    keep.transport_free_digest = sha256("content" + keep.id.text());
    keep.sender_id = sha256("sender" + keep.id.text());
    keep.data_key = "wrapped";
    keep.raw = "sealed-raw";
    keep.canonical = "sealed-canonical";
    keep.receipt = "receipt." + keep.id.text();
    keep.events = {{trace::Step::Received, at(0), {}},
                   {trace::Step::Kept, at(1), {{"message", keep.id}}}};
    for (const auto& receiver : receivers) keep.deliveries.push_back(deliveryTo(receiver));
    return keep;
}

/// The next message of the same case.
inline Keep nextKeep(const Keep& before, const std::vector<PartyId>& receivers = {kReceiver}) {
    Keep keep = newKeep(receivers);
    keep.case_id = before.case_id;
    keep.case_version = before.case_version + 1;
    keep.case_state = R"({"version":)" + std::to_string(keep.case_version + 1) + "}";
    keep.kind = "answer";
    keep.received_at = before.received_at + std::chrono::milliseconds(1);
    return keep;
}

template <class T>
class Answer {
public:
    std::function<void(T)> taker() {
        return [this](T value) { value_.set_value(std::move(value)); };
    }
    T wait() { return value_.get_future().get(); }

private:
    std::promise<T> value_;
};

inline Result<Kept> keepIn(MessageStore& store, const Keep& keep) {
    Answer<Result<Kept>> answer;
    store.keep(keep, answer.taker());
    return answer.wait();
}

inline Kept::Outcome outcomeOf(MessageStore& store, const Keep& keep) {
    const auto kept = keepIn(store, keep);
    EXPECT_TRUE(kept) << info(kept.error().code()).id;
    return kept ? kept->outcome : Kept::Outcome::Conflict;
}

inline Status settleIn(MessageStore& store, Attempt attempt) {
    Answer<Status> answer;
    store.settle(std::move(attempt), answer.taker());
    return answer.wait();
}

inline Attempt attemptOf(const DeliveryId& id, Attempt::Outcome outcome, Time when,
                         Time next = {}) {
    Attempt attempt{};
    attempt.id = id;
    attempt.outcome = outcome;
    attempt.next = next;
    if (outcome == Attempt::Outcome::Retry) attempt.code = Code::DeliverUnreachable;
    if (outcome == Attempt::Outcome::Held) attempt.code = Code::DeliverRefused;
    attempt.events = {{trace::Step::Retry, when, {{"delivery", id}}}};
    return attempt;
}

inline std::vector<DeliveryId> lentFrom(MessageStore& store, Time now,
                                        const std::vector<PartyId>& not_to = {},
                                        std::uint32_t most = 100) {
    const auto leases = store.lend(now, std::chrono::seconds(60), most, {.parties = not_to});
    EXPECT_TRUE(leases);
    std::vector<DeliveryId> ids;
    if (leases) {
        for (const auto& lease : *leases) ids.push_back(lease.id);
    }
    return ids;
}

}  // namespace stafett::store
