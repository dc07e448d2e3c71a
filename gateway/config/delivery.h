#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include "gateway/base/ids.h"

// How what was taken leaves again: by which door, and what is done when it does not.
namespace stafett::config {

/// When a delivery is tried again (design 3): the first wait, doubling to the last, spread by
/// chance, until it is given up and held.
struct Delivery {
    std::chrono::milliseconds first_wait{60'000};
    std::chrono::milliseconds last_wait{3'600'000};
    double spread = 0.2;
    std::chrono::hours give_up{24 * 7};
    std::uint32_t at_once = 64;  ///< deliveries under way in all
    std::uint32_t at_once_per_receiver = 8;
};

/// For receivers who fetch (a door by mailbox).
struct Mailbox {
    std::chrono::milliseconds lease{60'000};  ///< to acknowledge in; then it is given again
    std::chrono::milliseconds wait{25'000};   ///< the longest a fetch waits for something to come
};

/// For receivers and senders who share a folder with us (a door by folder).
struct FileDrop {
    std::chrono::milliseconds look{2'000};  ///< how often a folder is looked into
    std::size_t file = 1U << 20;            ///< bytes; a larger one is set aside
};

/// Where a party, or one function of it, is reached. All doors of a party are of one kind.
struct Door {
    enum class By : std::uint8_t {
        Push,     ///< we call it
        Mailbox,  ///< it fetches from us
        Folder,   ///< it reads and writes files in a folder
    };
    std::string id;
    PartyId party;
    FunctionId function;  ///< empty = every function without a door of its own
    By by = By::Push;
    std::string host;  ///< of push, as are port and path
    std::uint16_t port = 443;
    std::string path;           ///< put before the dialect's own path
    std::filesystem::path out;  ///< of folder, as are those below: we write, the party reads
    std::filesystem::path in;   ///< the party writes, we read; empty = it sends in another way
    std::string route;          ///< the dialect's own path that a file of `in` is taken to have
    std::string content_type;   ///< of the files of `in`
    std::string url() const;    ///< of push
};

}  // namespace stafett::config
