#include "gateway/config/reader.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "gateway/message/dates.h"

namespace stafett::config {
namespace {

std::string escaped(std::string_view key) {
    std::string out;
    for (const char c : key) {
        if (c == '~') {
            out += "~0";
        } else if (c == '/') {
            out += "~1";
        } else {
            out += c;
        }
    }
    return out;
}

std::string listed(const std::vector<std::string>& words) {
    std::string out;
    for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
    return out;
}

/// Sees every key while a document is parsed, since of two equal ones the last alone would be kept.
class EqualKeys {
public:
    bool operator()(int, nlohmann::json::parse_event_t event, nlohmann::json& parsed) {
        using Event = nlohmann::json::parse_event_t;
        if (event == Event::object_start) open_.emplace_back();
        if (event == Event::object_end) open_.pop_back();
        if (event == Event::key && !open_.back().insert(parsed.get<std::string>()).second) {
            twice_.insert(parsed.get<std::string>());
        }
        return true;
    }
    const std::set<std::string>& twice() const { return twice_; }

private:
    std::vector<std::set<std::string>> open_;
    std::set<std::string> twice_;
};

}  // namespace

Result<nlohmann::json> readFile(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        return tl::make_unexpected(Error(Code::ConfigFile, Place{.file = file.string()}));
    }
    std::ostringstream text;
    text << in.rdbuf();
    const std::string bytes = text.str();
    try {
        EqualKeys keys;
        auto value = nlohmann::json::parse(bytes, std::ref(keys), true, true);
        if (keys.twice().empty()) return value;
        return tl::make_unexpected(
            Error(Code::ConfigDuplicate, Place{.path = *keys.twice().begin(),
                                               .file = file.string(),
                                               .hint = "The key stands twice in one object."}));
    } catch (const nlohmann::json::parse_error& e) {
        const std::size_t end = std::min(e.byte > 0 ? e.byte - 1 : 0, bytes.size());
        const auto line = static_cast<std::uint32_t>(
            1 + std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
        const std::size_t start = bytes.rfind('\n', end == 0 ? 0 : end - 1);
        const auto column =
            static_cast<std::uint32_t>(start == std::string::npos ? end + 1 : end - start);
        return tl::make_unexpected(Error(
            Code::ConfigSyntax, Place{.file = file.string(), .line = line, .column = column}));
    }
}

Reader::Reader(const nlohmann::json& value, std::string file, std::string pointer,
               Problems& problems)
    : value_(value), file_(std::move(file)), pointer_(std::move(pointer)), problems_(problems) {
    if (!value_.is_object()) {
        problems_.emplace_back(
            Code::ConfigType,
            Place{.path = pointer_, .file = file_, .hint = "An object is needed."});
    }
}

std::string Reader::pointer(std::string_view key) const { return pointer_ + "/" + escaped(key); }

void Reader::problem(Code code, std::string_view key, std::string hint) {
    problems_.emplace_back(code, Place{.path = key.empty() ? pointer_ : pointer(key),
                                       .file = file_,
                                       .hint = std::move(hint)});
}

const nlohmann::json* Reader::find(std::string_view key, Need need) {
    asked_.emplace_back(key);
    if (!value_.is_object()) return nullptr;
    const auto found = value_.find(key);
    if (found == value_.end() || found->is_null()) {
        if (need == Need::Required) problem(Code::ConfigMissing, key);
        return nullptr;
    }
    return &*found;
}

bool Reader::has(std::string_view key) { return find(key, Need::Optional) != nullptr; }

const nlohmann::json* Reader::any(std::string_view key) { return find(key, Need::Optional); }

std::string Reader::text(std::string_view key, std::string fallback, Need need) {
    const auto* value = find(key, need);
    if (value == nullptr) return fallback;
    if (!value->is_string()) {
        problem(Code::ConfigType, key, "A text is needed.");
        return fallback;
    }
    return value->get<std::string>();
}

std::string Reader::oneOf(std::string_view key, const std::vector<std::string>& allowed,
                          std::string fallback) {
    const std::size_t before = problems_.size();
    std::string found = text(key, fallback);
    if (problems_.size() != before) return fallback;
    if (std::find(allowed.begin(), allowed.end(), found) == allowed.end()) {
        problem(Code::ConfigRange, key, "One of: " + listed(allowed) + ".");
        return fallback;
    }
    return found;
}

std::int64_t Reader::number(std::string_view key, std::int64_t fallback, std::int64_t least,
                            std::int64_t most) {
    const auto* value = find(key, Need::Optional);
    if (value == nullptr) return fallback;
    const bool fits = value->is_number_integer() &&
                      !(value->is_number_unsigned() && value->get<std::uint64_t>() > INT64_MAX);
    if (!fits) {
        problem(Code::ConfigType, key, "A whole number is needed.");
        return fallback;
    }
    const auto found = value->get<std::int64_t>();
    if (found < least || found > most) {
        problem(Code::ConfigRange, key,
                "Between " + std::to_string(least) + " and " + std::to_string(most) + ".");
        return fallback;
    }
    return found;
}

double Reader::real(std::string_view key, double fallback, double least, double most) {
    const auto* value = find(key, Need::Optional);
    if (value == nullptr) return fallback;
    if (!value->is_number()) {
        problem(Code::ConfigType, key, "A number is needed.");
        return fallback;
    }
    const auto found = value->get<double>();
    if (found < least || found > most) {
        std::ostringstream hint;
        hint << "Between " << least << " and " << most << ".";
        problem(Code::ConfigRange, key, hint.str());
        return fallback;
    }
    return found;
}

bool Reader::truth(std::string_view key, bool fallback) {
    const auto* value = find(key, Need::Optional);
    if (value == nullptr) return fallback;
    if (!value->is_boolean()) {
        problem(Code::ConfigType, key, "true or false is needed.");
        return fallback;
    }
    return value->get<bool>();
}

std::vector<std::string> Reader::texts(std::string_view key, std::vector<std::string> fallback) {
    const auto* value = find(key, Need::Optional);
    if (value == nullptr) return fallback;
    std::vector<std::string> out;
    const bool fits = value->is_array() && std::all_of(value->begin(), value->end(),
                                                       [](const auto& v) { return v.is_string(); });
    if (!fits) {
        problem(Code::ConfigType, key, "A list of texts is needed.");
        return fallback;
    }
    for (const auto& item : *value) out.push_back(item.get<std::string>());
    return out;
}

std::string Reader::date(std::string_view key) {
    std::string found = text(key);
    if (!found.empty() && !message::isDate(found)) {
        problem(Code::ConfigRange, key, "A date is written YYYY-MM-DD.");
        return {};
    }
    return found;
}

void Reader::object(std::string_view key, const std::function<void(Reader&)>& read, Need need) {
    const auto* value = find(key, need);
    if (value == nullptr) return;
    Reader inner(*value, file_, pointer(key), problems_);
    read(inner);
    inner.finish();
}

void Reader::each(std::string_view key, const std::function<void(Reader&)>& read) {
    const auto* value = find(key, Need::Optional);
    if (value == nullptr) return;
    if (!value->is_array()) {
        problem(Code::ConfigType, key, "A list is needed.");
        return;
    }
    std::size_t index = 0;
    for (const auto& item : *value) {
        Reader inner(item, file_, pointer(key) + "/" + std::to_string(index++), problems_);
        read(inner);
        inner.finish();
    }
}

void Reader::finish() {
    if (!value_.is_object()) return;
    for (const auto& [key, unused] : value_.items()) {
        if (key == "$schema" || std::find(asked_.begin(), asked_.end(), key) != asked_.end())
            continue;
        const std::string near = nearest(key, asked_);
        problem(Code::ConfigUnknownKey, key,
                near.empty() ? "Known here: " + listed(asked_) + "." : "Nearest: " + near + ".");
    }
}

}  // namespace stafett::config
