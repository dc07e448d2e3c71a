#pragma once

#include <initializer_list>
#include <string_view>

#include "gateway/base/sha256.h"

namespace stafett::security {

/// HMAC-SHA-256 over fields, each led by its length as eight bytes, so that no two lists of fields
/// give the same bytes. Many threads may call it.
Digest hmacSha256(std::string_view key, std::initializer_list<std::string_view> fields);

}  // namespace stafett::security
