#pragma once

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

#include "gateway/custody/questions.h"

/// The names that a case state's enums have in the store and the admin API, in the enums' order.
namespace stafett::custody {

template <class Enum>
struct Names;

template <>
struct Names<OfferState> {
    static constexpr std::array<std::string_view, 6> kAll = {
        "offered", "supplement_asked", "accepted", "declined", "withdrawn", "started"};
};

template <>
struct Names<Assessment::State> {
    static constexpr std::array<std::string_view, 4> kAll = {"requested", "booked", "done",
                                                             "withdrawn"};
};

template <>
struct Names<Consents::State> {
    static constexpr std::array<std::string_view, 3> kAll = {"unknown", "given", "withdrawn"};
};

template <>
struct Names<Gap::Why> {
    static constexpr std::array<std::string_view, 3> kAll = {"overdue", "exit_near", "party_ended"};
};

template <>
struct Names<Turn::Owes> {
    static constexpr std::array<std::string_view, 6> kAll = {
        "answer", "supplement", "booking", "new_receiver", "closure", "follow_up"};
};

template <>
struct Names<StepReached> {
    static constexpr std::array<std::string_view, 4> kAll = {"not_yet", "under_way", "late",
                                                             "done"};
};

template <class Enum>
std::string_view nameOf(Enum value) {
    return Names<Enum>::kAll.at(static_cast<std::size_t>(value));
}

/// Throws std::invalid_argument on a name that none has: for parse() alone.
template <class Enum>
Enum named(std::string_view name) {
    const auto& all = Names<Enum>::kAll;
    const auto* found = std::find(all.begin(), all.end(), name);
    if (found == all.end()) throw std::invalid_argument("name");
    return static_cast<Enum>(found - all.begin());
}

}  // namespace stafett::custody
