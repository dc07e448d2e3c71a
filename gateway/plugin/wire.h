#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/bytes.h"
#include "gateway/base/clock.h"
#include "gateway/base/error.h"
#include "gateway/base/ids.h"
#include "gateway/codec/tree.h"
#include "gateway/mapping/mapping.h"

namespace stafett::plugin {

/// A request as the transport read it, free of any socket. The views outlive the call.
struct WireRequest {
    std::string_view method, path, query;
    const std::vector<std::pair<std::string, std::string>>* headers = nullptr;
    std::string_view body;
};

/// What a request turned out to be: its form, the document, and the values outside it.
struct Decoded {
    FormId form;
    codec::Document document;
    mapping::Attributes attributes;
};

/// One problem, warning or loss as a sender is told it.
struct ReplyLine {
    std::string code;   ///< ST-… or the plugin's own
    std::string place;  ///< the sender's wire path, or the receiver and its rule; may be empty
    std::string text;   ///< in the asked language: what happened. What to do.
    bool warning = false;
};

/// Our outcome, to be said in the sender's own form.
struct ReplyInput {
    Outcome outcome = Outcome::Accepted;
    std::string id;         ///< message id when accepted, refusal id when refused
    std::string sender_id;  ///< the sender's own id when it could be read; may be empty
    std::string case_own;   ///< the sender's own case id when it could be read; may be empty
    std::string receipt;    ///< Stafett-Receipt, when accepted
    Code code = Code::HttpMalformed;  ///< the first problem's, when refused
    std::vector<ReplyLine> lines;
    std::size_t count = 0;  ///< problems in all; lines hold at most 50
    Time now{};
    Language language = Language::Swedish;
    std::chrono::seconds retry_after{0};  ///< busy
    std::string_view form;                ///< when known
};

/// What goes on the wire: a reply to a sender, or a request to a receiver.
struct WireMessage {
    int status = 0;            ///< replies
    std::string method, path;  ///< requests
    std::vector<std::pair<std::string, std::string>> headers;
    Bytes body;
};

/// A receiver's answer to a delivery.
struct WireAnswer {
    int status = 0;
    const std::vector<std::pair<std::string, std::string>>* headers = nullptr;
    std::string_view body;
    std::string_view our_id;  ///< the message id that stands in what was sent
    std::string_view form;
};

enum class Fate : std::uint8_t { Delivered, Retry, Refused, Denied };

struct Interpretation {
    Fate fate = Fate::Retry;
    std::string code = {};  ///< the receiver's own code, capped at 64 characters; goes to the trace
    std::string receiver_id = {};  ///< the id the receiver gave it, if it said one (sealed)
    bool info = false;             ///< success with a text to show (RIV INFO)
    std::chrono::seconds retry_after{0};
};

/// A code of the plugin's own, for people.
struct OwnText {
    std::string what, todo;
    bool warning = false;
};

/// How a plugin has kept its deadline (100 ms a call) and its word. At the third overrun its
/// functions are called no more, and the process should drain and start again; a stuck call holds
/// its thread.
struct PluginHealth {
    std::uint64_t calls = 0, failures = 0, overruns = 0, stuck = 0;
    bool sick() const { return overruns > 0; }
    bool mustRestart() const { return overruns >= 3; }
};

}  // namespace stafett::plugin
