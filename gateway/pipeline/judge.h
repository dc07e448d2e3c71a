#pragma once

#include "gateway/pipeline/snapshot.h"
#include "gateway/store/records.h"
#include "gateway/transport/http.h"

// What becomes of a delivery that was tried, or could not be: attempts for the store to settle,
// each with its event. Nothing here waits or writes.
namespace stafett::pipeline {

/// When to try again after this many attempts: the first wait doubled to the last, spread by
/// chance, a number from 0 to 1.
std::chrono::milliseconds waitAfter(std::uint32_t attempts, const config::Delivery& settings,
                                    double chance);
double chance();

/// What an answer means for the delivery (design 3, interpret).
store::Attempt judge(const store::Lease& lease, const Result<transport::HttpResponse>& answer,
                     const Snapshot& snapshot, Time now, double chance);

/// To be tried again by schedule, not before `asked` is over; held when it has been tried for long
/// enough.
store::Attempt retry(const store::Lease& lease, Code code, std::chrono::seconds asked,
                     const config::Delivery& settings, Time now, double chance, trace::Fields why);
store::Attempt hold(const store::Lease& lease, Code code, Time now, trace::Fields why);
store::Attempt delivered(const store::Lease& lease, Time now, trace::Fields said);
/// The consent fell while it waited: it does not leave, and what stands behind it goes on.
store::Attempt withdraw(const store::Lease& lease, Time now);

/// An event that names the delivery, its receiver and the attempt.
trace::Event attemptEvent(const store::Lease& lease, trace::Step step, Time now,
                          trace::Fields more);

}  // namespace stafett::pipeline
