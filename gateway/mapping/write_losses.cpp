// What the receiver is not told, and what may not be lost.
#include <algorithm>

#include "gateway/mapping/writer.h"

namespace stafett::mapping {

using message::Record;

namespace {
constexpr std::size_t kMaxProblems = 1000;
}  // namespace

void Writer::tellLeftOut(const std::vector<Row>& rows, const Record& record,
                         const message::ItemPlace& in) {
    for (const Row& row : rows) {
        const bool field = row.writes && !row.write_from.empty() &&
                           (row.kind == RowKind::Relation || row.kind == RowKind::Each);
        if (field && !get(record, row.write_from[0]).empty()) {
            left_out_.push_back({&record, &row, in.of(row.write_from[0].path)});
        }
        for (const auto& alternative : row.alternatives) tellLeftOut(alternative, record, in);
    }
}

void Writer::tellLosses(const Block& block, const Record& record, const message::ItemPlace& in) {
    const auto tell = [&](const Uncarried& one, std::string path) {
        if (one.refuses) return cannotLose(path, one.brief);
        loss(Code::MapLoss, std::move(path), "", one.because);
    };
    // A key that two items have says the first of them.
    const auto says = [](const ListStep& step, const std::vector<Record>& items, std::size_t i) {
        if (!selects(step, items, i)) return false;
        for (std::size_t before = 0; before < i; ++before) {
            if (selects(step, items, before)) return false;
        }
        return true;
    };
    for (const Uncarried& one : block.uncarried) {
        if (!record.has(one.field)) continue;
        const auto& field = record.type().fields[one.field];
        if (!one.item_field) {
            tell(one, in.of(field.path));
            continue;
        }
        const auto& items = record.items(one.field);
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (!items[i].has(*one.item_field)) continue;
            const message::ItemPlace item{&in, field.path, i};
            tell(one, item.of(field.item->fields[*one.item_field].path));
        }
    }
    for (const PartList& part : block.part_lists) {
        const auto& items = record.items(part.field);
        for (std::size_t i = 0; i < items.size(); ++i) {
            const bool said = std::any_of(part.written.begin(), part.written.end(),
                                          [&](const ListStep& s) { return says(s, items, i); });
            if (said) continue;
            std::string path =
                message::ItemPlace{&in, record.type().fields[part.field].path, i}.path();
            if (part.must_carry) {
                cannotLose(path, "");
            } else {
                loss(Code::MapLossTaken, std::move(path), "", part.because);
            }
        }
    }
    for (const KeyedItem& keyed : block.keyed_items) {
        const auto& items = record.items(keyed.item.list);
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (!says(keyed.item, items, i)) continue;
            const auto& fields = items[i].type().fields;
            for (message::FieldIndex f = 0; f < fields.size(); ++f) {
                const bool said =
                    std::find(keyed.written.begin(), keyed.written.end(), f) != keyed.written.end();
                if (said || !items[i].has(f)) continue;
                const auto& list = record.type().fields[keyed.item.list].path;
                std::string path = message::ItemPlace{&in, list, i}.of(fields[f].path);
                const bool told =
                    std::any_of(out_.losses.begin(), out_.losses.end(),
                                [&](const Loss& one) { return one.canonical == path; });
                if (told) continue;
                loss(Code::MapLoss, std::move(path), "",
                     {"the item is told by its key alone", "posten sägs bara med sin nyckel"});
            }
        }
    }
}

void Writer::problem(Code code, const Row& row, PlaceId place, std::uint32_t) {
    if (out_.problems.size() >= kMaxProblems) return;
    out_.problems.emplace_back(code, Place{.path = pathOf(place), .row = row.brief});
}

void Writer::cannotLose(const std::string& canonical, const std::string& brief) {
    if (out_.problems.size() >= kMaxProblems) return;
    out_.problems.emplace_back(Code::MapMustCarry, Place{.path = canonical, .row = brief});
}

void Writer::loss(Code code, std::string canonical, std::string wire, const Reason& because) {
    if (context_.explanation != nullptr) {
        context_.explanation->lines.push_back(
            {canonical, wire, "", "", "loss" + (because.empty() ? "" : ": " + because.english)});
    }
    out_.losses.push_back({code, std::move(canonical), std::move(wire), because});
}

void Writer::explain(std::string from, PlaceId to, const Row& row, std::string note) {
    context_.explanation->lines.push_back(
        {std::move(from), pathOf(to), row.brief, row.how, std::move(note)});
}

}  // namespace stafett::mapping
