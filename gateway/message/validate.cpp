#include <algorithm>
#include <charconv>

#include "gateway/base/ids.h"
#include "gateway/message/dates.h"
#include "gateway/message/identifiers.h"
#include "gateway/message/item_place.h"
#include "gateway/message/message.h"

namespace stafett::message {
namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }

/// Characters of valid UTF-8.
std::size_t length(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

/// Text that both XML 1.0 and JSON can hold: no control characters but tab and line ends.
bool isPlainText(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c < 0x20 && c != '\t' && c != '\n' && c != '\r') return false;
        if (c == 0xEF &&
            (text.substr(i, 3) == "\xEF\xBF\xBE" || text.substr(i, 3) == "\xEF\xBF\xBF"))
            return false;
    }
    return true;
}

bool isDecimal(std::string_view text, std::size_t places) {
    const auto point = text.find('.');
    const std::string_view whole = text.substr(0, point);
    if (whole.empty() || whole.size() > 15 || !std::all_of(whole.begin(), whole.end(), isDigit))
        return false;
    if (whole.size() > 1 && whole.front() == '0') return false;
    if (places == 0) return point == std::string_view::npos;
    if (point == std::string_view::npos) return false;
    const std::string_view after = text.substr(point + 1);
    return after.size() == places && std::all_of(after.begin(), after.end(), isDigit);
}

bool isInteger(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() &&
           text == std::to_string(value);
}

class Validator {
public:
    Validator(const Catalogue& catalogue, const Rules& rules, std::string_view today)
        : catalogue_(catalogue), today_(today) {
        person_.interim = rules.interim_numbers;
        person_.reserve = rules.reserve_numbers;
        person_.check_digits = !rules.test_numbers;
        person_.today = today;
    }

    void record(const Record& record, const ItemPlace& in);
    void problem(Code code, std::string path) {
        problems_.emplace_back(code, Place{.path = std::move(path)});
    }
    Problems problems() { return std::move(problems_); }

private:
    /// A field of a record; its path is made when something is wrong with it.
    struct Spot {
        const ItemPlace& in;
        const Field& field;
    };
    void problem(Code code, const Spot& at) { problem(code, at.in.of(at.field.path)); }
    void value(const Field& field, std::string_view text, const Spot& at);
    void code(const Field& field, std::string_view text, const Spot& at);
    void person(std::string_view text, const Spot& at);
    void period(const Record& record, FieldIndex to, const Spot& at);
    void items(const Field& field, const std::vector<Record>& items, const ItemPlace& in);

    const Catalogue& catalogue_;
    PersonRules person_;
    std::string_view today_;
    Problems problems_;
};

void Validator::record(const Record& record, const ItemPlace& in) {
    const auto& fields = record.type().fields;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto index = static_cast<FieldIndex>(i);
        const Field& field = fields[i];
        const Spot at{in, field};
        if (!record.has(index)) {
            if (field.required) problem(Code::MapMissing, at);
            continue;
        }
        if (field.type == Type::List) {
            items(field, record.items(index), in);
            continue;
        }
        value(field, record.text(index), at);
        if (field.type == Type::Date && (field.path == "to" || field.path.ends_with("/to"))) {
            period(record, index, at);
        }
    }
}

