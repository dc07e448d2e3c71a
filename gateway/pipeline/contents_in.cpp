// Contents on their way in: cut out, judged, sealed.
#include <algorithm>
#include <array>
#include <future>

#include "gateway/pipeline/contents.h"

namespace stafett::pipeline {
namespace {

using codec::CutContent;

constexpr std::size_t kWithMessage = 256U << 10;  ///< contents so small go with their message
constexpr std::size_t kPiecesAtOnce = 16;         ///< of a large content in one commit

/// What a content's first bytes must be. Types that are not here are taken at their word.
struct Magic {
    std::string_view media_type, begins;
};
constexpr std::array<Magic, 5> kMagic = {{{"application/pdf", "%PDF-"},
                                          {"image/png", "\x89PNG\r\n\x1A\n"},
                                          {"image/jpeg", "\xFF\xD8\xFF"},
                                          {"image/gif", "GIF8"},
                                          {"application/zip", "PK\x03\x04"}}};

bool isOfType(const CutContent& content, std::string_view media_type) {
    if (media_type == "text/plain") return content.is_text;
    const auto magic = std::find_if(kMagic.begin(), kMagic.end(),
                                    [&](const Magic& one) { return one.media_type == media_type; });
    return magic == kMagic.end() || content.head.starts_with(magic->begins);
}

std::string listed(const std::vector<std::string>& types) {
    std::string text;
    for (const auto& type : types) text += (text.empty() ? "" : ", ") + type;
    return text;
}

/// Which of the contents has this digest; their count when none has.
std::size_t find(const std::vector<CutContent>& contents, std::string_view digest) {
    const auto found = std::find_if(contents.begin(), contents.end(), [&](const CutContent& one) {
        return one.fault == CutContent::Fault::None && one.sha256.hex() == digest;
    });
    return static_cast<std::size_t>(found - contents.begin());
}

/// One attachment of a message being judged.
class Attachment {
public:
    Attachment(const config::Attachments& limits, const std::vector<CutContent>& contents,
               message::Message& message, message::Record& item, std::size_t number)
        : limits_(limits),
          contents_(contents),
          message_(message),
          item_(item),
          path_("attachments[" + std::to_string(number) + "]") {}

    void judge(Problems& problems) {
        const auto media_type = text("mediaType");
        const auto& types = limits_.media_types;
        const bool taken = std::find(types.begin(), types.end(), media_type) != types.end();
        if (!media_type.empty() && !taken) {
            problems.push_back(wrong(Code::AttachmentMediaType, "/mediaType", listed(types)));
        }
        const auto digest = text("sha256");
        if (digest.empty()) return;  // the reader has said what is wrong with it
        const auto at = find(contents_, digest);
        if (at == contents_.size()) {
            problems.push_back(wrong(Code::AttachmentMissing));
            return;
        }
        const auto& content = contents_[at];
        const auto size = std::to_string(content.size);
        if (text("size").empty()) {
            item_.set(*item_.type().find("size"), message_.arena().keep(size));
        } else if (text("size") != size) {
            problems.push_back(wrong(Code::AttachmentSize, "/size", size + " B"));
        }
        if (taken && !isOfType(content, media_type)) {
            problems.push_back(wrong(Code::AttachmentNotItsType, "/mediaType"));
        }
    }

private:
    std::string_view text(std::string_view field) const {
        return item_.text(*item_.type().find(field));
    }
    Error wrong(Code code, std::string_view field = {}, std::string hint = {}) const {
        return Error(code, Place{.path = path_ + std::string(field), .hint = std::move(hint)});
    }

    const config::Attachments& limits_;
    const std::vector<CutContent>& contents_;
    message::Message& message_;
    message::Record& item_;
    std::string path_;
};

/// Collects sealed pieces and writes them in turns, each waited for.
class PieceWriter {
public:
    PieceWriter(const Shared& shared, const MessageId& message)
        : shared_(shared), message_(message) {}

