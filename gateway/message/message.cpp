#include "gateway/message/message.h"

#include <cstdlib>
#include <cstring>

namespace stafett::message {
namespace {

constexpr std::size_t kBlock = 4096;

std::size_t sizeOfTexts(const Record& record) {
    std::size_t size = 0;
    const auto count = static_cast<FieldIndex>(record.type().fields.size());
    for (FieldIndex i = 0; i < count; ++i) {
        size += record.text(i).size();
        for (const Record& item : record.items(i)) size += sizeOfTexts(item);
    }
    return size;
}

/// Copies the values; their texts go to `at`, which has room for all of them.
char* copyInto(const Record& from, Record& to, char* at) {
    const auto count = static_cast<FieldIndex>(from.type().fields.size());
    for (FieldIndex i = 0; i < count; ++i) {
        if (const auto text = from.text(i); !text.empty()) {
            std::memcpy(at, text.data(), text.size());
            to.set(i, {at, text.size()});
            at += text.size();
        }
        const auto& items = from.items(i);
        if (items.empty()) continue;
        to.items(i).reserve(items.size());
        for (const Record& item : items) at = copyInto(item, to.append(i), at);
    }
    return at;
}

}  // namespace

char* Arena::newRoom(std::size_t size) {
    if (size > kBlock / 4) {  // a block of its own; what is left of the last one stays in use
        blocks_.push_back(std::make_unique_for_overwrite<char[]>(size));
        return blocks_.back().get();
    }
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(kBlock));
    at_ = blocks_.back().get() + size;
    left_ = kBlock - size;
    return blocks_.back().get();
}

void Record::clear(FieldIndex field) {
    values_[field].text = {};
    values_[field].items.reset();
}

const std::vector<Record>& Record::items(FieldIndex field) const {
    static const std::vector<Record> none;
    const auto& items = values_[field].items;
    return items ? *items : none;
}

std::vector<Record>& Record::items(FieldIndex field) {
    auto& items = values_[field].items;
    if (!items) items = std::make_unique<std::vector<Record>>();
    return *items;
}

Record& Record::append(FieldIndex field) {
    return items(field).emplace_back(*type_->fields[field].item);
}

std::string_view Message::text(std::string_view path) const {
    const auto field = schema_->root.find(path);
    return field ? root_.text(*field) : std::string_view();
}

void Message::set(std::string_view path, std::string_view text) {
    const auto field = schema_->root.find(path);
    if (!field || schema_->root.fields[*field].type == Type::List) std::abort();
    root_.set(*field, arena_.keep(text));
}

const std::vector<Record>& Message::items(std::string_view path) const {
    static const std::vector<Record> none;
    const auto field = schema_->root.find(path);
    return field ? root_.items(*field) : none;
}

Message Message::copy() const {
    Message copy(schema_);
    if (const std::size_t size = sizeOfTexts(root_); size != 0) {
        copyInto(root_, copy.root_, copy.arena_.room(size));
    }
    return copy;
}

}  // namespace stafett::message
