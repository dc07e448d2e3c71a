// The filled trie as a document: one pass, straight into one string.
#include <algorithm>

#include "gateway/codec/write.h"
#include "gateway/mapping/writer.h"

namespace stafett::mapping {

using Extra = ResidueTree::Node;

namespace {

constexpr std::uint32_t kNone = 0xFFFFFFFF;

void appendText(std::string& out, std::string_view text, JsonType type) {
    if (type == JsonType::String) {
        codec::appendJsonString(out, text);
    } else {
        out += text;
    }
}

void appendWords(std::string& out, std::string_view text) {
    out += '[';
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find(' ', begin), text.size());
        if (end != begin) {
            if (out.back() != '[') out += ',';
            codec::appendJsonString(out, text.substr(begin, end - begin));
        }
        begin = end + 1;
    }
    out += ']';
}

}  // namespace

void Writer::print() {
    std::string& out = out_.document;
    out.reserve(4096);
    const Extra* const extra = residue_ == nullptr ? nullptr : &residue_->root();
    if (!xml_) return printJsonObject(0, 0, extra, "");
    out += program_.xml_head;
    printXmlInside(0, 0, extra, program_.xml_close);
    if (program_.encoding == codec::Encoding::Utf8) return;
    auto encoded = codec::encodeXml(out, program_.encoding, program_.unencodable);
    if (encoded) {
        out = std::move(*encoded);
    } else {
        out_.problems.push_back(std::move(encoded).error());
        out.clear();
    }
}

void Writer::printXml(const PlaceKey& key, PlaceId place, std::uint32_t base, const Extra* extra) {
    out_.document += key.open;
    printXmlInside(place, base, extra, key.close);
}

void Writer::printXmlInside(PlaceId id, std::uint32_t base, const Extra* extra,
                            std::string_view close) {
    std::string& out = out_.document;
    const WirePlace& place = places_[id];
    std::size_t k = 0;
    for (; k < place.keys.size() && place.keys[k].attribute; ++k) {
        const PlaceKey& key = place.keys[k];
        const Slot& slot = slots_[base + places_[key.picks[0]].slot];
        const Extra* const kept = extra == nullptr ? nullptr : extra->find(key, 0, prefixOf(key));
        if (!slot.filled && kept == nullptr) continue;
        out += key.open;
        codec::appendXmlAttribute(out, kept != nullptr ? std::string_view(kept->text) : slot.text);
        out += '"';
    }
    if (extra != nullptr) {
        for (const Extra& one : extra->children) {
            if (one.step.attribute) printExtra(one, &place);
        }
    }
    out += '>';
    const std::size_t begin = out.size();
    const Slot& own = slots_[base + place.slot];
    if (extra != nullptr && extra->leaf) {
        codec::appendXmlText(out, extra->text);
    } else if (own.filled) {
        codec::appendXmlText(out, own.text);
    }
    for (; k < place.keys.size(); ++k) {
        const PlaceKey& key = place.keys[k];
        std::uint32_t index = 0;
        for (const PlaceId pick : key.picks) {
            const WirePlace& one = places_[pick];
            if (one.pick == WirePlace::Pick::Each) {
                for (auto i = slots_[base + one.list_slot].first; i != kNone; i = items_[i].next) {
                    const Extra* const kept =
                        extra == nullptr ? nullptr : extra->find(key, index, prefixOf(key));
                    printXml(key, pick, items_[i].base, kept);
                    ++index;
                }
                continue;
            }
            const Extra* const kept =
                extra == nullptr ? nullptr : extra->find(key, index, prefixOf(key));
            if (!slots_[base + one.slot].live && kept == nullptr) continue;
            for (; one.pick == WirePlace::Pick::Index && index < one.index; ++index) {
                out.append(key.open).append("/>");  // keeps the place of an earlier item
            }
            printXml(key, pick, base, kept);
            ++index;
        }
        if (extra == nullptr) continue;
        for (const Extra& one : extra->children) {
            const bool further = one.step.name == key.name && one.step.prefix == prefixOf(key) &&
                                 !one.step.attribute && one.index >= index;
            if (further) printExtraXml(one);
        }
    }
    if (extra != nullptr) {
        for (const Extra& one : extra->children) {
            if (!one.step.attribute) printExtra(one, &place);
        }
    }
    if (out.size() == begin) {
        out.back() = '/';
        out += '>';
    } else {
        out += close;
    }
}

