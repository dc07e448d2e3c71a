// Opening and closing, and everything that is written.
#include "gateway/store/sqlite_store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>

#include "gateway/store/log_check.h"
#include "gateway/store/migrations.h"

namespace stafett::store {
namespace {

constexpr std::uint64_t kNumbersAtOnce = 256;  // each block waits for a commit
constexpr std::uint32_t kPurgedAtOnce = 1000;

Status told(Rows::Settled settled) {
    switch (settled) {
        case Rows::Settled::Done:
            return {};
        case Rows::Settled::NoSuchDelivery:
            return tl::unexpected(Error(Code::StoreNotFound));
        case Rows::Settled::FetchedSince:
            break;
    }
    return tl::unexpected(Error(Code::MailboxLease));
}

/// So that no torn end of an earlier life stands behind what this one writes: see checkLog. Not
/// where another program is reading the store: then it begins anew at the next start.
Status beginLogAnew(Connection& connection) {
    const int copied = sqlite3_wal_checkpoint_v2(connection.raw(), nullptr,
                                                 SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    if (copied != SQLITE_OK && (copied & 0xFF) != SQLITE_BUSY) {
        return tl::unexpected(Connection::error(copied));
    }
    return {};
}

Status foundOr(bool found) {
    if (!found) return tl::unexpected(Error(Code::StoreNotFound));
    return {};
}

}  // namespace

Result<FileLock> FileLock::take(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return tl::unexpected(Error(Code::StoreFailed, Place{.file = path}));
    FileLock lock(file);
    if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
        return tl::unexpected(Error(Code::StoreInUse, Place{.file = path}));
    }
    return lock;
}

FileLock::~FileLock() {
    if (file_ >= 0) ::close(file_);
}

Result<PassingFolder> PassingFolder::make() {
    std::error_code failed;
    std::string form =
        (std::filesystem::temp_directory_path(failed) / "stafett-store-XXXXXX").string();
    if (failed || ::mkdtemp(form.data()) == nullptr) {
        return tl::unexpected(Error(Code::StoreFailed, Place{.file = form}));
    }
    PassingFolder folder;
    folder.path_ = form;
    return folder;
}

PassingFolder::~PassingFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const SqliteOptions& options) {
    PassingFolder folder;
    std::string path = options.path;
    if (path == ":memory:") {
        // Several connections are needed, so not even a store for a test is in memory alone.
        ST_TRY(PassingFolder made, PassingFolder::make());
        path = made.path() + "/store.db";
        ST_TRY(FileLock lock, FileLock::take(path + ".lock"));
        return open(options, path, std::move(made), std::move(lock));
    }
    ST_TRY(FileLock lock, FileLock::take(path + ".lock"));
    return open(options, path, std::move(folder), std::move(lock));
}

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const SqliteOptions& options,
                                                       const std::string& path,
                                                       PassingFolder folder, FileLock lock) {
    ST_CHECK(checkLog(path));
    ST_TRY(Connection connection, Connection::open(path, Connection::Access::Write));
    if (auto done = migrate(connection, migrations()); !done) {
        done.error().place().file = path;
        return tl::unexpected(done.error());
    }
    ST_CHECK(beginLogAnew(connection));
    std::unique_ptr<SqliteStore> store(new SqliteStore(std::move(folder), std::move(lock)));
    ST_TRY(store->readers_, Readers::open(path, options.readers));
    ST_CHECK(store->agenda_.start(connection));
    ST_CHECK(store->sieve_.start(connection));
    ST_CHECK(store->names_.start(connection));
    ST_CHECK(store->learn(path));
    ST_CHECK(dropUnfinished(connection));
    store->writer_ = std::make_unique<Writer>(std::move(connection), options, store->agenda_,
                                              store->names_, store->at_hand_, store->sieve_);
    return store;
}

SqliteStore::~SqliteStore() {
    close();
    learns_no_more_ = true;
    if (learning_.joinable()) learning_.join();
}

/// In the background: until it is done, or where it fails, the store is looked into each time.
Status SqliteStore::learn(const std::string& path) {
    ST_TRY(Connection opened, Connection::open(path, Connection::Access::ReadOnly));
    learning_ = std::thread([this, reader = std::move(opened)]() mutable {
        (void)sieve_.learn(reader, learns_no_more_);
    });
    return {};
}

void SqliteStore::close() {
    if (writer_) writer_->close();
}

Status SqliteStore::health() { return writer_->health(); }

void SqliteStore::onDue(std::function<void()> wake) { writer_->onDue(std::move(wake)); }

void SqliteStore::onCaseDue(std::function<void(const std::string&)> wake) {
    writer_->onCaseDue(std::move(wake));
}

void SqliteStore::keep(Keep keep, std::function<void(Result<Kept>)> done) {
    struct State {
        Keep keep;
        std::string events;
        Kept kept;
        std::function<void(Result<Kept>)> done;
    };
    auto state = std::make_shared<State>(State{std::move(keep), {}, {}, std::move(done)});
    state->events = printed(state->keep.events);
    writer_->add({[state](Rows& rows) -> Status {
                      ST_TRY(state->kept, rows.keep(state->keep, state->events));
                      return {};
                  },
                  [state](const Status& status) {
                      if (!status) return state->done(tl::unexpected(status.error()));
                      state->done(std::move(state->kept));
                  }},
                 Writer::Room::Needed);
}

