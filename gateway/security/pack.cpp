#include "gateway/security/pack.h"

#include <zstd.h>

#include <cstdlib>
#include <memory>

#include "dictionary_1_bytes.h"
#include "gateway/security/openssl.h"

namespace stafett::security {
namespace {

constexpr int kLevel = 3;
constexpr std::size_t kTooSmall = 64;  // bytes: an id, a number; not worth the trial

ZSTD_CCtx* compressor() {
    thread_local const std::unique_ptr<ZSTD_CCtx, FreeBy<ZSTD_freeCCtx>> context(ZSTD_createCCtx());
    return context.get();
}

ZSTD_DCtx* decompressor() {
    thread_local const std::unique_ptr<ZSTD_DCtx, FreeBy<ZSTD_freeDCtx>> context(ZSTD_createDCtx());
    return context.get();
}

const ZSTD_CDict* packingDictionary() {
    static const std::unique_ptr<ZSTD_CDict, FreeBy<ZSTD_freeCDict>> dictionary(
        ZSTD_createCDict(kDictionary1, sizeof kDictionary1, kLevel));
    if (dictionary == nullptr) std::abort();  // for want of memory
    return dictionary.get();
}

const ZSTD_DDict* unpackingDictionary() {
    static const std::unique_ptr<ZSTD_DDict, FreeBy<ZSTD_freeDDict>> dictionary(
        ZSTD_createDDict(kDictionary1, sizeof kDictionary1));
    if (dictionary == nullptr) std::abort();
    return dictionary.get();
}

}  // namespace

std::optional<Bytes> pack(std::string_view plain) {
    if (plain.size() < kTooSmall) return std::nullopt;
    Bytes packed(ZSTD_compressBound(plain.size()), '\0');
    const auto size = ZSTD_compress_usingCDict(compressor(), packed.data(), packed.size(),
                                               plain.data(), plain.size(), packingDictionary());
    if (ZSTD_isError(size) != 0 || size >= plain.size()) return std::nullopt;
    packed.resize(size);
    return packed;
}

std::optional<Bytes> unpack(std::string_view packed) {
    const auto size = ZSTD_getFrameContentSize(packed.data(), packed.size());
    if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR ||
        size > kLargestValue) {
        return std::nullopt;
    }
    Bytes plain(size, '\0');
    const auto* dictionary = unpackingDictionary();
    const auto named = ZSTD_getDictID_fromFrame(packed.data(), packed.size());
    // To one that was made without a dictionary, ours would give another beginning.
    if (named != 0 && named != ZSTD_getDictID_fromDDict(dictionary)) return std::nullopt;
    const auto got =
        ZSTD_decompress_usingDDict(decompressor(), plain.data(), plain.size(), packed.data(),
                                   packed.size(), named == 0 ? nullptr : dictionary);
    if (ZSTD_isError(got) != 0 || got != size) return std::nullopt;
    return plain;
}

}  // namespace stafett::security
