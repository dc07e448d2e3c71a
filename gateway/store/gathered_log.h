#pragma once

namespace stafett::store {

/// The name of a file system for SQLite that is the process's own but for one thing: what is
/// written to a write-ahead log is gathered, and goes to the file in one piece before it is synced,
/// read or measured. SQLite writes each page of a commit by two calls; a commit has a hundred.
///
/// Safe for one writing connection to a store, and only with full sync: what is gathered no other
/// connection can read, so a second one that wrote would find the log's index ahead of its file.
/// Those that read see a commit when the index tells of it, which is after the sync. Null when it
/// could not be had. Many threads.
const char* gatheringFileSystem();

}  // namespace stafett::store
