// Canonical values through codecs and tables into the slots of the wire document.
#include <algorithm>

#include "gateway/base/ids.h"
#include "gateway/mapping/writer.h"

namespace stafett::mapping {

using message::Record;

namespace {

bool less(const Ratio& a, const Ratio& b) {
    __extension__ using Wide = __int128;
    return Wide(a.numerator) * b.denominator < Wide(b.numerator) * a.denominator;
}

/// The first `count` characters, back to the end of a word.
std::string_view cutAtWord(std::string_view text, std::size_t count) {
    std::size_t end = 0;
    std::size_t word = 0;
    for (std::size_t seen = 0; end < text.size(); ++end) {
        const bool begins = (static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80U;
        if (begins && seen++ == count) break;
        if (text[end] == ' ' || text[end] == '\n') word = end;
    }
    if (end == text.size()) return text;
    if (text[end] == ' ' || text[end] == '\n') word = end;
    std::string_view out = text.substr(0, word == 0 ? end : word);
    while (out.ends_with(' ') || out.ends_with('\n')) out.remove_suffix(1);
    return out.empty() ? text.substr(0, end) : out;
}

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

}  // namespace

std::string_view Writer::get(const Record& record, const Target& target) const {
    const Record* at = &record;
    for (const ListStep& step : target.steps) {
        const auto& items = at->items(step.list);
        const Record* item = nullptr;
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
    if (target.type->type == message::Type::List) {
        return at->items(target.field).empty() ? std::string_view() : "true";
    }
    return at->text(target.field);
}

bool Writer::isLive(PlaceId place, std::uint32_t base) const {
    const WirePlace& one = places_[place];
    return slots_[base + one.slot].live || slots_[base + one.slot].filled;
}

void Writer::raise(PlaceId place, std::uint32_t base) {
    // Up to what is live already; an item of a list was raised when it was made.
    while (place != kNoPlace) {
        Slot& slot = slots_[base + places_[place].slot];
        if (slot.live) return;
        slot.live = true;
        if (places_[place].pick == WirePlace::Pick::Each) return;
        place = places_[place].parent;
    }
}

void Writer::put(PlaceId place, std::uint32_t base, std::string_view text) {
    const WirePlace& one = places_[place];
    if (one.outside) {
        // A value for a header or a file name: nothing that could end one.
        const bool plain = std::none_of(text.begin(), text.end(), [](char c) {
            return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
        });
        if (!plain) {
            out_.problems.emplace_back(Code::MapCannotSay, Place{.path = pathOf(place)});
            return;
        }
        out_.attributes.set(one.step.name, std::string(text));
    }
    Slot& slot = slots_[base + one.slot];
    slot.text = text;
    slot.filled = true;
    raise(place, base);
}

std::string_view Writer::urlOf(std::size_t anchor) {
    if (!urls_[anchor].empty()) return urls_[anchor];
    if (!own_id_) {
        const auto id =
            program_.message_id ? message_.root().text(*program_.message_id) : std::string_view();
        own_id_ = Uuid::parse(id).value_or(Uuid{});
    }
    constexpr std::string_view kUrn = "urn:uuid:";
    constexpr std::string_view kHex = "0123456789abcdef";
    const Uuid made = own_id_->named(places_.anchors[anchor].name);
    char* const begin = arena_.room(kUrn.size() + 36);
    char* at = begin + kUrn.copy(begin, kUrn.size());
    for (std::size_t i = 0; i < made.bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) *at++ = '-';
        *at++ = kHex[made.bytes[i] >> 4U];
        *at++ = kHex[made.bytes[i] & 15U];
    }
    urls_[anchor] = {begin, kUrn.size() + 36};
    return urls_[anchor];
}

void Writer::convert(const Row& row, const Record& record, std::uint32_t base,
                     const message::ItemPlace& in) {
    Texts canonical{};
    bool some = false;
    for (std::size_t i = 0; i < row.write_from.size(); ++i) {
        canonical[i] = get(record, row.write_from[i]);
        some = some || !canonical[i].empty();
    }
    if (!some) {
        if (!row.display_of || row.labels.empty()) return;
        const auto label = row.labels.find(get(record, *row.display_of));
        if (label == row.labels.end()) return;
        canonical[0] = label->second;
    } else {
        if (!row.absent.empty() && canonical[0] == row.absent) return;
        if (row.contested) written_.emplace_back(&record, row.write_from[0].field);
    }
    const std::size_t told =
        context_.explanation == nullptr ? 0 : context_.explanation->lines.size();
    if (row.table) {
        byTable(row, canonical[0], base, in);
    } else {
        byCodec(row, canonical, base, in);
    }
    if (some || context_.explanation == nullptr) return;
    for (std::size_t i = told; i < context_.explanation->lines.size(); ++i) {
        auto& line = context_.explanation->lines[i];
        line.from = in.of(row.display_of->path);
        line.note = "label of the code";
    }
}

bool Writer::limitLength(const Row& row, std::string_view& text, const message::ItemPlace& in,
                         std::string_view canonical) {
    if (row.max_length == 0 || text.size() <= row.max_length) return true;
    if (characters(text) <= row.max_length) return true;
    if (!row.cut) return false;
    text = cutAtWord(text, row.max_length);
    loss(Code::MapLossCut, in.of(canonical), pathOf(row.wire[0]), {});
    return true;
}

void Writer::byCodec(const Row& row, const Texts& canonical, std::uint32_t base,
                     const message::ItemPlace& in) {
    Texts wire{};
    CodecContext context{arena_, persons_, context_.content_word};
    const Verdict verdict = row.codec->write(canonical, wire, context);
    using Kind = Verdict::Kind;
    if (verdict.kind == Kind::Failed || (verdict.kind == Kind::Inexact && !row.report_inexact)) {
        return problem(verdict.kind == Kind::Failed ? verdict.code : Code::MapCannotSay, row,
                       row.wire[row.codec->told_part], base);
    }
    if (verdict.kind == Kind::Inexact) {
        loss(Code::MapLossInexact, in.of(row.write_from[0].path), pathOf(row.wire[0]), {});
    }
    if (row.min || row.max || !row.usual.empty()) judgeNumber(row, wire, base);
    if (row.max_length != 0 && !limitLength(row, wire[0], in, row.write_from[0].path)) {
        return problem(Code::MapTooLong, row, row.wire[0], base);
    }
    for (std::size_t i = 0; i < row.wire.size(); ++i) {
        if (row.wire[i] != kNoPlace && !wire[i].empty()) put(row.wire[i], base, wire[i]);
    }
    if (context_.explanation == nullptr) return;
    for (const PlaceId place : row.wire) explain(in.of(row.write_from[0].path), place, row);
}

void Writer::byTable(const Row& row, std::string_view code, std::uint32_t base,
                     const message::ItemPlace& in) {
    const Table::Row* const found = row.table->write(code);
    using Unknown = SourceRow::Unknown;
    const std::vector<std::string>* texts = found == nullptr ? nullptr : &found->wire;
    if (found == nullptr) {
        if (row.in_table) return;
        if (row.unknown_write == Unknown::Refuse) {
            return problem(Code::MapCannotSay, row,
                           row.wire[0] != kNoPlace ? row.wire[0] : row.wire[1], base);
        }
        if (row.unknown_write == Unknown::Value) texts = &row.unknown_wire;
    }
    if (found == nullptr || found->lossy) {
        loss(Code::MapLossCode, in.of(row.write_from[0].path), pathOf(row.wire[0]), {});
    }
    if (texts == nullptr) return;
    for (std::size_t i = 0; i < row.wire.size(); ++i) {
        if (row.wire[i] == kNoPlace) continue;
        const std::string& text = (*texts)[i];
        if (!text.empty()) put(row.wire[i], base, text);
        if (context_.explanation != nullptr && !text.empty()) {
            explain(in.of(row.write_from[0].path), row.wire[i], row);
        }
    }
}

void Writer::judgeNumber(const Row& row, const Texts& wire, std::uint32_t base) {
    const auto number = row.codec->number(wire);
    if (!number) return;
    const auto warn = [&](Code code) {
        out_.warnings.emplace_back(code, Place{.path = pathOf(row.wire[0]), .row = row.brief});
    };
    const bool outside =
        (row.min && less(*number, *row.min)) || (row.max && less(*row.max, *number));
    if (outside && row.range_refuses) return problem(Code::MapOutOfRange, row, row.wire[0], base);
    if (outside) warn(Code::MapUsualRange);
    if (row.usual.empty()) return;
    const bool usual = std::any_of(row.usual.begin(), row.usual.end(), [&](const Ratio& one) {
        return !less(*number, one) && !less(one, *number);
    });
    if (!usual) warn(Code::MapUnusual);
}

}  // namespace stafett::mapping
