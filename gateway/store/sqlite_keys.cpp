// Turning the key ring's key: data keys are read in the order they were kept, and put back wrapped
// anew. What they seal is not touched.
#include "gateway/security/seal.h"
#include "gateway/store/sqlite_store.h"

namespace stafett::store {
namespace {

constexpr char kAfter[] = "SELECT n, id, data_key FROM message WHERE n > ? ORDER BY n LIMIT ?";
constexpr char kUsers[] =
    "SELECT min(data_key), count(*) FROM message GROUP BY substr(data_key, 1, length(data_key) - "
    "?)";
constexpr char kPut[] = "UPDATE message SET data_key = ? WHERE n = ? AND id = ?";

}  // namespace

Result<std::vector<WrappedKey>> SqliteStore::after(std::int64_t place, std::uint32_t most) {
    const auto reader = readers_->take();
    auto row = reader->query(kAfter, place, most);
    std::vector<WrappedKey> keys;
    while (true) {
        ST_TRY(const bool found, row.next());
        if (!found) return keys;
        keys.push_back({row.integer(0), row.id<MessageTag>(1), row.blob(2)});
    }
}

Result<std::vector<KeyUsers>> SqliteStore::users() {
    const auto reader = readers_->take();
    auto row = reader->query(kUsers, std::int64_t{security::Sealer::kWrappedTail});
    std::vector<KeyUsers> users;
    while (true) {
        ST_TRY(const bool found, row.next());
        if (!found) return users;
        users.push_back({row.blob(0), static_cast<std::uint64_t>(row.integer(1))});
    }
}

Status SqliteStore::replace(const std::vector<WrappedKey>& keys) {
    return writer_->addAndWait([&](Rows& rows) { return rows.rewrap(keys); });
}

Status Rows::rewrap(const std::vector<WrappedKey>& keys) {
    changes_.data_keys = true;
    for (const auto& key : keys) {
        ST_CHECK(connection_.run(kPut, Blob{key.wrapped}, key.place, key.message));
    }
    return {};
}

}  // namespace stafett::store
