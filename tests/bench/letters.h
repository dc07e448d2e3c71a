#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/result.h"

namespace stafett::bench {

/// A request as bytes on the wire, whose ids are written anew each time: every message is another
/// one, and none costs more to make than a few copied digits. One thread; copies are cheap.
class Letter {
public:
    struct Source {
        std::string dialect, system;
        std::string file;  ///< a golden referral with `${uuid:…}`, `${int:…}`, `${in_90_days}` …
        std::string path;
        std::vector<std::pair<std::string, std::string>> headers;
    };
    static Result<Letter> load(const Source& source);

    const std::string& dialect() const { return dialect_; }
    const std::string& system() const { return system_; }
    std::size_t bodySize() const { return body_size_; }
    /// The bytes of message number `number`: unique up to ten millions. Good until the next call.
    std::string_view numbered(std::uint64_t number);

private:
    struct Slot {
        std::size_t at;
        bool uuid;
    };
    std::string dialect_, system_, bytes_;
    std::size_t body_size_ = 0;
    std::vector<Slot> slots_;
};

/// One referral of each dialect.
Result<std::vector<Letter>> allLetters();

}  // namespace stafett::bench
