#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gateway/codec/content.h"
#include "gateway/pipeline/frame.h"
#include "gateway/pipeline/shared.h"
#include "gateway/pipeline/tickets.h"
#include "gateway/transport/http.h"

// Contents of attachments on their way in and out. They never enter a document that is read or
// mapped, nor a column of the message; what is whole in memory is the body as it came, once.
namespace stafett::pipeline {

/// Bytes of a content in one sealed piece: a multiple of three, so that the base64 of each stands
/// alone.
inline constexpr std::size_t kPiece = 63U << 10;

/// What was cut out of a request, until its message is kept.
struct TakenContents {
    Bytes body;  ///< as it came; let go of once the contents are in the store
    std::vector<codec::CutContent> list;
    Digest digest;      ///< of the body, once it is let go of
    bool kept = false;  ///< their pieces wait in the store for the message
};

/// Cuts the contents out of the journey's body, where its dialect has any.
void takeContents(Journey& journey, const DialectId& dialect);
/// The body of the request, contents and all, until they are in the store; and its digest at any
/// time.
std::string_view bodyAsItCame(const Journey& journey);
Digest digestAsItCame(const Journey& journey);

/// Gives each attachment its id and size, and says what is wrong with it; names the limits in the
/// problems that the mapping found.
Problems checkContents(const config::Attachments& limits,
                       const std::vector<codec::CutContent>& contents, const MessageId& id,
                       message::Message& message, Problems& read);
/// What was cut out of the journey's body; empty when nothing was.
const std::vector<codec::CutContent>& contentsOf(const Journey& journey);

/// The message's attachments as the store keeps them.
std::vector<store::NewAttachment> attachmentsOf(const Journey& journey,
                                                const message::Message& message);

/// Takes the marks of contents out of a written body: where each belongs. StoreDamaged for a mark
/// of none.
Result<std::vector<Splice>> spliceContents(const Journey& journey, const MessageId& id,
                                           Bytes& body);

/// Seals the contents into the store, before their message: small ones go with `keep`, others are
/// written now, piece by piece, and waited for. Not from the store's own thread.
Status keepContents(const Shared& shared, Journey& journey, store::Keep& keep);
/// What was written of them goes, when the message is not kept after all.
void dropContents(const Shared& shared, const Journey& journey, const MessageId& id);

/// What opens one message's contents.
struct ContentKey {
    MessageId message;
    std::shared_ptr<const security::MessageKey> key;
};
Result<ContentKey> contentKey(const Shared& shared, const MessageId& message,
                              std::string_view wrapped);

/// A parcel's body with its contents, made while it is sent; nothing when it has none, and the
/// body stays the parcel's.
Result<std::shared_ptr<transport::BodySource>> bodyOf(const Shared& shared,
                                                      const store::Lease& lease, Parcel& parcel);
/// The same with the key at hand, for a parcel that has some. The store must outlive it.
std::shared_ptr<transport::BodySource> parcelBody(store::Contents& store, ContentKey key,
                                                  Parcel& parcel);
/// One content's own bytes.
std::shared_ptr<transport::BodySource> contentOf(store::Contents& store, ContentKey key,
                                                 std::uint32_t content, std::uint64_t size);

/// The name a piece is sealed under: moved to another place or content, it does not open.
std::string pieceColumn(std::uint32_t content, std::uint64_t piece, bool last);

}  // namespace stafett::pipeline
