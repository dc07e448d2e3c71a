# Every outside library, from Debian 12's own packages.
find_package(OpenSSL 3 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(Poco REQUIRED COMPONENTS Foundation Net NetSSL Util Crypto Encodings Data DataSQLite)
find_package(Boost 1.74 REQUIRED)
find_package(simdjson REQUIRED)
find_package(expat CONFIG REQUIRED)
find_package(pugixml REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(tl-expected REQUIRED)
find_package(date REQUIRED)
find_package(zstd REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)

# valijson's headers alone: Debian's package would bring Qt 5 with it. cmake/get-valijson unpacks them.
find_path(VALIJSON_INCLUDE valijson/validator.hpp PATHS ${CMAKE_SOURCE_DIR}/build/valijson/usr/include)
if(NOT VALIJSON_INCLUDE)
    execute_process(COMMAND ${CMAKE_SOURCE_DIR}/cmake/get-valijson ${CMAKE_SOURCE_DIR}/build/valijson
                    COMMAND_ERROR_IS_FATAL ANY)
    find_path(VALIJSON_INCLUDE valijson/validator.hpp
              PATHS ${CMAKE_SOURCE_DIR}/build/valijson/usr/include REQUIRED)
endif()
add_library(stafett_valijson INTERFACE)
target_include_directories(stafett_valijson SYSTEM INTERFACE ${VALIJSON_INCLUDE})

# POCO's macros change its headers; the same for all who see them.
set(STAFETT_POCO Poco::Foundation Poco::Net Poco::NetSSL Poco::Util Poco::Crypto Poco::Encodings
                 Poco::Data Poco::DataSQLite)
