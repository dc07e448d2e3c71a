#pragma once

#include <functional>

#include "gateway/pipeline/frame.h"
#include "gateway/pipeline/inbound.h"
#include "gateway/pipeline/notice.h"
#include "gateway/pipeline/shared.h"

namespace stafett::pipeline {

/// The request that a lent delivery sends, opened.
Result<Parcel> openRequest(const Shared& shared, const store::Lease& lease);

/// Settles what became of deliveries, by whichever door they go: counts it, and owes those
/// who asked to be told a notice. Many threads.
class Settling {
public:
    Settling(const Shared& shared, SnapshotSource snapshot, Notices& notices);

    /// Returns at once. `done` comes from the store's writer thread, after the commit.
    void settle(const store::Lease& lease, store::Attempt attempt,
                std::function<void(const Status&)> done) const;

private:
    static std::vector<Word> toTell(const store::Lease& lease, store::Attempt::Outcome outcome,
                                    std::optional<Code> code);

    const Shared& shared_;
    SnapshotSource snapshot_;
    Notices& notices_;
};

}  // namespace stafett::pipeline
