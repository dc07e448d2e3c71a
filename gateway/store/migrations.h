#pragma once

#include <span>
#include <string_view>

#include "gateway/store/sqlite.h"

namespace stafett::store {

/// One numbered step of the store's form. What was once released is never changed.
struct Migration {
    int version;
    std::string_view name;
    std::string_view sql;
};

/// The steps built in, from sql/NNN_name.sql: 1, 2, 3, …
std::span<const Migration> migrations();

/// Brings the store to the last of `steps`, one transaction each. StoreMigration when the store
/// was made by a newer version: then nothing is touched.
Status migrate(Connection& connection, std::span<const Migration> steps);

}  // namespace stafett::store
