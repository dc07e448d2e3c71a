#include "gateway/transport/mailbox_call.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "gateway/transport/grammar.h"

namespace stafett::transport {
namespace {

constexpr std::string_view kRoot = "/v1/mailbox";
constexpr std::string_view kAcknowledge = "/ack";
constexpr std::uint32_t kLongestWait = 3600;

std::optional<std::uint32_t> numberOf(std::string_view text, std::uint32_t most) {
    std::uint32_t number = 0;
    if (!isDigits(text)) return std::nullopt;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = failed == std::errc{} && end == text.data() + text.size();
    return whole && number <= most ? std::optional(number) : std::nullopt;
}

bool readQuery(std::string_view query, MailboxCall& call) {
    bool waits = false;
    while (!query.empty()) {
        const auto end = std::min(query.find('&'), query.size());
        const auto one = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        const auto middle = std::min(one.find('='), one.size());
        const auto name = one.substr(0, middle);
        const auto value = one.substr(std::min(middle + 1, one.size()));
        if (name == "wait" && !waits) {
            const auto seconds = numberOf(value, kLongestWait);
            if (!seconds) return false;
            call.wait = std::chrono::seconds(*seconds);
            waits = true;
        } else if (name == "party" && call.party.empty() && isDigits(value)) {
            call.party = PartyId{std::string(value)};
        } else {
            return false;
        }
    }
    return true;
}

tl::unexpected<Refusal> refuse(int status, Code code, std::string_view place = {}) {
    return tl::make_unexpected(Refusal{.status = status, .code = code, .place = place});
}

tl::expected<MailboxCall, Refusal> readFetch(const HttpRequest& request) {
    MailboxCall call;
    if (request.method != "GET") return refuse(405, Code::HttpMethod);
    if (!readQuery(request.query, call)) {
        return refuse(400, Code::HttpMalformed, "?wait=SECONDS&party=ORGANISATIONSNUMMER");
    }
    return call;
}

tl::expected<MailboxCall, Refusal> readAcknowledgement(const HttpRequest& request,
                                                       const DeliveryId& delivery) {
    MailboxCall call{.ask = MailboxCall::Ask::Acknowledge, .delivery = delivery};
    if (request.method != "POST") return refuse(405, Code::HttpMethod);
    if (!request.query.empty()) return refuse(400, Code::HttpMalformed, "?");
    const auto lease = numberOf(request.headers.get("Stafett-Lease"), UINT32_MAX);
    if (!lease || *lease == 0) return refuse(400, Code::RequiredHeader, "Stafett-Lease");
    call.lease = *lease;
    if (!request.headers.has("Stafett-Status")) return call;
    const auto status = numberOf(request.headers.get("Stafett-Status"), 599);
    if (!status || *status < 200) return refuse(400, Code::RequiredHeader, "Stafett-Status");
    call.status = static_cast<int>(*status);
    return call;
}

}  // namespace

bool isMailboxPath(std::string_view path) {
    return path == kRoot || (path.starts_with(kRoot) && path[kRoot.size()] == '/');
}

tl::expected<MailboxCall, Refusal> readMailboxCall(const HttpRequest& request) {
    std::string_view rest = request.path;
    if (rest == kRoot) return readFetch(request);
    if (!isMailboxPath(rest) || !rest.ends_with(kAcknowledge)) {
        return refuse(404, Code::HttpNoRoute);
    }
    rest.remove_prefix(kRoot.size() + 1);
    if (rest.size() < kAcknowledge.size()) return refuse(404, Code::HttpNoRoute);
    rest.remove_suffix(kAcknowledge.size());
    const auto delivery = DeliveryId::parse(rest);
    if (!delivery) return refuse(404, Code::HttpNoRoute);
    return readAcknowledgement(request, *delivery);
}

}  // namespace stafett::transport
