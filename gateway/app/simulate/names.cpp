#include "gateway/app/simulate/names.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <optional>

#include "gateway/base/ids.h"
#include "gateway/message/dates.h"

namespace stafett::app {
namespace {

/// "in_14_days", "14_days_ago".
std::optional<int> daysOf(std::string_view name) {
    int sign = 1;
    if (name.starts_with("in_") && name.ends_with("_days")) {
        name = name.substr(3, name.size() - 8);
    } else if (name.ends_with("_days_ago")) {
        name = name.substr(0, name.size() - 9);
        sign = -1;
    } else {
        return std::nullopt;
    }
    int days = 0;
    const auto [end, failed] = std::from_chars(name.data(), name.data() + name.size(), days);
    if (failed != std::errc{} || end != name.data() + name.size()) return std::nullopt;
    return sign * days;
}

bool isWord(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

/// The gateway numbers cases from 1000000001; no organisationsnummer begins with 1.
bool isGateways(std::string_view number) { return number.size() == 10 && number.front() == '1'; }

/// The UUID a word begins with (forms put a version behind it), or the number that it is or that
/// its last part is ("R-1234567").
std::string idOf(std::string_view word) {
    constexpr std::size_t kUuid = 36;
    if (word.size() >= kUuid && Uuid::parse(std::string(word.substr(0, kUuid)))) {
        return std::string(word.substr(0, kUuid));
    }
    if (const auto dash = word.rfind('-'); dash != std::string_view::npos && dash < 4) {
        word.remove_prefix(dash + 1);
    }
    const bool digits =
        std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
    const bool own = word.size() >= 7 && word.size() <= 9;
    return digits && (own || isGateways(word)) ? std::string(word) : std::string();
}

}  // namespace

std::string newNumber() {
    static std::atomic<std::uint32_t> next = [] {
        const auto random = Uuid::make().bytes;
        return std::uint32_t{random[15]} << 24U | std::uint32_t{random[14]} << 16U |
               std::uint32_t{random[13]} << 8U | random[12];
    }();
    return std::to_string(100'000'000 + next++ % 900'000'000);
}

std::set<std::string> idsIn(std::string_view text) {
    std::set<std::string> ids;
    for (std::size_t at = 0; at < text.size();) {
        if (!isWord(text[at])) {
            ++at;
            continue;
        }
        auto end = at;
        while (end < text.size() && isWord(text[end])) ++end;
        if (auto id = idOf(text.substr(at, end - at)); !id.empty()) ids.insert(std::move(id));
        at = end;
    }
    return ids;
}

std::string Names::get(const std::string& name) const {
    const auto found = known_.find(name);
    return found == known_.end() ? std::string() : found->second;
}

void Names::hear(const std::string& agency, const std::string& name, std::string value) {
    heard_at_[name] = agency;
    set(name, std::move(value));
}

std::set<std::string> Names::idsAt(const std::string& agency) const {
    std::set<std::string> ids;
    for (const auto& [name, value] : known_) {
        const auto heard = heard_at_.find(name);
        const bool here = heard != heard_at_.end() && heard->second == agency;
        for (const auto& id : idsIn(value)) {
            if (here || !isGateways(id)) ids.insert(id);
        }
    }
    return ids;
}

std::string Names::valueOf(const std::string& name) {
    if (const auto found = known_.find(name); found != known_.end()) return found->second;
    if (name.starts_with("uuid:")) return known_[name] = Uuid::make().text();
    if (name.starts_with("int:")) return known_[name] = newNumber();
    if (name == "now") return timeText(now_());
    if (name == "now_local") return message::toStockholm(timeText(now_()));
    if (name == "today") return message::stockholmDate(now_());
    if (const auto days = daysOf(name)) {
        return message::stockholmDate(now_() + std::chrono::days(*days));
    }
    return "?" + name + "?";
}

/// From the inside out: ${uuid:${which}} is filled in twice.
std::string Names::fill(std::string body) {
    for (std::size_t at = body.find("${"); at != std::string::npos; at = body.find("${", at)) {
        const auto end = body.find('}', at);
        if (end == std::string::npos) break;
        const auto inner = body.rfind("${", end);
        const std::string value = valueOf(body.substr(inner + 2, end - inner - 2));
        body.replace(inner, end - inner + 1, value);
        if (inner == at) at += value.size();
    }
    return body;
}

}  // namespace stafett::app
