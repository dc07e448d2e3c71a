#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace stafett {

/// 128 bits. Ids of ours are version 7 (RFC 9562): they sort by the time they were made.
struct Uuid {
    std::array<std::uint8_t, 16> bytes{};

    /// Lower case, with hyphens.
    std::string text() const;
    /// Only the 36-character form; upper case is read too.
    static std::optional<Uuid> parse(std::string_view text);
    /// A new version 7 id. Safe to call from many threads.
    static Uuid make();
    /// Version 5 (SHA-1) of a name under this id, for ids that must come out the same each time.
    Uuid named(std::string_view name) const;

    auto operator<=>(const Uuid&) const = default;
};

/// An id that cannot be mixed up with another kind of id.
template <class Tag>
struct Id {
    Uuid uuid{};

    static Id make() { return Id{Uuid::make()}; }
    static std::optional<Id> parse(std::string_view text) {
        const auto uuid = Uuid::parse(text);
        return uuid ? std::optional(Id{*uuid}) : std::nullopt;
    }
    std::string text() const { return uuid.text(); }
    auto operator<=>(const Id&) const = default;
};

using MessageId = Id<struct MessageTag>;
using CaseId = Id<struct CaseTag>;
using DeliveryId = Id<struct DeliveryTag>;
using RefusalId = Id<struct RefusalTag>;

/// A name that cannot be mixed up with another kind of name. Holds no personal data.
template <class Tag>
struct Name {
    std::string value{};

    bool empty() const { return value.empty(); }
    auto operator<=>(const Name&) const = default;
};

using PartyId = Name<struct PartyTag>;        ///< organisationsnummer, ten digits
using FunctionId = Name<struct FunctionTag>;  ///< an address inside a party, never a person
using SystemId = Name<struct SystemTag>;      ///< what holds a certificate
using DialectId = Name<struct DialectTag>;
using FormId = Name<struct FormTag>;  ///< one kind of document on the wire, within a dialect

}  // namespace stafett

template <class Tag>
struct std::hash<stafett::Id<Tag>> {
    std::size_t operator()(const stafett::Id<Tag>& id) const noexcept {
        std::size_t h = 1469598103934665603U;
        for (const auto byte : id.uuid.bytes) h = (h ^ byte) * 1099511628211U;
        return h;
    }
};
template <class Tag>
struct std::hash<stafett::Name<Tag>> {
    std::size_t operator()(const stafett::Name<Tag>& name) const noexcept {
        return std::hash<std::string>{}(name.value);
    }
};
