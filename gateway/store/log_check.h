#pragma once

#include <string>

#include "gateway/base/result.h"

namespace stafett::store {

/// Whether the write-ahead log beside the store is as it was written. To be asked before the store
/// is opened: SQLite reads a log up to the first frame whose checksum is wrong and drops the rest
/// without a word, since the end of a log may be torn by a power cut. But only the last commit can
/// be torn, as each is synced before the next begins. So a wrong frame with more than one commit
/// behind it has been changed since, and what stands there was promised to somebody: StoreFailed,
/// with the log as its place.
///
/// Relies on a log that begins anew at each start (see SqliteStore::open), so that no torn end of
/// an earlier life lies behind this one's.
Status checkLog(const std::string& store);

}  // namespace stafett::store
