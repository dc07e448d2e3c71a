#pragma once

#include <cstdlib>

namespace stafett::support {

/// Puts a library before whatever is started while this lives, and tells it a path by a variable.
/// Not before what is built with a sanitizer (kSanitized), which must itself be a program's first
/// library.
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
