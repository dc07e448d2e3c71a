// Contents on their way out: opened piece by piece while they are sent.
#include <algorithm>

#include "gateway/base/base64.h"
#include "gateway/pipeline/contents.h"

namespace stafett::pipeline {
namespace {

/// Opens one content from its first piece to its last.
class PieceReader {
public:
    PieceReader(store::Contents& store, ContentKey key) : store_(store), key_(std::move(key)) {}

    void begin(std::uint32_t content, std::uint64_t size) {
        content_ = content;
        left_ = size;
        next_ = 0;
    }
    bool atEnd() const { return left_ == 0; }

    /// Damaged: a piece is gone, changed, or in another's place.
    Result<Bytes> next() {
        const bool last = left_ <= kPiece;
        ST_TRY(const auto sealed, store_.piece(key_.message, content_, next_));
        if (!sealed) return damaged();
        ST_TRY(auto bytes, key_.key->open(pieceColumn(content_, next_, last), *sealed));
        if (bytes.size() != std::min<std::uint64_t>(left_, kPiece)) return damaged();
        left_ -= bytes.size();
        ++next_;
        return bytes;
    }

private:
    static tl::unexpected<Error> damaged() {
        return tl::make_unexpected(Error(Code::StoreDamaged, Place{.path = "content"}));
    }

    store::Contents& store_;
    ContentKey key_;
    std::uint32_t content_ = 0;
    std::uint64_t left_ = 0;
    std::uint32_t next_ = 0;
};

/// Text, and contents as base64 where they belong.
class ParcelBody final : public transport::BodySource {
public:
    ParcelBody(store::Contents& store, ContentKey key, Parcel& parcel)
        : reader_(store, std::move(key)),
          text_(std::move(parcel.body)),
          splices_(std::move(parcel.splices)) {}

    std::uint64_t size() const override {
        std::uint64_t size = text_.size();
        for (const auto& splice : splices_) size += base64Size(splice.size);
        return size;
    }
    void begin() override {
        at_ = 0;
        next_ = 0;
        inside_ = false;
    }
    bool next(Bytes& out) override {
        if (inside_ && reader_.atEnd()) inside_ = false;
        if (!inside_) {
            const auto until = next_ < splices_.size() ? splices_[next_].at : text_.size();
            out.append(text_, at_, until - at_);
            at_ = until;
            if (next_ == splices_.size()) return true;
            reader_.begin(splices_[next_].content, splices_[next_].size);
            ++next_;
            inside_ = true;
        }
        const auto bytes = reader_.next();
        if (!bytes) return false;
        appendBase64(out, *bytes);
        return true;
    }

private:
    PieceReader reader_;
    Bytes text_;
    std::vector<Splice> splices_;
    std::uint64_t at_ = 0;
    std::size_t next_ = 0;
    bool inside_ = false;
};

class PlainContent final : public transport::BodySource {
public:
    PlainContent(store::Contents& store, ContentKey key, std::uint32_t content, std::uint64_t size)
        : reader_(store, std::move(key)), content_(content), size_(size) {}

    std::uint64_t size() const override { return size_; }
    void begin() override { reader_.begin(content_, size_); }
    bool next(Bytes& out) override {
        if (reader_.atEnd()) return true;
        const auto bytes = reader_.next();
        if (bytes) out += *bytes;
        return bytes.has_value();
    }

private:
    PieceReader reader_;
    std::uint32_t content_;
    std::uint64_t size_;
};

}  // namespace

Result<ContentKey> contentKey(const Shared& shared, const MessageId& message,
                              std::string_view wrapped) {
    ST_TRY(auto key, shared.sealer.openKey(message.uuid, wrapped));
    return ContentKey{message, std::make_shared<const security::MessageKey>(std::move(key))};
}

Result<std::shared_ptr<transport::BodySource>> bodyOf(const Shared& shared,
                                                      const store::Lease& lease, Parcel& parcel) {
    if (parcel.splices.empty()) return nullptr;
    ST_TRY(auto key, contentKey(shared, lease.message, lease.data_key));
    return parcelBody(shared.store, std::move(key), parcel);
}

std::shared_ptr<transport::BodySource> parcelBody(store::Contents& store, ContentKey key,
                                                  Parcel& parcel) {
    return std::make_shared<ParcelBody>(store, std::move(key), parcel);
}

std::shared_ptr<transport::BodySource> contentOf(store::Contents& store, ContentKey key,
                                                 std::uint32_t content, std::uint64_t size) {
    return std::make_shared<PlainContent>(store, std::move(key), content, size);
}

}  // namespace stafett::pipeline