    Status add(store::NewPiece piece) {
        pieces_.push_back(std::move(piece));
        return pieces_.size() < kPiecesAtOnce ? Status{} : flush();
    }
    Status flush() {
        if (pieces_.empty()) return {};
        std::promise<Status> written;
        auto end = written.get_future();
        shared_.store.keepPieces(message_, std::exchange(pieces_, {}),
                                 [&written](const Status& done) { written.set_value(done); });
        return end.get();
    }

private:
    const Shared& shared_;
    MessageId message_;
    std::vector<store::NewPiece> pieces_;
};

template <class Take>
Status sealInPieces(const Journey& journey, Take take) {
    const auto& list = journey.contents->list;
    for (std::uint32_t n = 0; n < list.size(); ++n) {
        std::uint32_t number = 0;
        Status done;
        codec::readContent(list[n], kPiece, [&](std::string_view bytes, bool last) {
            done = take(
                store::NewPiece{n, number, journey.key->seal(pieceColumn(n, number, last), bytes)});
            ++number;
            return done.has_value();
        });
        ST_CHECK(done);
    }
    return {};
}

}  // namespace

void takeContents(Journey& journey, const DialectId& dialect) {
    const auto* form = journey.snapshot->contentsOf(dialect);
    if (form == nullptr) return;
    auto& body = journey.raw.http.body;
    auto taken = std::make_shared<TakenContents>();
    auto cut = codec::cutContents(body, form->format, form->places,
                                  journey.snapshot->config.settings.attachments.content);
    if (cut.contents.empty()) return;
    taken->list = std::move(cut.contents);
    taken->body = std::move(body);  // what the list points into stays where it is
    body = std::move(cut.body);
    journey.contents = std::move(taken);
}

std::string_view bodyAsItCame(const Journey& journey) {
    return journey.contents == nullptr ? journey.raw.http.body : journey.contents->body;
}

Digest digestAsItCame(const Journey& journey) {
    const bool gone = journey.contents != nullptr && journey.contents->body.empty();
    return gone ? journey.contents->digest : sha256(bodyAsItCame(journey));
}

const std::vector<CutContent>& contentsOf(const Journey& journey) {
    static const std::vector<CutContent> kNone;
    return journey.contents == nullptr ? kNone : journey.contents->list;
}

Problems checkContents(const config::Attachments& limits, const std::vector<CutContent>& contents,
                       const MessageId& id, message::Message& message, Problems& read) {
    Problems problems;
    for (auto& problem : read) {
        if (problem.code() != Code::AttachmentTooLarge) continue;
        problem.place().hint = std::to_string(limits.content) + " B";
    }
    const auto list = message.schema().root.find("attachments");
    if (!list || !message.root().has(*list)) return problems;
    auto& items = message.root().items(*list);
    if (items.size() > limits.count) {
        problems.push_back(
            Error(Code::AttachmentTooMany,
                  Place{.path = "attachments", .hint = std::to_string(limits.count)}));
        return problems;
    }
    for (std::size_t i = 0; i < items.size(); ++i) {
        const auto own = id.uuid.named("attachment/" + std::to_string(i));
        items[i].set(*items[i].type().find("id"), message.arena().keep(own.text()));
        Attachment(limits, contents, message, items[i], i).judge(problems);
    }
    return problems;
}

std::vector<store::NewAttachment> attachmentsOf(const Journey& journey,
                                                const message::Message& message) {
    std::vector<store::NewAttachment> all;
    const auto list = message.schema().root.find("attachments");
    if (!list) return all;
    const auto& contents = contentsOf(journey);
    for (const auto& item : message.root().items(*list)) {
        const auto text = [&](std::string_view field) {
            return item.text(*item.type().find(field));
        };
        const auto content = find(contents, text("sha256"));
        if (content == contents.size()) continue;
        store::NewAttachment one;
        one.id = store::AttachmentId::parse(text("id")).value_or(store::AttachmentId{});
        one.content = static_cast<std::uint32_t>(content);
        one.media_type = text("mediaType");
        one.size = contents[content].size;
        all.push_back(std::move(one));
    }
    return all;
}

Result<std::vector<Splice>> spliceContents(const Journey& journey, const MessageId& id,
                                           Bytes& body) {
    std::vector<Splice> splices;
    const auto& contents = contentsOf(journey);
    if (contents.empty()) return splices;
    const std::string word = codec::contentMark(id.text(), {});
    constexpr std::size_t kDigest = 64;
    Bytes rest;
    std::size_t from = 0;
    for (auto at = body.find(word); at != Bytes::npos; at = body.find(word, from)) {
        const auto content =
            find(contents, std::string_view(body).substr(at + word.size(), kDigest));
        if (content == contents.size()) {
            return tl::make_unexpected(Error(Code::StoreDamaged, Place{.path = "attachments"}));
        }
        rest.append(body, from, at - from);
        splices.push_back(
            {rest.size(), static_cast<std::uint32_t>(content), contents[content].size});
        from = at + word.size() + kDigest;
    }
    if (splices.empty()) return splices;
    rest.append(body, from);
    body = std::move(rest);
    return splices;
}

Status keepContents(const Shared& shared, Journey& journey, store::Keep& keep) {
    if (journey.contents == nullptr) return {};
    auto& contents = *journey.contents;
    if (contents.kept) {
        keep.pieces_before = true;
        return {};
    }
    if (contents.body.size() <= kWithMessage) {
        return sealInPieces(journey, [&](store::NewPiece piece) {
            keep.pieces.push_back(std::move(piece));
            return Status{};
        });
    }
    contents.kept = true;  // from the first piece on: whatever stops it here, they are dropped
    PieceWriter writer(shared, keep.id);
    ST_CHECK(
        sealInPieces(journey, [&](store::NewPiece piece) { return writer.add(std::move(piece)); }));
    ST_CHECK(writer.flush());
    keep.pieces_before = true;
    for (auto& content : contents.list) content.base64 = {};
    contents.digest = sha256(contents.body);
    contents.body = {};
    journey.raw.room.reset();
    return {};
}

void dropContents(const Shared& shared, const Journey& journey, const MessageId& id) {
    if (journey.contents != nullptr && journey.contents->kept) shared.store.dropPieces(id);
}

std::string pieceColumn(std::uint32_t content, std::uint64_t piece, bool last) {
    return "content/" + std::to_string(content) + "/" + std::to_string(piece) +
           (last ? "/last" : "");
}

}  // namespace stafett::pipeline
