#include "gateway/store/migrations.h"

#include "migrations_sql.h"

namespace stafett::store {
namespace {

Result<std::int64_t> versionOf(Connection& connection) {
    Cursor table = connection.query(
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_version'");
    ST_TRY(const bool counted, table.next());
    if (!counted || table.integer(0) == 0) return 0;
    Cursor newest = connection.query("SELECT coalesce(max(version), 0) FROM schema_version");
    ST_TRY(const bool found, newest.next());
    return found ? newest.integer(0) : 0;
}

Status apply(Connection& connection, const Migration& step) {
    ST_CHECK(connection.script("BEGIN IMMEDIATE"));
    ST_CHECK(connection.script(
        "CREATE TABLE IF NOT EXISTS schema_version ("
        "version INTEGER PRIMARY KEY, name TEXT NOT NULL, at TEXT NOT NULL) STRICT"));
    ST_CHECK(connection.script(std::string(step.sql)));
    ST_CHECK(connection.run("INSERT INTO schema_version (version, name, at) VALUES (?, ?, ?)",
                            step.version, step.name, timeText(SystemClock{}.now())));
    return connection.script("COMMIT");
}

}  // namespace

std::span<const Migration> migrations() { return kMigrations; }

// A step over a large store touches its trees in no order: what does not fit is written again and
// again. And its log is copied at once, or the first message would wait for that.
constexpr char kRoom[] = "PRAGMA cache_size=-262144";
constexpr char kAsBefore[] = "PRAGMA cache_size=-16384; PRAGMA wal_checkpoint(TRUNCATE)";

Status migrate(Connection& connection, std::span<const Migration> steps) {
    ST_TRY(const std::int64_t version, versionOf(connection));
    const auto newest = steps.empty() ? 0 : steps.back().version;
    if (version > newest) return tl::unexpected(Error(Code::StoreMigration));
    if (version == newest) return {};
    ST_CHECK(connection.script(kRoom));
    for (const Migration& step : steps) {
        if (step.version <= version) continue;
        if (auto applied = apply(connection, step); !applied) {
            if (connection.inTransaction()) (void)connection.script("ROLLBACK");
            return applied;
        }
    }
    connection.dropStatements();
    return connection.script(kAsBefore);
}

}  // namespace stafett::store
