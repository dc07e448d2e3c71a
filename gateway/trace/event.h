#pragma once

#include <string>
#include <string_view>

#include "gateway/trace/field.h"

namespace stafett::trace {

/// What happened to a message, at one stage. Kept in the transaction of the state it tells of.
enum class Step : std::uint8_t {
    Received,   ///< read whole from the wire
    Refused,    ///< with refusal id, codes and places
    Read,       ///< form recognised
    MappedIn,   ///< mapping and version; losses and residue counted
    Attached,   ///< an attachment: its id, media type and size; its title never
    Addressed,  ///< what the document said, and which rule of the table decided
    Permitted,  ///< flow, ground, consent
    Warned,     ///< a rule spoke: its id, and the agreement that says otherwise
    Consented,  ///< a consent, or its withdrawal, goes on record
    Taken,      ///< custody: the case's new state
    MappedOut,  ///< per receiver: form, versions, losses with places and reasons
    Kept,       ///< committed, receipt given
    Delivered,
    Retry,
    Held,
    Released,
    Skipped,
    Withdrawn,
    Noticed,       ///< a notice was made about it
    Viewed,        ///< somebody opened content, with reason
    Fetched,       ///< by a receiver that is not called: lent to it, not yet acknowledged
    Acknowledged,  ///< the receiver has said that it has what it fetched
    Due,           ///< a date of the case has come: what it makes due, who owes it
};

std::string_view name(Step step);

struct Event {
    Step step;
    Time at;
    Fields fields;
};

/// {"step":"kept","at":"…","fields":{…}}: the one printed form, compact JSON.
std::string print(const Event& event);

}  // namespace stafett::trace
