// Attachments and the pieces of their contents.
#include "gateway/store/rows.h"

namespace stafett::store {
namespace {

constexpr char kAddAttachment[] =
    "INSERT INTO attachment (id, case_id, seq, content, media_type, size) "
    "VALUES (?, ?, ?, ?, ?, ?)";
constexpr char kAddFetchedBy[] =
    "INSERT INTO attachment_fetched_by (attachment, delivery) VALUES (?, ?)";
constexpr char kAddPiece[] =
    "INSERT INTO content_piece (message, content, piece, bytes) VALUES (?, ?, ?, ?)";
constexpr char kPend[] = "INSERT OR IGNORE INTO content_pending (message, since) VALUES (?, ?)";
constexpr char kSettlePending[] = "DELETE FROM content_pending WHERE message = ?";
constexpr char kDropPieces[] = "DELETE FROM content_piece WHERE message = ?";
constexpr char kOldest[] =
    "SELECT message FROM content_pending WHERE since < ? ORDER BY since LIMIT 1";

}  // namespace

Status Rows::addAttachments(const Keep& keep, std::uint64_t seq) {
    for (const auto& one : keep.attachments) {
        ST_CHECK(connection_.run(kAddAttachment, one.id, keep.case_id, seq, one.content,
                                 one.media_type, one.size));
        for (const auto& delivery : one.fetched_by) {
            ST_CHECK(connection_.run(kAddFetchedBy, one.id, delivery));
        }
    }
    ST_CHECK(addPieces(keep.id, keep.pieces));
    if (!keep.pieces_before) return {};
    ST_CHECK(connection_.run(kSettlePending, keep.id));
    // Swept, because it took longer than anything does: the sender keeps it and sends it again.
    if (sqlite3_changes64(connection_.raw()) == 0) return tl::unexpected(Error(Code::StoreFailed));
    return {};
}

Status Rows::addPieces(const MessageId& message, const std::vector<NewPiece>& pieces) {
    for (const auto& one : pieces) {
        ST_CHECK(connection_.run(kAddPiece, message, one.content, one.piece, Blob{one.bytes}));
    }
    return {};
}

Status Rows::keepPieces(const MessageId& message, const std::vector<NewPiece>& pieces, Time now) {
    ST_CHECK(connection_.run(kPend, message, now));
    return addPieces(message, pieces);
}

Result<bool> Rows::dropPieces(const MessageId& message) {
    ST_CHECK(connection_.run(kSettlePending, message));
    if (sqlite3_changes64(connection_.raw()) == 0) return false;
    ST_CHECK(connection_.run(kDropPieces, message));
    return true;
}

Result<bool> Rows::sweepOldest(Time before) {
    MessageId message;
    {
        Cursor oldest = connection_.query(kOldest, before);
        ST_TRY(const bool found, oldest.next());
        if (!found) return false;
        message = oldest.id<MessageTag>(0);
    }
    return dropPieces(message);
}

}  // namespace stafett::store
