#include "gateway/mapping/law_fit.h"

#include <algorithm>

#include "gateway/message/sample.h"

namespace stafett::mapping {

using message::FieldIndex;
using message::Record;
using message::Type;

namespace {

constexpr std::uint64_t kDonors = 48;
constexpr std::uint64_t kDonorSeed = 900'000'000;

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

std::string firstCharacters(std::string_view text, std::size_t count) {
    std::size_t end = 0;
    for (std::size_t seen = 0; end < text.size(); ++end) {
        const bool begins = (static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80U;
        if (begins && seen++ == count) break;
    }
    std::string out(text.substr(0, end));
    while (out.ends_with(' ')) out.pop_back();
    return out;
}

/// Without what ISO-8859-1 lacks.
std::string latin(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c < 0x80 || ((c == 0xC2 || c == 0xC3) && i + 1 < text.size())) {
            out += text[i];
            if (c >= 0x80) out += text[++i];
        } else if ((c & 0xC0U) != 0x80U) {
            out += '?';
        }
    }
    return out;
}

bool holds(const Ratio& number, const Row& row) {
    const auto less = [](const Ratio& a, const Ratio& b) {
        __extension__ using Wide = __int128;
        return Wide(a.numerator) * b.denominator < Wide(b.numerator) * a.denominator;
    };
    return !(row.min && less(number, *row.min)) && !(row.max && less(*row.max, number));
}

bool isTwin(const Row& row, const Record& a, const Record& b) {
    return std::all_of(row.key.begin(), row.key.end(),
                       [&](FieldIndex key) { return a.text(key) == b.text(key); });
}

const Record* recordOf(const Record& record, const Target& target) {
    const Record* at = &record;
    for (const ListStep& step : target.steps) {
        const auto& items = at->items(step.list);
        const Record* found = nullptr;
        for (std::size_t i = 0; i < items.size() && found == nullptr; ++i) {
            const bool same = step.kind == ListStep::Kind::Index
                                  ? i == step.index
                                  : items[i].text(step.key) == step.literal;
            if (same) found = &items[i];
        }
        if (found == nullptr) return nullptr;
        at = found;
    }
    return at;
}

}  // namespace

LawFit::LawFit(const Program& program, const message::Catalogue& catalogue) : program_(program) {
    for (std::uint64_t i = 0; i < kDonors; ++i) {
        gather(message::sample(program.schema, catalogue, kDonorSeed + i).root());
    }
    gatherSettings(program.root.rows);
}

std::uint64_t LawFit::next() {
    seed_ = seed_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return seed_ >> 33U;
}

void LawFit::gather(const Record& record) {
    const auto& fields = record.type().fields;
    for (FieldIndex i = 0; i < fields.size(); ++i) {
        if (!record.text(i).empty()) donors_[&fields[i]].emplace_back(record.text(i));
        for (const Record& item : record.items(i)) gather(item);
    }
}

void LawFit::gatherSettings(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
        for (const auto& alternative : row.alternatives) gatherSettings(alternative);
        if (row.block) gatherSettings(row.block->rows);
        if (row.kind != RowKind::Setting) continue;
        const std::string sample = row.codec->sample(1);
        settings_[row.source] = sample.empty() ? "1" : sample;
    }
}

std::string LawFit::donor(const Target& target) {
    const auto found = donors_.find(target.type);
    if (found == donors_.end()) return {};
    return found->second[next() % found->second.size()];
}

void LawFit::put(Record& record, const Target& target, std::string_view text) {
    auto* const at = const_cast<Record*>(recordOf(record, target));
    if (at == nullptr || target.membership) return;
    if (text.empty()) {
        at->clear(target.field);
    } else {
        at->set(target.field, arena_->keep(text));
    }
}

void LawFit::fit(message::Message& message, std::uint64_t seed) {
    arena_ = &message.arena();
    seed_ = seed;
    block(program_.root, message.root());
}

void LawFit::block(const Block& block, Record& record) {
    for (const Uncarried& one : block.uncarried) {
        if (!one.refuses) continue;
        if (!one.item_field) {
            record.clear(one.field);
        } else if (record.has(one.field)) {
            for (Record& item : record.items(one.field)) item.clear(*one.item_field);
        }
    }
    for (const PartList& part : block.part_lists) {
        if (!part.must_carry || !record.has(part.field)) continue;
        auto& items = record.items(part.field);
        for (std::size_t i = items.size(); i-- > 0;) {
            const bool said =
                std::any_of(part.written.begin(), part.written.end(), [&](const ListStep& step) {
                    return step.kind == ListStep::Kind::Index
                               ? step.index == i
                               : items[i].text(step.key) == step.literal;
                });
            if (!said) items.erase(items.begin() + static_cast<std::ptrdiff_t>(i));
        }
        if (items.empty()) record.clear(part.field);
    }
    rows(block.rows, record);
}

