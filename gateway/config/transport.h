#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace stafett::config {

/// A listening socket and its limits (design 13).
struct Listener {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;         ///< 0 = a free one
    std::string host = {};          ///< the name peers call us by; empty = any Host is taken
    std::size_t body = 1U << 20;    ///< bytes
    std::size_t large_body = 0;     ///< with attachments, where they are taken; 0: nowhere
    std::size_t large_memory = 0;   ///< for all such bodies at once
    std::size_t head = 16U << 10;   ///< request line and headers, bytes
    std::size_t fields = 100;       ///< header lines
    std::size_t target = 8U << 10;  ///< request target, bytes
    std::uint32_t connections = 1024;
    std::uint32_t connections_per_peer = 64;  ///< a system; an address until its system is known
    std::uint32_t requests_per_peer = 64;     ///< under way at once
    std::uint32_t turned_away = 64;  ///< places, and each second so many, for those told to wait
    std::chrono::milliseconds request_time{
        30'000};  ///< from its first byte to its last, and for the answer
    std::chrono::milliseconds idle_time{75'000};  ///< a parked connection
    std::chrono::milliseconds handshake_time{10'000};
    unsigned workers = 2;
    unsigned stand_ins = 8;  ///< for workers that a plugin keeps
};

struct Courier {
    unsigned workers = 2;
    unsigned stand_ins = 8;
    std::uint32_t connections_per_receiver = 8;
    std::chrono::milliseconds connect_time{5'000};
    std::chrono::milliseconds answer_time{30'000};
    std::chrono::milliseconds idle_time{30'000};
    std::size_t answer_body = 1U << 20;
};

}  // namespace stafett::config
