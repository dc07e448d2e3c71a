#include "gateway/security/seal.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include "gateway/security/gcm.h"
#include "ring.h"

namespace stafett::security::testing {

namespace {

const Uuid kOwner = *Uuid::parse("0198f000-0000-7000-8000-000000000001");
const Uuid kOther = *Uuid::parse("0198f000-0000-7000-8000-000000000002");

std::string document() {
    std::string text = "<Arende>";
    for (int i = 0; i < 100; ++i) text += "<Rad nr=\"" + std::to_string(i) + "\">Åtgärd</Rad>";
    return text + "</Arende>";
}

template <class T>
void expectDamaged(const Result<T>& result, const std::string& what) {
    ASSERT_FALSE(result.has_value()) << what;
    EXPECT_EQ(result.error().info().id, "ST-STO-007") << what;
}

struct Vector {
    const char *key, *nonce, *plain, *vouched, *cipher;  // the tag stands at the cipher's end
};

// McGrew and Viega, The Galois/Counter Mode of Operation, appendix B: test cases 13 to 16.
constexpr Vector kVectors[] = {
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
     "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
     "00000000000000000000000000000000", "",
     "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
    {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
     "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
     "",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
     "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
     "b094dac5d93471bdec1a502270e3cc6c"},
    {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
     "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
     "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
     "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
     "76fc6ece0f4e1768cddf8853bb2d551b"},
};

TEST(Gcm, GivesThePublishedVectorsAndRefusesEachFlippedBit) {
    const auto raw = [](const Bytes& b) {
        return reinterpret_cast<const unsigned char*>(b.data());
    };
    for (const auto& v : kVectors) {
        const auto key = *fromHex(v.key);
        const auto nonce = *fromHex(v.nonce);
        const auto plain = *fromHex(v.plain);
        const auto vouched = *fromHex(v.vouched);
        Bytes sealed;
        encryptGcm(sealed, raw(key), raw(nonce), vouched, plain);
        EXPECT_EQ(hex(octets(sealed)), v.cipher);
        EXPECT_EQ(decryptGcm(raw(key), raw(nonce), vouched, sealed), plain);
        for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
            auto changed = sealed;
            changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
            EXPECT_FALSE(decryptGcm(raw(key), raw(nonce), vouched, changed)) << bit;
        }
        EXPECT_FALSE(decryptGcm(raw(key), raw(nonce), vouched + "x", sealed));
        EXPECT_FALSE(decryptGcm(raw(key), raw(nonce), vouched, sealed.substr(1)));
        EXPECT_FALSE(decryptGcm(raw(key), raw(nonce), vouched, "short"));
    }
}

TEST(Seal, OpensWhatItSealedAndHidesIt) {
    const Sealer sealer(ring());
    const auto key = sealer.newKey(kOwner);
    for (const auto& plain : {std::string(), std::string("x"), document(),
                              std::string(3 << 20, 'a'), std::string("\0\xff binary", 9)}) {
        const auto sealed = key.seal("raw", plain);
        const auto opened = key.open("raw", sealed);
        ASSERT_TRUE(opened.has_value());
        EXPECT_EQ(*opened, plain);
    }
    EXPECT_EQ(key.seal("raw", document()).find("Arende"), std::string::npos);
}

TEST(Seal, OpensAgainFromTheWrappedKey) {
    Bytes sealed;
    Bytes wrapped;
    {
        const auto key = Sealer(ring()).newKey(kOwner);
        sealed = key.seal("canonical", document());
        wrapped = key.wrapped();
    }
    const auto key = Sealer(ring()).openKey(kOwner, wrapped);
    ASSERT_TRUE(key.has_value());
    EXPECT_EQ(key->wrapped(), wrapped);
    EXPECT_EQ(key->open("canonical", sealed).value(), document());
    EXPECT_EQ(Sealer::ringKeyOf(wrapped), "seal-1");
    EXPECT_LE(wrapped.size(), 96U);
}

TEST(Seal, CompressesOnlyWhereThatMakesItSmaller) {
    const auto key = Sealer(ring()).newKey(kOwner);
    EXPECT_LT(key.seal("raw", document()).size(), document().size() / 3);
    const auto packed = key.seal("raw", document());  // sealed bytes look random
    EXPECT_EQ(key.seal("raw", packed).size(), packed.size() + 29);
}

TEST(Seal, RefusesEveryFlippedBitAndEveryCut) {
    const auto key = Sealer(ring()).newKey(kOwner);
    const std::string plain = "mycket hemligt, mycket hemligt, mycket hemligt";
    const auto sealed = key.seal("raw", plain);
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
        auto changed = sealed;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
        expectDamaged(key.open("raw", changed), "bit " + std::to_string(bit));
    }
    for (std::size_t size = 0; size < sealed.size(); ++size) {
        expectDamaged(key.open("raw", sealed.substr(0, size)), "cut");
    }
    expectDamaged(key.open("raw", sealed + "x"), "longer");
}

