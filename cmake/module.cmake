# stafett_module(NAME): gateway/NAME becomes the static library stafett_NAME.
# What it may include from the other modules is a row of gateway/LAYERS; a house test reads every #include.
set(STAFETT_LIBS_base OpenSSL::Crypto)
set(STAFETT_LIBS_message nlohmann_json::nlohmann_json date::date-tz)
set(STAFETT_LIBS_mapping pugixml::pugixml)
set(STAFETT_LIBS_codec expat::expat simdjson::simdjson pugixml::pugixml PkgConfig::UTF8PROC)
set(STAFETT_LIBS_trace Poco::Foundation prometheus-cpp::core)
set(STAFETT_LIBS_config nlohmann_json::nlohmann_json stafett_valijson)
set(STAFETT_LIBS_security OpenSSL::SSL OpenSSL::Crypto Poco::NetSSL Poco::Crypto zstd::libzstd_shared)
set(STAFETT_LIBS_plugin Poco::Foundation ${CMAKE_DL_LIBS})
set(STAFETT_LIBS_store SQLite::SQLite3 Poco::Data Poco::DataSQLite zstd::libzstd_shared)
set(STAFETT_LIBS_transport Poco::Net Poco::NetSSL OpenSSL::SSL Boost::headers)
set(STAFETT_LIBS_pipeline Threads::Threads)
set(STAFETT_LIBS_admin Poco::Net)

# Each module links all modules before it in the order of the top CMakeLists.
set_property(GLOBAL PROPERTY STAFETT_MODULES "")

function(stafett_module name)
    get_property(before GLOBAL PROPERTY STAFETT_MODULES)
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/gateway/${name}/*.cpp)
    if(sources)
        add_library(stafett_${name} STATIC ${sources})
        set(scope PUBLIC)
        target_link_libraries(stafett_${name} PRIVATE stafett_flags)
    else()
        add_library(stafett_${name} INTERFACE)
        set(scope INTERFACE)
    endif()
    target_include_directories(stafett_${name} ${scope} ${CMAKE_SOURCE_DIR})
    list(REVERSE before)
    target_link_libraries(stafett_${name} ${scope} ${before} tl::expected ${STAFETT_LIBS_${name}}
                          Threads::Threads)
    list(REVERSE before)
    set_property(GLOBAL PROPERTY STAFETT_MODULES ${before} stafett_${name})
    include(${CMAKE_SOURCE_DIR}/gateway/${name}/module.cmake OPTIONAL)  # what a module makes while building
endfunction()

# stafett_add_plugin(NAME): the folder it is called in becomes plugins/NAME.so in the build folder: its
# manifest.json embedded, its *.cpp compiled, or cmake/declared_plugin.cpp when it has none. A plugin exports
# one symbol, binds at load and may lack none.
add_custom_target(gateway_plugins)  # all of them
function(stafett_add_plugin name)
    set(folder ${CMAKE_CURRENT_SOURCE_DIR})
    set(made ${CMAKE_CURRENT_BINARY_DIR}/made)
    file(MAKE_DIRECTORY ${made})
    add_custom_command(OUTPUT ${made}/manifest.h
        COMMAND ${CMAKE_COMMAND} -DIN=${folder}/manifest.json -DOUT=${made}/manifest.h
                -P ${CMAKE_SOURCE_DIR}/cmake/embed-manifest.cmake
        DEPENDS ${folder}/manifest.json ${CMAKE_SOURCE_DIR}/cmake/embed-manifest.cmake)
    file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cpp)
    if(NOT sources)
        set(sources ${CMAKE_SOURCE_DIR}/cmake/declared_plugin.cpp)
    endif()
    set_property(GLOBAL APPEND PROPERTY STAFETT_PLUGINS plugin_${name})
    add_library(plugin_${name} MODULE ${sources} ${made}/manifest.h)
    target_include_directories(plugin_${name} PRIVATE ${made} ${CMAKE_SOURCE_DIR})
    target_link_libraries(plugin_${name} PRIVATE stafett_flags)
    stafett_plugin_link(plugin_${name})
    set_target_properties(plugin_${name} PROPERTIES OUTPUT_NAME ${name}
        LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins)
    add_dependencies(gateway_plugins plugin_${name})
endfunction()

# How every plugin is linked (a sanitizer's own symbols are found in the program).
function(stafett_plugin_link target)
    target_link_options(${target} PRIVATE -Wl,-z,now
        -Wl,--version-script=${CMAKE_SOURCE_DIR}/cmake/plugin.map)
    if(NOT STAFETT_SANITIZE)
        target_link_options(${target} PRIVATE -Wl,-z,defs)
    endif()
    set_target_properties(${target} PROPERTIES PREFIX ""
        LINK_DEPENDS ${CMAKE_SOURCE_DIR}/cmake/plugin.map)
endfunction()
