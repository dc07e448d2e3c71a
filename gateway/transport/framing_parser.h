#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include <boost/beast/http/basic_parser.hpp>

#include "gateway/base/bytes.h"

namespace stafett::transport {

/// Boost.Beast's parser with what it reads laid straight into our own message.
/// `Message` says what becomes of first line and fields: start(...) and field(...).
template <bool kIsRequest, class Message>
class Parser final : public boost::beast::http::basic_parser<kIsRequest> {
    using Error = boost::beast::error_code;
    using View = boost::beast::string_view;

public:
    Parser(Message& message, Bytes& body) : message_(message), body_(body) {}

private:
    static constexpr std::size_t kFirstReserve = 64U << 10;
    static constexpr std::size_t kChunkExtension = 256;
    static constexpr std::size_t kTrailers = 2U << 10;
    static constexpr std::size_t kFieldMarks = 4;  ///< colon, space, line end

    static std::string_view plain(View view) { return {view.data(), view.size()}; }

    void on_request_impl(boost::beast::http::verb, View method, View target, int, Error&) override {
        if constexpr (kIsRequest) message_.start(plain(method), plain(target));
    }
    void on_response_impl(int status, View, int, Error&) override {
        if constexpr (!kIsRequest) message_.start(status);
    }
    void on_field_impl(boost::beast::http::field, View name, View value, Error& error) override {
        if (!head_done_) return message_.field(plain(name), plain(value));
        trailers_ += name.size() + value.size() + kFieldMarks;
        if (trailers_ > kTrailers) error = boost::beast::http::error::header_limit;
    }
    void on_header_impl(Error&) override { head_done_ = true; }
    void on_body_init_impl(const boost::optional<std::uint64_t>& length, Error&) override {
        if (length) body_.reserve(std::min<std::size_t>(*length, kFirstReserve));
    }
    std::size_t on_body_impl(View piece, Error&) override {
        body_.append(piece.data(), piece.size());
        return piece.size();
    }
    void on_chunk_header_impl(std::uint64_t, View extension, Error& error) override {
        if (extension.size() > kChunkExtension) {
            error = boost::beast::http::error::bad_chunk_extension;
        }
    }
    std::size_t on_chunk_body_impl(std::uint64_t, View piece, Error&) override {
        body_.append(piece.data(), piece.size());
        return piece.size();
    }
    void on_finish_impl(Error&) override {}

    Message& message_;
    Bytes& body_;
    bool head_done_ = false;
    std::size_t trailers_ = 0;
};

}  // namespace stafett::transport