/// Prints what was kept where no row has a place.
void Writer::printExtra(const Extra& extra, const WirePlace* place) {
    for (const PlaceKey& key : place->keys) {
        if (key.name == extra.step.name && key.attribute == extra.step.attribute &&
            prefixOf(key) == extra.step.prefix) {
            return;  // printed at that place
        }
    }
    if (xml_) {
        printExtraXml(extra);
    } else {
        if (out_.document.back() != '{') out_.document += ',';
        codec::appendJsonString(out_.document, extra.step.name);
        out_.document += ':';
        printExtraJson(extra);
    }
}

void Writer::printExtraXml(const Extra& extra) {
    std::string& out = out_.document;
    std::string name =
        extra.step.prefix.empty() ? extra.step.name : extra.step.prefix + ":" + extra.step.name;
    if (extra.step.attribute) {
        out.append(" ").append(name).append("=\"");
        codec::appendXmlAttribute(out, extra.text);
        out += '"';
        return;
    }
    std::string declared;
    if (const auto close = name.find('}'); name.starts_with('{') && close != std::string::npos) {
        declared = name.substr(1, close - 1);
        name.erase(0, close + 1);
    }
    out.append("<").append(name);
    if (!declared.empty()) {
        out += " xmlns=\"";
        codec::appendXmlAttribute(out, declared);
        out += '"';
    }
    for (const Extra& child : extra.children) {
        if (child.step.attribute) printExtraXml(child);
    }
    out += '>';
    const std::size_t begin = out.size();
    codec::appendXmlText(out, extra.text);
    for (const Extra& child : extra.children) {
        if (!child.step.attribute) printExtraXml(child);
    }
    if (out.size() == begin) {
        out.back() = '/';
        out += '>';
    } else {
        out.append("</").append(name).append(">");
    }
}

void Writer::printExtraJson(const Extra& extra) {
    std::string& out = out_.document;
    if (extra.leaf) {
        out += extra.text;
        return;
    }
    out += '{';
    for (std::size_t i = 0; i < extra.children.size(); ++i) {
        const Extra& child = extra.children[i];
        const bool again = i != 0 && child.item && extra.children[i - 1].item &&
                           extra.children[i - 1].step.name == child.step.name;
        if (again) continue;
        if (out.back() != '{') out += ',';
        codec::appendJsonString(out, child.step.name);
        out += ':';
        if (!child.item) {
            printExtraJson(child);
            continue;
        }
        out += '[';
        for (std::size_t j = i; j < extra.children.size(); ++j) {
            if (!extra.children[j].item || extra.children[j].step.name != child.step.name) break;
            if (j != i) out += ',';
            printExtraJson(extra.children[j]);
        }
        out += ']';
    }
    out += '}';
}

void Writer::printJsonObject(PlaceId id, std::uint32_t base, const Extra* extra,
                             std::string_view head) {
    std::string& out = out_.document;
    const WirePlace& place = places_[id];
    out += '{';
    out += head;
    for (const PlaceKey& key : place.keys) {
        const std::size_t before = out.size();
        if (out.back() != '{') out += ',';
        out += key.open;
        bool printed = true;
        if (id == 0 && !places_.anchors.empty() && &key == &place.keys[places_.anchor_key]) {
            printAnchors(key, extra);
        } else if (key.list) {
            printed = printJsonList(key, base, extra);
        } else {
            const PlaceId pick = key.picks[0];
            const Extra* const kept = extra == nullptr ? nullptr : extra->find(key, 0, "");
            const WirePlace& one = places_[pick];
            if (kept != nullptr && kept->item) {
                // An array that was kept as a whole.
                out += '[';
                for (const Extra& item : extra->children) {
                    if (item.step.name != key.name) continue;
                    if (out.back() != '[') out += ',';
                    printExtraJson(item);
                }
                out += ']';
            } else if (one.pick == WirePlace::Pick::Each) {
                const auto item = slots_[base + one.list_slot].first;
                printed = item != kNone;
                if (printed) printJsonValue(pick, items_[item].base, kept);
            } else {
                printed = slots_[base + one.slot].live || kept != nullptr;
                if (printed) printJsonValue(pick, base, kept);
            }
        }
        if (!printed) out.resize(before);
    }
    if (extra != nullptr) {
        for (std::size_t i = 0; i < extra->children.size(); ++i) {
            const Extra& one = extra->children[i];
            if (!one.item) {
                printExtra(one, &place);
                continue;
            }
            const bool known =
                std::any_of(place.keys.begin(), place.keys.end(),
                            [&](const PlaceKey& key) { return key.name == one.step.name; });
            const bool again = i != 0 && extra->children[i - 1].step.name == one.step.name;
            if (known || again) continue;
            if (out.back() != '{') out += ',';
            codec::appendJsonString(out, one.step.name);
            out += ":[";
            for (std::size_t j = i; j < extra->children.size(); ++j) {
                if (extra->children[j].step.name != one.step.name) break;
                if (j != i) out += ',';
                printExtraJson(extra->children[j]);
            }
            out += ']';
        }
    }
    out += '}';
}

