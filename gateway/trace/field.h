#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/error.h"
#include "gateway/base/ids.h"
#include "gateway/base/sha256.h"

namespace stafett::trace {

/// A type that may stand in a log or an event says so itself: `static constexpr bool kMayBeLogged`.
template <class T>
concept DeclaredSafe = requires(const T& value) {
    requires T::kMayBeLogged;
    { value.text() } -> std::convertible_to<std::string>;
};

/// Text that comes from configuration, mappings, manifests or schemas, never from a message: paths,
/// versions, codes of a receiver's capped by its plugin. Made only where that is plain to see.
class SafeText {
public:
    static constexpr bool kMayBeLogged = true;
    static SafeText fromConfiguration(std::string text) { return SafeText(std::move(text)); }
    static SafeText place(const Place& place);
    /// A receiver's own code: at most 64 letters, digits, `-_.:/`; others become `?`.
    static SafeText foreignCode(std::string_view code);
    const std::string& text() const { return text_; }

private:
    explicit SafeText(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

/// One named value of an event or a log line. A plain string does not compile here: what a person
/// wrote must have no way into a log.
class Field {
public:
    template <std::size_t N, std::same_as<bool> T>  // a template, or a pointer would become a bool
    Field(const char (&name)[N], T value)
        : name_(name), value_(value ? "true" : "false"), bare_(true) {}
    template <std::size_t N, std::integral T>
    requires(!std::same_as<T, bool> && !std::same_as<T, char>) Field(const char (&name)[N], T value)
        : name_(name), value_(std::to_string(value)), bare_(true) {}
    template <std::size_t N, std::size_t M>
    Field(const char (&name)[N], const char (&literal)[M]) : name_(name), value_(literal) {}
    template <std::size_t N, std::size_t M>
    Field(const char (&name)[N], char (&buffer)[M]) = delete;  ///< written to: not a literal
    template <std::size_t N, class Tag>
    Field(const char (&name)[N], const Id<Tag>& id) : name_(name), value_(id.text()) {}
    template <std::size_t N, class Tag>
    Field(const char (&name)[N], const Name<Tag>& id) : name_(name), value_(id.value) {}
    template <std::size_t N>
    Field(const char (&name)[N], Code code) : name_(name), value_(info(code).id) {}
    template <std::size_t N>
    Field(const char (&name)[N], Time time) : name_(name), value_(timeTextMillis(time)) {}
    template <std::size_t N>
    Field(const char (&name)[N], const Digest& digest) : name_(name), value_(digest.hex()) {}
    template <std::size_t N, DeclaredSafe T>
    Field(const char (&name)[N], const T& value) : name_(name), value_(value.text()) {}

    std::string_view name() const { return name_; }
    const std::string& value() const { return value_; }
    bool bare() const { return bare_; }  ///< a number or truth value: printed without quotes

private:
    std::string_view name_;
    std::string value_;
    bool bare_ = false;
};

using Fields = std::vector<Field>;

}  // namespace stafett::trace
