#pragma once

#include <chrono>
#include <compare>
#include <map>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "gateway/store/records.h"
#include "gateway/store/sqlite.h"

namespace stafett::store {

/// A place in the index of due deliveries: oldest first, then in order of commit.
struct DuePlace {
    Time due{};
    std::int64_t parcel = 0;
    auto operator<=>(const DuePlace&) const = default;
};

/// What a commit changed about deliveries that are ready to be tried.
struct ReadyDelivery {
    PartyId receiver;
    DuePlace place;
};

/// Which deliveries are lent to this process, and where in the index work is to be looked for: per
/// receiver the first place at which something not lent may stand. So neither what is lent nor a
/// receiver that is down is read again and again. Nothing here outlives the process: when it starts
/// anew, whatever was lent is due again. Many threads.
class Agenda {
public:
    /// Every receiver for whom something waits; when the store has just been opened.
    Status start(Connection& reader);

    /// After a commit: these leases have ended, and these deliveries may be tried.
    void committed(const std::vector<DeliveryId>& settled, const std::vector<ReadyDelivery>& ready);

    /// Lends at most `most` deliveries that are due, oldest first.
    Result<std::vector<DeliveryId>> lend(Connection& reader, Time now, std::chrono::seconds time,
                                         std::uint32_t most, const Receivers& to);
    /// When the next delivery is due, or the next lease ends without an answer.
    Result<std::optional<Time>> nextDue(Connection& reader, const Receivers& to);
    /// Keeps a delivery from being lent, since it is to be taken out; false: it is lent already.
    bool claim(const DeliveryId& id, const ReadyDelivery& delivery);
    /// Gives back what was lent and cannot be tried, or was claimed in vain.
    void giveBack(const DeliveryId& id);

private:
    struct Lent {
        ReadyDelivery delivery;
        Time until;
    };
    struct Row {
        DuePlace place;
        DeliveryId id;
    };
    static Result<std::vector<Row>> rowsFrom(Connection& reader, const PartyId& receiver,
                                             const DuePlace& from, int most);
    struct Scan;
    Result<std::optional<Row>> firstFree(Connection& reader, Scan& scan);
    void look(const PartyId& receiver, const DuePlace& place);
    void endLeases(Time now);
    void takeBack(const DeliveryId& id);

    std::mutex mutex_;
    std::map<PartyId, DuePlace> from_;
    std::unordered_map<DeliveryId, Lent> lent_;
};

}  // namespace stafett::store
