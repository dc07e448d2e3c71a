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

/// "at content size" each, in digits.
std::string text(const std::vector<Splice>& splices) {
    std::string out;
    for (const auto& one : splices) {
        out += std::to_string(one.at) + ' ' + std::to_string(one.content) + ' ' +
               std::to_string(one.size) + '\n';
    }
    return out;
}

template <class Number>
bool takeNumber(std::string_view& rest, char end, Number& number) {
    const auto [at, failed] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (failed != std::errc{} || at == rest.data() + rest.size() || *at != end) return false;
    rest.remove_prefix(static_cast<std::size_t>(at - rest.data()) + 1);
    return true;
}

bool readSplices(std::string_view text, Parcel& parcel) {
    std::uint64_t before = 0;
    while (!text.empty()) {
        Splice one;
        if (!takeNumber(text, ' ', one.at) || !takeNumber(text, ' ', one.content) ||
            !takeNumber(text, '\n', one.size)) {
            return false;
        }
        if (one.at < before || one.at > parcel.body.size() || one.size == 0) return false;
        before = one.at;
        parcel.splices.push_back(one);
    }
    return true;
}

}  // namespace

Bytes frame(const plugin::WireMessage& request, const std::vector<Splice>& splices) {
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
    if (!splices.empty()) put(out, text(splices));
    return out;
}

Result<Parcel> unframe(std::string_view bytes) {
    const auto damaged = [] { return tl::make_unexpected(Error(Code::StoreDamaged)); };
    Parcel request;
    if (!take(bytes, request.method) || !take(bytes, request.path)) return damaged();
    for (;;) {
        std::string name;
        std::string value;
        if (!take(bytes, name)) return damaged();
        if (name.empty()) break;
        if (!take(bytes, value)) return damaged();
        request.headers.emplace_back(std::move(name), std::move(value));
    }
    if (!take(bytes, request.body)) return damaged();
    std::string splices;
    if (!bytes.empty() && (!take(bytes, splices) || !bytes.empty())) return damaged();
    if (!readSplices(splices, request)) return damaged();
    return request;
}

}  // namespace stafett::pipeline
