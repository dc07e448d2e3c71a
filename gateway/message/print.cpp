#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <numeric>

#include "gateway/message/json_text.h"
#include "gateway/message/message.h"

namespace stafett::message {
namespace {

/// Whether a character of this text must be escaped, or may have to be: then it is asked of each.
/// Looked over eight bytes at a time: nearly no text has one.
bool mayEscape(std::string_view text) {
    constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
    constexpr std::uint64_t kHigh = 0x8080808080808080ULL;
    const auto look = [](std::uint64_t x) {
        const std::uint64_t quote = x ^ (kOnes * '"');
        const std::uint64_t slash = x ^ (kOnes * '\\');
        return (((quote - kOnes) & ~quote) | ((slash - kOnes) & ~slash) |
                ((x - kOnes * 0x20) & ~x)) &
               kHigh;
    };
    std::uint64_t found = 0;
    const char* at = text.data();
    std::size_t left = text.size();
    for (; left >= 8; at += 8, left -= 8) {
        std::uint64_t x = 0;
        std::memcpy(&x, at, 8);
        found |= look(x);
    }
    if (left != 0) {
        std::uint64_t x = kOnes * 'x';
        std::memcpy(&x, at, left);
        found |= look(x);
    }
    return found != 0;
}

/// Room for `size` bytes more at the end.
char* room(std::string& out, std::size_t size) {
    const std::size_t before = out.size();
    out.resize(before + size);
    return out.data() + before;
}

constexpr std::array<bool, 256> kMustEscape = [] {
    std::array<bool, 256> must{};
    for (std::size_t c = 0; c < 0x20; ++c) must[c] = true;
    must['"'] = must['\\'] = true;
    return must;
}();

void appendEscape(std::string& out, unsigned char c) {
    constexpr std::string_view kHex = "0123456789abcdef";
    switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\b':
            out += "\\b";
            break;
        case '\f':
            out += "\\f";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            out += "\\u00";
            out += kHex[c >> 4U];
            out += kHex[c & 15U];
    }
}

/// What has been printed: a text with more room behind it than is used, so that most pieces are
/// copied and nothing else.
class Printed {
public:
    Printed() : text_(kRoom, '\0') {}

    char back() const { return text_[size_ - 1]; }
    char* room(std::size_t size) {
        if (size > text_.size() - size_) text_.resize(2 * (size_ + size));
        char* const at = text_.data() + size_;
        size_ += size;
        return at;
    }
    void add(char c) { *room(1) = c; }
    void add(std::string_view text) { text.copy(room(text.size()), text.size()); }
    void string(std::string_view text) {
        if (mayEscape(text)) {
            std::string escaped;
            appendJsonString(escaped, text);
            return add(escaped);
        }
        char* at = room(text.size() + 2);
        *at++ = '"';
        at += text.copy(at, text.size());
        *at = '"';
    }
    std::string finish() {
        text_.resize(size_);
        return std::move(text_);
    }

private:
    static constexpr std::size_t kRoom = 4096;
    std::string text_;
    std::size_t size_ = 0;
};

/// Writes a record's fields in order, opening and closing the objects their paths go through.
class Printer {
public:
    void record(const Record& record);
    std::string finish() { return out_.finish(); }

private:
    void value(const Record& record, FieldIndex index, const Field& field);
    void list(const std::vector<Record>& items, bool ordered);
    void moveTo(std::string_view from, std::string_view to);
    void close(std::string_view path);
    void key(std::string_view name);

    Printed out_;
};

/// The folder part of a path: "extent/source/form" stands in "extent/source/".
std::string_view folderOf(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash + 1);
}

void Printer::moveTo(std::string_view from, std::string_view to) {
    const auto [a, b] = std::mismatch(from.begin(), from.end(), to.begin(), to.end());
    auto common = static_cast<std::size_t>(a - from.begin());
    while (common != 0 && from[common - 1] != '/') --common;
    close(from.substr(common));
    for (std::string_view rest = to.substr(common); !rest.empty();) {
        const auto slash = rest.find('/');
        key(rest.substr(0, slash));
        out_.add('{');
        rest.remove_prefix(slash + 1);
    }
}

/// Ends the object of each folder of a path.
void Printer::close(std::string_view path) {
    for (const char c : path) {
        if (c == '/') out_.add('}');
    }
}

void Printer::record(const Record& record) {
    const auto& fields = record.type().fields;
    if (fields.size() == 1 && fields[0].path == ".") return value(record, 0, fields[0]);
    out_.add('{');
    std::string_view open;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto index = static_cast<FieldIndex>(i);
        if (!record.has(index)) continue;
        const std::string_view path = fields[i].path;
        const std::string_view folder = folderOf(path);
        if (folder != open) {
            moveTo(open, folder);
            open = folder;
        }
        key(path.substr(folder.size()));
        value(record, index, fields[i]);
    }
    close(open);
    out_.add('}');
}

/// A member's name: a schema's, so nothing in it needs escaping.
void Printer::key(std::string_view name) {
    const bool comma = out_.back() != '{';
    char* at = out_.room(name.size() + 3 + (comma ? 1 : 0));
    if (comma) *at++ = ',';
    *at++ = '"';
    at += name.copy(at, name.size());
    *at++ = '"';
    *at = ':';
}

void Printer::value(const Record& record, FieldIndex index, const Field& field) {
    switch (field.type) {
        case Type::List:
            return list(record.items(index), field.ordered);
        case Type::Integer:
        case Type::Boolean:
            return out_.add(record.text(index));
        default:
            out_.string(record.text(index));
    }
}

void Printer::list(const std::vector<Record>& items, bool ordered) {
    out_.add('[');
    if (ordered) {
        for (const Record& item : items) {
            if (&item != &items.front()) out_.add(',');
            record(item);
        }
    } else {
        std::vector<std::string> texts(items.size());
        for (std::size_t i = 0; i < items.size(); ++i) {
            Printer one;
            one.record(items[i]);
            texts[i] = one.finish();
        }
        std::sort(texts.begin(), texts.end());
        for (const auto& text : texts) {
            if (&text != &texts.front()) out_.add(',');
            out_.add(text);
        }
    }
    out_.add(']');
}

}  // namespace

void appendJsonString(std::string& out, std::string_view text) {
    if (!mayEscape(text)) {
        char* at = room(out, text.size() + 2);
        *at++ = '"';
        at += text.copy(at, text.size());
        *at = '"';
        return;
    }
    out += '"';
    std::size_t begin = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (!kMustEscape[c]) continue;
        out.append(text, begin, i - begin);
        appendEscape(out, c);
        begin = i + 1;
    }
    out.append(text, begin, text.size() - begin);
    out += '"';
}

std::string print(const Message& message) {
    Printer printer;
    printer.record(message.root());
    return printer.finish();
}

Digest digest(const Message& message) { return sha256(print(message)); }

}  // namespace stafett::message
