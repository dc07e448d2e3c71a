// Contents are sealed in pieces, and opened in their order or not at all.
#include "gateway/pipeline/contents.h"

#include <gmock/gmock.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "gateway/base/base64.h"

namespace stafett::pipeline {
namespace {

/// Pieces in memory, to be changed by hand.
class Shelf final : public store::Contents {
public:
    void keepPieces(const MessageId&, std::vector<store::NewPiece>,
                    std::function<void(Status)>) override {}
    void dropPieces(const MessageId&) override {}
    Result<std::uint64_t> sweepPieces() override { return 0U; }
    Result<std::optional<Bytes>> piece(const MessageId&, std::uint32_t content,
                                       std::uint32_t number) override {
        const auto found = pieces.find({content, number});
        if (found == pieces.end()) return std::nullopt;
        return found->second;
    }
    Result<std::optional<store::KnownAttachment>> attachment(const store::AttachmentId&) override {
        return std::nullopt;
    }

    std::map<std::pair<std::uint32_t, std::uint32_t>, Bytes> pieces;
};

/// A ring with one key of each use, in a folder that goes.
class Ring {
public:
    Ring() {
        std::string form =
            (std::filesystem::temp_directory_path() / "stafett-ring-XXXXXX").string();
        folder_ = ::mkdtemp(form.data());
        put("seal", Bytes(64, '5'));
        put("index", Bytes(64, '1'));
        put("sign", signingKey());
        put("ring.json", R"({"keys":[
            {"id":"seal-1","use":"seal","state":"active","key":"seal"},
            {"id":"index-1","use":"index","state":"active","key":"index"},
            {"id":"sign-1","use":"sign","state":"active","key":"sign"}]})");
    }
    ~Ring() { std::filesystem::remove_all(folder_); }
    Ring(const Ring&) = delete;
    Ring& operator=(const Ring&) = delete;
    std::string file() const { return (folder_ / "ring.json").string(); }

private:
    void put(const std::string& name, const Bytes& bytes) const {
        std::ofstream(folder_ / name, std::ios::binary) << bytes;
        std::filesystem::permissions(folder_ / name, std::filesystem::perms::owner_read);
    }
    static Bytes signingKey() {
        EVP_PKEY* const key = EVP_EC_gen("P-256");
        BIO* const out = BIO_new(BIO_s_mem());
        PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
        char* text = nullptr;
        const auto size = BIO_get_mem_data(out, &text);
        Bytes pem(text, static_cast<std::size_t>(size));
        BIO_free(out);
        EVP_PKEY_free(key);
        return pem;
    }
    std::filesystem::path folder_;
};

Bytes bytesOf(std::size_t size) {
    Bytes bytes;
    for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(i * 7 + i / 251);
    return bytes;
}

/// All of a body, or nothing when it breaks off.
std::optional<Bytes> whole(transport::BodySource& source) {
    Bytes all;
    source.begin();
    for (Bytes piece;; piece.clear()) {
        if (!source.next(piece)) return std::nullopt;
        if (piece.empty()) return all;
        all += piece;
    }
}

class SealedContents : public ::testing::Test {
protected:
    void SetUp() override {
        auto loaded = security::KeyRing::load(ring_.file());
        for (const auto& problem : loaded ? Problems{} : loaded.error()) {
            ADD_FAILURE() << describe(problem, Language::English);
        }
        ASSERT_TRUE(loaded);
        const security::Sealer sealer(*loaded);
        key = {message, std::make_shared<const security::MessageKey>(sealer.newKey(message.uuid))};
        seal(0, first);
        seal(1, second);
    }
    void seal(std::uint32_t content, const Bytes& bytes) {
        std::uint32_t number = 0;
        for (std::size_t at = 0; at < bytes.size(); at += kPiece) {
            const bool last = at + kPiece >= bytes.size();
            shelf.pieces[{content, number}] = key.key->seal(
                pieceColumn(content, number, last), std::string_view(bytes).substr(at, kPiece));
            ++number;
        }
    }
    std::optional<Bytes> content(std::uint32_t number, std::uint64_t size) {
        return whole(*contentOf(shelf, key, number, size));
    }

    Ring ring_;
    const MessageId message = MessageId::make();
    const Bytes first = bytesOf(2 * kPiece + 100), second = bytesOf(kPiece);
    ContentKey key;
    Shelf shelf;
};

}  // namespace