void Validator::value(const Field& field, std::string_view text, const Spot& at) {
    switch (field.type) {
        case Type::Text:
        case Type::Function:
            if (!isPlainText(text)) problem(Code::MapBadValue, at);
            // No more characters than bytes: they are mostly not counted.
            if (field.max_length != 0 && text.size() > field.max_length &&
                length(text) > field.max_length) {
                problem(Code::MapTooLong, at);
            }
            return;
        case Type::Code:
            return code(field, text, at);
        case Type::Date:
            if (!isDate(text)) problem(Code::MapBadDate, at);
            return;
        case Type::Time:
            if (!parseTime(text)) problem(Code::MapBadTime, at);
            return;
        case Type::Decimal:
            if (!isDecimal(text, field.places)) problem(Code::MapBadNumber, at);
            return;
        case Type::Integer:
            if (!isInteger(text)) problem(Code::MapBadNumber, at);
            return;
        case Type::Boolean:
            if (text != "true" && text != "false") problem(Code::MapBadValue, at);
            return;
        case Type::Uuid:
            if (const auto uuid = Uuid::parse(text); !uuid || uuid->text() != text)
                problem(Code::MapBadValue, at);
            return;
        case Type::PersonId:
            return person(text, at);
        case Type::OrgNumber:
            if (const auto number = readOrgNumber(text); !number || *number != text)
                problem(Code::OrgNumber, at);
            return;
        case Type::Municipality:
            if (!isMunicipalityCode(text)) problem(Code::MunicipalityCode, at);
            return;
        case Type::List:
            return;
    }
}

void Validator::code(const Field& field, std::string_view text, const Spot& at) {
    const ValueSet* const set = catalogue_.valueSet(field.value_set);
    const CodeValue* const known = set == nullptr ? nullptr : set->find(text);
    if (known == nullptr) return problem(Code::MapUnknownValue, at);
    if (!known->from.empty() && today_ < known->from) return problem(Code::MapUnknownValue, at);
    if (!known->to.empty() && today_ > known->to) problem(Code::MapUnknownValue, at);
}

void Validator::person(std::string_view text, const Spot& at) {
    const auto colon = text.find(':');
    const std::string_view kind = text.substr(0, colon);
    const std::string_view value =
        colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
    const bool opaque = value.size() == 12 && std::all_of(value.begin(), value.end(), [](char c) {
                            return isDigit(c) || (c >= 'A' && c <= 'Z');
                        });
    if (!opaque) return problem(Code::PersonNumber, at);
    if (kind == "lma") return;
    if (kind == "reserv") {
        if (!person_.reserve) problem(Code::PersonKind, at);
        return;
    }
    const auto read = readPersonNumber(value, person_);
    if (!read) return problem(read.error().code(), at);
    if (*read != text) problem(Code::PersonNumber, at);
}

void Validator::period(const Record& record, FieldIndex to, const Spot& at) {
    const std::string& name = record.type().fields[to].path;
    const auto from = record.type().find(name.substr(0, name.size() - 2) + "from");
    if (!from) return;
    const std::string_view begin = record.text(*from);
    const std::string_view end = record.text(to);
    if (isDate(begin) && isDate(end) && begin > end) problem(Code::CanonicalPeriod, at);
}

void Validator::items(const Field& field, const std::vector<Record>& items, const ItemPlace& in) {
    std::vector<FieldIndex> key;
    for (const auto& part : field.key) key.push_back(*field.item->find(part));
    if (field.key.empty() && !field.ordered && field.item->find(".")) key.push_back(0);
    const auto same = [&key](const Record& a, const Record& b) {
        return std::all_of(key.begin(), key.end(),
                           [&](FieldIndex part) { return a.text(part) == b.text(part); });
    };
    for (auto item = items.begin(); item != items.end(); ++item) {
        const ItemPlace place{&in, field.path, static_cast<std::size_t>(item - items.begin())};
        record(*item, place);
        const bool twice =
            !key.empty() && std::any_of(items.begin(), item,
                                        [&](const Record& before) { return same(before, *item); });
        if (twice) problem(Code::MapDuplicateItem, place.path());
    }
}

}  // namespace

Problems validate(const Message& message, const Catalogue& catalogue, const Rules& rules,
                  std::string_view today) {
    Validator validator(catalogue, rules, today);
    validator.record(message.root(), ItemPlace{});
    const auto other = [&](std::string_view path, std::string_view wanted) {
        const auto found = message.text(path);
        if (!found.empty() && found != wanted)
            validator.problem(Code::CanonicalInvalid, std::string(path));
    };
    other("message/kind", message.schema().kind);
    other("message/schema", message.schema().id());
    return validator.problems();
}

}  // namespace stafett::message
