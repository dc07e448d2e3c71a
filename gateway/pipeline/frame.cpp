#include "gateway/pipeline/frame.h"

#include <charconv>

namespace stafett::pipeline {
namespace {

// Each part is led by its length: no byte has to be escaped.
void put(Bytes& out, std::string_view part) {
    out += std::to_string(part.size());
    out += ':';
    out += part;
}

bool take(std::string_view& rest, std::string& part) {
    const auto colon = rest.find(':');
    if (colon == std::string_view::npos) return false;
    std::size_t size = 0;
    const auto [end, failed] = std::from_chars(rest.data(), rest.data() + colon, size);
    if (failed != std::errc{} || end != rest.data() + colon) return false;
    rest.remove_prefix(colon + 1);
    if (rest.size() < size) return false;
    part = rest.substr(0, size);
    rest.remove_prefix(size);
    return true;
}

}  // namespace

Bytes frame(const plugin::WireMessage& request) {
    Bytes out;
    out.reserve(request.body.size() + 512);
    put(out, request.method);
    put(out, request.path);
    for (const auto& [name, value] : request.headers) {
        put(out, name);
        put(out, value);
    }
    put(out, "");  // no header has an empty name
    put(out, request.body);
    return out;
}

Result<plugin::WireMessage> unframe(std::string_view bytes) {
    const auto damaged = [] { return tl::make_unexpected(Error(Code::StoreDamaged)); };
    plugin::WireMessage request;
    if (!take(bytes, request.method) || !take(bytes, request.path)) return damaged();
    for (;;) {
        std::string name;
        std::string value;
        if (!take(bytes, name)) return damaged();
        if (name.empty()) break;
        if (!take(bytes, value)) return damaged();
        request.headers.emplace_back(std::move(name), std::move(value));
    }
    if (!take(bytes, request.body) || !bytes.empty()) return damaged();
    return request;
}

}  // namespace stafett::pipeline
