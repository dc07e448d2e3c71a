# The migrations, embedded: a gateway needs no file beside it to open its store.
set(made ${CMAKE_BINARY_DIR}/made/store)
file(MAKE_DIRECTORY ${made})
file(GLOB migrations CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/sql/*.sql)
add_custom_command(OUTPUT ${made}/migrations_sql.h
    COMMAND ${CMAKE_COMMAND} -DIN=${CMAKE_CURRENT_LIST_DIR}/sql -DOUT=${made}/migrations_sql.h
            -P ${CMAKE_SOURCE_DIR}/cmake/embed-sql.cmake
    DEPENDS ${migrations} ${CMAKE_SOURCE_DIR}/cmake/embed-sql.cmake)
target_sources(stafett_store PRIVATE ${made}/migrations_sql.h)
target_include_directories(stafett_store PRIVATE ${made})
