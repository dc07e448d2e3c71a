// The rows of a form, run on a message: strong ones first, then what is written with its group.
#include <algorithm>

#include "gateway/mapping/writer.h"
#include "gateway/message/dates.h"

namespace stafett::mapping {

using message::Record;
using message::Type;

namespace {
constexpr std::uint32_t kNone = 0xFFFFFFFF;
}  // namespace

Writer::Scratch& Writer::threadScratch() {
    thread_local Scratch scratch;
    return scratch;
}

Writer::Writer(const Program& program, const message::Message& message, const WriteContext& context,
               WriteOutcome& out)
    : program_(program),
      places_(program.places),
      message_(message),
      context_(context),
      out_(out),
      scratch_(threadScratch()),
      slots_(scratch_.slots),
      items_(scratch_.items),
      sink_(scratch_.sink),
      xml_(program.format == codec::Format::Xml) {
    slots_.assign(places_.frames[0].slots, Slot{});
    items_.clear();
}

void Writer::run() {
    slots_[0].live = true;
    urls_.resize(places_.anchors.size());
    if (!places_.anchors.empty()) raise(places_.anchors[0].root, 0);
    runBlock(program_.root, message_.root(), 0, message::ItemPlace{});
    if (!out_.problems.empty()) return;
    if (context_.residue == nullptr || context_.residue->empty()) return print();
    std::vector<std::string> lost;
    const ResidueTree tree(*context_.residue, lost);
    residue_ = &tree;
    for (auto& path : lost) loss(Code::MapLossResidue, "", std::move(path), {});
    print();
}

void Writer::runBlock(const Block& block, const Record& record, std::uint32_t base,
                      const message::ItemPlace& in) {
    runStrong(block.rows, record, base, in);
    if (&block == &program_.root) raiseReached();
    runWeak(block.rows, record, base, in);
    if (block.demands) runDemanded(block.rows, base);
    tellLosses(block, record, in);
    if (left_out_.empty()) return;
    std::erase_if(left_out_, [&](const LeftOut& one) {
        if (one.record != &record) return false;
        const auto field = one.row->write_from[0].field;
        if (std::find(written_.begin(), written_.end(), std::pair(&record, field)) ==
            written_.end()) {
            loss(Code::MapLoss, one.path, "",
                 {"its row's guard does not hold", "radens villkor gäller inte"});
        }
        return true;
    });
}

bool Writer::guardsHold(const Row& row, const Record& record) const {
    for (const auto& guard : row.guards) {
        if (!guard->canonical) continue;
        const std::string_view text = get(record, *guard->canonical);
        const bool holds = guard->is.empty() ? !text.empty()
                                             : std::find(guard->is.begin(), guard->is.end(),
                                                         text) != guard->is.end();
        if (!holds) return false;
    }
    return true;
}

const std::vector<Row>* Writer::chosen(const Row& row, const Record& record) const {
    for (const auto& alternative : row.alternatives) {
        bool some = false;
        bool all = true;
        for (const Row& one : alternative) {
            const bool field = one.writes && !one.write_from.empty() &&
                               (one.kind == RowKind::Relation || one.kind == RowKind::Each);
            if (!field) continue;
            const bool there = !get(record, one.write_from[0]).empty();
            some = some || there;
            all = all && (there || !one.required_write);
        }
        if (some && all) return &alternative;
    }
    return nullptr;
}

void Writer::runStrong(const std::vector<Row>& rows, const Record& record, std::uint32_t base,
                       const message::ItemPlace& in) {
    for (const Row& row : rows) {
        if (!row.strong) continue;
        if (row.alone != kNoField && record.text(row.alone).empty()) continue;
        if (!row.guards.empty() && !guardsHold(row, record)) {
            if (!row.write_from.empty() && row.kind != RowKind::Also &&
                !get(record, row.write_from[0]).empty()) {
                left_out_.push_back({&record, &row, in.of(row.write_from[0].path)});
            }
            continue;
        }
        switch (row.kind) {
            case RowKind::Relation:
            case RowKind::Also:
                convert(row, record, base, in);
                break;
            case RowKind::Each:
                each(row, record, base, in);
                break;
            case RowKind::Present:
                presence(row, record, base, false);
                break;
            case RowKind::DisplayOf:
                display(row, record, base);
                break;
            case RowKind::OneOf: {
                const auto* const one = chosen(row, record);
                if (one != nullptr) runStrong(*one, record, base, in);
                for (const auto& other : row.alternatives) {
                    if (&other != one) tellLeftOut(other, record, in);
                }
                break;
            }
            default:
                break;
        }
    }
}

void Writer::runWeak(const std::vector<Row>& rows, const Record& record, std::uint32_t base,
                     const message::ItemPlace& in) {
    for (const Row& row : rows) {
        if (!row.late) continue;
        if (row.kind == RowKind::OneOf) {
            const auto* const one = chosen(row, record);
            if (one != nullptr) {
                runWeak(*one, record, base, in);
            } else if (row.group == kNoPlace || isLive(row.group, base)) {
                const auto& first = row.witnesses[0];
                problem(Code::MapCannotSay, row, first.empty() ? 0 : first[0], base);
            }
            continue;
        }
        if (guardsHold(row, record)) weak(row, record, base, in);
    }
}

void Writer::raiseReached() {
    // A part that is written is reached by a reference: what refers to it is written too.
    for (std::size_t i = places_.anchors.size(); i-- > 1;) {
        const AnchorPlace& anchor = places_.anchors[i];
        if (!isLive(anchor.root, 0)) continue;
        const auto& from = anchor.reached_from;
        const bool reached =
            std::any_of(from.begin(), from.end(), [&](PlaceId root) { return isLive(root, 0); });
        if (!reached && !from.empty()) raise(*std::min_element(from.begin(), from.end()), 0);
    }
}

void Writer::runDemanded(const std::vector<Row>& rows, std::uint32_t base) {
    for (const Row& row : rows) {
        for (const auto& alternative : row.alternatives) runDemanded(alternative, base);
        if (row.demanded && row.writes && isLive(row.group, base)) {
            put(row.wire[0], base, row.literal);
            if (context_.explanation != nullptr) explain("const", row.wire[0], row);
        }
    }
}

void Writer::weak(const Row& row, const Record& record, std::uint32_t base,
                  const message::ItemPlace& in) {
    if (row.group != kNoPlace && !isLive(row.group, base)) return;
    if (row.with != kNoPlace && !isLive(row.with, base)) return;
    switch (row.kind) {
        case RowKind::Const:
            put(row.wire[0], base, row.literal);
            if (context_.explanation != nullptr) explain("const", row.wire[0], row);
            return;
        case RowKind::Present:
            return presence(row, record, base, true);
        case RowKind::Ref:
            return reference(row, base);
        case RowKind::Setting:
        case RowKind::ToWire: {
            const std::string_view value = outsideValue(row);
            Texts wire{};
            if (!value.empty()) {
                CodecContext context{arena_, persons_, context_.content_word};
                const auto verdict = row.codec->write(Texts{value}, wire, context);
                if (verdict.kind == Verdict::Kind::Failed) {
                    return problem(verdict.code, row, row.wire[0], base);
                }
                put(row.wire[0], base, wire[0]);
                if (context_.explanation != nullptr) {
                    explain((row.kind == RowKind::Setting ? "setting:" : "from:") + row.source,
                            row.wire[0], row);
                }
            }
            return required(row, base);
        }
        case RowKind::Relation:
        case RowKind::Also:
            if (row.with != kNoPlace) {
                convert(row, record, base, in);
            } else if (!row.none.empty() && get(record, row.write_from[0]).empty()) {
                put(row.wire[0], base, row.none);
                if (context_.explanation != nullptr) {
                    explain(in.of(row.write_from[0].path), row.wire[0], row, "not there");
                }
            } else if (row.write_from[0].membership && row.codec->shape == Shape::Value &&
                       get(record, row.write_from[0]).empty()) {
                Texts wire{};
                CodecContext context{arena_, persons_, context_.content_word};
                row.codec->write(Texts{"false"}, wire, context);
                put(row.wire[0], base, wire[0]);
                if (context_.explanation != nullptr) {
                    explain(in.of(row.write_from[0].path), row.wire[0], row, "not there");
                }
            }
            return required(row, base);
        default:
            return;
    }
}

void Writer::required(const Row& row, std::uint32_t base) {
    if (!row.required_write) return;
    const PlaceId place = *std::find_if(row.wire.begin(), row.wire.end(),
                                        [](PlaceId one) { return one != kNoPlace; });
    if (slots_[base + places_[place].slot].filled) return;
    const bool told = std::any_of(out_.problems.begin(), out_.problems.end(),
                                  [&](const Error& one) { return one.place().row == row.brief; });
    if (told) return;
    const bool alias = row.codec && !row.codec->alias_form.empty();
    problem(alias ? Code::MapAliasMissing : Code::MapCannotSay, row, place, base);
}

std::string_view Writer::outsideValue(const Row& row) {
    if (row.kind == RowKind::Setting) {
        if (context_.settings == nullptr) return {};
        const auto found = context_.settings->find(row.source);
        return found == context_.settings->end() ? std::string_view() : found->second;
    }
    if (row.source == "receiver.party") return context_.receiver.value;
    if (row.source == "receiver.function") return context_.receiver_function.value;
    if (row.source == "gateway.party") return context_.gateway.value;
    if (row.source == "endpoint") return context_.endpoint;
    return keep(timeText(context_.now));
}

void Writer::reference(const Row& row, std::uint32_t base) {
    if (!isLive(places_.anchors[row.anchor].root, 0)) return;
    put(row.wire[0], base, urlOf(row.anchor));
    if (context_.explanation != nullptr) {
        explain("ref " + places_.anchors[row.anchor].name, row.wire[0], row);
    }
}

void Writer::presence(const Row& row, const Record& record, std::uint32_t base, bool weak) {
    const bool there = !get(record, row.write_from[0]).empty();
    if (there == weak) return;
    const std::string& text = there ? row.when_true : row.when_false;
    if (text.empty()) return;
    put(row.wire[0], base, text);
    if (context_.explanation != nullptr) {
        explain(row.write_from[0].path, row.wire[0], row, there ? "there" : "not there");
    }
}

void Writer::display(const Row& row, const Record& record, std::uint32_t base) {
    const auto label = row.labels.find(get(record, *row.display_of));
    if (label == row.labels.end() || label->second.empty()) return;
    std::string_view text = label->second;
    if (!limitLength(row, text, message::ItemPlace{}, row.display_of->path))
        return problem(Code::MapTooLong, row, row.wire[0], base);
    put(row.wire[0], base, text);
    if (context_.explanation != nullptr) {
        explain(row.display_of->path, row.wire[0], row, "label of the code");
    }
}

void Writer::each(const Row& row, const Record& record, std::uint32_t base,
                  const message::ItemPlace& in) {
    const Target& list = row.write_from[0];
    const auto& items = record.items(list.field);
    const WirePlace& place = places_[row.list];
    std::uint32_t last = kNone;
    std::uint32_t count = 0;
    const std::uint32_t limit = row.take_first ? 1 : row.limit;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const bool elsewhere = std::any_of(row.elsewhere.begin(), row.elsewhere.end(),
                                           [&](const ListStep& s) { return selects(s, items, i); });
        if (elsewhere) continue;
        const message::ItemPlace item{&in, list.path, i};
        if (limit != 0 && count >= limit) {
            if (row.take_first || !row.limit_refuses) {
                loss(Code::MapLossTaken, item.path(), pathOf(row.list), row.list_because);
                continue;
            }
            return problem(Code::MapTooMany, row, row.list, base);
        }
        ++count;
        const auto inner = static_cast<std::uint32_t>(slots_.size());
        slots_.resize(inner + places_.frames[place.frame].slots);
        slots_[inner].live = true;
        const auto made = static_cast<std::uint32_t>(items_.size());
        items_.push_back({inner, kNone});
        if (last == kNone) {
            slots_[base + place.list_slot].first = made;
            raise(place.parent, base);
        } else {
            items_[last].next = made;
        }
        last = made;
        runBlock(*row.block, items[i], inner, item);
    }
    if (row.contested) written_.emplace_back(&record, list.field);
    if (context_.explanation != nullptr && count != 0) {
        explain(in.of(list.path), row.list, row,
                std::to_string(count) + (count == 1 ? " item" : " items"));
    }
}

}  // namespace stafett::mapping
