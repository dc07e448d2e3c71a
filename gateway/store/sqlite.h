#pragma once

#include <sqlite3.h>

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "gateway/base/bytes.h"
#include "gateway/base/clock.h"
#include "gateway/base/ids.h"
#include "gateway/base/result.h"
#include "gateway/base/sha256.h"

namespace stafett::store {

/// Bytes bound as a blob; a plain string is bound as text.
struct Blob {
    std::string_view bytes;
};

/// One run of a prepared statement. It is reset when this goes, so keep it no longer than needed.
class Cursor {
public:
    Cursor(sqlite3_stmt* statement, int first_error) : statement_(statement), error_(first_error) {}
    Cursor(Cursor&& other) noexcept
        : statement_(std::exchange(other.statement_, nullptr)), error_(other.error_) {}
    Cursor& operator=(Cursor&&) = delete;
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;
    ~Cursor();

    /// True: a row stands. False: there are no more.
    Result<bool> next();
    /// To the end; for statements that give no rows.
    Status run();

    bool isNull(int column) const;
    std::int64_t integer(int column) const;
    std::string text(int column) const;
    Bytes blob(int column) const;
    Time time(int column) const;
    Digest digest(int column) const;  ///< zeros when the column is not 32 bytes
    Uuid uuid(int column) const;      ///< zeros when the column is not 16 bytes
    template <class Tag>
    Id<Tag> id(int column) const {
        return Id<Tag>{uuid(column)};
    }
    template <class Tag>
    Name<Tag> name(int column) const {
        return Name<Tag>{text(column)};
    }

private:
    sqlite3_stmt* statement_;
    int error_;
};

/// One connection and its prepared statements. One thread at a time.
class Connection {
public:
    enum class Access : std::uint8_t { Write, ReadOnly };
    /// With the settings every connection has: no mmap, secure delete, temporary tables in memory.
    /// The writer makes the file (mode 0600) and sets WAL with full sync.
    static Result<Connection> open(const std::string& path, Access access);
    Connection(Connection&& other) noexcept
        : database_(std::exchange(other.database_, nullptr)),
          statements_(std::move(other.statements_)) {}
    Connection& operator=(Connection&&) = delete;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection();

    /// Runs the statement with these values. `sql` is a constant that lives as long as the program:
    /// it is prepared once and known by its address. Values are copied.
    template <class... Values>
    Cursor query(const char* sql, const Values&... values) {
        return bound(prepared(sql), SQLITE_TRANSIENT, values...);
    }
    /// The same for a statement without rows, to its end. Values are not copied.
    template <class... Values>
    Status run(const char* sql, const Values&... values) {
        return bound(prepared(sql), SQLITE_STATIC, values...).run();
    }
    /// Several statements of no fixed place, as a migration has them.
    Status script(const std::string& sql);

    sqlite3* raw() const { return database_; }
    std::int64_t lastRow() const { return sqlite3_last_insert_rowid(database_); }
    bool inTransaction() const { return sqlite3_get_autocommit(database_) == 0; }
    void dropStatements();

    /// What an SQLite result code means to a caller: StoreBusy when the disk is full, else
    /// StoreFailed.
    static Error error(int code);
    /// True for what makes this process's view of the store worthless: a failed write or sync,
    /// damage. Judged from the last call.
    bool isBroken() const;

private:
    explicit Connection(sqlite3* database) : database_(database) {}
    sqlite3_stmt* prepared(const char* sql);

    template <class... Values>
    static Cursor bound(sqlite3_stmt* statement, [[maybe_unused]] sqlite3_destructor_type keep,
                        const Values&... values) {
        [[maybe_unused]] int place = 0;
        int failed = statement == nullptr ? SQLITE_ERROR : SQLITE_OK;
        ((failed = failed != SQLITE_OK ? failed : bind(statement, ++place, keep, values)), ...);
        return Cursor(statement, failed);
    }
    using Keep = sqlite3_destructor_type;
    static int bind(sqlite3_stmt* s, int place, Keep, std::int64_t value);
    static int bind(sqlite3_stmt* s, int place, Keep, std::uint64_t value) {
        return bind(s, place, nullptr, static_cast<std::int64_t>(value));
    }
    static int bind(sqlite3_stmt* s, int place, Keep, std::uint32_t value) {
        return bind(s, place, nullptr, static_cast<std::int64_t>(value));
    }
    static int bind(sqlite3_stmt* s, int place, Keep, int value) {
        return bind(s, place, nullptr, static_cast<std::int64_t>(value));
    }
    static int bind(sqlite3_stmt* s, int place, Keep, Time value) {
        return bind(s, place, nullptr, std::int64_t{value.time_since_epoch().count()});
    }
    static int bind(sqlite3_stmt* s, int place, Keep keep, std::string_view text);
    static int bind(sqlite3_stmt* s, int place, Keep keep, Blob blob);
    static int bind(sqlite3_stmt* s, int place, Keep keep, const Uuid& id);
    static int bind(sqlite3_stmt* s, int place, Keep keep, const Digest& digest);
    template <class Tag>
    static int bind(sqlite3_stmt* s, int place, Keep keep, const Id<Tag>& id) {
        return bind(s, place, keep, id.uuid);
    }
    template <class Tag>
    static int bind(sqlite3_stmt* s, int place, Keep keep, const Name<Tag>& name) {
        return bind(s, place, keep, std::string_view(name.value));
    }
    template <class T>  // not inlined: GCC 12 would warn that the value of an empty one is read
    [[gnu::noinline]] static int bind(sqlite3_stmt* s, int place, Keep keep,
                                      const std::optional<T>& value) {
        return value ? bind(s, place, keep, *value) : sqlite3_bind_null(s, place);
    }

    sqlite3* database_;
    std::unordered_map<const void*, sqlite3_stmt*> statements_;
};

}  // namespace stafett::store
