#include "gateway/mapping/object_reader.h"

#include <algorithm>
#include <charconv>

namespace stafett::mapping {

const Json* ObjectReader::any(std::string_view key) {
    asked_.emplace_back(key);
    return object_.find(key);
}

void ObjectReader::wrong(std::string_view key, std::string hint) {
    RowPlace at = at_;
    if (const Json* const value = object_.find(key)) {
        at.line = value->line;
        at.column = value->column;
    }
    findings_.add(Code::CheckValue, at, std::string(key), std::move(hint));
}

std::string ObjectReader::text(std::string_view key) {
    const Json* const value = any(key);
    if (value == nullptr) return {};
    if (!value->isString()) wrong(key, "a text is wanted");
    return value->isString() ? value->text : std::string();
}

Reason ObjectReader::reason(std::string_view key) {
    const Json* const value = any(key);
    if (value == nullptr) return {};
    if (value->isString()) return {value->text};
    const Json* const english = value->isObject() ? value->find("en") : nullptr;
    const Json* const swedish = value->isObject() ? value->find("sv") : nullptr;
    const auto says = [](const Json* text) {
        return text != nullptr && text->isString() && !text->text.empty();
    };
    if (says(english) && says(swedish) && value->members.size() == 2) {
        return {english->text, swedish->text};
    }
    wrong(key, "a text is wanted, or one in each language: {\"en\": \"…\", \"sv\": \"…\"}");
    return {};
}

bool ObjectReader::flag(std::string_view key) {
    const Json* const value = any(key);
    if (value != nullptr && value->kind != Json::Kind::Boolean)
        wrong(key, "true or false is wanted");
    return value != nullptr && value->isTrue();
}

std::optional<std::uint32_t> ObjectReader::number(std::string_view key) {
    const Json* const value = any(key);
    if (value == nullptr) return std::nullopt;
    std::uint32_t out = 0;
    const char* const end = value->text.data() + value->text.size();
    const auto [after, error] = std::from_chars(value->text.data(), end, out);
    if (value->kind != Json::Kind::Number || error != std::errc() || after != end || out == 0 ||
        out > 1'000'000) {
        wrong(key, "a whole number from 1 is wanted");
        return std::nullopt;
    }
    return out;
}

std::vector<std::string> ObjectReader::texts(std::string_view key) {
    const Json* const value = any(key);
    if (value == nullptr) return {};
    std::vector<std::string> out;
    const auto take = [&](const Json& one) {
        if (one.isObject() || one.isArray() || one.kind == Json::Kind::Null) {
            wrong(key, "a text, or an array of texts, is wanted");
        } else {
            out.push_back(one.text);
        }
    };
    if (value->isArray()) {
        std::for_each(value->items.begin(), value->items.end(), take);
    } else {
        take(*value);
    }
    return out;
}

std::size_t ObjectReader::choice(std::string_view key, const std::vector<std::string>& allowed) {
    const Json* const value = any(key);
    if (value == nullptr) return 0;
    const auto found = std::find(allowed.begin(), allowed.end(), value->text);
    if (found != allowed.end() && value->isString()) {
        return static_cast<std::size_t>(found - allowed.begin());
    }
    std::string hint = "allowed: ";
    for (const auto& one : allowed) hint += (&one == &allowed.front() ? "" : ", ") + one;
    wrong(key, std::move(hint));
    return 0;
}

void ObjectReader::refuseOthers() {
    for (const auto& [key, value] : object_.members) {
        if (std::find(asked_.begin(), asked_.end(), key) != asked_.end()) continue;
        RowPlace at = at_;
        at.line = value.line;
        at.column = value.column;
        const std::string near = nearest(key, asked_);
        findings_.add(
            Code::CheckUnknownKey, at, key,
            near.empty() ? "not a key of this kind of row" : "did you mean " + near + "?");
    }
}

}  // namespace stafett::mapping
