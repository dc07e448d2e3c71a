# Warnings are errors; sanitizers by preset; paths relative, so that builds in two places are equal.
set(STAFETT_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= reads them")
option(STAFETT_FUZZ "Build the fuzz targets (clang)" OFF)

add_library(stafett_flags INTERFACE)
target_compile_options(stafett_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Werror
    -fvisibility=hidden -fstack-protector-strong -ffile-prefix-map=${CMAKE_SOURCE_DIR}=.)
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
    # Clang's -Wconversion asks for more than GCC's, which judges every build.
    target_compile_options(stafett_flags INTERFACE -Wno-sign-conversion)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(stafett_flags INTERFACE -Wno-restrict)  # GCC 12's false alarm (its PR 105329)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
    target_compile_definitions(stafett_flags INTERFACE _FORTIFY_SOURCE=2)
endif()
if(STAFETT_SANITIZE)
    if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
        # GCC 12 warns of its own <regex> and <functional> once sanitizers are on.
        target_compile_options(stafett_flags INTERFACE -Wno-maybe-uninitialized)
    endif()
    add_compile_options(-fsanitize=${STAFETT_SANITIZE} -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${STAFETT_SANITIZE})
endif()
if(STAFETT_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()

find_program(STAFETT_CCACHE ccache)
if(STAFETT_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${STAFETT_CCACHE})
endif()
