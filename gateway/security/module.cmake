# The dictionary that values are compressed with, embedded: what was sealed with it must open wherever the
# gateway runs.
set(made ${CMAKE_BINARY_DIR}/made/security)
file(MAKE_DIRECTORY ${made})
add_custom_command(OUTPUT ${made}/dictionary_1_bytes.h
    COMMAND ${CMAKE_COMMAND} -DIN=${CMAKE_CURRENT_LIST_DIR}/dictionary/1.zdict -DOUT=${made}/dictionary_1_bytes.h
            -DNAME=kDictionary1 -P ${CMAKE_SOURCE_DIR}/cmake/embed-bytes.cmake
    DEPENDS ${CMAKE_CURRENT_LIST_DIR}/dictionary/1.zdict ${CMAKE_SOURCE_DIR}/cmake/embed-bytes.cmake)
target_sources(stafett_security PRIVATE ${made}/dictionary_1_bytes.h)
target_include_directories(stafett_security PRIVATE ${made})
