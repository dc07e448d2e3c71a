#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <random>
#include <thread>

#include "tests/faults/books.h"
#include "tests/support/documents.h"
#include "tests/support/running_gateway.h"

namespace stafett::faults {

/// Eight senders that open cases and carry them on, each sending the next message of a case only
/// when it has the receipt of the one before, and the same bytes again until it has one. Everything
/// is written down in books that the gateway never sees. One thread starts and stops it.
class Load {
public:
    Load(support::RunningGateway& gateway, std::uint64_t seed);
    ~Load();  ///< before finish(): nobody waits for a receipt any more
    Load(const Load&) = delete;
    Load& operator=(const Load&) = delete;

    /// The gateway answers (again): whoever waits goes on.
    void goOn();
    /// No new cases; returns when every message under way has its receipt.
    void finish();

    /// The books so far; what receivers got since the last time is added.
    const Books& books();
    /// The receipts given so far.
    std::vector<Promise> promises() const;
    /// What a sender was told and should not have been; empty when all went as it must.
    std::vector<std::string> complaints() const;

private:
    struct Sender {
        std::mt19937_64 random;
        std::deque<std::pair<std::string, std::pair<std::string, transport::HttpRequest>>> sent;
    };
    enum class Begins : std::uint8_t { Municipality, Region, RegionToEmployment };
    void run(Sender sender, Begins begins);
    void municipalityToInsurance(Sender& sender);
    void regionToMunicipality(Sender& sender);
    void regionToEmployment(Sender& sender);
    /// The gateway's id of the message.
    std::string send(Sender& sender, const std::string& agency, const std::string& sender_id,
                     const transport::HttpRequest& request);
    std::string sendOnce(const std::string& agency, const std::string& sender_id,
                         const transport::HttpRequest& request);
    void waitABit();

    support::RunningGateway& gateway_;
    mutable std::mutex mutex_;
    std::condition_variable up_;
    Books books_;
    std::vector<std::string> complaints_;
    std::map<std::string, std::size_t> read_;  ///< arrivals already in the books
    std::atomic<bool> stopping_{false}, given_up_{false};
    std::vector<std::thread> threads_;
};

}  // namespace stafett::faults
