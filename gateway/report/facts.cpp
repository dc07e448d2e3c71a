#include "gateway/report/facts.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "gateway/codec/read.h"

namespace stafett::report {
namespace {

using store::Counted;
using Values = std::map<std::string, std::string, std::less<>>;

constexpr int kMonthsAYear = 12;

std::string_view textAt(const codec::Document& document, std::string_view path) {
    codec::NodeIndex node = 0;
    while (!path.empty()) {
        const auto slash = path.find('/');
        node = document.child(node, path.substr(0, slash));
        if (node == codec::kNoNode) return {};
        path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    }
    return document.node(node).text;
}

/// A value that is not known is left out, and counted as such.
void say(Values& values, const char* variable, std::string_view value) {
    if (!value.empty()) values.emplace(variable, value);
}

std::string_view supportTime(std::string_view months) {
    int n = 0;
    const auto [end, failed] = std::from_chars(months.data(), months.data() + months.size(), n);
    if (months.empty() || failed != std::errc{}) return {};
    if (n < kMonthsAYear) return "under_1";
    return n <= 3 * kMonthsAYear ? "from_1_to_3" : "over_3";
}

std::string_view targetOf(std::string_view outcome) {
    if (outcome == "arbete" || outcome == "studier") return "work_or_studies";
    if (outcome == "overgang_af" || outcome == "kommunens_ordinarie_insatser") return "ordinary";
    return "other";
}

/// An agency is its dialect: there is one of each; the others are of a type.
std::string_view sourceOf(const config::Party& party) {
    return party.type == "agency" ? std::string_view(party.dialect.value) : party.type;
}

struct Offer {
    const Counted* message;
    std::set<PartyId> open;  ///< who has not accepted it
};

/// One walk through a case.
class Walk {
public:
    using Open = std::function<Result<codec::Document>(const MessageId&)>;
    Walk(const config::Config& config, const Facts::IsFirst& is_first, Open open)
        : config_(config), is_first_(is_first), open_(std::move(open)) {}

    Status see(const Counted& message, bool counts) {
        if (message.kind != "notice") {
            if (counts)
                talk(message);
            else
                heard(message);
        }
        if (message.kind == "referral" || message.kind == "handover") {
            Offer offer{&message, {}};
            for (const auto& [party, function] : message.receivers) offer.open.insert(party);
            offers_.push_back(std::move(offer));
            return {};
        }
        if (message.kind == "answer") return answer(message, counts);
        if (!counts) return {};
        if (message.kind == "closure") return closure(message);
        if (message.kind == "deviation") return deviation(message);
        if (message.kind == "progress") return progress(message);
        if (message.kind == "caseworker_change") {
            add(Population::CaseworkerChange, {{"party", message.sender.value}});
        }
        return {};
    }

    std::vector<Event> events;

private:
    Event& add(Population population, Values values) {
        return events.emplace_back(Event{population, std::move(values), 0});
    }

    using Pair = std::pair<std::string, std::string>;
    /// Each two functions a message passes between; a function that tells itself has talked to
    /// nobody.
    static std::vector<Pair> pairsOf(const Counted& message) {
        const auto side = [](const PartyId& party, const FunctionId& function) {
            return party.value + "/" + function.value;
        };
        std::vector<Pair> pairs;
        for (const auto& [party, function] : message.receivers) {
            Pair pair{side(message.sender, message.sender_function), side(party, function)};
            if (pair.second == pair.first) continue;
            if (pair.second < pair.first) std::swap(pair.first, pair.second);
            pairs.push_back(std::move(pair));
        }
        return pairs;
    }
    void heard(const Counted& message) {
        for (auto& pair : pairsOf(message)) talked_.insert(std::move(pair));
    }
    void talk(const Counted& message) {
        for (auto& pair : pairsOf(message)) {
            if (!talked_.insert(pair).second) continue;
            add(Population::Conversation, {{"functions", pair.first + ">" + pair.second}});
        }
    }

    void sayPlace(Values& values, std::string_view municipality) const {
        say(values, "municipality", municipality);
        say(values, "county", municipality.substr(0, 2));
    }
    bool isInsats(const PartyId& id) const {
        const auto* party = config_.party(id);
        return party != nullptr && party->type == "insats";
    }
    /// What became of somebody counts for the project he or she took part in, whoever tells it.
    const PartyId& insatsOr(const PartyId& teller) const {
        return insats_.value.empty() ? teller : insats_;
    }
    void sayInsats(Values& values, const PartyId& id) const {
        const auto* party = config_.party(id);
        if (party == nullptr) return;
        say(values, "insats", id.value);
        say(values, "sf", party->insats.association);
        say(values, "concept", party->insats.concept_name);
    }

