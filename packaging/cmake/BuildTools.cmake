# SPDX-License-Identifier: GPL-3.0-or-later
# What shapes every compile and link: cache, linker, warnings, sanitizers. Nothing here is required to build.

find_program(DESCENT_CCACHE ccache)
if(DESCENT_CCACHE)
    # Precompiled headers are only cached with these sloppiness flags; base_dir lets two checkouts share results.
    set(CMAKE_CXX_COMPILER_LAUNCHER
        ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
        CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${DESCENT_CCACHE})
endif()

find_program(DESCENT_MOLD mold)
if(DESCENT_MOLD)
    # Debian 12's 1.10 now and then counts a thread-local variable that ends on a page's edge to the part made read-only: the
    # program then dies at its start ("cannot apply additional memory protection after relocation").
    add_link_options(-fuse-ld=mold -Wl,-z,norelro)
endif()

if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

add_library(descent_warnings INTERFACE)
target_compile_options(descent_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
    -Wno-missing-field-initializers  # designated initializers leave out what has a default
    $<$<BOOL:${DESCENT_WERROR}>:-Werror>)

if(DESCENT_SANITIZE)
    add_compile_options(-fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
    add_link_options(-fsanitize=address,undefined)
endif()

if(DESCENT_FUZZ)
    # Every report ends the program. -O1 and line tables alone: the core compiles in half the time and is fast enough.
    add_compile_options(-O1 -gline-tables-only -fno-omit-frame-pointer
        -fsanitize=fuzzer-no-link,address,undefined,float-cast-overflow -fno-sanitize-recover=all
        "SHELL:-Xclang -fno-pch-timestamp") # ccache compares the precompiled header byte by byte
    add_compile_options(-Wno-deprecated-declarations) # inside GCC's own headers
    add_compile_definitions(_GLIBCXX_ASSERTIONS)
    set(CMAKE_POSITION_INDEPENDENT_CODE OFF) # a program and a library must agree to share a precompiled header
    add_link_options(-fsanitize=address,undefined)
endif()
