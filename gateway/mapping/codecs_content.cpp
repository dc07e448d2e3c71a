// content, fetch-path: where a form has the content of an attachment.
#include <algorithm>

#include "gateway/base/ids.h"
#include "gateway/codec/content.h"
#include "gateway/mapping/codec_families.h"

namespace stafett::mapping::families {
namespace {

using codec::CutContent;
using message::Type;

constexpr std::size_t kDigest = 64;
constexpr std::string_view kPath = "/v1/attachments/";

bool isDigest(std::string_view text) {
    return text.size() == kDigest && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

/// The digest of a content, where its mark stands: the content itself is not in the document that
/// is read, nor in the one that is written.
class ContentCodec final : public Codec {
public:
    ContentCodec() {
        types = typeBit(Type::Text);
        content = true;
    }
    Verdict read(const Texts& wire, Texts& canonical, CodecContext&) const override {
        const auto text = wire[0];
        switch (codec::faultOf(text)) {
            case CutContent::Fault::NotBase64:
                return Verdict::failed(Code::AttachmentBase64);
            case CutContent::Fault::Empty:
                return Verdict::failed(Code::AttachmentEmpty);
            case CutContent::Fault::TooLarge:
                return Verdict::failed(Code::AttachmentTooLarge);
            case CutContent::Fault::None:
                break;
        }
        if (!text.starts_with(codec::kContentMark) || text.size() < kDigest) {
            return Verdict::failed(Code::AttachmentBase64);
        }
        canonical[0] = text.substr(text.size() - kDigest);
        return isDigest(canonical[0]) ? Verdict{} : Verdict::failed(Code::AttachmentBase64);
    }
    Verdict write(const Texts& canonical, Texts& wire, CodecContext& context) const override {
        if (!isDigest(canonical[0])) return Verdict::failed(Code::MapCannotSay);
        wire[0] = context.arena.keep(codec::contentMark(context.content_word, canonical[0]));
        return {};
    }
    std::string sample(std::uint64_t seed) const override {
        return sha256(std::to_string(seed)).hex();
    }
};

/// Where the gateway gives the content of an attachment to whoever may fetch it.
class FetchPathCodec final : public Codec {
public:
    FetchPathCodec() { types = typeBit(Type::Uuid); }
    Verdict read(const Texts& wire, Texts& canonical, CodecContext& context) const override {
        if (!wire[0].starts_with(kPath)) return Verdict::failed(Code::MapBadValue);
        const auto id = Uuid::parse(wire[0].substr(kPath.size()));
        if (!id) return Verdict::failed(Code::MapBadValue);
        canonical[0] = context.arena.keep(id->text());
        return {};
    }
    Verdict write(const Texts& canonical, Texts& wire, CodecContext& context) const override {
        wire[0] = context.arena.keep(std::string(kPath) + std::string(canonical[0]));
        return {};
    }
};

}  // namespace

Made makeContent(const Spec& spec, const message::Field&) {
    if (spec.size() != 1) return nullptr;
    if (spec[0] == "content") return std::make_shared<ContentCodec>();
    if (spec[0] == kFetchPath) return std::make_shared<FetchPathCodec>();
    return nullptr;
}

}  // namespace stafett::mapping::families
