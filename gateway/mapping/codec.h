#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/message/identifiers.h"
#include "gateway/message/message.h"
#include "gateway/message/schema.h"

namespace stafett::mapping {

inline constexpr std::size_t kMaxParts = 6;

/// The texts of a value's parts; an empty view is an absent part.
using Texts = std::array<std::string_view, kMaxParts>;

/// What a codec lives on while it works: texts it makes are kept in the arena.
struct CodecContext {
    message::Arena& arena;
    const message::PersonRules& persons;
    std::string_view content_word = {};  ///< in the mark of a content, on writing
};

/// What came of one conversion.
struct Verdict {
    enum class Kind : std::uint8_t {
        Exact,
        Inexact,    ///< made, rounded half-even
        Ambiguous,  ///< made, but the hour exists twice
        Absent,     ///< the wire value says that there is none
        Failed,
    };
    Kind kind = Kind::Exact;
    Code code = Code::MapBadValue;  ///< when Failed

    static Verdict failed(Code code) { return {Kind::Failed, code}; }
};

/// A number as a fraction, for `range` and `usual`.
struct Ratio {
    std::int64_t numerator = 0;
    std::int64_t denominator = 1;
};

enum class JsonType : std::uint8_t { String, Number, Boolean };

/// How the wire place of a codec is filled, where it is more than one text.
enum class Shape : std::uint8_t {
    Value,
    Presence,  ///< the place is there or not
    Words,     ///< a JSON array of texts
};

/// One named conversion between canonical and wire texts, both ways. Never changed after it is
/// made; many threads. Both functions throw nothing and read each text once.
class Codec {
public:
    virtual ~Codec() = default;
    Codec() = default;
    Codec(const Codec&) = delete;
    Codec& operator=(const Codec&) = delete;

    virtual Verdict read(const Texts& wire, Texts& canonical, CodecContext& context) const = 0;
    virtual Verdict write(const Texts& canonical, Texts& wire, CodecContext& context) const = 0;
    /// The number that `range` and `usual` judge.
    virtual std::optional<Ratio> number(const Texts& wire) const;
    /// A canonical value the codec can write, where it takes fewer than its type allows: for the
    /// round-trip law. Empty when any value of the type will do.
    virtual std::string sample(std::uint64_t seed) const;

    std::string name = {};  ///< as the row wrote it
    std::vector<std::string> wire_parts = {""};
    std::vector<std::string> canonical_parts = {""};
    std::uint32_t optional_parts = 0;  ///< bits of wire parts that may be absent beside the others
    std::size_t told_part = 0;         ///< the wire part that a problem with the value names
    std::uint32_t types = 0;  ///< bits of message::Type that it takes (its first canonical part)
    JsonType json = JsonType::String;
    Shape shape = Shape::Value;
    bool exact_text = false;  ///< white space around the value counts
    bool content = false;  ///< the place of an attachment's content, of which the wire has a mark
    bool member = false;   ///< its canonical side is membership of a set: "true" or "false"
    std::string alias_form = {};  ///< alias codecs: the form after "alias:"
};

/// The codec of the path an attachment's content is fetched from.
inline constexpr std::string_view kFetchPath = "fetch-path";

constexpr std::uint32_t typeBit(message::Type type) { return 1U << static_cast<unsigned>(type); }

/// Makes the codec a row names: "decimal:comma:1". ST-CHK-005 with the nearest name as hint.
/// `places` are the decimals of the canonical field (Decimal), 0 for others.
Result<std::shared_ptr<const Codec>> makeCodec(std::string_view spec, const message::Field& field);

/// The codec a row without `as` has.
std::string defaultCodec(const message::Field& field);

/// All codec names, for hints and the editor's schema.
const std::vector<std::string>& codecNames();

}  // namespace stafett::mapping
