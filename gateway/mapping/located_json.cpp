#include "gateway/mapping/located_json.h"

#include "gateway/message/json_text.h"

namespace stafett::mapping {
namespace {

constexpr int kDepth = 64;

class Reader {
public:
    Reader(std::string_view text, const std::string& file) : text_(text), file_(file) {}

    Result<Json> document() {
        ST_TRY(Json value, this->value(0));
        skip();
        if (at_ != text_.size()) return wrong("nothing may follow the value");
        return value;
    }

private:
    tl::unexpected<Error> wrong(const char* hint) const {
        return tl::unexpected(Error(
            Code::CheckSyntax,
            Place{.file = file_, .line = line_, .column = column(), .row = {}, .hint = hint}));
    }
    std::uint32_t column() const { return static_cast<std::uint32_t>(at_ - line_start_ + 1); }
    bool done() const { return at_ >= text_.size(); }
    char peek() const { return done() ? '\0' : text_[at_]; }

    void skip() {
        while (!done()) {
            const char c = text_[at_];
            if (c == '\n') {
                ++at_;
                ++line_;
                line_start_ = at_;
            } else if (c == ' ' || c == '\t' || c == '\r') {
                ++at_;
            } else if (c == '/' && text_.substr(at_, 2) == "//") {
                while (!done() && text_[at_] != '\n') ++at_;
            } else {
                return;
            }
        }
    }

    Result<Json> value(int depth);
    Result<Json> object(Json value, int depth);
    Result<Json> array(Json value, int depth);
    Result<std::string> string();
    Result<std::uint32_t> hex4();
    Status escape(std::string& out);
    bool number(Json& value);

    std::string_view text_;
    const std::string& file_;
    std::size_t at_ = 0;
    std::size_t line_start_ = 0;
    std::uint32_t line_ = 1;
};

void appendUtf8(std::string& out, std::uint32_t c) {
    const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0 | (c >> 6));
        put(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        put(0xE0 | (c >> 12));
        put(0x80 | ((c >> 6) & 0x3F));
        put(0x80 | (c & 0x3F));
    } else {
        put(0xF0 | (c >> 18));
        put(0x80 | ((c >> 12) & 0x3F));
        put(0x80 | ((c >> 6) & 0x3F));
        put(0x80 | (c & 0x3F));
    }
}

Result<Json> Reader::value(int depth) {
    skip();
    if (done()) return wrong("a value is missing");
    if (depth > kDepth) return wrong("too deep");
    Json value;
    value.line = line_;
    value.column = column();
    const char c = peek();
    if (c == '{') return object(std::move(value), depth);
    if (c == '[') return array(std::move(value), depth);
    if (c == '"') {
        ST_TRY(value.text, string());
        value.kind = Json::Kind::String;
        return value;
    }
    for (const std::string_view word : {"true", "false", "null"}) {
        if (text_.substr(at_, word.size()) != word) continue;
        at_ += word.size();
        value.kind = word == "null" ? Json::Kind::Null : Json::Kind::Boolean;
        value.text = word;
        return value;
    }
    if (!number(value)) return wrong("a value is missing");
    return value;
}

bool Reader::number(Json& value) {
    const std::size_t begin = at_;
    const auto digits = [&] {
        const std::size_t first = at_;
        while (peek() >= '0' && peek() <= '9') ++at_;
        return at_ != first;
    };
    if (peek() == '-') ++at_;
    if (!digits()) return false;
    if (peek() == '.') {
        ++at_;
        if (!digits()) return false;
    }
    if (peek() == 'e' || peek() == 'E') {
        ++at_;
        if (peek() == '+' || peek() == '-') ++at_;
        if (!digits()) return false;
    }
    value.kind = Json::Kind::Number;
    value.text = text_.substr(begin, at_ - begin);
    return true;
}

Result<Json> Reader::object(Json value, int depth) {
    value.kind = Json::Kind::Object;
    ++at_;
    skip();
    if (peek() == '}') {
        ++at_;
        return value;
    }
    while (true) {
        skip();
        if (peek() != '"') return wrong("a key in quotes is missing");
        ST_TRY(std::string key, string());
        if (value.find(key) != nullptr) return wrong("the key stands twice");
        skip();
        if (peek() != ':') return wrong("a colon is missing");
        ++at_;
        ST_TRY(Json member, this->value(depth + 1));
        value.members.emplace_back(std::move(key), std::move(member));
        skip();
        if (peek() == '}') break;
        if (peek() != ',') return wrong("a comma or a closing brace is missing");
        ++at_;
    }
    ++at_;
    return value;
}

Result<Json> Reader::array(Json value, int depth) {
    value.kind = Json::Kind::Array;
    ++at_;
    skip();
    if (peek() == ']') {
        ++at_;
        return value;
    }
    while (true) {
        ST_TRY(Json item, this->value(depth + 1));
        value.items.push_back(std::move(item));
        skip();
        if (peek() == ']') break;
        if (peek() != ',') return wrong("a comma or a closing bracket is missing");
        ++at_;
    }
    ++at_;
    return value;
}

Result<std::uint32_t> Reader::hex4() {
    std::uint32_t code = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
        const char c = peek();
        code <<= 4;
        if (c >= '0' && c <= '9') {
            code |= static_cast<std::uint32_t>(c - '0');
        } else if (c >= 'a' && c <= 'f') {
            code |= static_cast<std::uint32_t>(c - 'a' + 10);
        } else if (c >= 'A' && c <= 'F') {
            code |= static_cast<std::uint32_t>(c - 'A' + 10);
        } else {
            return wrong("four hexadecimal digits are missing");
        }
    }
    return code;
}

