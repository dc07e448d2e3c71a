#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace stafett::faults {

/// One answer "accepted" that a sender got: the gateway's promise.
struct Promise {
    std::string sender;                  ///< agency
    std::string sender_id;               ///< the id the sender gave its message
    std::string receipt;                 ///< its bytes
    std::string message;                 ///< claims of the receipt: the gateway's id,
    std::string case_id;                 ///< the case,
    std::uint64_t place = 0;             ///< the place in the case,
    std::vector<std::string> receivers;  ///< and who will get it
};

/// One document that a receiver got and kept.
struct Came {
    std::string receiver;
    std::string message;  ///< the id it carries
    std::string digest;   ///< of path and body
};

/// What senders and receivers wrote down, outside the gateway, in the order it happened.
struct Books {
    std::vector<std::string> attempted;  ///< sender's ids, once for each time they were sent
    std::vector<Promise> promises;       ///< one for each answer, repeats too
    std::vector<Came> came;              ///< per receiver in its order
};

struct Verdict {
    std::vector<std::string> broken;  ///< what must not be, a line each; empty: all held
    std::size_t messages = 0;         ///< promised
    std::size_t answers = 0;          ///< receipts given, repeats too
    std::size_t arrivals = 0;         ///< first arrivals
    std::size_t repeats = 0;          ///< on the wire, with the same id and bytes
};

/// Whether the gateway kept its promises: nothing with a receipt is lost; nothing is delivered that
/// was never promised; no sender's message is accepted as new twice; the receipt of a repeat is the
/// first one, byte for byte; the same id comes with the same bytes; in a case a receiver is told in
/// the order of the places.
Verdict judge(const Books& books);

}  // namespace stafett::faults