void Writer::printJsonValue(PlaceId id, std::uint32_t base, const Extra* extra) {
    const WirePlace& place = places_[id];
    const Slot& slot = slots_[base + place.slot];
    if (extra != nullptr && extra->leaf) {
        out_.document += extra->text;
    } else if (place.shape == Shape::Words) {
        appendWords(out_.document, slot.text);
    } else if (place.value && place.keys.empty()) {
        appendText(out_.document, slot.text, place.json);
    } else if ((place.kept || place.dropped) && extra != nullptr) {
        printExtraJson(*extra);
    } else {
        printJsonObject(id, base, extra, "");
    }
}

bool Writer::printJsonList(const PlaceKey& key, std::uint32_t base, const Extra* extra) {
    std::string& out = out_.document;
    out += '[';
    std::uint32_t index = 0;
    const auto next = [&] {
        if (index++ != 0) out += ',';
    };
    for (const PlaceId pick : key.picks) {
        const WirePlace& one = places_[pick];
        if (one.pick == WirePlace::Pick::Each) {
            for (auto i = slots_[base + one.list_slot].first; i != kNone; i = items_[i].next) {
                const Extra* const kept = extra == nullptr ? nullptr : extra->find(key, index, "");
                next();
                printJsonValue(pick, items_[i].base, kept);
            }
            continue;
        }
        const Extra* const kept = extra == nullptr ? nullptr : extra->find(key, index, "");
        if (!slots_[base + one.slot].live &&
            (kept == nullptr || one.pick != WirePlace::Pick::Index))
            continue;
        while (one.pick == WirePlace::Pick::Index && index < one.index) {
            next();
            out += "{}";  // keeps the place of an earlier item
        }
        next();
        printJsonValue(pick, base, kept);
    }
    if (extra != nullptr) {
        for (const Extra& one : extra->children) {
            if (!one.item || one.step.name != key.name || one.index < index) continue;
            next();
            printExtraJson(one);
        }
    }
    out += ']';
    return index != 0;
}

void Writer::printAnchors(const PlaceKey& key, const Extra* extra) {
    std::string& out = out_.document;
    out += '[';
    for (std::size_t i = 0; i < places_.anchors.size(); ++i) {
        const AnchorPlace& anchor = places_.anchors[i];
        if (!isLive(anchor.root, 0)) continue;
        if (out.back() != '[') out += ',';
        out += "{";
        codec::appendJsonString(out, places_.anchor_id);
        out += ':';
        codec::appendJsonString(out, urlOf(i));
        out += ',';
        codec::appendJsonString(out, places_.anchor_body);
        out += ':';
        std::string head;
        codec::appendJsonString(head, places_.anchor_type);
        head += ':';
        codec::appendJsonString(head, anchor.type);
        printJsonObject(anchor.root, 0,
                        residue_ == nullptr ? nullptr : residue_->anchor(anchor.name), head);
        out += '}';
    }
    if (extra != nullptr) {
        for (const Extra& one : extra->children) {
            if (!one.item || one.step.name != key.name) continue;
            out += ',';
            printExtraJson(one);
        }
    }
    out += ']';
}

}  // namespace stafett::mapping
