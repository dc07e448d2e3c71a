// Contents of attachments: written before their message, read in pieces.
#include "gateway/store/sqlite_store.h"

namespace stafett::store {
namespace {

constexpr std::chrono::hours kUnderWay{1};

constexpr char kDropUnfinished[] =
    "DELETE FROM content_piece WHERE message IN (SELECT message FROM content_pending)";
constexpr char kNonePending[] = "DELETE FROM content_pending";
constexpr char kPiece[] =
    "SELECT bytes FROM content_piece WHERE message = ? AND content = ? AND piece = ?";
constexpr char kAttachment[] =
    "SELECT m.id, m.kind, a.content, a.media_type, a.size, m.data_key FROM attachment AS a "
    "JOIN message AS m ON m.case_id = a.case_id AND m.seq = a.seq WHERE a.id = ?";
constexpr char kFetchedBy[] =
    "SELECT d.id, d.receiver, d.state, d.consent IS NOT NULL, c.withdrawn, "
    "CASE WHEN c.ref IS NULL THEN d.consent_to ELSE c.valid_to END "
    "FROM attachment_fetched_by AS f JOIN delivery AS d ON d.id = f.delivery "
    "LEFT JOIN consent AS c ON c.ref = d.consent WHERE f.attachment = ?";

}  // namespace

void SqliteStore::keepPieces(const MessageId& message, std::vector<NewPiece> pieces,
                             std::function<void(Status)> done) {
    auto kept = std::make_shared<std::vector<NewPiece>>(std::move(pieces));
    const Time now = SystemClock{}.now();
    writer_->add({[message, kept, now](Rows& rows) { return rows.keepPieces(message, *kept, now); },
                  std::move(done)},
                 Writer::Room::Needed);
}

void SqliteStore::dropPieces(const MessageId& message) {
    writer_->add({[message](Rows& rows) -> Status {
                      ST_TRY([[maybe_unused]] const bool dropped, rows.dropPieces(message));
                      return {};
                  },
                  [](const Status&) {}},
                 Writer::Room::Given);
}

Status SqliteStore::dropUnfinished(Connection& connection) {
    ST_CHECK(connection.run(kDropUnfinished));
    return connection.run(kNonePending);
}

Result<std::uint64_t> SqliteStore::sweepPieces() {
    const Time before = SystemClock{}.now() - kUnderWay;
    std::uint64_t swept = 0;
    while (true) {
        bool some = false;
        ST_CHECK(writer_->addAndWait([&](Rows& rows) -> Status {
            ST_TRY(some, rows.sweepOldest(before));
            return {};
        }));
        if (!some) return swept;
        ++swept;
    }
}

Result<std::optional<Bytes>> SqliteStore::piece(const MessageId& message, std::uint32_t content,
                                                std::uint32_t piece) {
    const auto reader = readers_->take();
    Cursor row = reader->query(kPiece, message, content, piece);
    ST_TRY(const bool found, row.next());
    if (!found) return std::nullopt;
    return row.blob(0);
}

Result<std::optional<KnownAttachment>> SqliteStore::attachment(const AttachmentId& id) {
    const auto reader = readers_->take();
    KnownAttachment known;
    known.id = id;
    {
        Cursor row = reader->query(kAttachment, id);
        ST_TRY(const bool found, row.next());
        if (!found) return std::nullopt;
        known.message = row.id<MessageTag>(0);
        known.kind = row.text(1);
        known.content = static_cast<std::uint32_t>(row.integer(2));
        known.media_type = row.text(3);
        known.size = static_cast<std::uint64_t>(row.integer(4));
        known.data_key = row.blob(5);
    }
    Cursor row = reader->query(kFetchedBy, id);
    while (true) {
        ST_TRY(const bool found, row.next());
        if (!found) return known;
        KnownAttachment::For one{row.id<DeliveryTag>(0), row.name<PartyTag>(1),
                                 static_cast<DeliveryState>(row.integer(2))};
        if (row.integer(3) != 0) one.consent = {.to = row.text(5), .withdrawn = row.text(4)};
        known.deliveries.push_back(std::move(one));
    }
}

}  // namespace stafett::store
