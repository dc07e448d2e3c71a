#include "gateway/store/sqlite.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstring>

#include "gateway/store/gathered_log.h"

namespace stafett::store {
namespace {

constexpr char kEvery[] =
    "PRAGMA mmap_size=0; PRAGMA foreign_keys=OFF; PRAGMA secure_delete=ON; PRAGMA "
    "temp_store=MEMORY;"
    "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;";
// Checkpoints are the writer's own: see Writer::checkpoint.
constexpr char kWriter[] =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
    "PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-16384;";
constexpr char kReader[] = "PRAGMA query_only=ON; PRAGMA cache_size=-1024;";
constexpr int kBusyMillis = 5000;

/// SQLite would lock a mutex at each allocation to count what nobody asks for. Only possible before
/// its first use in the process; without it everything works, a little slower.
void countNoMemory() {
    static const int kOnce = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)kOnce;
}

/// Made beforehand, so that nobody else may read it; SQLite gives its other files the same mode.
bool makeFile(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return false;
    ::close(file);
    return true;
}

}  // namespace

Cursor::~Cursor() {
    if (statement_ == nullptr) return;
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
}

Result<bool> Cursor::next() {
    if (error_ == SQLITE_OK) {
        const int result = sqlite3_step(statement_);
        if (result == SQLITE_ROW) return true;
        if (result == SQLITE_DONE) return false;
        error_ = result;
    }
    return tl::unexpected(Connection::error(error_));
}

Status Cursor::run() {
    ST_TRY(bool more, next());
    while (more) {
        ST_TRY(more, next());
    }
    return {};
}

bool Cursor::isNull(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Cursor::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::string Cursor::text(int column) const {
    const auto* text = sqlite3_column_text(statement_, column);
    if (text == nullptr) return {};
    return {reinterpret_cast<const char*>(text),
            static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

Bytes Cursor::blob(int column) const {
    const void* bytes = sqlite3_column_blob(statement_, column);
    if (bytes == nullptr) return {};
    return {static_cast<const char*>(bytes),
            static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

Time Cursor::time(int column) const { return Time{std::chrono::milliseconds{integer(column)}}; }

Digest Cursor::digest(int column) const {
    Digest out;
    const void* bytes = sqlite3_column_blob(statement_, column);
    if (bytes != nullptr && sqlite3_column_bytes(statement_, column) == 32) {
        std::memcpy(out.bytes.data(), bytes, out.bytes.size());
    }
    return out;
}

Uuid Cursor::uuid(int column) const {
    Uuid out;
    const void* bytes = sqlite3_column_blob(statement_, column);
    if (bytes != nullptr && sqlite3_column_bytes(statement_, column) == 16) {
        std::memcpy(out.bytes.data(), bytes, out.bytes.size());
    }
    return out;
}

Result<Connection> Connection::open(const std::string& path, Access access) {
    countNoMemory();
    const bool writes = access == Access::Write;
    if (writes && !makeFile(path)) {
        return tl::unexpected(Error(Code::StoreFailed, Place{.file = path}));
    }
    sqlite3* database = nullptr;
    // Read connections too are opened for writing: they must be able to share the WAL's index.
    const int opened =
        sqlite3_open_v2(path.c_str(), &database,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                        writes ? gatheringFileSystem() : nullptr);
    Connection connection(database);
    if (opened != SQLITE_OK) return tl::unexpected(error(opened));
    sqlite3_busy_timeout(database, kBusyMillis);
    ST_CHECK(connection.script(kEvery));
    ST_CHECK(connection.script(writes ? kWriter : kReader));
    return connection;
}

Connection::~Connection() {
    dropStatements();
    sqlite3_close_v2(database_);
}

void Connection::dropStatements() {
    for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
    statements_.clear();
}

Status Connection::script(const std::string& sql) {
    const int result = sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr);
    if (result != SQLITE_OK) return tl::unexpected(error(result));
    return {};
}

sqlite3_stmt* Connection::prepared(const char* sql) {
    const auto found = statements_.find(sql);
    if (found != statements_.end()) return found->second;
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v3(database_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (statement != nullptr) statements_.emplace(sql, statement);
    return statement;
}

Error Connection::error(int code) {
    const int primary = code & 0xFF;
    const bool passes =
        primary == SQLITE_FULL || primary == SQLITE_BUSY || primary == SQLITE_LOCKED;
    return Error(passes ? Code::StoreBusy : Code::StoreFailed);
}

bool Connection::isBroken() const {
    const int primary = sqlite3_errcode(database_) & 0xFF;
    return primary == SQLITE_IOERR || primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB ||
           primary == SQLITE_CANTOPEN || primary == SQLITE_READONLY;
}

int Connection::bind(sqlite3_stmt* s, int place, Keep, std::int64_t value) {
    return sqlite3_bind_int64(s, place, value);
}
int Connection::bind(sqlite3_stmt* s, int place, Keep keep, std::string_view text) {
    return sqlite3_bind_text64(s, place, text.data() == nullptr ? "" : text.data(), text.size(),
                               keep, SQLITE_UTF8);
}
int Connection::bind(sqlite3_stmt* s, int place, Keep keep, Blob blob) {
    if (blob.bytes.empty()) return sqlite3_bind_zeroblob(s, place, 0);
    return sqlite3_bind_blob64(s, place, blob.bytes.data(), blob.bytes.size(), keep);
}
int Connection::bind(sqlite3_stmt* s, int place, Keep keep, const Uuid& id) {
    return sqlite3_bind_blob(s, place, id.bytes.data(), static_cast<int>(id.bytes.size()), keep);
}
int Connection::bind(sqlite3_stmt* s, int place, Keep keep, const Digest& digest) {
    return sqlite3_bind_blob(s, place, digest.bytes.data(), static_cast<int>(digest.bytes.size()),
                             keep);
}

}  // namespace stafett::store
