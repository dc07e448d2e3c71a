#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "gateway/config/config.h"
#include "gateway/report/release.h"
#include "gateway/security/seal.h"
#include "gateway/store/message_store.h"
#include "gateway/store/report_archive.h"

namespace stafett::report {

struct Request {
    std::string report;    ///< a definition's id
    std::string from, to;  ///< YYYY-MM, closed months, both included
    std::string by;        ///< one of the definition's variables, or empty
};

struct Row {
    std::string value;        ///< of the variable down the side; empty for all
    std::vector<Cell> cells;  ///< one a column
    Cell sum;
};

/// A report as made. A cell of nought means fewer than five, or none.
struct Table {
    const Definition* definition = nullptr;
    Request request;
    std::vector<std::string> columns;  ///< values of the variable across; empty: only the sum
    std::vector<Row> rows;
    Row total;
};

/// Makes reports. Months that have closed since the last time are counted first, let go and written
/// down; a number once written down never changes, whatever is purged or corrected later. Many
/// threads; one at a time counts.
class Reports {
public:
    Reports(store::MessageStore& store, store::ReportArchive& archive,
            const security::Sealer& sealer)
        : store_(store), archive_(archive), sealer_(sealer) {}

    /// ST-CLI-004 for months that are not closed, ST-CLI-005 for an unknown report or split.
    /// `today` is the date in Stockholm.
    Result<Table> make(const Request& request, const config::Config& config,
                       std::string_view today);

    /// Reads an evaluator's CSV (docs/reports.md) into the archive: all of it or nothing. How many
    /// rows; ST-CLI-006 with the line.
    Result<std::size_t> importExperience(std::string_view csv, std::string_view today);
    Result<std::vector<store::ExperienceRow>> experience(const std::string& from,
                                                         const std::string& to);

    /// The ring's key on which what waits to be told rests; empty before the first month.
    Result<std::string> sealedUnder();
    /// Wraps its data key under the ring's active key; false when that is so already.
    Result<bool> rewrap();

private:
    Status catchUp(const config::Config& config, const std::string& this_month);
    Status count(const config::Config& config, const std::string& month);

    store::MessageStore& store_;
    store::ReportArchive& archive_;
    const security::Sealer& sealer_;
    std::mutex counting_;
};

/// YYYY-MM after this one.
std::string nextMonth(std::string_view month);
bool isMonth(std::string_view text);

}  // namespace stafett::report