TEST(Seal, AValueOpensInItsOwnColumnRowAndMessageAlone) {
    const Sealer sealer(ring());
    const auto key = sealer.newKey(kOwner);
    const auto other = sealer.newKey(kOther);
    expectDamaged(key.open("canonical", key.seal("raw", "x")), "another column");
    expectDamaged(key.open("delivery/2", key.seal("delivery/1", "x")), "another row");
    expectDamaged(other.open("raw", key.seal("raw", "x")), "another message");
    expectDamaged(sealer.newKey(kOwner).open("raw", key.seal("raw", "x")), "another data key");
    expectDamaged(sealer.openKey(kOther, key.wrapped()), "another message's data key");
}

TEST(Seal, RefusesEveryFlippedBitOfAWrappedKey) {
    const Sealer sealer(ring(kTurned));  // two keys, so that a changed id may name the other
    const auto wrapped = sealer.newKey(kOwner).wrapped();
    ASSERT_EQ(Sealer::ringKeyOf(wrapped), "seal-2");
    for (std::size_t bit = 0; bit < wrapped.size() * 8; ++bit) {
        auto changed = wrapped;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
        expectDamaged(sealer.openKey(kOwner, changed), "bit " + std::to_string(bit));
    }
    auto renamed = wrapped;
    renamed.replace(2, 6, "seal-1");
    expectDamaged(sealer.openKey(kOwner, renamed), "under the other key");
    auto ring_renamed = kRing;  // the same bytes under another name are another key
    ring_renamed.replace(ring_renamed.find("seal-1"), 6, "seal-3");
    auto first = Sealer(ring()).newKey(kOwner).wrapped();
    first.replace(2, 6, "seal-3");
    expectDamaged(Sealer(ring(ring_renamed)).openKey(kOwner, first), "the same key, renamed");
    for (const auto* bytes : {"", "\x01", "\x01\xff", "\x02\x01s"}) {
        expectDamaged(sealer.openKey(kOwner, bytes), "no wrapped key");
        EXPECT_TRUE(Sealer::ringKeyOf(bytes).empty());
    }
}

TEST(Seal, TurningTheKeyWrapsTheDataKeyAgainAndLeavesContentAlone) {
    const auto key = Sealer(ring()).newKey(kOwner);
    const auto sealed = key.seal("raw", document());

    const Sealer turned(ring(kTurned));
    ASSERT_TRUE(turned.openKey(kOwner, key.wrapped()).has_value()) << "old keys still open";
    const auto wrapped = turned.wrapAgain(kOwner, key.wrapped());
    ASSERT_TRUE(wrapped.has_value());
    EXPECT_EQ(Sealer::ringKeyOf(*wrapped), "seal-2");

    const Sealer later(ring(kDestroyed));
    EXPECT_EQ(later.openKey(kOwner, *wrapped)->open("raw", sealed).value(), document());
    expectDamaged(later.openKey(kOwner, key.wrapped()), "its key is destroyed");
    expectDamaged(later.wrapAgain(kOwner, key.wrapped()), "its key is destroyed");
    expectDamaged(later.wrapAgain(kOther, *wrapped), "another message's");
}

TEST(Seal, NoNonceAndNoDataKeyComesTwice) {
    const Sealer sealer(ring());
    std::set<std::string> nonces;
    std::set<std::string> wraps;
    std::set<std::string> sealed;
    const auto key = sealer.newKey(kOwner);
    for (int i = 0; i < 5000; ++i) {
        const auto value = key.seal("raw", "same");
        nonces.insert(value.substr(1, 12));
        sealed.insert(value.substr(13));
        wraps.insert(sealer.newKey(kOwner).wrapped().substr(8, 24));
    }
    EXPECT_EQ(nonces.size(), 5000U);
    EXPECT_EQ(sealed.size(), 5000U);
    EXPECT_EQ(wraps.size(), 5000U);
}

TEST(Seal, ManyThreadsMayUseOneKey) {
    const Sealer sealer(ring());
    const auto key = sealer.newKey(kOwner);
    std::vector<std::thread> threads;
    std::atomic<int> good{0};
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 200; ++i) {
                const auto plain = document() + std::to_string(t * 1000 + i);
                const auto opened =
                    sealer.openKey(kOwner, key.wrapped()).and_then([&](const MessageKey& own) {
                        return own.open("raw", key.seal("raw", plain));
                    });
                if (opened && *opened == plain) ++good;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(good, 800);
}

TEST(Seal, AKeyThatWasMovedStillOpens) {
    const Sealer sealer(ring());
    auto key = sealer.newKey(kOwner);
    const auto sealed = key.seal("raw", "x");
    auto moved = std::move(key);
    EXPECT_EQ(moved.open("raw", sealed).value(), "x");
    auto other = sealer.newKey(kOther);
    other = std::move(moved);
    EXPECT_EQ(other.open("raw", sealed).value(), "x");
}

}  // namespace

}  // namespace stafett::security::testing