void LawFit::rows(const std::vector<Row>& rows, Record& record) {
    for (const Row& one : rows) row(one, record);
}

void LawFit::row(const Row& row, Record& record) {
    if (!row.writes) return;
    if (row.kind == RowKind::OneOf) return choice(row, record);
    if (row.kind == RowKind::Each) {
        const FieldIndex field = row.write_from[0].field;
        if (!record.has(field)) return;
        auto& items = record.items(field);
        if (row.limit != 0 && row.limit_refuses && items.size() > row.limit) {
            items.erase(items.begin() + row.limit, items.end());
        }
        for (Record& item : items) block(*row.block, item);
        for (std::size_t i = items.size(); i-- > 1;) {
            const bool twin =
                !row.key.empty() &&
                std::any_of(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(i),
                            [&](const Record& one) { return isTwin(row, one, items[i]); });
            if (twin) items.erase(items.begin() + static_cast<std::ptrdiff_t>(i));
        }
        return;
    }
    if (row.kind != RowKind::Relation && row.kind != RowKind::Also) return;
    if (row.write_from[0].membership) return;
    if (row.required_write) demand(row, record);
    for (int attempt = 0; attempt < 6 && !canSay(row, record); ++attempt) {
        const Record* const at = recordOf(record, row.write_from[0]);
        const std::string had = at == nullptr ? "" : std::string(at->text(row.write_from[0].field));
        if (row.write_from.size() > 1) put(record, row.write_from[1], "");
        put(record, row.write_from[0], made(row, had));
    }
    if (!canSay(row, record) && !row.write_from[0].type->required)
        put(record, row.write_from[0], "");
}

std::string LawFit::made(const Row& row, std::string_view had) {
    if (row.table) {
        std::vector<const Table::Row*> writing;
        for (const auto& one : row.table->rows()) {
            if (one.writes) writing.push_back(&one);
        }
        return writing.empty() ? std::string() : writing[next() % writing.size()]->canonical;
    }
    if (std::string sample = row.codec->sample(next()); !sample.empty()) return sample;
    if (row.max_length != 0 && characters(had) > row.max_length) {
        return firstCharacters(had, row.max_length);
    }
    if (program_.unencodable == codec::Unencodable::Refuse && latin(had) != had) return latin(had);
    return donor(row.write_from[0]);
}

bool LawFit::canSay(const Row& row, const Record& record) {
    Texts canonical{}, wire{};
    for (std::size_t i = 0; i < row.write_from.size(); ++i) {
        const Record* const at = recordOf(record, row.write_from[i]);
        if (at != nullptr) canonical[i] = at->text(row.write_from[i].field);
    }
    if (canonical[0].empty()) return true;
    if (row.table) {
        return row.in_table || row.unknown_write != SourceRow::Unknown::Refuse ||
               row.table->write(canonical[0]) != nullptr;
    }
    const message::PersonRules persons;
    CodecContext context{*arena_, persons};
    const Verdict verdict = row.codec->write(canonical, wire, context);
    if (verdict.kind == Verdict::Kind::Failed) return false;
    if (verdict.kind == Verdict::Kind::Inexact && !row.report_inexact) return false;
    if (row.max_length != 0 && !row.cut && characters(wire[0]) > row.max_length) return false;
    if (program_.unencodable == codec::Unencodable::Refuse && latin(wire[0]) != wire[0])
        return false;
    const auto number = row.codec->number(wire);
    return !(row.range_refuses && number) || holds(*number, row);
}

void LawFit::demand(const Row& row, Record& record) {
    const Record* const at = recordOf(record, row.write_from[0]);
    if (at == nullptr || at->has(row.write_from[0].field)) return;
    const std::string value = donor(row.write_from[0]);
    put(record, row.write_from[0], value.empty() ? made(row, "") : value);
}

void LawFit::choice(const Row& row, Record& record) {
    const auto& one = row.alternatives[next() % row.alternatives.size()];
    for (const Row& inner : one) {
        if (inner.kind == RowKind::Relation && inner.writes && !inner.write_from.empty()) {
            demand(inner, record);
        }
    }
    for (const auto& alternative : row.alternatives) rows(alternative, record);
}

}  // namespace stafett::mapping
