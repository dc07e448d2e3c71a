#pragma once

#include <cstdlib>

namespace stafett::support {

/// A sanitizer must be the first library of a program: nothing can be put before one built so.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kMayPreload = false;
#else
inline constexpr bool kMayPreload = true;
#endif

/// Puts a library before whatever is started while this lives, and tells it a path by a variable.
class Preload {
public:
    Preload(const char* library, const char* variable, const char* path) : variable_(variable) {
        ::setenv(variable_, path, 1);
        ::setenv("LD_PRELOAD", library, 1);
    }
    ~Preload() {
        ::unsetenv("LD_PRELOAD");
        ::unsetenv(variable_);
    }
    Preload(const Preload&) = delete;
    Preload& operator=(const Preload&) = delete;

private:
    const char* variable_;
};

}  // namespace stafett::support
