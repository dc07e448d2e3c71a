#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/bytes.h"
#include "gateway/base/ids.h"
#include "gateway/base/result.h"
#include "gateway/store/lease.h"

// Attachments: what a message carries, and its contents in sealed pieces. The pieces of a large
// content are written before its message, and are nothing until it is kept.
namespace stafett::store {

using AttachmentId = Id<struct AttachmentTag>;

/// An attachment of a message that is kept.
struct NewAttachment {
    AttachmentId id;
    std::uint32_t content = 0;  ///< which of its message's contents; two may share one
    std::string media_type;
    std::uint64_t size = 0;
    std::vector<DeliveryId> fetched_by = {};  ///< deliveries whose document only refers to it
};

/// One sealed piece of a content, from 0.
struct NewPiece {
    std::uint32_t content = 0;
    std::uint32_t piece = 0;
    Bytes bytes;
};

/// An attachment as it stands, and for whom.
struct KnownAttachment {
    AttachmentId id;
    MessageId message;
    std::string kind;  ///< of its message
    std::uint32_t content = 0;
    std::string media_type;
    std::uint64_t size = 0;
    Bytes data_key;
    /// A delivery that refers to it.
    struct For {
        DeliveryId delivery;
        PartyId receiver;
        DeliveryState state = DeliveryState::Waiting;
        std::optional<Lease::Consent> consent = {};
    };
    std::vector<For> deliveries;
};

/// The part of the store that holds contents. As safe for threads, and as durable, as the rest.
class Contents {
public:
    virtual ~Contents() = default;

    /// Writes pieces of a message that will be kept, or dropped. `done` comes after the commit.
    virtual void keepPieces(const MessageId& message, std::vector<NewPiece> pieces,
                            std::function<void(Status)> done) = 0;
    /// What is not going to be kept after all. Nothing when it is kept.
    virtual void dropPieces(const MessageId& message) = 0;
    /// Drops what no message was kept for within an hour; how many messages. When a store is opened
    /// nothing is under way, and all such pieces go. Waits for the commits.
    virtual Result<std::uint64_t> sweepPieces() = 0;

    /// One sealed piece; nothing when it is not there.
    virtual Result<std::optional<Bytes>> piece(const MessageId& message, std::uint32_t content,
                                               std::uint32_t piece) = 0;
    virtual Result<std::optional<KnownAttachment>> attachment(const AttachmentId& id) = 0;
};

}  // namespace stafett::store
