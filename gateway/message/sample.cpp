#include "gateway/message/sample.h"

#include <algorithm>
#include <array>
#include <string>

#include "gateway/base/sha256.h"

namespace stafett::message {
namespace {

constexpr std::array<std::string_view, 22> kPieces = {
    "Åsa",       "Örjan",     "Ärende", "över",    "& Söner",  "<b>fet</b>", "\"citat\"", "d'Arc",
    "A/B",       "5 > 4 < 6", "]]>",    "&amp;",   "C:\\mapp", "100 %",      "{}[];:,",   "€ – ”",
    "näst–sist", "日本語",    "😀",      "é ü ø æ", "null",     "plain words"};
constexpr std::array<std::string_view, 4> kLineEnds = {"\n", "\r\n", "\t", "\n\n  "};
constexpr std::array<std::string_view, 8> kMunicipalities = {"0136", "0180", "0126", "1280",
                                                             "1380", "1381", "2281", "1463"};
constexpr std::size_t kLongText = 500;    ///< from here on a text may have lines
constexpr std::size_t kUnlimited = 1500;  ///< for texts without a limit

/// splitmix64: small, fast, and the same everywhere.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31U);
    }
    std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }
    bool in(std::size_t n) { return below(n) == 0; }
    template <class T, std::size_t N>
    const T& of(const std::array<T, N>& all) {
        return all[below(N)];
    }

private:
    std::uint64_t state_;
};

void putDigits(std::string& out, std::size_t value, std::size_t count) {
    for (std::size_t i = count, power = 1; i > 0; --i) {
        power = 1;
        for (std::size_t k = 1; k < i; ++k) power *= 10;
        out += static_cast<char>('0' + value / power % 10);
    }
}

/// The check digit behind these digits (Luhn); a letter counts as `letter`.
char checkDigit(std::string_view digits, int letter) {
    int sum = 0;
    int weight = digits.size() % 2 == 0 ? 1 : 2;
    for (const char c : digits) {
        const int product = (c >= '0' && c <= '9' ? c - '0' : letter) * weight;
        sum += product / 10 + product % 10;
        weight = 3 - weight;
    }
    return static_cast<char>('0' + (10 - sum % 10) % 10);
}

class Sampler {
public:
    Sampler(Message& message, const Catalogue& catalogue, std::uint64_t seed)
        : message_(message), catalogue_(catalogue), dice_(seed) {}

    void fill(Record& record);

private:
    void value(Record& record, FieldIndex index, const Field& field);
    void list(Record& record, FieldIndex index, const Field& field);
    void text(const Field& field);
    void code(const Field& field);
    void date(const Record& record, const Field& field);
    void source(const Record& record, const Field& field);
    void person();
    void organisation();
    void uuid();
    void day(std::size_t first_year, std::size_t years);

    Message& message_;
    const Catalogue& catalogue_;
    Dice dice_;
    std::string made_;  ///< the value being made
};

void Sampler::fill(Record& record) {
    const auto& fields = record.type().fields;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto index = static_cast<FieldIndex>(i);
        if (!fields[i].required && dice_.below(20) < 9) continue;
        if (fields[i].type == Type::List) {
            list(record, index, fields[i]);
        } else {
            value(record, index, fields[i]);
        }
    }
}

bool isSame(const Record& a, const Record& b, const Field& list) {
    if (list.key.empty()) return !list.ordered && a.text(0) == b.text(0);
    return std::all_of(list.key.begin(), list.key.end(), [&](const std::string& part) {
        const FieldIndex field = *list.item->find(part);
        return a.text(field) == b.text(field);
    });
}

void Sampler::list(Record& record, FieldIndex index, const Field& field) {
    const std::size_t count = dice_.in(40) ? 10 + dice_.below(20) : 1 + dice_.below(4);
    auto& items = record.items(index);
    items.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        Record item(*field.item);
        fill(item);
        const bool empty =
            !item.has(0) &&
            std::none_of(field.item->fields.begin(), field.item->fields.end(),
                         [&](const Field& part) { return item.has(*field.item->find(part.path)); });
        if (empty || std::any_of(items.begin(), items.end(),
                                 [&](const Record& other) { return isSame(item, other, field); })) {
            continue;
        }
        items.push_back(std::move(item));
    }
}

void Sampler::value(Record& record, FieldIndex index, const Field& field) {
    made_.clear();
    switch (field.type) {
        case Type::Text:
            field.path.starts_with("extent/source/") ? source(record, field) : text(field);
            break;
        case Type::Code:
            if (field.path == "message/kind") {
                made_ = message_.schema().kind;
            } else {
                code(field);
            }
            break;
        case Type::Date:
            date(record, field);
            break;
        case Type::Time:
            day(2000, 36);
            if (std::string_view(made_).substr(5, 2) == "10") made_.replace(8, 2, "07");
            made_ += 'T';
            for (const std::size_t most : {24U, 60U, 60U}) {
                putDigits(made_, dice_.below(most), 2);
                made_ += ':';
            }
            made_.back() = 'Z';
            break;
        case Type::Decimal:
            putDigits(made_, dice_.below(40), 2);
            if (made_.front() == '0') made_.erase(0, 1);
            if (field.places != 0) made_ += '.';
            putDigits(made_, dice_.in(2) ? 0 : dice_.next() % 1000000, field.places);
            break;
        case Type::Integer:
            made_ = std::to_string(dice_.in(4) ? dice_.below(100000) : dice_.below(10));
            break;
        case Type::Boolean:
            made_ = dice_.in(2) ? "true" : "false";
            break;
        case Type::Uuid:
            uuid();
            break;
        case Type::PersonId:
            person();
            break;
        case Type::OrgNumber:
            organisation();
            break;
        case Type::Municipality:
            made_ = dice_.of(kMunicipalities);
            break;
        case Type::Function:
            made_ = "SE";
            organisation();
            made_ += '-';
            putDigits(made_, dice_.next() % 10000, 4);
            break;
        case Type::List:
            return;
    }
    record.set(index, message_.arena().keep(made_));
}