void SqliteStore::tick(Tick tick, std::function<void(Result<Kept>)> done) {
    struct State {
        Tick tick;
        Kept kept;
        std::function<void(Result<Kept>)> done;
    };
    auto state = std::make_shared<State>(State{std::move(tick), {}, std::move(done)});
    writer_->add({[state](Rows& rows) -> Status {
                      ST_TRY(state->kept, rows.tick(state->tick));
                      return {};
                  },
                  [state](const Status& status) {
                      if (!status) return state->done(tl::unexpected(status.error()));
                      state->done(std::move(state->kept));
                  }},
                 Writer::Room::Needed);
}

void SqliteStore::refuse(Refusal refusal, std::function<void(Status)> done) {
    auto kept = std::make_shared<Refusal>(std::move(refusal));
    writer_->add(
        {[kept, events = printed(kept->events)](Rows& rows) { return rows.refuse(*kept, events); },
         std::move(done)},
        Writer::Room::Needed);
}

void SqliteStore::settle(Attempt attempt, std::function<void(Status)> done) {
    struct State {
        Attempt attempt;
        std::string events;
        Rows::Settled settled = Rows::Settled::NoSuchDelivery;
        std::function<void(Status)> done;
    };
    auto state = std::make_shared<State>(
        State{std::move(attempt), {}, Rows::Settled::NoSuchDelivery, std::move(done)});
    state->events = printed(state->attempt.events);
    writer_->add(
        {[state](Rows& rows) -> Status {
             ST_TRY(state->settled, rows.settle(state->attempt, state->events));
             return {};
         },
         [state](const Status& status) { state->done(status ? told(state->settled) : status); }},
        Writer::Room::Given);
}

void SqliteStore::note(MessageId id, std::vector<trace::Event> events,
                       std::function<void(Status)> done) {
    struct State {
        MessageId id;
        std::string events;
        bool found = false;
        std::function<void(Status)> done;
    };
    auto state = std::make_shared<State>(State{id, printed(events), false, std::move(done)});
    writer_->add(
        {[state](Rows& rows) -> Status {
             ST_TRY(state->found, rows.note(state->id, state->events));
             return {};
         },
         [state](const Status& status) { state->done(status ? foundOr(state->found) : status); }},
        Writer::Room::Given);
}

void SqliteStore::forgetOwed(std::int64_t number, std::function<void(Status)> done) {
    writer_->add({[number](Rows& rows) { return rows.pay(number); }, std::move(done)},
                 Writer::Room::Given);
}

Status SqliteStore::release(const DeliveryId& id, const trace::Event& event) {
    bool found = false;
    ST_CHECK(writer_->addAndWait([&](Rows& rows) -> Status {
        ST_TRY(found, rows.release(id, event));
        return {};
    }));
    return foundOr(found);
}

Status SqliteStore::skip(const DeliveryId& id, const trace::Event& event) {
    bool found = false;
    ST_CHECK(writer_->addAndWait([&](Rows& rows) -> Status {
        ST_TRY(found, rows.skip(id, event));
        return {};
    }));
    return foundOr(found);
}

Result<std::uint64_t> SqliteStore::reserve(const PartyId& party, const std::string& form) {
    const std::lock_guard lock(numbers_mutex_);
    Numbers& numbers = numbers_[{party, form}];
    if (numbers.next == numbers.end) {
        std::uint64_t first = 0;
        ST_CHECK(writer_->addAndWait([&](Rows& rows) -> Status {
            ST_TRY(first, rows.reserve(party, form, kNumbersAtOnce));
            return {};
        }));
        numbers = {first, first + kNumbersAtOnce};
    }
    return numbers.next++;
}

Result<std::uint64_t> SqliteStore::purge(Time now) {
    std::uint64_t removed = 0;
    while (true) {
        std::uint64_t some = 0;
        ST_CHECK(writer_->addAndWait([&](Rows& rows) -> Status {
            ST_TRY(some, rows.purge(now, kPurgedAtOnce));
            return {};
        }));
        removed += some;
        if (some < kPurgedAtOnce) return removed;
    }
}

Result<std::unique_ptr<MessageStore>> openSqlite(const SqliteOptions& options) {
    ST_TRY(auto store, SqliteStore::open(options));
    return std::unique_ptr<MessageStore>(std::move(store));
}

std::string_view name(DeliveryState state) {
    switch (state) {
        case DeliveryState::Waiting:
            return "waiting";
        case DeliveryState::Delivered:
            return "delivered";
        case DeliveryState::Held:
            return "held";
        case DeliveryState::Skipped:
            return "skipped";
        case DeliveryState::Withdrawn:
            return "withdrawn";
    }
    return "";
}

}  // namespace stafett::store
