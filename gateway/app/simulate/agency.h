#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/transport/courier.h"
#include "gateway/transport/inbox.h"

namespace stafett::app {

/// How a simulated agency treats the next document it is sent.
enum class Manner : std::uint8_t {
    Accept,
    Refuse,  ///< in its own form: the content will not do
    Busy,    ///< in its own form: not now
    Stall,   ///< reads it and never answers
    Cut,     ///< reads it and cuts the connection
};
std::optional<Manner> mannerByName(std::string_view name);

struct Arrival {
    transport::HttpRequest request;
    std::string digest;     ///< of path and body: the same bytes again have the same
    std::size_t place = 0;  ///< among all arrivals of the agency, from 0
    bool repeated = false;  ///< these very bytes were accepted before
    Manner treated = Manner::Accept;
};

struct AgencySettings {
    std::string name;     ///< "af", as scripts call it
    std::string dialect;  ///< decides the form of its answers
    std::string host;
    std::uint16_t port = 0;
    std::filesystem::path
        certificates;    ///< folder with <system>.pem, <system>.key, ca.pem, crl.pem
    std::string system;  ///< "af-system"
};

/// One simulated agency: a real HTTPS server and client with its own certificate. Its answers are
/// written by hand, per dialect; it knows nothing of mappings. Many threads.
class Agency final : public transport::Inbox {
public:
    static Checked<std::unique_ptr<Agency>> open(const AgencySettings& settings);
    ~Agency() override;

    const AgencySettings& settings() const { return settings_; }

    /// Stops listening; whoever calls finds nobody.
    void goDown();
    Status comeBack();
    /// How the next documents are treated, in order; then Accept again.
    void treatNext(std::vector<Manner> manners);

    /// The first arrival at this path, from the n-th on, that was not a mere repeat; waits for it.
    std::optional<Arrival> waitFor(std::size_t from, const std::string& path, Deadline deadline);
    /// The first document at this path that nobody has claimed yet, that carries one of these ids
    /// (of none: any document) and that `fits`; waits for it. What was refused does not count.
    std::optional<Arrival> claim(const std::string& path, const std::set<std::string>& ids,
                                 const std::function<bool(const Arrival&)>& fits,
                                 Deadline deadline);
    /// The place behind the arrivals so far: where a later waitFor begins.
    std::size_t arrived() const;
    std::size_t repeats() const;
    /// All that came from the n-th on, repeats and what was refused too.
    std::vector<Arrival> arrivals(std::size_t from) const;

    /// Posts to the gateway as this agency.
    Result<transport::HttpResponse> post(const std::string& gateway_host, std::uint16_t port,
                                         transport::HttpRequest request);

    void take(transport::RawRequest request, transport::Responder responder) override;

private:
    explicit Agency(AgencySettings settings) : settings_(std::move(settings)) {}
    Manner nextManner();
    void noteIds(const Arrival& arrival);
    std::optional<std::size_t> unclaimed(const std::string& path, const std::set<std::string>& ids,
                                         const std::function<bool(const Arrival&)>& fits,
                                         std::set<std::size_t>& seen) const;

    AgencySettings settings_;
    std::shared_ptr<const security::Context> server_context_, client_context_;
    std::unique_ptr<transport::InboxServer> server_;
    std::unique_ptr<transport::Courier> courier_;
    mutable std::mutex mutex_;
    std::condition_variable came_;
    std::deque<Arrival> arrivals_;
    std::set<std::string> accepted_;
    std::set<std::size_t> claimed_;
    std::map<std::string, std::vector<std::size_t>> by_id_;  ///< id in a document → its places
    std::deque<Manner> manners_;
    std::vector<transport::Responder> stalled_;
    std::size_t repeats_ = 0;
};

/// An agency's technical answer in its dialect's own form (the dialect sheets).
transport::HttpResponse technicalAnswer(const std::string& dialect, Manner manner,
                                        const transport::HttpRequest& request);

}  // namespace stafett::app
