#include <simdjson.h>

#include <algorithm>
#include <bit>

#include "gateway/codec/builder.h"
#include "gateway/codec/encoding.h"
#include "gateway/codec/json_text.h"
#include "gateway/codec/nfc.h"
#include "gateway/codec/read.h"

namespace stafett::codec {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::size_t kFewKeys = 16;  ///< compared one by one; more are sorted at the object's end
constexpr std::size_t kSmallDocument = 16U << 10;
constexpr std::size_t kLargeDocument = 128U << 10;
constexpr std::string_view kBlank = " \t\r\n";

std::string_view withoutBlank(std::string_view text) {
    const auto end = text.find_last_not_of(kBlank);
    return text.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

/// A container that is open: its node, its last child, and how many it has.
struct Open {
    NodeIndex node = kNoNode;
    NodeIndex last_child = kNoNode;
    std::size_t count = 0;
    std::uint64_t seen = 0;  ///< a bit for each name's hash: most names need no comparing
};

/// A member's name, decoded, and where it stands.
struct Key {
    std::string_view name = {};
    std::size_t offset = 0;
    std::uint32_t hash = nameHash({});
};

/// Walks one document with simdjson and builds the tree; every value is looked at, once.
class Reading {
public:
    Reading(Builder& builder, const Limits& limits) : builder_(builder), limits_(limits) {
        const std::string_view source = builder.source();
        check_nfc_ = mayNeedNfc(source) || source.find("\\u") != std::string_view::npos;
    }

    Result<void> run(ondemand::parser& parser);

private:
    bool value(ondemand::value value, const Key& key, Open& parent, std::size_t depth);
    bool object(ondemand::value& value, NodeIndex self, std::size_t depth);
    bool array(ondemand::value& value, NodeIndex self, std::size_t depth);
    bool scalar(std::string_view token, NodeIndex self);
    bool string(const char* begin, std::size_t most, std::string_view& text);
    bool member(ondemand::field& field, Open& self, std::size_t depth);
    bool isRepeated(const Key& key, Open& object) const;
    bool hasRepeated(const Open& object);
    bool root(std::string_view text);

    NodeIndex add(NodeKind kind, const Key& key, Open& parent, std::size_t offset);
    std::size_t offsetOf(const char* at) const {
        return static_cast<std::size_t>(at - builder_.source().data());
    }
    bool fail(Code code) { return fail(code, last_); }
    bool fail(Code code, std::size_t offset) {
        if (!failed_) {
            failed_ = code;
            last_ = offset;
        }
        return false;
    }
    std::size_t faultOf(simdjson::error_code error) const;

    Builder& builder_;
    const Limits& limits_;
    bool check_nfc_ = false;
    std::optional<Code> failed_;
    std::size_t last_ = 0;  ///< where the last token began, for the place of an error
};

bool Reading::string(const char* begin, std::size_t most, std::string_view& text) {
    const StringEnd end = endOfString(begin);
    text = {begin, static_cast<std::size_t>(end.quote - begin)};
    if (end.escaped) {
        char* const out = builder_.room(text.size());
        const auto size = unescape(text, out);
        if (!size) return fail(Code::JsonMalformed);
        text = {out, *size};
    }
    if (check_nfc_ && mayNeedNfc(text)) {
        const Nfc nfc = toNfc(text);
        if (nfc.fault != NfcFault::None) return fail(Code::JsonLimit);
        if (nfc.changed) text = builder_.keep(nfc.text);
    }
    return text.size() <= most || fail(Code::JsonLimit);
}

NodeIndex Reading::add(NodeKind kind, const Key& key, Open& parent, std::size_t offset) {
    Node node;
    node.kind = kind;
    node.name = key.name;
    node.name_hash = key.hash;
    node.parent = parent.node;
    node.offset = static_cast<std::uint32_t>(offset);
    const NodeIndex index = builder_.add(node);
    auto& nodes = builder_.nodes();
    if (parent.node != kNoNode) {
        (parent.last_child == kNoNode ? nodes[parent.node].first_child
                                      : nodes[parent.last_child].next) = index;
    }
    parent.last_child = index;
    ++parent.count;
    return index;
}

bool Reading::scalar(std::string_view token, NodeIndex self) {
    Node& node = builder_.nodes()[self];
    node.text = withoutBlank(token);
    if (node.text == "true" || node.text == "false") {
        node.kind = NodeKind::Boolean;
    } else if (node.text == "null") {
        node.kind = NodeKind::Null;
    } else if (node.text.size() > limits_.value) {
        return fail(Code::JsonLimit);
    } else if (!isJsonNumber(node.text)) {
        return fail(Code::JsonMalformed);
    } else if (!fitsDouble(node.text)) {
        return fail(Code::JsonNumberRange);
    }
    return true;
}

bool Reading::value(ondemand::value value, const Key& key, Open& parent, std::size_t depth) {
    const std::string_view token = value.raw_json_token();
    last_ = offsetOf(token.data());
    if (builder_.nodes().size() >= limits_.nodes) return fail(Code::JsonLimit);
    const std::size_t offset = key.name.data() == nullptr ? last_ : key.offset;
    const char first = token.empty() ? '\0' : token.front();
    const NodeKind kind = first == '{'   ? NodeKind::Object
                          : first == '[' ? NodeKind::Array
                          : first == '"' ? NodeKind::String
                                         : NodeKind::Number;
    const NodeIndex self = add(kind, key, parent, offset);
    if (kind == NodeKind::Number) return scalar(token, self);
    if (kind == NodeKind::String) {
        ondemand::raw_json_string raw;
        std::string_view text;
        if (value.get_raw_json_string().get(raw) != simdjson::SUCCESS)
            return fail(Code::JsonMalformed);
        if (!string(raw.raw(), limits_.value, text)) return false;
        builder_.nodes()[self].text = text;
        return true;
    }
    if (depth > limits_.depth) return fail(Code::JsonLimit);
    return kind == NodeKind::Object ? object(value, self, depth) : array(value, self, depth);
}

bool Reading::isRepeated(const Key& key, Open& object) const {
    const std::uint64_t bit = std::uint64_t{1} << (key.hash & 63U);
    if ((object.seen & bit) == 0) {
        object.seen |= bit;
        return false;
    }
    const auto& nodes = builder_.nodes();
    for (NodeIndex i = nodes[object.node].first_child; i != kNoNode; i = nodes[i].next) {
        if (nodes[i].name_hash == key.hash && nodes[i].name == key.name) return true;
    }
    return false;
}

bool Reading::hasRepeated(const Open& object) {
    thread_local std::vector<std::pair<std::string_view, std::uint32_t>> names;
    names.clear();
    const auto& nodes = builder_.nodes();
    for (NodeIndex i = nodes[object.node].first_child; i != kNoNode; i = nodes[i].next) {
        names.emplace_back(nodes[i].name, nodes[i].offset);
    }
    std::sort(names.begin(), names.end());
    const auto twice =
        std::adjacent_find(names.begin(), names.end(),
                           [](const auto& a, const auto& b) { return a.first == b.first; });
    if (twice == names.end()) return false;
    fail(Code::JsonDuplicateKey, (twice + 1)->second);
    return true;
}

bool Reading::member(ondemand::field& field, Open& self, std::size_t depth) {
    Key key;
    key.offset = offsetOf(field.key().raw()) - 1;
    last_ = key.offset;
    if (!string(field.key().raw(), limits_.name, key.name)) return false;
    key.hash = nameHash(key.name);
    if (self.count < kFewKeys && isRepeated(key, self)) {
        add(NodeKind::Null, key, self, key.offset);  // so that the error's path names it
        return fail(Code::JsonDuplicateKey);
    }
    return value(field.value(), key, self, depth);
}

bool Reading::object(ondemand::value& value, NodeIndex self, std::size_t depth) {
    ondemand::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS) return fail(Code::JsonMalformed);
    Open open{.node = self};
    for (auto result : object) {
        ondemand::field field;
        if (std::move(result).get(field) != simdjson::SUCCESS) return fail(Code::JsonMalformed);
        if (!member(field, open, depth + 1)) return false;
    }
    return open.count <= kFewKeys || !hasRepeated(open);
}

bool Reading::array(ondemand::value& value, NodeIndex self, std::size_t depth) {
    ondemand::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS) return fail(Code::JsonMalformed);
    Open open{.node = self};
    for (auto result : array) {
        ondemand::value item;
        if (result.get(item) != simdjson::SUCCESS) return fail(Code::JsonMalformed);
        if (!this->value(item, Key{}, open, depth + 1)) return false;
    }
    return true;
}

