#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/codec/tree.h"
#include "gateway/mapping/mapping.h"
#include "gateway/plugin/abi.h"
#include "gateway/plugin/header_rules.h"

namespace stafett::plugin {

/// What a function of a plugin may look up during one call; null = nothing of that kind.
struct Shown {
    const codec::Document* document = nullptr;
    codec::NodeIndex root = 0;  ///< where its paths begin
    const Headers* headers = nullptr;
    std::string_view query = {};
    const mapping::Attributes* attributes = nullptr;
    const mapping::Settings* settings = nullptr;
};

/// What it put.
struct Put {
    std::string body;
    Headers headers;
    std::optional<std::string> method, path, form, document, code, receiver_id;
    Headers attributes;
    Headers problems;  ///< code, place
    bool info = false;
    std::optional<std::chrono::seconds> retry_after;
};

/// The gateway's side of one call into a plugin: answers look() and put(), keeps the limits, and
/// remembers whether one was passed. One thread, one call.
class CallFrame {
public:
    CallFrame(const Shown& shown, void* state, std::size_t body_limit);
    CallFrame(const CallFrame&) = delete;
    CallFrame& operator=(const CallFrame&) = delete;

    const stafett_call* begin(std::uint64_t deadline_ns);
    /// Over a limit, or something HTTP does not allow: the call has failed, whatever it returned.
    bool broken() const { return broken_; }
    Put& put() { return put_; }

private:
    static int32_t onLook(const stafett_call* call, int32_t what, stafett_bytes name,
                          stafett_bytes* found);
    static int32_t onPut(const stafett_call* call, int32_t what, stafett_bytes name,
                         stafett_bytes value);
    int32_t look(int32_t what, std::string_view name, stafett_bytes* found);
    int32_t lookInDocument(int32_t what, std::string_view path, stafett_bytes* found);
    bool take(int32_t what, std::string_view name, std::string_view value);

    stafett_call raw_{};
    Shown shown_;
    Put put_;
    std::deque<std::string> kept_;  // what found points into when it was made for the call
    std::size_t body_limit_;
    std::size_t small_ = 0;  // bytes put outside the body
    bool broken_ = false;
};

}  // namespace stafett::plugin
