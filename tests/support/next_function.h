#pragma once

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>

#include <cstdlib>

namespace stafett::support {

/// For a library that is put before a program (LD_PRELOAD): the function of the C library that its
/// own of this name stands before.
template <class Function>
Function* nextFunction(const char* name) {
    void* found = ::dlsym(RTLD_NEXT, name);
    if (found == nullptr) std::abort();
    return reinterpret_cast<Function*>(found);
}

}  // namespace stafett::support