/// A document that is one string, number, true, false or null.
bool Reading::root(std::string_view text) {
    Open none;
    last_ = offsetOf(text.data());
    const NodeIndex self =
        add(text.front() == '"' ? NodeKind::String : NodeKind::Number, Key{}, none, last_);
    if (text.front() != '"') return scalar(text, self);
    std::string_view inside;
    if (endOfString(text.data() + 1).quote != text.data() + text.size() - 1)
        return fail(Code::JsonMalformed);
    if (!string(text.data() + 1, limits_.value, inside)) return false;
    builder_.nodes()[self].text = inside;
    return true;
}

/// Where a fault is that simdjson found before any value was looked at.
std::size_t Reading::faultOf(simdjson::error_code error) const {
    const std::string_view source = builder_.source();
    if (error == simdjson::UTF8_ERROR) return firstInvalid(source);
    std::size_t quote = std::string_view::npos;  // of the string that is open
    for (std::size_t i = 0; i < source.size(); ++i) {
        const char c = source[i];
        if (quote == std::string_view::npos) {
            if (c == '"') quote = i;
        } else if (c == '"') {
            quote = std::string_view::npos;
        } else if (c == '\\') {
            ++i;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            return i;
        }
    }
    return std::min(quote, source.size());
}

Result<void> Reading::run(ondemand::parser& parser) {
    const std::string_view source = builder_.source();
    ondemand::document document;
    const auto error =
        parser.iterate(source.data(), source.size(), source.size() + simdjson::SIMDJSON_PADDING)
            .get(document);
    if (error != simdjson::SUCCESS) {
        const Code code =
            error == simdjson::UTF8_ERROR ? Code::EncodingInvalid : Code::JsonMalformed;
        return tl::make_unexpected(builder_.error(code, faultOf(error), kNoNode));
    }
    std::string_view text = withoutBlank(source);
    text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
    bool good = !text.empty();
    if (good && (text.front() == '{' || text.front() == '[')) {
        ondemand::value root;
        Open none;
        good = document.get_value().get(root) == simdjson::SUCCESS && value(root, Key{}, none, 1);
        if (good && document.current_location().error() != simdjson::OUT_OF_BOUNDS) {
            const char* rest = nullptr;
            if (document.current_location().get(rest) == simdjson::SUCCESS) last_ = offsetOf(rest);
            good = false;
        }
    } else if (good) {
        good = root(text);
    }
    if (good) return {};
    const auto last = static_cast<NodeIndex>(builder_.nodes().size() - 1);
    return tl::make_unexpected(builder_.error(failed_.value_or(Code::JsonMalformed), last_, last));
}

}  // namespace

