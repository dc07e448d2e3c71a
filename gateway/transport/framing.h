#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/transport/framing_parser.h"
#include "gateway/transport/grammar.h"
#include "gateway/transport/head_scan.h"
#include "gateway/transport/reader.h"

namespace stafett::transport {

/// Reads a message: the head is looked over whole before the parser has it, then the body as it
/// comes. Keeps only what the parser could not use yet.
template <bool kIsRequest, class Message>
class Framing {
public:
    Framing(HeadScan::Limits limits, std::uint64_t body_limit) : scan_(kKind, limits) {
        parser_.header_limit(static_cast<std::uint32_t>(limits.head + kSlack));
        parser_.body_limit(body_limit);
        parser_.eager(true);
    }

    Step put(std::string_view bytes) {
        if (bytes.empty()) return {Step::State::More, 0};
        begun_ = true;
        return head_done_ ? putBody(bytes) : putHead(bytes);
    }

    Message& message() { return message_; }
    const Message& message() const { return message_; }
    Bytes& body() { return body_; }
    bool begun() const { return begun_; }
    bool bodyBegun() const { return body_begun_; }
    bool hasLength() const { return scan_.hasLength(); }
    /// As the head says it; 0 where the body comes in chunks.
    std::uint64_t length() const { return parser_.content_length().value_or(0); }
    bool chunked() const { return parser_.chunked(); }
    void limitBody(std::uint64_t bytes) { parser_.body_limit(bytes); }
    bool keepsAlive() const { return head_done_ && parser_.keep_alive(); }
    bool whole() const { return head_done_ && parser_.is_done(); }
    bool endsWithConnection() const { return head_done_ && parser_.need_eof(); }
    Refusal refusal() const { return refusal_; }
    void skipBody() { parser_.skip(true); }

private:
    static constexpr auto kKind = kIsRequest ? HeadScan::Kind::Request : HeadScan::Kind::Answer;
    static constexpr std::size_t kSlack = 1024;
    static constexpr std::size_t kChunkLine = 4U << 10;
    /// "0 CRLF CRLF": Beast 1.74 asserts that it has so much when it looks at a last chunk again.
    static constexpr std::size_t kLeastChunk = 5;

    Step refuse(Refusal refusal) {
        refusal_ = refusal;
        return {Step::State::Refused, 0};
    }

    Step refuse(const boost::beast::error_code& error) {
        if (error == boost::beast::http::error::body_limit) {
            return refuse(Refusal{413, Code::HttpTooLarge});
        }
        return refuse(Refusal{400, Code::HttpMalformed});
    }

    Step putHead(std::string_view bytes) {
        const auto before = rest_.size();
        std::string_view all = bytes;
        if (before > 0) {
            rest_.append(bytes);
            all = rest_;
        }
        switch (scan_.look(all)) {
            case HeadScan::Seen::Refused:
                return refuse(scan_.refusal());
            case HeadScan::Seen::More:
                if (before == 0) rest_.assign(bytes);
                return {Step::State::More, bytes.size()};
            case HeadScan::Seen::Whole:
                break;
        }
        const auto head = all.substr(scan_.start(), scan_.end() - scan_.start());
        boost::beast::error_code error;
        const auto used = parser_.put(boost::asio::const_buffer(head.data(), head.size()), error);
        if (error) return refuse(error);
        if (used != head.size() || !parser_.is_header_done()) {
            return refuse(Refusal{400, Code::HttpMalformed});
        }
        head_done_ = true;
        const auto state = parser_.is_done() ? Step::State::Whole : Step::State::Head;
        const auto taken = scan_.end() - before;
        rest_.clear();
        return {state, taken};
    }

    Step putBody(std::string_view bytes) {
        if (parser_.is_done()) return {Step::State::Whole, 0};
        body_begun_ = true;
        const auto before = rest_.size();
        std::string_view all = bytes;
        if (before > 0) {
            rest_.append(bytes);
            all = rest_;
        }
        if (parser_.chunked() && all.size() < kLeastChunk) {
            if (before == 0) rest_.assign(bytes);
            return {Step::State::More, bytes.size()};
        }
        std::size_t used = 0;
        boost::beast::error_code error;
        while (used < all.size() && !parser_.is_done()) {
            used += parser_.put({all.data() + used, all.size() - used}, error);
            if (error) break;
        }
        if (error && error != boost::beast::http::error::need_more) return refuse(error);
        if (parser_.is_done()) {
            rest_.clear();
            return {Step::State::Whole, used - before};
        }
        const auto tail = all.substr(used);
        if (tail.size() > kChunkLine || isStuck(tail)) {
            return refuse(Refusal{400, Code::HttpMalformed});
        }
        if (before > 0) {
            rest_.erase(0, used);
        } else {
            rest_.assign(all.substr(used));
        }
        return {Step::State::More, bytes.size()};
    }

    /// A whole chunk line (or, after the last chunk, whole trailers) that the parser still asks
    /// more for: it reads a quoted extension on past the end of its line.
    bool isStuck(std::string_view tail) const {
        if (!parser_.chunked()) return false;
        if (tail.substr(0, 2) == "\r\n") tail.remove_prefix(2);
        const auto end = tail.find("\r\n");
        if (end == std::string_view::npos) return false;
        const auto size = tail.find_first_not_of('0');
        const bool last = size > 0 && hexDigit(tail[size]) < 0;
        return !last || tail.find("\r\n\r\n", end) != std::string_view::npos;
    }

    HeadScan scan_;
    Message message_;
    Bytes body_;
    Parser<kIsRequest, Message> parser_{message_, body_};
    std::string rest_;
    bool begun_ = false;
    bool head_done_ = false;
    bool body_begun_ = false;
    Refusal refusal_{400, Code::HttpMalformed};
};

}  // namespace stafett::transport