    Status answer(const Counted& message, bool counts) {
        ST_TRY(const auto content, open_(message.id));
        if (textAt(content, "answer/type") != "accept") return {};
        const auto offer = std::find_if(offers_.rbegin(), offers_.rend(), [&](const Offer& o) {
            return o.open.contains(message.sender);
        });
        if (offer == offers_.rend()) return {};
        offer->open.erase(message.sender);
        if (isInsats(message.sender)) insats_ = message.sender;
        if (!counts) return {};
        takeover(*offer->message, message);
        return offer->message->kind == "referral" ? participation(*offer->message, message)
                                                  : Status();
    }

    void takeover(const Counted& offer, const Counted& accepted) {
        Values values = {{"pair", offer.sender.value + ">" + accepted.sender.value}};
        if (!accepted.municipality.empty()) {
            values["receiver_municipality"] = accepted.sender.value + ">" + accepted.municipality;
        }
        add(Population::Takeover, std::move(values)).days =
            std::chrono::duration_cast<std::chrono::days>(accepted.received_at - offer.received_at)
                .count();
    }

    Status participation(const Counted& referral, const Counted& accepted) {
        ST_TRY(const auto content, open_(referral.id));
        Values values;
        sayInsats(values, accepted.sender);
        sayPlace(values, accepted.municipality);
        if (const auto* source = config_.party(referral.sender)) {
            say(values, "source", sourceOf(*source));
        }
        say(values, "support_time", supportTime(textAt(content, "publicSupport/months")));
        bool first = true;
        if (referral.person) {
            ST_TRY(first, is_first_(*referral.person));
        }
        values["enrolment"] = first ? "first" : "again";
        add(Population::Participation, std::move(values));
        return {};
    }

    Status closure(const Counted& message) {
        ST_TRY(const auto content, open_(message.id));
        const auto outcome = textAt(content, "closure/outcome");
        Values values = {{"outcome", std::string(outcome)},
                         {"target", std::string(targetOf(outcome))}};
        sayInsats(values, insatsOr(message.sender));
        sayPlace(values, message.municipality);
        add(Population::Outcome, std::move(values));
        return {};
    }

    Status deviation(const Counted& message) {
        ST_TRY(const auto content, open_(message.id));
        Values values;
        say(values, "type", textAt(content, "deviation/type"));
        say(values, "category", textAt(content, "deviation/category"));
        say(values, "cause", textAt(content, "deviation/cause"));
        const auto place = textAt(content, "deviation/municipality");
        sayPlace(values, place.empty() ? std::string_view(message.municipality) : place);
        add(Population::Deviation, std::move(values));
        return {};
    }

    Status progress(const Counted& message) {
        ST_TRY(const auto content, open_(message.id));
        const auto month = textAt(content, "followUp/month");
        const auto kept = textAt(content, "followUp/kept");
        if (month.empty() || kept.empty()) return {};
        Values values = {{"kept", std::string(month) + (kept == "true" ? "_kept" : "_lost")}};
        sayInsats(values, insatsOr(message.sender));
        add(Population::FollowUp, std::move(values));
        return {};
    }

    const config::Config& config_;
    const Facts::IsFirst& is_first_;
    Open open_;
    std::vector<Offer> offers_;
    PartyId insats_;  ///< the project that accepted last; empty before one has
    std::set<Pair> talked_;
};

}  // namespace

Result<std::vector<Event>> Facts::of(const CaseId& id, Time from, Time to) const {
    const auto open = [this](const MessageId& message) -> Result<codec::Document> {
        ST_TRY(const auto kept, store_.canonicalOf(message));
        if (!kept) return tl::make_unexpected(Error(Code::StoreNotFound));
        ST_TRY(const auto key, sealer_.openKey(message.uuid, kept->data_key));
        ST_TRY(const auto plain, key.open("canonical", kept->bytes));
        codec::ReadOptions options;
        options.limits.bytes = std::max<std::size_t>(plain.size(), 1);
        return codec::readJson(plain, options);
    };
    ST_TRY(const auto messages, store_.messagesOf(id));
    Walk walk(config_, is_first_, open);
    for (const auto& message : messages) {
        if (message.received_at >= to) break;
        if (auto seen = walk.see(message, message.received_at >= from); !seen) {
            return tl::make_unexpected(seen.error());
        }
    }
    return std::move(walk.events);
}

}  // namespace stafett::report
