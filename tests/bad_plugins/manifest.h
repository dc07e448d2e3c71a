#pragma once

#include <cstddef>
#include <string_view>

/// The least a manifest says, made while compiling; each bad plugin is bad in one way alone.
struct Manifest {
    char text[640] = {};
    std::size_t size = 0;

    constexpr void add(std::string_view more) {
        for (const char c : more) text[size++] = c;
    }
    constexpr std::string_view view() const { return {text, size}; }
};

constexpr Manifest manifest(std::string_view name, std::string_view replies,
                            std::string_view interpret) {
    Manifest made;
    made.add(R"({"plugin":")");
    made.add(name);
    made.add(R"(","version":"1.0.0","dialect":")");
    made.add(name);
    made.add(R"(","status":"alpha","title":{"sv":"Prov","en":"Trial"},"read":{"format":"json"},)");
    made.add(R"("inbound":[{"path":"/in","content_types":["application/json"],)");
    made.add(R"("forms":[{"form":"remiss"}]}],"replies":")");
    made.add(replies);
    made.add(R"(","interpret":")");
    made.add(interpret);
    made.add(R"("})");
    return made;
}
