#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/bytes.h"
#include "gateway/base/sha256.h"
#include "gateway/codec/tree.h"

// The content of attachments never enters a tree or a mapping: it is cut out of the bytes before
// they are read, and a mark stands in its place.
namespace stafett::codec {

/// What stands in a document where a content belongs: `stafett-content:<digest>`, and, when it is
/// to be sent, with a word before the digest that no sender can know.
inline constexpr std::string_view kContentMark = "stafett-content:";
std::string contentMark(std::string_view word, std::string_view digest);

/// A text of base64 in a document, as names of elements or members from the root down. Namespaces,
/// prefixes and arrays do not count, and neither does what an envelope puts around the document.
using ContentPlace = std::vector<std::string>;

/// One content, where it lies in the body it was cut from.
struct CutContent {
    enum class Fault : std::uint8_t { None, NotBase64, Empty, TooLarge };
    Fault fault = Fault::None;
    std::string_view base64;  ///< as it stands in the body
    bool in_json = false;
    Digest sha256;
    std::uint64_t size = 0;
    Bytes head;           ///< its first bytes, at most 16
    bool is_text = true;  ///< no control characters but those of lines
};

struct Cut {
    Bytes body;  ///< what is left, with a mark for each content
    std::vector<CutContent> contents;
};

/// Cuts every text at one of the places out of a body. Nothing is judged but the contents: what is
/// left goes to the strict reader, which refuses what is no document. A text that is no content
/// (broken base64, nothing, more than `most` bytes) leaves a mark that says so, for whoever reads
/// that place. `body` must outlive what is returned. Many threads.
Cut cutContents(std::string_view body, Format format, std::span<const ContentPlace> places,
                std::uint64_t most);

/// A mark that says why there is no content; nothing for any other text.
CutContent::Fault faultOf(std::string_view mark);

/// The bytes of a content that was cut without fault, in pieces of `piece` bytes; the last may be
/// shorter. Stops when it is told false.
void readContent(const CutContent& content, std::size_t piece,
                 const std::function<bool(std::string_view bytes, bool last)>& take);

/// A document with its contents back in the place of their marks, as base64: for documents that are
/// shown. What is sent is made in pieces. A mark of none of these stays.
Bytes withContents(std::string_view document, std::span<const CutContent> contents);

}  // namespace stafett::codec
