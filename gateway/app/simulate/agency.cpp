#include "gateway/app/simulate/agency.h"

#include "gateway/app/simulate/names.h"
#include "gateway/base/sha256.h"
#include "gateway/security/context.h"

namespace stafett::app {
namespace {

constexpr std::size_t kLargestBody = std::size_t{64} << 20;  ///< a document with its attachments

config::TlsSettings tlsOf(const AgencySettings& settings) {
    config::TlsSettings tls;
    tls.certificate = (settings.certificates / (settings.system + ".pem")).string();
    tls.key = (settings.certificates / (settings.system + ".key")).string();
    tls.authorities = (settings.certificates / "ca.pem").string();
    tls.revocation_lists = {(settings.certificates / "crl.pem").string()};
    return tls;
}

bool refused(const Arrival& arrival) {
    return arrival.treated == Manner::Refuse || arrival.treated == Manner::Busy;
}

}  // namespace

std::optional<Manner> mannerByName(std::string_view name) {
    if (name == "accept") return Manner::Accept;
    if (name == "refuse") return Manner::Refuse;
    if (name == "busy") return Manner::Busy;
    if (name == "stall") return Manner::Stall;
    if (name == "cut") return Manner::Cut;
    return std::nullopt;
}

Checked<std::unique_ptr<Agency>> Agency::open(const AgencySettings& settings) {
    std::unique_ptr<Agency> agency(new Agency(settings));
    // The gateway is the only one that may call.
    config::SystemEntry gateway;
    gateway.system = SystemId{"gateway"};
    gateway.dns = {"localhost"};
    gateway.parties = {PartyId{"0000000000"}};
    ST_TRY(agency->server_context_, security::serverContext(tlsOf(settings), {gateway}));
    ST_TRY(agency->client_context_, security::clientContext(tlsOf(settings)));
    config::Courier calls;
    calls.answer_body = kLargestBody;
    auto courier =
        transport::Courier::start(calls, [self = agency.get()] { return self->client_context_; });
    if (!courier) return tl::make_unexpected(Problems{courier.error()});
    agency->courier_ = std::move(*courier);
    if (const auto up = agency->comeBack(); !up) return tl::make_unexpected(Problems{up.error()});
    return agency;
}

Agency::~Agency() {
    goDown();
    courier_->stop();
}

void Agency::goDown() {
    std::vector<transport::Responder> stalled;
    {
        const std::lock_guard lock(mutex_);
        stalled.swap(stalled_);
    }
    server_.reset();
}

Status Agency::comeBack() {
    config::Listener listener;
    listener.address = "127.0.0.1";
    listener.port = settings_.port;
    listener.body = kLargestBody;
    ST_TRY(server_, transport::InboxServer::start(
                        listener, [this] { return server_context_; }, *this));
    return {};
}

void Agency::treatNext(std::vector<Manner> manners) {
    const std::lock_guard lock(mutex_);
    manners_.assign(manners.begin(), manners.end());
}

Manner Agency::nextManner() {
    if (manners_.empty()) return Manner::Accept;
    const Manner manner = manners_.front();
    manners_.pop_front();
    return manner;
}

void Agency::take(transport::RawRequest raw, transport::Responder responder) {
    const std::unique_lock lock(mutex_);
    Arrival arrival;
    arrival.request = std::move(raw.http);
    arrival.digest =
        FieldDigest().add(arrival.request.path).add(arrival.request.body).finish().hex();
    arrival.repeated = accepted_.contains(arrival.digest);
    arrival.treated = arrival.repeated ? Manner::Accept : nextManner();
    if (arrival.repeated) ++repeats_;
    // A receiver that stalls or cuts has the message all the same: the repeat must be known again.
    if (!refused(arrival)) accepted_.insert(arrival.digest);
    switch (arrival.treated) {
        case Manner::Stall:
            stalled_.push_back(std::move(responder));
            break;
        case Manner::Cut: {
            transport::HttpResponse cut;
            cut.status = transport::kCutConnection;
            responder.answer(std::move(cut));
            break;
        }
        default:
            responder.answer(technicalAnswer(settings_.dialect, arrival.treated, arrival.request));
    }
    arrival.place = arrivals_.size();
    noteIds(arrival);
    arrivals_.push_back(std::move(arrival));
    came_.notify_all();
}

std::optional<Arrival> Agency::waitFor(std::size_t from, const std::string& path,
                                       Deadline deadline) {
    std::unique_lock lock(mutex_);
    for (std::size_t i = from;; ++i) {
        while (i >= arrivals_.size()) {
            if (came_.wait_until(lock, deadline.at()) == std::cv_status::timeout &&
                i >= arrivals_.size()) {
                return std::nullopt;
            }
        }
        const Arrival& arrival = arrivals_[i];
        if (!refused(arrival) && !arrival.repeated && arrival.request.path == path) return arrival;
    }
}

void Agency::noteIds(const Arrival& arrival) {
    if (arrival.repeated || refused(arrival)) return;
    auto ids = idsIn(arrival.request.body);
    for (const auto& [name, value] : arrival.request.headers.all()) ids.merge(idsIn(value));
    for (const auto& id : ids) by_id_[id].push_back(arrival.place);
}

std::optional<std::size_t> Agency::unclaimed(const std::string& path,
                                             const std::set<std::string>& ids,
                                             const std::function<bool(const Arrival&)>& fits,
                                             std::set<std::size_t>& seen) const {
    std::set<std::size_t> places;
    for (const auto& id : ids) {
        const auto found = by_id_.find(id);
        if (found != by_id_.end()) places.insert(found->second.begin(), found->second.end());
    }
    if (ids.empty()) {
        for (std::size_t i = 0; i < arrivals_.size(); ++i) places.insert(i);
    }
    for (const auto place : places) {
        const auto& arrival = arrivals_[place];
        if (arrival.repeated || refused(arrival) || arrival.request.path != path) continue;
        if (claimed_.contains(place) || !seen.insert(place).second) continue;
        if (fits(arrival)) return place;
    }
    return std::nullopt;
}

std::optional<Arrival> Agency::claim(const std::string& path, const std::set<std::string>& ids,
                                     const std::function<bool(const Arrival&)>& fits,
                                     Deadline deadline) {
    std::unique_lock lock(mutex_);
    std::set<std::size_t> seen;
    for (;;) {
        if (const auto place = unclaimed(path, ids, fits, seen)) {
            claimed_.insert(*place);
            return arrivals_[*place];
        }
        const auto before = arrivals_.size();
        while (arrivals_.size() == before) {
            if (came_.wait_until(lock, deadline.at()) == std::cv_status::timeout &&
                arrivals_.size() == before) {
                return std::nullopt;
            }
        }
    }
}

std::size_t Agency::arrived() const {
    const std::lock_guard lock(mutex_);
    return arrivals_.size();
}

std::size_t Agency::repeats() const {
    const std::lock_guard lock(mutex_);
    return repeats_;
}

std::vector<Arrival> Agency::arrivals(std::size_t from) const {
    const std::lock_guard lock(mutex_);
    if (from >= arrivals_.size()) return {};
    return {arrivals_.begin() + static_cast<std::ptrdiff_t>(from), arrivals_.end()};
}

Result<transport::HttpResponse> Agency::post(const std::string& gateway_host, std::uint16_t port,
                                             transport::HttpRequest request) {
    return courier_->exchange({"gateway", gateway_host, port}, std::move(request));
}

}  // namespace stafett::app
