// Case states as JSON for the store, and in words for people.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "gateway/custody/custody.h"

namespace stafett::custody {
namespace {

constexpr std::array<std::string_view, 6> kStates = {"offered",  "supplement_asked", "accepted",
                                                     "declined", "withdrawn",        "started"};

nlohmann::ordered_json side(const Holder& holder) {
    return {{"party", holder.party.value}, {"function", holder.function.value}};
}

Holder sideOf(const nlohmann::json& json) {
    return {PartyId{json.at("party").get<std::string>()},
            FunctionId{json.at("function").get<std::string>()}};
}

Offer offerOf(const nlohmann::json& json) {
    Offer o;
    const auto message = MessageId::parse(json.at("message").get<std::string>());
    if (!message) throw std::invalid_argument("message");
    o.message = *message;
    o.kind = json.at("kind").get<std::string>();
    o.from = sideOf(json.at("from"));
    o.to = sideOf(json.at("to"));
    o.role = json.at("role") == "lead" ? Role::Lead : Role::Part;
    const auto state = json.at("state").get<std::string>();
    const auto* found = std::find(kStates.begin(), kStates.end(), state);
    if (found == kStates.end()) throw std::invalid_argument("state");
    o.state = static_cast<OfferState>(found - kStates.begin());
    o.answer_by = json.at("answer_by").get<std::string>();
    o.takes_over = json.value("takes_over", "");
    return o;
}

}  // namespace

std::string_view name(OfferState state) { return kStates.at(static_cast<std::size_t>(state)); }

std::string print(const CaseState& state) {
    nlohmann::ordered_json json = {{"version", state.version}, {"holder", side(state.holder)}};
    json["offers"] = nlohmann::ordered_json::array();
    for (const auto& o : state.offers) {
        nlohmann::ordered_json offer = {{"message", o.message.text()},
                                        {"kind", o.kind},
                                        {"from", side(o.from)},
                                        {"to", side(o.to)},
                                        {"role", o.role == Role::Lead ? "lead" : "part"},
                                        {"state", name(o.state)},
                                        {"answer_by", o.answer_by}};
        if (!o.takes_over.empty()) offer["takes_over"] = o.takes_over;
        json["offers"].push_back(std::move(offer));
    }
    return json.dump();
}

Result<CaseState> parse(std::string_view text) {
    try {
        const auto json = nlohmann::json::parse(text);
        CaseState state;
        state.version = json.at("version").get<std::uint64_t>();
        state.holder = sideOf(json.at("holder"));
        for (const auto& offer : json.at("offers")) state.offers.push_back(offerOf(offer));
        return state;
    } catch (const std::exception&) {
        return tl::make_unexpected(Error(Code::StoreDamaged, Place{.path = "case state"}));
    }
}

std::string describe(const Offer& o, Language language) {
    const bool sv = language == Language::Swedish;
    switch (o.state) {
        case OfferState::Offered:
            return (sv ? "erbjuden, svar senast " : "offered, answer by ") + o.answer_by;
        case OfferState::SupplementAsked:
            return (sv ? "komplettering begärd, svar senast " : "supplement asked, answer by ") +
                   o.answer_by;
        case OfferState::Accepted:
            if (o.takes_over.empty()) return sv ? "accepterad" : "accepted";
            return (sv ? "accepterad, tar över " : "accepted, takes over on ") + o.takes_over;
        case OfferState::Declined:
            return sv ? "avböjd" : "declined";
        case OfferState::Withdrawn:
            return sv ? "återtagen" : "withdrawn";
        case OfferState::Started:
            return sv ? "påbörjad" : "started";
    }
    return {};
}

}  // namespace stafett::custody
