#include "gateway/store/report_archive.h"

namespace stafett::store {
namespace {

constexpr char kSchema[] = R"(
CREATE TABLE IF NOT EXISTS month (
    month    TEXT PRIMARY KEY NOT NULL,
    owner    BLOB NOT NULL,
    data_key BLOB NOT NULL,               -- wrapped
    waiting  BLOB NOT NULL                -- sealed: what was not let go yet after this month
) STRICT;
CREATE TABLE IF NOT EXISTS cell (
    population   TEXT NOT NULL,
    by_variable  TEXT NOT NULL,
    across       TEXT NOT NULL,
    month        TEXT NOT NULL REFERENCES month (month),
    by_value     TEXT NOT NULL,
    across_value TEXT NOT NULL,
    n            INTEGER NOT NULL CHECK (n >= 5),
    days         INTEGER NOT NULL,
    PRIMARY KEY (population, by_variable, across, month, by_value, across_value)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS participant (
    person BLOB PRIMARY KEY NOT NULL      -- keyed hash
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS experience (
    month       TEXT NOT NULL,
    association TEXT NOT NULL,
    question    TEXT NOT NULL,
    answers     INTEGER NOT NULL CHECK (answers >= 5),
    yes         INTEGER NOT NULL,
    PRIMARY KEY (month, association, question)
) STRICT, WITHOUT ROWID;
)";

constexpr char kLastMonth[] = "SELECT max(month) FROM month";
constexpr char kWaiting[] =
    "SELECT owner, data_key, waiting FROM month ORDER BY month DESC LIMIT 1";
constexpr char kKnows[] = "SELECT 1 FROM participant WHERE person = ?";
constexpr char kAddMonth[] =
    "INSERT INTO month (month, owner, data_key, waiting) VALUES (?, ?, ?, ?)";
constexpr char kForgetWaiting[] =
    "UPDATE month SET owner = x'', data_key = x'', waiting = x'' WHERE month < ? AND waiting <> "
    "x''";
constexpr char kWrapAgain[] = "UPDATE month SET data_key = ? WHERE owner = ?";
constexpr char kAddCell[] =
    "INSERT INTO cell (population, by_variable, across, month, by_value, across_value, n, days) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
constexpr char kAddPerson[] = "INSERT OR IGNORE INTO participant (person) VALUES (?)";
constexpr char kCells[] =
    "SELECT month, by_value, across_value, n, days FROM cell WHERE population = ? "
    "AND by_variable = ? AND across = ? AND month BETWEEN ? AND ? ORDER BY month, by_value, "
    "across_value";
constexpr char kAddExperience[] =
    "INSERT INTO experience (month, association, question, answers, yes) VALUES (?, ?, ?, ?, ?)";
constexpr char kExperience[] =
    "SELECT month, association, question, answers, yes FROM experience WHERE month BETWEEN ? AND ? "
    "ORDER BY question, association, month";

}  // namespace

Result<std::unique_ptr<ReportArchive>> ReportArchive::open(const std::string& path) {
    ST_TRY(auto connection, Connection::open(path, Connection::Access::Write));
    if (auto made = connection.script(kSchema); !made) return tl::make_unexpected(made.error());
    return std::unique_ptr<ReportArchive>(new ReportArchive(std::move(connection)));
}

Result<std::string> ReportArchive::lastMonth() {
    const std::lock_guard lock(mutex_);
    auto row = connection_.query(kLastMonth);
    ST_TRY(const bool found, row.next());
    return found ? row.text(0) : std::string();
}

Result<std::optional<WaitingEvents>> ReportArchive::waiting() {
    const std::lock_guard lock(mutex_);
    auto row = connection_.query(kWaiting);
    ST_TRY(const bool found, row.next());
    if (!found) return std::optional<WaitingEvents>();
    return std::optional(WaitingEvents{row.uuid(0), row.blob(1), row.blob(2)});
}

Status ReportArchive::wrapAgain(const Uuid& owner, const Bytes& data_key) {
    const std::lock_guard lock(mutex_);
    return inTransaction([&] { return connection_.run(kWrapAgain, Blob{data_key}, owner); });
}

Result<bool> ReportArchive::knows(const Digest& person) {
    const std::lock_guard lock(mutex_);
    return connection_.query(kKnows, person).next();
}

Status ReportArchive::inTransaction(const std::function<Status()>& work) {
    if (auto begun = connection_.script("BEGIN IMMEDIATE"); !begun) return begun;
    if (auto done = work(); !done) {
        connection_.dropStatements();
        (void)connection_.script("ROLLBACK");
        return done;
    }
    if (auto done = connection_.script("COMMIT"); !done) return done;
    return connection_.script("PRAGMA wal_checkpoint(TRUNCATE)");
}

Status ReportArchive::write(const Month& month) {
    const auto& waiting = month.waiting;
    if (auto done = connection_.run(kAddMonth, month.month, waiting.owner, Blob{waiting.data_key},
                                    Blob{waiting.sealed});
        !done) {
        return done;
    }
    for (const auto& cell : month.cells) {
        if (auto done = connection_.run(kAddCell, cell.population, cell.by, cell.column,
                                        month.month, cell.value, cell.across, cell.n, cell.days);
            !done) {
            return done;
        }
    }
    for (const auto& person : month.persons) {
        if (auto done = connection_.run(kAddPerson, person); !done) return done;
    }
    return connection_.run(kForgetWaiting, month.month);
}

Status ReportArchive::publish(const Month& month) {
    const std::lock_guard lock(mutex_);
    return inTransaction([&] { return write(month); });
}

Result<std::vector<ReportCell>> ReportArchive::cells(const std::string& population,
                                                     const std::string& by,
                                                     const std::string& column,
                                                     const std::string& from,
                                                     const std::string& to) {
    const std::lock_guard lock(mutex_);
    auto row = connection_.query(kCells, population, by, column, from, to);
    std::vector<ReportCell> cells;
    while (true) {
        ST_TRY(const bool found, row.next());
        if (!found) return cells;
        cells.push_back({.population = population,
                         .month = row.text(0),
                         .by = by,
                         .value = row.text(1),
                         .column = column,
                         .across = row.text(2),
                         .n = static_cast<std::uint64_t>(row.integer(3)),
                         .days = row.integer(4)});
    }
}

Status ReportArchive::add(const std::vector<ExperienceRow>& rows) {
    const std::lock_guard lock(mutex_);
    return inTransaction([&]() -> Status {
        for (const auto& row : rows) {
            if (auto done = connection_.run(kAddExperience, row.month, row.association,
                                            row.question, row.answers, row.yes);
                !done) {
                return done;
            }
        }
        return {};
    });
}

Result<std::vector<ExperienceRow>> ReportArchive::experience(const std::string& from,
                                                             const std::string& to) {
    const std::lock_guard lock(mutex_);
    auto row = connection_.query(kExperience, from, to);
    std::vector<ExperienceRow> rows;
    while (true) {
        ST_TRY(const bool found, row.next());
        if (!found) return rows;
        rows.push_back({.month = row.text(0),
                        .association = row.text(1),
                        .question = row.text(2),
                        .answers = static_cast<std::uint64_t>(row.integer(3)),
                        .yes = static_cast<std::uint64_t>(row.integer(4))});
    }
}

}  // namespace stafett::store
