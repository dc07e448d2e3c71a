#include "gateway/app/timeline.h"

#include <algorithm>
#include <ostream>

#include "gateway/message/dates.h"

namespace stafett::app {
namespace {

constexpr std::size_t kColumns = 80;
constexpr std::size_t kLane = 4;
constexpr std::size_t kDate = 12;

/// The first letters of a name.
std::string cut(const std::string& text, std::size_t letters) {
    std::size_t at = 0;
    for (; at < text.size(); ++at) {
        if ((text[at] & 0xC0) != 0x80 && letters-- == 0) break;
    }
    return text.substr(0, at);
}

std::string partyAt(const Json& json, const char* key) {
    return textOf(json.value(key, Json::object()), "party");
}

}  // namespace

Timeline::Timeline(std::ostream& out, const Script& script, const Words& words, const Paint& paint)
    : out_(out), script_(script), words_(words), paint_(paint) {
    for (const auto& [name, agency] : script.agencies().items()) {
        parties_.push_back(textOf(agency, "party"));
        labels_.push_back(cut(textOf(agency, "label", name), kLane - 1));
    }
}

void Timeline::begin() {
    out_ << paint_.head(script_.title(words_.sv() ? Language::Swedish : Language::English))
         << "\n\n";
    std::string head = padded(words_("date", "datum"), kDate);
    for (const auto& label : labels_) head += padded(label, kLane);
    out_ << head << words_("● holds the baton  ○ is asked", "● har pinnen  ○ är tillfrågad")
         << "\n";
}

Timeline::Picture Timeline::pictureOf(const std::string& case_id, Stage& stage) const {
    const auto story = ask(stage, "/v1/cases/" + case_id);
    if (!story) return {};
    const Json c = story->value("case", Json::object());
    Picture picture{partyAt(c, "holder"), {}};
    for (const auto& offer : c.value("offers", Json::array())) {
        const auto state = textOf(offer, "state");
        if (state == "offered" || state == "supplement_asked") {
            picture.asked.push_back(partyAt(offer, "to"));
        }
    }
    return picture;
}

/// "·   ●   ○   ·", and when the baton has moved "○───▶●".
std::string Timeline::lanes(const Picture& picture, const std::string& before) const {
    const auto laneOf = [&](const std::string& party) {
        return std::find(parties_.begin(), parties_.end(), party) - parties_.begin();
    };
    std::vector<std::string> cells(parties_.size() * kLane, " ");
    for (std::size_t i = 0; i < parties_.size(); ++i) cells[i * kLane] = "·";
    const auto count = static_cast<std::ptrdiff_t>(parties_.size());
    const auto to = laneOf(picture.holder);
    const auto from = laneOf(before);
    if (from != to && from < count && to < count) {
        const auto low = static_cast<std::size_t>(std::min(from, to)) * kLane;
        const auto high = static_cast<std::size_t>(std::max(from, to)) * kLane;
        for (auto i = low + 1; i < high; ++i) cells[i] = "─";
        cells[from < to ? high - 1 : low + 1] = from < to ? "▶" : "◀";
        cells[static_cast<std::size_t>(from) * kLane] = "○";
    }
    for (const auto& asked : picture.asked) {
        if (laneOf(asked) < count) cells[static_cast<std::size_t>(laneOf(asked)) * kLane] = "○";
    }
    if (to < count) cells[static_cast<std::size_t>(to) * kLane] = "●";
    std::string out;
    for (const auto& cell : cells) out += cell;
    return out;
}

/// "referral, Stockholms stad → MIA".
std::string Timeline::cameOf(const StepOutcome& outcome, Stage& stage) const {
    const auto story = ask(stage, "/v1/trace/" + outcome.message_id);
    if (!story) return {};
    for (const auto& message : story->value("messages", Json::array())) {
        if (textOf(message, "id") != outcome.message_id) continue;
        std::string receivers;
        for (const auto& delivery : message.at("deliveries")) {
            const auto& to = delivery.at("receiver");
            receivers += (receivers.empty() ? "" : ", ") + textOf(to, "name", text(to, "party"));
        }
        const auto& from = message.at("sender");
        return kindName(textOf(message, "kind"), words_) + ": " +
               textOf(from, "name", text(from, "party")) + " → " +
               (receivers.empty() ? words_("the gateway", "gatewayen") : receivers);
    }
    return {};
}

void Timeline::line(const std::string& left, std::size_t left_width, const std::string& text) {
    bool first = true;
    for (const auto& part : wrapped(text, kColumns - left_width)) {
        out_ << (first ? left : std::string(left_width, ' ')) << part << "\n";
        first = false;
    }
}

void Timeline::tell(const StepOutcome& outcome, Stage& stage) {
    if (!outcome.case_id.empty()) last_case_ = outcome.case_id;
    Picture picture;
    if (!last_case_.empty()) picture = pictureOf(last_case_, stage);
    auto& before = holders_[last_case_];
    const std::size_t width = kDate + labels_.size() * kLane;
    const auto left = padded(message::stockholmDate(clockOf(stage)), kDate) +
                      lanes(picture, before.empty() ? picture.holder : before);
    before = picture.holder;
    line(left, width, (outcome.ok ? "" : paint_.bad("✗ ")) + outcome.title);
    const std::string under(width, ' ');
    if (!outcome.message_id.empty()) line(under, width, "  " + cameOf(outcome, stage));
    if (!outcome.ok) line("    ", 4, outcome.why);
    out_.flush();
}

void Timeline::end(const Player& player, Stage& stage) {
    out_ << "\n"
         << paint_.head(words_("How it ended", "Hur det slutade")) << "\n"
         << padded(words_("case", "ärende"), 18) << padded(words_("state", "läge"), 10)
         << words_("holder", "har pinnen") << "\n";
    for (const auto& [id, name] : player.cases()) {
        const auto story = ask(stage, "/v1/cases/" + id);
        if (!story) continue;
        const Json c = story->value("case", Json::object());
        const bool closed = textOf(c, "state") == "closed";
        auto state = closed ? words_("closed", "avslutat") : words_("open", "öppet");
        out_ << padded(cut(name, 17), 18) << padded(state, 10)
             << cut(who(c.value("holder", Json::object())), kColumns - 28) << "\n";
        if (closed) {
            out_ << std::string(28, ' ')
                 << cut(outcomeName(c.value("closure", Json::object()), words_), kColumns - 28)
                 << "\n";
        }
        for (const auto& gap : c.value("between_chairs", Json::array())) {
            line(std::string(18, ' ') + paint_.odd("! "), 20,
                 std::string(words_("between the chairs: ", "mellan stolarna: ")) +
                     textOf(gap, words_.sv() ? "says_sv" : "says"));
        }
        out_ << "  " << id << "\n";
    }
}

}  // namespace stafett::app