/// Cuts to `most` characters, never inside one, and takes white space off the ends.
void trim(std::string& text, std::size_t most) {
    std::size_t characters = 0;
    std::size_t end = 0;
    for (; end < text.size(); ++end) {
        if ((static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80U && ++characters > most) break;
    }
    text.resize(end);
    while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.pop_back();
}

void Sampler::text(const Field& field) {
    if (field.path == "message/schema") {
        made_ = message_.schema().id();
        return;
    }
    if (field.path.ends_with("sha256")) {
        made_ = sha256(std::to_string(dice_.next())).hex();
        return;
    }
    if (field.path.ends_with("phone")) {
        made_ = dice_.in(2) ? "+468" : "08";
        putDigits(made_, 1000000 + dice_.below(9000000), 7);
        return;
    }
    made_ = std::to_string(dice_.below(100000));  // so that no two fields hold the same
    if (field.path.ends_with("email")) {
        made_ += "@enheten.example";
        return;
    }
    const std::size_t most = field.max_length == 0 ? kUnlimited : field.max_length;
    const bool lines = field.max_length == 0 || most >= kLongText;
    std::size_t pieces = dice_.in(50) ? 200 : 1 + dice_.below(4);
    while (pieces-- > 0 && made_.size() < 4 * most) {
        made_ += lines && dice_.in(4) ? dice_.of(kLineEnds) : " ";
        made_ += dice_.of(kPieces);
    }
    trim(made_, most);
}

void Sampler::code(const Field& field) {
    const ValueSet* const set = catalogue_.valueSet(field.value_set);
    if (set == nullptr || set->values.empty()) return;
    const auto& values = set->values;
    std::size_t at = dice_.below(values.size());
    for (std::size_t i = 0; i < values.size(); ++i, at = (at + 1) % values.size()) {
        if (values[at].from.empty() && values[at].to.empty()) break;
    }
    made_ = values[at].code;
}

void Sampler::day(std::size_t first_year, std::size_t years) {
    putDigits(made_, first_year + dice_.below(years), 4);
    made_ += '-';
    putDigits(made_, 1 + dice_.below(12), 2);
    made_ += '-';
    putDigits(made_, 1 + dice_.below(28), 2);
}

void Sampler::date(const Record& record, const Field& field) {
    day(2010, 25);
    if (!field.path.ends_with("to")) return;
    const auto from = record.type().find(field.path.substr(0, field.path.size() - 2) + "from");
    if (from && record.has(*from) && record.text(*from) > made_) made_ = record.text(*from);
}

/// What the sender may have written to say the hours, in the form that was drawn.
void Sampler::source(const Record& record, const Field&) {
    const auto at = record.type().find("extent/source/form");
    const std::string_view form = at ? record.text(*at) : std::string_view();
    if (form == "fraction") {
        made_ = "1/" + std::to_string(1 + dice_.below(10));
    } else if (form == "quarter") {
        made_ = std::to_string(1 + dice_.below(4));
    } else {
        made_ = std::to_string(1 + dice_.below(100));
    }
}

void Sampler::person() {
    const std::size_t kind = dice_.below(100);
    if (kind < 4) {
        made_ = "lma:";
        putDigits(made_, dice_.next() % 1000000, 6);
        putDigits(made_, dice_.next() % 1000000, 6);
        return;
    }
    if (kind < 8) {
        made_ = "reserv:9824";
        putDigits(made_, 1 + dice_.below(12), 2);
        putDigits(made_, 1 + dice_.below(28), 2);
        made_ += "AA";
        putDigits(made_, dice_.below(100), 2);
        return;
    }
    made_ = kind < 25 ? "samordning:" : "pnr:";
    const std::size_t begin = made_.size();
    putDigits(made_, 1912 + dice_.below(108), 4);
    putDigits(made_, 1 + dice_.below(12), 2);
    putDigits(made_, 1 + dice_.below(28) + (kind < 25 ? 60 : 0), 2);
    putDigits(made_, 1 + dice_.below(999), 3);
    made_ += checkDigit(std::string_view(made_).substr(begin + 2), 1);
}

void Sampler::organisation() {
    constexpr std::array<char, 5> kGroups = {'2', '5', '7', '8', '9'};
    const std::size_t begin = made_.size();
    made_ += dice_.of(kGroups);
    putDigits(made_, dice_.below(10), 1);
    putDigits(made_, 2 + dice_.below(8), 1);
    putDigits(made_, dice_.next() % 1000000, 6);
    made_ += checkDigit(std::string_view(made_).substr(begin), 1);
}

void Sampler::uuid() {
    constexpr std::string_view kHex = "0123456789abcdef";
    for (std::size_t i = 0; i < 36; ++i) {
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            made_ += '-';
        } else {
            made_ += i == 14 ? '7' : i == 19 ? kHex[8 + dice_.below(4)] : kHex[dice_.below(16)];
        }
    }
}

}  // namespace

Message sample(const std::shared_ptr<const Schema>& schema, const Catalogue& catalogue,
               std::uint64_t seed) {
    Message message(schema);
    Sampler(message, catalogue, seed * 0xD1342543DE82EF95U + 1).fill(message.root());
    return message;
}

}  // namespace stafett::message
