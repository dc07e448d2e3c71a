#pragma once

#include <cstdint>
#include <vector>

#include "gateway/base/bytes.h"
#include "gateway/base/ids.h"
#include "gateway/base/result.h"

namespace stafett::store {

/// A message's data key as it is stored: wrapped under a key of the ring.
struct WrappedKey {
    std::int64_t place = 0;  ///< in the order of commit
    MessageId message;
    Bytes wrapped;
};

/// How many messages' data keys ask for one key of the ring.
struct KeyUsers {
    Bytes wrapped;  ///< one of them
    std::uint64_t messages = 0;
};

/// The data keys of what is kept, for turning the ring's key. Many threads.
class DataKeys {
public:
    virtual ~DataKeys() = default;

    /// In the order they were kept: at most `most`, after this place (0: from the first).
    virtual Result<std::vector<WrappedKey>> after(std::int64_t place, std::uint32_t most) = 0;
    /// For each key of the ring that is asked for. Looks at every message.
    virtual Result<std::vector<KeyUsers>> users() = 0;
    /// Puts these in the place of those that stand there, all or none. Waits for the commit.
    virtual Status replace(const std::vector<WrappedKey>& keys) = 0;
};

}  // namespace stafett::store
