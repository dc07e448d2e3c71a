#pragma once

#include "gateway/custody/custody.h"

/// What the calendar does to a case. Within custody alone.
namespace stafett::custody {

/// The dates with a day on which it is told that they have passed: the day after, if none is said.
OfferDates completed(OfferDates dates);

/// Every timer whose day has come fires, each once: not again when told twice, late, or when the
/// clock has gone back.
Decision tick(const CaseState& before, std::string_view today);

}  // namespace stafett::custody