TEST_F(SealedContents, AreOpenedByteForByteAndAgainFromTheBeginning) {
    EXPECT_EQ(shelf.pieces.size(), 4U);
    EXPECT_TRUE(content(0, first.size()) == first);
    EXPECT_TRUE(content(1, second.size()) == second) << "exactly one whole piece";
    const auto source = contentOf(shelf, key, 0, first.size());
    EXPECT_TRUE(whole(*source) == first);
    EXPECT_TRUE(whole(*source) == first);
}

TEST_F(SealedContents, StandWhereTheyBelongInAParcelWhoseSizeIsKnownBefore) {
    Parcel parcel;
    parcel.body = "<a></a><b></b><c/>";
    parcel.splices = {{3, 1, second.size()}, {10, 0, first.size()}, {10, 1, second.size()}};
    std::string a;
    std::string b;
    appendBase64(a, second);
    appendBase64(b, first);
    const auto source = parcelBody(shelf, key, parcel);
    const auto expected = "<a>" + a + "</a><b>" + b + a + "</b><c/>";
    EXPECT_EQ(source->size(), expected.size());
    EXPECT_TRUE(whole(*source) == expected);
    EXPECT_TRUE(whole(*source) == expected) << "tried again";
}

TEST_F(SealedContents, APieceThatIsChangedMovedCutOffOrGoneIsNotGiven) {
    auto& pieces = shelf.pieces;
    const auto whole_ones = pieces;
    const auto broken = [&](const std::function<void()>& damage) {
        pieces = whole_ones;
        damage();
        return !content(0, first.size());
    };
    EXPECT_FALSE(broken([] {}));
    EXPECT_TRUE(broken([&] { pieces[{0, 1}].back() ^= 1; })) << "changed";
    EXPECT_TRUE(broken([&] { std::swap(pieces[{0, 0}], pieces[{0, 1}]); })) << "in another order";
    EXPECT_TRUE(broken([&] { pieces[{0, 0}] = pieces[{1, 0}]; })) << "of another content";
    EXPECT_TRUE(broken([&] { pieces.erase({0, 2}); })) << "gone";
    EXPECT_TRUE(broken([&] { pieces[{0, 1}] = pieces[{0, 2}]; })) << "the last too early";
    pieces = whole_ones;
    EXPECT_FALSE(content(0, 2 * kPiece)) << "said to be shorter than it is";
    EXPECT_FALSE(content(0, 3 * kPiece)) << "or longer";
}

TEST(Frame, KeepsWhereContentsBelong) {
    Parcel parcel;
    parcel.method = "POST";
    parcel.path = "/x";
    parcel.headers = {{"a", "b"}};
    parcel.body = "0123456789";
    const std::vector<Splice> splices = {{0, 1, 5}, {10, 0, 7}};
    const auto bytes = frame(parcel, splices);
    const auto back = unframe(bytes);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->body, parcel.body);
    EXPECT_EQ(back->splices, splices);
    EXPECT_FALSE(unframe(frame(parcel, {{11, 0, 5}}))) << "behind the end";
    EXPECT_FALSE(unframe(frame(parcel, {{5, 0, 5}, {4, 0, 5}}))) << "out of order";
    for (std::size_t n = frame(parcel).size() + 1; n < bytes.size(); ++n) {
        EXPECT_FALSE(unframe(bytes.substr(0, n))) << n;
    }
}

TEST_F(SealedContents, ThatTheStoreCannotTakeStopTheirMessage) {
    auto store = store::openSqlite({.path = ":memory:"});
    ASSERT_TRUE(store);
    auto ring = security::KeyRing::load(ring_.file());
    const security::Sealer sealer(*ring);
    const security::IndexKey index(*ring);
    const security::Signer signer(*ring);
    const auto log = trace::noLog();
    trace::Metrics metrics;
    const SystemClock clock;
    const Shared shared{**store, sealer, index, signer, *log, metrics, clock};
    const auto keepLarge = [&] {
        Journey journey;
        journey.key = key.key;
        journey.contents = std::make_shared<TakenContents>();
        appendBase64(journey.contents->body, bytesOf(400'000));
        codec::CutContent content;
        content.base64 = journey.contents->body;
        journey.contents->list.push_back(content);
        store::Keep keep;
        keep.id = message;
        return keepContents(shared, journey, keep);
    };
    EXPECT_TRUE(keepLarge());
    (*store)->close();  // as a store whose disk has failed: it takes nothing more
    const auto refused = keepLarge();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), Code::StoreFailed);
}

}  // namespace stafett::pipeline
