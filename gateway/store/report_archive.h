#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/bytes.h"
#include "gateway/base/ids.h"
#include "gateway/base/sha256.h"
#include "gateway/store/sqlite.h"

namespace stafett::store {

/// One number that was let go at the end of a month, and never changes.
struct ReportCell {
    std::string population, month;  ///< month: YYYY-MM
    std::string by, value, column, across;
    std::uint64_t n = 0;
    std::int64_t days = 0;
};

/// What participants have said of their support, as an evaluator's CSV gives it.
struct ExperienceRow {
    std::string month, association, question;
    std::uint64_t answers = 0, yes = 0;
};

/// What is not told yet: sealed, under a key of its own.
struct WaitingEvents {
    Uuid owner{};
    Bytes data_key, sealed;
};

/// Keeps the numbers of follow-up in a file of their own beside the store, so that counting never
/// waits for messages nor they for it. Numbers are clear, for they tell of nobody; what waits is
/// sealed; persons are keyed hashes. Many threads, one at a time.
class ReportArchive {
public:
    static Result<std::unique_ptr<ReportArchive>> open(const std::string& path);

    /// The last month whose numbers were let go, empty before the first.
    Result<std::string> lastMonth();
    Result<std::optional<WaitingEvents>> waiting();
    /// Its data key, wrapped by another key of the ring. Nothing where another month has closed
    /// since.
    Status wrapAgain(const Uuid& owner, const Bytes& data_key);
    /// Whether this person has been counted before.
    Result<bool> knows(const Digest& person);

    struct Month {
        std::string month;
        std::vector<ReportCell> cells;
        std::vector<Digest> persons;  ///< counted for the first time
        WaitingEvents waiting;
    };
    /// In one transaction. A month that was let go already is StoreFailed: it never changes.
    Status publish(const Month& month);

    /// From and to: YYYY-MM, both included.
    Result<std::vector<ReportCell>> cells(const std::string& population, const std::string& by,
                                          const std::string& column, const std::string& from,
                                          const std::string& to);

    /// The same month, association and question again replaces nothing: StoreFailed.
    Status add(const std::vector<ExperienceRow>& rows);
    Result<std::vector<ExperienceRow>> experience(const std::string& from, const std::string& to);

private:
    explicit ReportArchive(Connection connection) : connection_(std::move(connection)) {}
    Status inTransaction(const std::function<Status()>& work);
    Status write(const Month& month);

    std::mutex mutex_;
    Connection connection_;
};

}  // namespace stafett::store
