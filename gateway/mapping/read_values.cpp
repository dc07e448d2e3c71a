// Values out of the document's slots, through codecs and tables, into the message.
#include <algorithm>
#include <functional>

#include "gateway/mapping/reader.h"

namespace stafett::mapping {

using codec::kNoNode;
using codec::Node;
using codec::NodeIndex;
using codec::NodeKind;
using message::Record;

namespace {

constexpr std::uint32_t kNone = 0xFFFFFFFF;

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlank = " \t\r\n";
    const auto first = text.find_first_not_of(kBlank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

bool less(const Ratio& a, const Ratio& b) {
    __extension__ using Wide = __int128;
    return Wide(a.numerator) * b.denominator < Wide(b.numerator) * a.denominator;
}

bool isInside(std::string_view text, const Texts& wire, std::size_t parts) {
    const auto at = reinterpret_cast<std::uintptr_t>(text.data());
    for (std::size_t i = 0; i < parts; ++i) {
        if (at - reinterpret_cast<std::uintptr_t>(wire[i].data()) < wire[i].size()) return true;
    }
    return false;
}

}  // namespace

bool Reader::isThere(PlaceId place, std::uint32_t base) const {
    const WirePlace& one = places_[place];
    if (one.outside) {
        return context_.attributes != nullptr &&
               context_.attributes->find(one.step.name) != nullptr;
    }
    const std::uint32_t node = slots_[base + one.slot];
    return node != kNone && document_.node(node).kind != NodeKind::Null;
}

Reader::Value Reader::wordsOf(NodeIndex node) {
    Value value;
    value.node = node;
    std::size_t size = 0;
    for (NodeIndex i = document_.node(node).first_child; i != kNoNode; i = document_.node(i).next) {
        if (document_.node(i).kind != NodeKind::String) {
            problem(Code::MapBadValue, i, nullptr);
            value.wrong = true;
            return value;
        }
        size += document_.node(i).text.size() + 1;
    }
    if (size == 0) return value;
    char* at = out_.message.arena().room(size);
    value.text = {at, size - 1};
    for (NodeIndex i = document_.node(node).first_child; i != kNoNode; i = document_.node(i).next) {
        const auto text = document_.node(i).text;
        text.copy(at, text.size());
        at += text.size();
        *at++ = ' ';
    }
    value.there = !value.text.empty();
    return value;
}

Reader::Value Reader::valueOf(PlaceId id, std::uint32_t base, bool exact_text) {
    const WirePlace& place = places_[id];
    Value value;
    if (place.outside) {
        const std::string* const found =
            context_.attributes == nullptr ? nullptr : context_.attributes->find(place.step.name);
        if (found == nullptr) return value;
        value.text = exact_text ? std::string_view(*found) : trimmed(*found);
        value.there = !value.text.empty();
        return value;
    }
    const std::uint32_t node = slots_[base + place.slot];
    if (node == kNone) return value;
    const Node& one = document_.node(node);
    value.node = node;
    if (one.kind == NodeKind::Null) return value;
    if (place.shape == Shape::Presence) {
        value.there = true;
        return value;
    }
    if (place.shape == Shape::Words) return wordsOf(node);
    if (one.kind == NodeKind::Object || one.kind == NodeKind::Array) {
        value.wrong = one.kind == NodeKind::Array || place.keys.empty();
        return value;
    }
    value.text = xml_ && !exact_text ? trimmed(one.text) : one.text;
    value.there = !value.text.empty() && !(exact_text && trimmed(value.text).empty());
    if (value.there) return value;
    // An element that has parts, and no text of its own, is not an empty value.
    const bool structure = xml_ && one.first_child != kNoNode;
    if (program_.empty == Empty::Error && !structure) {
        problem(Code::MapEmpty, node, nullptr);
        value.wrong = true;
    }
    return value;
}

Reader::Came Reader::convert(const Row& row, std::uint32_t base, Texts& wire, Texts& canonical,
                             NodeIndex& node) {
    const bool exact = row.codec && row.codec->exact_text;
    std::size_t there = 0;
    bool wrong = false;
    PlaceId absent = kNoPlace;
    node = kNoNode;
    for (std::size_t i = 0; i < row.wire.size(); ++i) {
        const PlaceId place = row.wire[i];
        if (place == kNoPlace) continue;
        const Value value = valueOf(place, base, exact);
        wrong = wrong || value.wrong;
        const bool needed =
            row.table ? !row.table->columns()[i].optional
                      : row.codec == nullptr || (row.codec->optional_parts >> i & 1U) == 0;
        if (value.there) {
            wire[i] = value.text;
            ++there;
            const bool told =
                row.table ? !row.table->columns()[i].constant && !row.table->columns()[i].display
                          : row.codec != nullptr && i == row.codec->told_part;
            if (node == kNoNode || told) {
                node = value.node;
            }
            const bool typed =
                row.codec && !xml_ && value.node != kNoNode && row.codec->shape == Shape::Value;
            if (typed) {
                const NodeKind kind = document_.node(value.node).kind;
                const NodeKind wanted = row.codec->json == JsonType::Number    ? NodeKind::Number
                                        : row.codec->json == JsonType::Boolean ? NodeKind::Boolean
                                                                               : NodeKind::String;
                if (kind != wanted) {
                    problem(row.codec->json == JsonType::Number ? Code::MapBadNumber
                                                                : Code::MapBadValue,
                            value.node, &row);
                    return Came::Failed;
                }
            }
        } else if (needed) {
            absent = place;
        }
    }
    if (wrong) return Came::Failed;
    if (there == 0) return Came::Absent;
    if (absent != kNoPlace) {
        Place at = where(node);
        at.path = places_.pathOf(absent);
        at.row = row.brief;
        out_.problems.emplace_back(Code::MapPartial, std::move(at));
        return Came::Failed;
    }
    if (!row.none.empty() && wire[0] == row.none) return Came::Absent;
    return row.table ? convertByTable(row, base, wire, canonical, node)
                     : convertByCodec(row, wire, canonical, node);
}

Reader::Came Reader::convertByCodec(const Row& row, const Texts& wire, Texts& canonical,
                                    NodeIndex node) {
    if (!row.accept.empty() &&
        std::find(row.accept.begin(), row.accept.end(), wire[0]) != row.accept.end()) {
        canonical[0] = "true";
        return Came::Made;
    }
    if (row.max_length != 0 && wire[0].size() > row.max_length &&
        characters(wire[0]) > row.max_length) {
        problem(Code::MapTooLong, node, &row);
        return Came::Failed;
    }
    CodecContext context{out_.message.arena(), context_.person};
    const Verdict verdict = row.codec->read(wire, canonical, context);
    using Kind = Verdict::Kind;
    if (verdict.kind == Kind::Absent) return Came::Absent;
    if (verdict.kind == Kind::Failed || (verdict.kind == Kind::Inexact && !row.report_inexact)) {
        problem(verdict.code, node, &row, row.wire[0]);
        return Came::Failed;
    }
    if (verdict.kind == Kind::Inexact) warn(Code::MapLossInexact, node, row);
    if (verdict.kind == Kind::Ambiguous) warn(Code::MapAmbiguousHour, node, row);
    if (row.min || row.max || !row.usual.empty()) judgeNumber(row, wire, node);
    // What still lies in the document moves into the message.
    for (std::size_t i = 0; i < row.read_to.size(); ++i) {
        std::string_view& text = canonical[i];
        if (!text.empty() && isInside(text, wire, row.wire.size())) text = keep(text);
    }
    return Came::Made;
}

/// The first part with which no row of the table goes on.
PlaceId Reader::oddPart(const Row& row, const Texts& wire) const {
    const auto& columns = row.table->columns();
    const auto& rows = row.table->rows();
    for (std::size_t end = 0; end < columns.size(); ++end) {
        if (columns[end].display || row.wire[end] == kNoPlace || wire[end].empty()) continue;
        const auto goes = [&](const Table::Row& one) {
            for (std::size_t i = 0; i <= end; ++i) {
                if (!columns[i].display && !wire[i].empty() && one.wire[i] != wire[i]) return false;
            }
            return one.reads;
        };
        if (std::none_of(rows.begin(), rows.end(), goes)) return row.wire[end];
    }
    return row.wire[0];
}

Reader::Came Reader::convertByTable(const Row& row, std::uint32_t base, const Texts& wire,
                                    Texts& canonical, NodeIndex node) {
    const auto& columns = row.table->columns();
    PlaceId odd = row.wire[0];  // where the table is left
    bool ours = true;           // a code of another system is unknown, whatever it says
    for (std::size_t i = 0; ours && i < columns.size(); ++i) {
        ours = !columns[i].constant || row.wire[i] == kNoPlace ||
               wire[i] == row.table->rows()[0].wire[i];
        if (!ours) odd = row.wire[i];
    }
    const Table::Row* const found = ours ? row.table->read(wire) : nullptr;
    if (found != nullptr) {
        canonical[0] = keep(found->canonical);
        if (!row.check_display) return Came::Made;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (!columns[i].display || wire[i].empty() || wire[i] == found->wire[i]) continue;
            problem(Code::MapDisagree, slots_[base + places_[row.wire[i]].slot], &row);
            return Came::Failed;
        }
        return Came::Made;
    }
    using Unknown = SourceRow::Unknown;
    if (row.unknown_read == Unknown::Value) {
        canonical[0] = keep(row.unknown_code);
        return Came::Made;
    }
    if (row.unknown_read == Unknown::Keep) {
        for (const PlaceId place : row.wire) {
            if (place == kNoPlace || places_[place].outside || !isThere(place, base)) continue;
            const NodeIndex part = slots_[base + places_[place].slot];
            keepBelow(part, residuePath(places_[place].parent, part));
        }
        return Came::Absent;
    }
    if (ours) odd = oddPart(row, wire);
    const bool outside = places_[odd].outside;
    problem(Code::MapUnknownValue, outside ? node : slots_[base + places_[odd].slot], &row, odd);
    return Came::Failed;
}

void Reader::judgeNumber(const Row& row, const Texts& wire, NodeIndex node) {
    const auto number = row.codec->number(wire);
    if (!number) return;
    const bool outside =
        (row.min && less(*number, *row.min)) || (row.max && less(*row.max, *number));
    if (outside && row.range_refuses) return problem(Code::MapOutOfRange, node, &row);
    if (outside) warn(Code::MapUsualRange, node, row);
    if (row.usual.empty()) return;
    const bool usual = std::any_of(row.usual.begin(), row.usual.end(), [&](const Ratio& one) {
        return !less(*number, one) && !less(one, *number);
    });
    if (!usual) warn(Code::MapUnusual, node, row);
}

bool Reader::agrees(const Row& row, std::string_view first, const Texts& wire,
                    const Texts& canonical) const {
    if (first == canonical[0]) return true;
    if (row.agree != Agree::WithinCodec || !row.codec) return false;
    // The first place's value, said by this row's codec: rounded to the coarser, it is the same.
    CodecContext context{out_.message.arena(), context_.person};
    Texts said{}, from{};
    from[0] = first;
    const auto rounded = row.codec->write(from, said, context);
    return rounded.kind != Verdict::Kind::Failed && said == wire;
}

std::string_view Reader::get(const Record& record, const Target& target) const {
    const Record* at = &record;
    const Record* item = nullptr;
    for (const ListStep& step : target.steps) {
        const auto& items = at->items(step.list);
        item = nullptr;
        if (step.kind == ListStep::Kind::Index) {
            if (step.index < items.size()) item = &items[step.index];
        } else {
            const auto found = std::find_if(items.begin(), items.end(), [&](const Record& one) {
                return one.text(step.key) == step.literal;
            });
            if (found != items.end()) item = &*found;
        }
        if (item == nullptr) return {};
        at = item;
    }
    if (target.membership) return "true";
    if (target.type->type == message::Type::List)
        return at->items(target.field).empty() ? "" : "true";
    return at->text(target.field);
}

void Reader::set(Record& record, const Target& target, std::string_view text) {
    if (target.steps.empty()) return record.set(target.field, text);
    if (target.membership && text != "true") return;
    Record* at = &record;
    for (const ListStep& step : target.steps) {
        auto& items = at->items(step.list);
        if (step.kind == ListStep::Kind::Index) {
            while (items.size() <= step.index) at->append(step.list);
            at = &items[step.index];
            continue;
        }
        const auto found = std::find_if(items.begin(), items.end(), [&](const Record& one) {
            return one.text(step.key) == step.literal;
        });
        if (found != items.end()) {
            at = &*found;
            continue;
        }
        Record& made = at->append(step.list);
        made.set(step.key, keep(step.literal));
        at = &made;
    }
    if (!target.membership) at->set(target.field, text);
}

void Reader::gatherFrame(std::uint32_t frame, std::uint32_t base, std::string& into) {
    const auto add = [&](std::uint32_t id, std::string_view text) {
        const std::uint32_t head[2] = {id, static_cast<std::uint32_t>(text.size())};
        into.append(reinterpret_cast<const char*>(head), sizeof head).append(text);
    };
    const Frame& one = places_.frames[frame];
    for (const PlaceId id : one.content) {
        const WirePlace& place = places_[id];
        const std::uint32_t node = slots_[base + place.slot];
        if (node == kNone) continue;
        const Node& found = document_.node(node);
        if (place.shape == Shape::Words) {
            for (NodeIndex i = found.first_child; i != kNoNode; i = document_.node(i).next) {
                add(id, document_.node(i).text);
            }
        } else {
            add(id, place.value ? found.text : std::string_view());
        }
    }
    for (const PlaceId id : one.lists) {
        const WirePlace& place = places_[id];
        for (auto i = slots_[base + place.list_slot]; i != kNone; i = items_[i].next) {
            add(id, {});
            gatherFrame(place.frame, items_[i].base, into);
        }
    }
}

void Reader::gatherContent() {
    std::string& content = out_.transport_free;
    content.reserve(document_.size() * 16);
    gatherFrame(0, 0, content);
    for (const PlaceId id : places_.outside) {
        const std::string* const found = context_.attributes == nullptr
                                             ? nullptr
                                             : context_.attributes->find(places_[id].step.name);
        if (found != nullptr && !places_[id].transport) content.append(*found).push_back('\0');
    }
    for (const auto& [path, text] : out_.residue.fields) {
        content.append(path).push_back('\0');
        content.append(text).push_back('\0');
    }
}

}  // namespace stafett::mapping
