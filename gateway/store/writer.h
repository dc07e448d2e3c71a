#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "gateway/store/agenda.h"
#include "gateway/store/message_store.h"
#include "gateway/store/rows.h"

namespace stafett::store {

/// One thing to write. `apply` may be called again when a transaction was rolled back for another
/// job's sake; `done` is called once, after the commit or with what kept it from happening.
struct Job {
    std::function<Status(Rows&)> apply;
    std::function<void(Status)> done;
};

/// The one thread that writes. Jobs are committed together: a commit is made when none waits, when
/// `group` are in it or when it has gathered for `linger`. A job that comes alone waits for
/// nothing.
class Writer {
public:
    Writer(Connection connection, const SqliteOptions& options, Agenda& agenda, Names& names,
           AtHand& at_hand, Sieve& sieve);
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    /// Whether a job must find room in the queue. What tells of work already taken on must not be
    /// turned away.
    enum class Room : std::uint8_t { Needed, Given };
    void add(Job job, Room room);
    /// Adds a job and waits for its end. Not from the writer's own thread.
    Status addAndWait(std::function<Status(Rows&)> apply);

    void onDue(std::function<void()> wake);
    void onCaseDue(std::function<void(const std::string&)> wake);
    Status health() const;
    void close();

private:
    struct Told {
        Job job;
        Status status;
    };
    struct Batch {
        std::vector<Job> jobs;
        std::vector<Told> alone;  ///< failed by themselves: told so, while the others go on
    };
    void work();
    void commitSome();
    Status gather(Batch& batch);
    Status applyFrom(Batch& batch, std::size_t first);
    bool takeOne(Batch& batch);
    void tellDue();
    void rollBack();
    void committed(const Batch& batch, std::chrono::steady_clock::time_point begun);
    void stop(const Error& error);
    void refuseAll();
    int pagesToCopy() const;
    int newPages() const;
    void checkpoint();
    void leave();
    static int onWalPages(void* self, sqlite3* database, const char* name, int pages);

    Connection connection_;
    Rows rows_;
    Agenda& agenda_;
    Names& names_;
    AtHand& at_hand_;
    Sieve& sieve_;
    const SqliteOptions options_;
    int wal_pages_ = 0;     ///< in the write-ahead log
    int copied_pages_ = 0;  ///< of them, already in the store's file
    int left_pages_ = 0;    ///< that the last copying had to leave, for a reader's sake

    mutable std::mutex mutex_;
    std::condition_variable added_;
    std::deque<Job> queue_;
    bool closing_ = false;
    std::optional<Error> stopped_;
    std::function<void()> wake_;
    std::function<void(const std::string&)> case_wake_;
    std::thread thread_;  ///< the last: it uses all of the above
};

}  // namespace stafett::store
