// The key ring as it is used, and turning its sealing key: data keys wrapped anew, some at a time.
#include <map>

#include "gateway/admin/admin.h"
#include "gateway/admin/answers.h"

namespace stafett::admin {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint32_t kBatch = 200;
constexpr std::uint32_t kMostBatch = 2000;

std::string_view name(security::KeyUse use) {
    switch (use) {
        case security::KeyUse::Seal:
            return "seal";
        case security::KeyUse::Index:
            return "index";
        case security::KeyUse::Sign:
            break;
    }
    return "sign";
}

std::string_view name(security::KeyState state) {
    switch (state) {
        case security::KeyState::Active:
            return "active";
        case security::KeyState::Old:
            return "old";
        case security::KeyState::Destroyed:
            break;
    }
    return "destroyed";
}

}  // namespace

transport::HttpResponse Api::keys(const transport::HttpRequest& request) const {
    if (request.path == "/v1/keys") {
        return request.method == "GET" ? keysInUse() : problem(405, Code::HttpMethod);
    }
    if (request.method != "POST") return problem(405, Code::HttpMethod);
    if (!isOfType(request, "application/json")) return problem(415, Code::HttpMediaType);
    return rewrap(request.body);
}

transport::HttpResponse Api::keysInUse() const {
    const auto users = shared_.store.dataKeys().users();
    if (!users) return problem(503, users.error().code());
    const auto reports = reports_.sealedUnder();
    if (!reports) return problem(503, reports.error().code());
    std::map<std::string, std::uint64_t> messages;
    for (const auto& user : *users) {
        messages[std::string(security::Sealer::ringKeyOf(user.wrapped))] += user.messages;
    }
    if (!reports->empty()) messages.try_emplace(*reports);
    Json list = Json::array();
    for (const auto& key : shared_.sealer.ring().entries()) {
        Json one = {{"id", key.id}, {"use", name(key.use)}, {"state", name(key.state)}};
        if (key.use == security::KeyUse::Seal) {
            one["messages"] = messages[key.id];
            one["reports"] = key.id == *reports;
            messages.erase(key.id);
        }
        list.push_back(std::move(one));
    }
    // What asks for a key the ring no longer has cannot be opened: somebody must know.
    for (const auto& [id, count] : messages) {
        list.push_back({{"id", id},
                        {"use", "seal"},
                        {"state", "missing"},
                        {"messages", count},
                        {"reports", id == *reports}});
    }
    return respond(Json{{"keys", std::move(list)}});
}

/// A step: so many messages after a place, those of them that another key than the active one
/// wraps; with the last step, what follow-up has waiting. It can be asked again, from any place,
/// whatever became of the last step.
transport::HttpResponse Api::rewrap(const std::string& body) const {
    const auto json = nlohmann::json::parse(body);
    const auto after = json.value("after", std::int64_t{0});
    const auto batch = json.value("batch", std::int64_t{kBatch});
    if (after < 0 || batch < 1 || batch > kMostBatch) throw BadQuery{"batch"};
    auto keys = shared_.store.dataKeys().after(after, static_cast<std::uint32_t>(batch));
    if (!keys) return problem(503, keys.error().code());
    const auto& active = shared_.sealer.ring().active(security::KeyUse::Seal);
    std::vector<store::WrappedKey> again;
    std::uint64_t damaged = 0;
    for (auto& key : *keys) {
        if (security::Sealer::ringKeyOf(key.wrapped) == active) continue;
        auto wrapped = shared_.sealer.wrapAgain(key.message.uuid, key.wrapped);
        if (!wrapped) {
            ++damaged;
            shared_.log.error("rewrap_failed",
                              {{"message", key.message}, {"code", wrapped.error().code()}});
            continue;
        }
        again.push_back({key.place, key.message, std::move(*wrapped)});
    }
    if (!again.empty()) {
        if (const auto done = shared_.store.dataKeys().replace(again); !done) {
            return problem(503, done.error().code());
        }
    }
    std::uint64_t rewrapped = again.size();
    const bool goes_on = keys->size() == static_cast<std::size_t>(batch);
    if (!goes_on) {
        const auto reports = reports_.rewrap();
        if (!reports) {
            ++damaged;
            shared_.log.error("rewrap_failed", {{"code", reports.error().code()}});
        } else if (*reports) {
            ++rewrapped;
        }
    }
    Json answer = {{"looked_at", keys->size()}, {"rewrapped", rewrapped}, {"damaged", damaged}};
    if (goes_on) answer["after"] = keys->back().place;
    return respond(answer);
}

}  // namespace stafett::admin
