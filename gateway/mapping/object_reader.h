#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/mapping/findings.h"
#include "gateway/mapping/located_json.h"
#include "gateway/mapping/reason.h"

namespace stafett::mapping {

/// Reads the keys of one JSON object; what is wrong with them goes to the findings, each with its
/// line. Keys that nobody asked for are unknown keys, with the nearest allowed one as hint.
class ObjectReader {
public:
    ObjectReader(const Json& object, RowPlace at, Findings& findings)
        : object_(object), at_(std::move(at)), findings_(findings) {}

    const RowPlace& at() const { return at_; }
    Findings& findings() { return findings_; }
    bool has(std::string_view key) const { return object_.find(key) != nullptr; }

    const Json* any(std::string_view key);
    std::string text(std::string_view key);  ///< empty when absent or wrong
    /// A text, or {"en": …, "sv": …}; empty when absent or wrong.
    Reason reason(std::string_view key);
    bool flag(std::string_view key);
    std::optional<std::uint32_t> number(std::string_view key);
    /// One text or an array of texts; numbers and booleans count as their text.
    std::vector<std::string> texts(std::string_view key);
    /// The place of `choice` among `allowed`; 0 when absent or wrong.
    std::size_t choice(std::string_view key, const std::vector<std::string>& allowed);
    void wrong(std::string_view key, std::string hint);
    /// To be called last.
    void refuseOthers();

private:
    const Json& object_;
    RowPlace at_;
    Findings& findings_;
    std::vector<std::string> asked_;
};

}  // namespace stafett::mapping
