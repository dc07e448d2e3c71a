#include <array>
#include <cstdlib>

#include "gateway/codec/content.h"
#include "gateway/codec/read.h"

using namespace stafett::codec;

namespace {

const std::vector<ContentPlace> kPlaces = {
    {"Ärende", "Bilagor", "Bilaga", "Data"}, {"a", "b"}, {"entry", "resource", "data"}};

/// The bytes of a content are those its digest and size say, in whatever pieces.
void checkContent(const CutContent& content) {
    if (content.fault != CutContent::Fault::None) return;
    for (const std::size_t piece : {std::size_t{3}, std::size_t{63} << 10U}) {
        stafett::Bytes bytes;
        bool ended = false;
        readContent(content, piece, [&](std::string_view some, bool last) {
            if (ended || some.empty()) std::abort();
            ended = last;
            bytes += some;
            return true;
        });
        if (!ended || bytes.size() != content.size || stafett::sha256(bytes) != content.sha256) {
            std::abort();
        }
    }
}

}  // namespace

/// Any bytes: nothing but contents goes, and what was cut can be put back.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    for (const auto format : {Format::Xml, Format::Json}) {
        const auto cut = cutContents(body, format, kPlaces, 4096);
        std::size_t gone = 0;
        for (const auto& content : cut.contents) {
            if (content.base64.data() < body.data() ||
                content.base64.data() + content.base64.size() > body.data() + body.size()) {
                std::abort();
            }
            gone += content.base64.size();
            checkContent(content);
        }
        if (gone > body.size()) std::abort();
        if (cut.contents.empty() && cut.body != body) std::abort();
        constexpr std::array kAllowed = {Encoding::Latin1, Encoding::Windows1252};
        ReadOptions options;
        options.allowed = kAllowed;
        (void)(format == Format::Xml ? readXml(cut.body, options) : readJson(cut.body, options));
    }
    return 0;
}
