#pragma once

#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/base/sha256.h"
#include "gateway/message/schema.h"

namespace stafett::message {

/// Text that lives as long as its owner and never moves. One thread.
class Arena {
public:
    Arena() = default;
    Arena(Arena&&) noexcept = default;
    Arena& operator=(Arena&&) noexcept = default;

    std::string_view keep(std::string_view text) {
        if (text.empty()) return {};
        char* const at = room(text.size());
        std::memcpy(at, text.data(), text.size());
        return {at, text.size()};
    }
    /// Room for `size` bytes, to be written by the caller.
    char* room(std::size_t size) {
        if (size > left_) return newRoom(size);
        char* const room = at_;
        at_ += size;
        left_ -= size;
        return room;
    }

private:
    char* newRoom(std::size_t size);

    std::vector<std::unique_ptr<char[]>> blocks_;
    char* at_ = nullptr;
    std::size_t left_ = 0;
};

/// The values of one record type: the message itself, or an item of one of its lists.
class Record {
public:
    explicit Record(const RecordType& type) : type_(&type), values_(type.fields.size()) {}

    const RecordType& type() const { return *type_; }
    /// For a list: has at least one item.
    bool has(FieldIndex field) const {
        const Value& value = values_[field];
        return !value.text.empty() || (value.items && !value.items->empty());
    }
    /// Empty view when absent (a value is never empty).
    std::string_view text(FieldIndex field) const { return values_[field].text; }
    /// The text must outlive the record: an Arena's, or a table's.
    void set(FieldIndex field, std::string_view text) { values_[field].text = text; }
    void clear(FieldIndex field);

    const std::vector<Record>& items(FieldIndex field) const;
    Record& append(FieldIndex field);
    std::vector<Record>& items(FieldIndex field);

private:
    struct Value {
        std::string_view text;
        std::unique_ptr<std::vector<Record>> items;
    };
    const RecordType* type_;
    std::vector<Value> values_;
};

/// One canonical message. Movable, not copyable; one thread at a time.
class Message {
public:
    explicit Message(std::shared_ptr<const Schema> schema)
        : schema_(std::move(schema)), root_(schema_->root) {}

    const Schema& schema() const { return *schema_; }
    const std::shared_ptr<const Schema>& schemaRef() const { return schema_; }
    Record& root() { return root_; }
    const Record& root() const { return root_; }
    Arena& arena() { return arena_; }

    /// By path, for what is not hot: "person/id". Empty when absent or unknown.
    std::string_view text(std::string_view path) const;
    void set(std::string_view path, std::string_view text);  ///< copied into the arena
    const std::vector<Record>& items(std::string_view path) const;

    Message copy() const;

private:
    std::shared_ptr<const Schema> schema_;
    Arena arena_;
    Record root_;
};

/// The one canonical form: JSON, fields in the schema's order, absent ones left out, sets sorted.
std::string print(const Message& message);
Digest digest(const Message& message);

/// Everything wrong with a message's values and required fields, each with its canonical path.
/// `today` (YYYY-MM-DD, Stockholm) decides which codes are valid.
struct Rules {
    bool interim_numbers = false;
    bool reserve_numbers = true;
    bool test_numbers = false;  ///< let numbers with a wrong check digit pass (test environments)
};
Problems validate(const Message& message, const Catalogue& catalogue, const Rules& rules,
                  std::string_view today);

}  // namespace stafett::message
