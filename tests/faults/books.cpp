#include "tests/faults/books.h"

#include <set>

namespace stafett::faults {
namespace {

using Key = std::pair<std::string, std::string>;

/// Messages promised, each once; what is wrong with the receipts themselves.
std::map<std::string, Promise> promisedIn(const Books& books, Verdict& verdict) {
    std::map<std::string, Promise> by_message;
    std::map<Key, Promise> by_sender_id;
    std::map<std::pair<std::string, std::uint64_t>, std::string> places;
    for (const auto& promise : books.promises) {
        const auto [first, is_new] =
            by_sender_id.emplace(Key{promise.sender, promise.sender_id}, promise);
        const std::string who = promise.sender + "'s message " + promise.sender_id;
        if (!is_new) {
            if (first->second.message != promise.message) {
                verdict.broken.push_back(who + " was accepted as new twice");
            } else if (first->second.receipt != promise.receipt) {
                verdict.broken.push_back(who + " got two receipts that differ");
            }
        }
        if (!by_message.emplace(promise.message, promise).second) continue;
        const auto [place, free] =
            places.emplace(std::pair{promise.case_id, promise.place}, promise.message);
        if (!free && place->second != promise.message) {
            verdict.broken.push_back("two messages have one place in case " + promise.case_id);
        }
    }
    return by_message;
}

}  // namespace

Verdict judge(const Books& books) {
    Verdict verdict;
    const auto promised = promisedIn(books, verdict);
    verdict.messages = promised.size();
    verdict.answers = books.promises.size();

    std::map<Key, std::string> digests;       // (receiver, message) → its bytes
    std::map<Key, std::uint64_t> last_place;  // (receiver, case) → the place told last
    for (const auto& came : books.came) {
        const auto [known, first] = digests.emplace(Key{came.receiver, came.message}, came.digest);
        if (!first) {
            ++verdict.repeats;
            if (known->second != came.digest) {
                verdict.broken.push_back(came.receiver + " got message " + came.message +
                                         " with two contents");
            }
            continue;
        }
        ++verdict.arrivals;
        const auto promise = promised.find(came.message);
        if (promise == promised.end()) {
            verdict.broken.push_back(came.receiver + " got message " + came.message +
                                     " that nobody has a receipt for");
            continue;
        }
        auto& place = last_place[{came.receiver, promise->second.case_id}];
        if (promise->second.place < place) {
            verdict.broken.push_back(
                came.receiver + " was told place " + std::to_string(promise->second.place) +
                " of case " + promise->second.case_id + " after place " + std::to_string(place));
        }
        place = std::max(place, promise->second.place);
    }
    for (const auto& [message, promise] : promised) {
        for (const auto& receiver : promise.receivers) {
            if (!digests.contains({receiver, message})) {
                verdict.broken.push_back("lost: " + message + " has a receipt and never came to " +
                                         receiver);
            }
        }
    }
    return verdict;
}

}  // namespace stafett::faults