Status Reader::escape(std::string& out) {
    const char c = peek();
    ++at_;
    constexpr std::string_view kFrom = "\"\\/bfnrt";
    constexpr std::string_view kTo = "\"\\/\b\f\n\r\t";
    if (const auto i = kFrom.find(c); i != std::string_view::npos && c != '\0') {
        out += kTo[i];
        return {};
    }
    if (c != 'u') return wrong("unknown escape");
    ST_TRY(std::uint32_t code, hex4());
    if (code >= 0xD800 && code < 0xDC00 && text_.substr(at_, 2) == "\\u") {
        at_ += 2;
        ST_TRY(const std::uint32_t low, hex4());
        if (low < 0xDC00 || low > 0xDFFF) return wrong("half a surrogate pair");
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    if (code >= 0xD800 && code < 0xE000) return wrong("half a surrogate pair");
    appendUtf8(out, code);
    return {};
}

Result<std::string> Reader::string() {
    std::string out;
    ++at_;
    while (true) {
        if (done() || static_cast<unsigned char>(peek()) < 0x20)
            return wrong("the text has no end");
        const char c = text_[at_++];
        if (c == '"') return out;
        if (c != '\\') {
            out += c;
            continue;
        }
        ST_CHECK(escape(out));
    }
}

void append(std::string& out, const Json& value) {
    switch (value.kind) {
        case Json::Kind::Null:
            out += "null";
            return;
        case Json::Kind::Boolean:
        case Json::Kind::Number:
            out += value.text;
            return;
        case Json::Kind::String:
            message::appendJsonString(out, value.text);
            return;
        case Json::Kind::Array:
            out += '[';
            for (const Json& item : value.items) {
                if (&item != &value.items.front()) out += ',';
                append(out, item);
            }
            out += ']';
            return;
        case Json::Kind::Object:
            out += '{';
            for (const auto& member : value.members) {
                if (&member != &value.members.front()) out += ',';
                message::appendJsonString(out, member.first);
                out += ':';
                append(out, member.second);
            }
            out += '}';
            return;
    }
}

}  // namespace

const Json* Json::find(std::string_view key) const {
    for (const auto& [name, value] : members) {
        if (name == key) return &value;
    }
    return nullptr;
}

Result<Json> readLocatedJson(std::string_view text, const std::string& file) {
    return Reader(text, file).document();
}

std::string print(const Json& value) {
    std::string out;
    append(out, value);
    return out;
}

}  // namespace stafett::mapping