Result<Document> readJson(std::string_view bytes, const ReadOptions& options) {
    thread_local ondemand::parser kept;
    if (bytes.size() > options.limits.bytes || bytes.size() > UINT32_MAX / 2) {
        return tl::make_unexpected(Error(Code::JsonLimit));
    }
    if (!options.charset.empty() && encodingByName(options.charset) != Encoding::Utf8) {
        return tl::make_unexpected(Error(Code::EncodingMismatch));
    }
    if (bytes.starts_with("\xEF\xBB\xBF") || bytes.starts_with("\xFE\xFF") ||
        bytes.starts_with("\xFF\xFE")) {
        return tl::make_unexpected(Error(Code::JsonMalformed, Place{.line = 1, .column = 1}));
    }
    if (kept.capacity() < bytes.size()) {
        const std::size_t capacity = std::bit_ceil(std::max(bytes.size(), kSmallDocument));
        if (kept.allocate(capacity) != simdjson::SUCCESS) std::abort();  // no memory for a parser
    }
    Builder builder(Format::Json, bytes, simdjson::SIMDJSON_PADDING);
    builder.spaces().assign(1, {});
    builder.prefixes().assign(1, {});
    Reading reading(builder, options.limits);
    const auto done = reading.run(kept);
    if (bytes.size() > kLargeDocument) kept = ondemand::parser();
    if (!done) return tl::make_unexpected(done.error());
    return builder.finish();
}

}  // namespace stafett::codec
