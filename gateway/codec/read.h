#pragma once

#include <span>
#include <string>
#include <string_view>

#include "gateway/base/result.h"
#include "gateway/codec/tree.h"

namespace stafett::codec {

enum class Encoding : std::uint8_t { Utf8, Utf16, Latin1, Windows1252 };

std::string_view name(Encoding encoding);
/// By IANA name or alias, any case; nothing for others.
std::optional<Encoding> encodingByName(std::string_view name);

/// What a document may be at most (design 13). Passing one is an error with the place.
struct Limits {
    std::size_t bytes = 1U << 20;
    std::size_t depth = 100;
    std::size_t nodes = 50'000;
    std::size_t attributes = 64;  ///< an element
    std::size_t name = 256;       ///< bytes
    std::size_t value = 256U << 10;
};

/// What the transport and the form say about the bytes beforehand.
struct ReadOptions {
    Limits limits;
    std::span<const Encoding> allowed = {};  ///< beside UTF-8 (and UTF-16 with BOM in XML)
    std::string_view charset = {};           ///< the Content-Type's charset parameter, or empty
};

/// A document in UTF-8, for people: decoded as it declares itself, or as it is where it cannot be.
std::string asUtf8(std::string_view document);

/// Reads XML 1.0 with expat, strictly: no DOCTYPE, namespaces resolved, text in NFC, all limits
/// kept while streaming. charset, declaration and detection must agree. Many threads.
Result<Document> readXml(std::string_view bytes, const ReadOptions& options);

/// Reads JSON (RFC 8259) with simdjson, strictly: UTF-8 without BOM, equal keys refused, digits of
/// numbers kept, all limits kept. Many threads.
Result<Document> readJson(std::string_view bytes, const ReadOptions& options);

}  // namespace stafett::codec
