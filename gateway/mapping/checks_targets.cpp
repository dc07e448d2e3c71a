// Two rows that write one target, and guards that cannot keep them apart.
#include <algorithm>

#include "gateway/mapping/checks.h"

namespace stafett::mapping {
namespace {

bool areOfDifferentAlternatives(const Branch& a, const Branch& b) {
    for (const auto& [choice, alternative] : a) {
        for (const auto& [other, second] : b) {
            if (choice == other && alternative != second) return true;
        }
    }
    return false;
}

bool shareNone(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    // An empty list means "present": it holds for every value.
    return !a.empty() && !b.empty() && std::none_of(a.begin(), a.end(), [&](const auto& one) {
        return std::find(b.begin(), b.end(), one) != b.end();
    });
}

bool excludeEachOther(const Guard& a, const Guard& b, Direction direction) {
    if (direction == Direction::Read) {
        return a.wire != kNoPlace && a.wire == b.wire && shareNone(a.wire_is, b.wire_is);
    }
    return a.canonical && b.canonical && a.canonical->path == b.canonical->path &&
           shareNone(a.is, b.is);
}

bool arePartedByGuards(const Use& a, const Use& b, Direction direction) {
    for (const auto& one : a.guards) {
        for (const auto& other : b.guards) {
            if (excludeEachOther(*one, *other, direction)) return true;
        }
    }
    return false;
}

void checkPair(const Use& a, const Use& b, Direction direction, const std::string& target,
               Findings& findings) {
    if (a.row == b.row) return;
    if (areOfDifferentAlternatives(a.branch, b.branch)) return;
    const bool guarded = !a.guards.empty() && !b.guards.empty();
    if (guarded && arePartedByGuards(a, b, direction)) return;
    const std::string other = a.row->at.brief() + " (" + a.row->at.label + ")";
    if (guarded) {
        findings.add(Code::CheckGuards, b.row->at, target,
                     "its guard can hold together with that of " + other);
    } else {
        findings.add(
            Code::CheckTwoWriters, b.row->at, target,
            other + (direction == Direction::Read ? " makes it too: make one of them an also"
                                                  : " writes it too"));
    }
}

void checkUses(const std::vector<Use>& uses, Direction direction, const std::string& target,
               Findings& findings) {
    for (std::size_t i = 0; i < uses.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j)
            checkPair(uses[j], uses[i], direction, target, findings);
    }
}

}  // namespace

void checkTargets(const Source&, const Compiled& compiled, Findings& findings) {
    for (const auto& [place, uses] : compiled.wire_writers) {
        checkUses(uses, Direction::Write, compiled.program->places.pathOf(place), findings);
    }
    for (const auto& [path, uses] : compiled.canonical_makers) {
        checkUses(uses, Direction::Read, path, findings);
    }
}

}  // namespace stafett::mapping
