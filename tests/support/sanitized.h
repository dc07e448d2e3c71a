#pragma once

namespace stafett::support {

/// Built with a sanitizer: what memory and processor a program takes is then mostly the
/// sanitizer's own.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace stafett::support
