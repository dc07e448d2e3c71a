#include "gateway/codec/content.h"

#include <algorithm>

#include "gateway/base/base64.h"
#include "gateway/codec/content_scan.h"

namespace stafett::codec {
namespace {

constexpr std::size_t kSlice = 16U << 10;
constexpr std::size_t kHead = 16;
constexpr std::string_view kNotBase64 = "stafett-content:!base64";
constexpr std::string_view kEmpty = "stafett-content:!empty";
constexpr std::string_view kTooLarge = "stafett-content:!size";

bool isText(std::string_view bytes) {
    return std::none_of(bytes.begin(), bytes.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f') || byte == 0x7F;
    });
}

/// Reads base64 in slices; `take` is given what came of each and says whether to go on. True when
/// it was whole.
template <class Take>
bool decode(std::string_view base64, bool in_json, Bytes& buffer, Take take) {
    Base64Reader reader(in_json ? Base64Reader::In::JsonString : Base64Reader::In::Text);
    for (std::size_t at = 0; at < base64.size(); at += kSlice) {
        if (!reader.put(base64.substr(at, kSlice), buffer)) return false;
        if (!take()) return false;
    }
    return reader.whole();
}

CutContent measure(std::string_view base64, bool in_json, std::uint64_t most) {
    CutContent content;
    content.base64 = base64;
    content.in_json = in_json;
    FieldDigest digest;
    Bytes buffer;
    const bool whole = decode(base64, in_json, buffer, [&] {
        content.size += buffer.size();
        if (content.size > most) return false;
        digest.raw(buffer);
        content.is_text = content.is_text && isText(buffer);
        if (content.head.size() < kHead) {
            content.head += buffer.substr(0, kHead - content.head.size());
        }
        buffer.clear();
        return true;
    });
    if (content.size > most) {
        content.fault = CutContent::Fault::TooLarge;
    } else if (!whole) {
        content.fault = CutContent::Fault::NotBase64;
    } else if (content.size == 0) {
        content.fault = CutContent::Fault::Empty;
    }
    content.sha256 = digest.finish();
    return content;
}

std::string markOf(const CutContent& content) {
    switch (content.fault) {
        case CutContent::Fault::NotBase64:
            return std::string(kNotBase64);
        case CutContent::Fault::Empty:
            return std::string(kEmpty);
        case CutContent::Fault::TooLarge:
            return std::string(kTooLarge);
        case CutContent::Fault::None:
            break;
    }
    return contentMark({}, content.sha256.hex());
}

/// Whether a body can hold any of the places at all: most hold none, and are not looked at further.
bool mayHold(std::string_view body, std::span<const ContentPlace> places) {
    return std::any_of(places.begin(), places.end(), [&](const ContentPlace& place) {
        if (place.empty()) return false;
        const auto names = spellings(place.back());
        return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
            return body.find(name) != std::string_view::npos;
        });
    });
}

}  // namespace

std::string contentMark(std::string_view word, std::string_view digest) {
    std::string mark(kContentMark);
    mark += word;
    if (!word.empty()) mark += ':';
    return mark.append(digest);
}

CutContent::Fault faultOf(std::string_view mark) {
    if (mark.starts_with(kNotBase64)) return CutContent::Fault::NotBase64;
    if (mark.starts_with(kEmpty)) return CutContent::Fault::Empty;
    if (mark.starts_with(kTooLarge)) return CutContent::Fault::TooLarge;
    return CutContent::Fault::None;
}

Cut cutContents(std::string_view body, Format format, std::span<const ContentPlace> places,
                std::uint64_t most) {
    Cut cut;
    if (!mayHold(body, places)) {
        cut.body = body;
        return cut;
    }
    const bool json = format == Format::Json;
    const auto found = json ? scanJson(body, places) : scanXml(body, places);
    std::size_t from = 0;
    for (const auto base64 : found) {
        const auto at = static_cast<std::size_t>(base64.data() - body.data());
        cut.contents.push_back(measure(base64, json, most));
        cut.body.append(body.substr(from, at - from)).append(markOf(cut.contents.back()));
        from = at + base64.size();
    }
    cut.body.append(body.substr(from));
    return cut;
}

Bytes withContents(std::string_view document, std::span<const CutContent> contents) {
    constexpr std::size_t kPiece = 48U << 10;  // a multiple of three: the base64 goes on
    Bytes out(document);
    for (const auto& content : contents) {
        if (content.fault != CutContent::Fault::None) continue;
        const auto mark = contentMark({}, content.sha256.hex());
        std::string base64;
        readContent(content, kPiece, [&](std::string_view bytes, bool) {
            appendBase64(base64, bytes);
            return true;
        });
        for (auto at = out.find(mark); at != Bytes::npos; at = out.find(mark, at + base64.size())) {
            out.replace(at, mark.size(), base64);
        }
    }
    return out;
}

void readContent(const CutContent& content, std::size_t piece,
                 const std::function<bool(std::string_view bytes, bool last)>& take) {
    Bytes buffer;
    std::uint64_t given = 0;
    decode(content.base64, content.in_json, buffer, [&] {
        std::size_t at = 0;
        const auto rest = [&] { return buffer.size() - at; };
        while (rest() > 0 && (rest() > piece || given + rest() == content.size)) {
            const auto some = std::string_view(buffer).substr(at, piece);
            given += some.size();
            at += some.size();
            if (!take(some, given == content.size)) return false;
        }
        buffer.erase(0, at);
        return true;
    });
}

}  // namespace stafett::codec
