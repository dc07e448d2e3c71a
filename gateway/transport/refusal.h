#pragma once

#include <string_view>

#include "gateway/base/error.h"
#include "gateway/transport/http.h"

namespace stafett::transport {

/// Why a request is turned away before anyone inside has seen it.
struct Refusal {
    int status;
    Code code;
    std::uint64_t limit = 0;      ///< the number that was passed, where one was
    std::string_view place = {};  ///< the header or parameter, in our own words
};

/// The texts of `code` as application/problem+json. Holds nothing the peer wrote.
HttpResponse problem(Refusal refusal, Language language);

/// Swedish, unless Accept-Language names English first.
Language languageOf(const Headers& headers);

}  // namespace stafett::transport
