#pragma once

#include <functional>
#include <random>
#include <string>
#include <vector>

#include "gateway/custody/custody.h"

/// Random histories of one case: repeats, late and crossing messages, wrong parties, clocks that
/// jump. Each is played against a decision function and judged by the oracle.
namespace stafett::custody::model {

using Decide = std::function<Result<Decision>(const std::optional<CaseState>&, const Act&)>;

struct Played {
    std::string violation;             ///< empty = every history was right
    std::vector<std::string> history;  ///< the one that was not, in words
    std::size_t histories = 0;         ///< how many were played
    std::size_t allowed = 0;           ///< acts
    std::size_t forbidden = 0;
    std::size_t taken_over = 0;  ///< how often the baton changed hands
    std::size_t closed = 0;
    std::size_t notices = 0;
};

/// Plays until the first violation, or all.
Played play(const Decide& decide, std::uint64_t seed, std::size_t histories);

}  // namespace stafett::custody::model
