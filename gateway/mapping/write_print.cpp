// The filled trie as a document: one pass, straight into one string.
#include <algorithm>

#include "gateway/codec/read.h"
#include "gateway/codec/write.h"
#include "gateway/mapping/writer.h"

namespace stafett::mapping {

using Extra = ResidueTree::Node;

namespace {

constexpr std::uint32_t kNone = 0xFFFFFFFF;

void appendText(Sink& out, std::string_view text, JsonType type) {
    if (type == JsonType::String) {
        out.json(text);
    } else {
        out += text;
    }
}

void appendWords(Sink& out, std::string_view text) {
    out += '[';
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find(' ', begin), text.size());
        if (end != begin) {
            if (out.back() != '[') out += ',';
            out.json(text.substr(begin, end - begin));
        }
        begin = end + 1;
    }
    out += ']';
}

}  // namespace

void Writer::print() {
    sink_.clear();
    const Extra* const extra = residue_ == nullptr ? nullptr : &residue_->root();
    if (xml_) {
        sink_ += program_.xml_head;
        printXmlInside(0, 0, extra, program_.xml_close);
    } else {
        printJsonObject(0, 0, extra, "");
    }
    if (!xml_ || program_.encoding == codec::Encoding::Utf8) {
        out_.document = sink_.text();
        return;
    }
    auto encoded = codec::encodeXml(sink_.text(), program_.encoding, program_.unencodable);
    if (encoded) {
        out_.document = std::move(*encoded);
    } else {
        Error error = std::move(encoded).error();
        error.place() = Place{.path = unencodablePath()};
        out_.problems.push_back(std::move(error));
    }
}

/// The first place whose text the wire encoding cannot hold.
std::string Writer::unencodablePath() const {
    const std::string_view written = sink_.text();
    const auto head = written.find("?>");
    const auto document = codec::readXml(written.substr(head == written.npos ? 0 : head + 2), {});
    if (!document) return {};
    for (codec::NodeIndex i = 0; i < document->size(); ++i) {
        std::string text;
        codec::appendXmlText(text, document->node(i).text);
        if (!codec::encodeXml(text, program_.encoding, codec::Unencodable::Refuse)) {
            return document->pathOf(i);
        }
    }
    return {};
}

void Writer::printXml(const PlaceKey& key, PlaceId place, std::uint32_t base, const Extra* extra) {
    sink_ += key.open;
    printXmlInside(place, base, extra, key.close);
}

void Writer::printXmlInside(PlaceId id, std::uint32_t base, const Extra* extra,
                            std::string_view close) {
    Sink& out = sink_;
    const WirePlace& place = places_[id];
    std::size_t k = 0;
    for (; k < place.keys.size() && place.keys[k].attribute; ++k) {
        const PlaceKey& key = place.keys[k];
        const Slot& slot = slots_[base + places_[key.picks[0]].slot];
        const Extra* const kept = extra == nullptr ? nullptr : extra->find(key, 0, prefixOf(key));
        if (!slot.filled && kept == nullptr) continue;
        out += key.open;
        sink_.xmlAttribute(kept != nullptr ? std::string_view(kept->text) : slot.text);
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
        sink_.xmlText(extra->text);
    } else if (own.filled) {
        sink_.xmlText(own.text);
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
                (out += key.open) += "/>";  // keeps the place of an earlier item
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
        out.replaceBack('/');
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
        if (sink_.back() != '{') sink_ += ',';
        sink_.json(extra.step.name);
        sink_ += ':';
        printExtraJson(extra);
    }
}

void Writer::printExtraXml(const Extra& extra) {
    Sink& out = sink_;
    std::string name =
        extra.step.prefix.empty() ? extra.step.name : extra.step.prefix + ":" + extra.step.name;
    if (extra.step.attribute) {
        ((out += ' ') += name) += "=\"";
        sink_.xmlAttribute(extra.text);
        out += '"';
        return;
    }
    std::string declared;
    if (const auto close = name.find('}'); name.starts_with('{') && close != std::string::npos) {
        declared = name.substr(1, close - 1);
        name.erase(0, close + 1);
    }
    (out += '<') += name;
    if (!declared.empty()) {
        out += " xmlns=\"";
        sink_.xmlAttribute(declared);
        out += '"';
    }
    for (const Extra& child : extra.children) {
        if (child.step.attribute) printExtraXml(child);
    }
    out += '>';
    const std::size_t begin = out.size();
    sink_.xmlText(extra.text);
    for (const Extra& child : extra.children) {
        if (!child.step.attribute) printExtraXml(child);
    }
    if (out.size() == begin) {
        out.replaceBack('/');
        out += '>';
    } else {
        ((out += "</") += name) += '>';
    }
}

void Writer::printExtraJson(const Extra& extra) {
    Sink& out = sink_;
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
        sink_.json(child.step.name);
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
    Sink& out = sink_;
    const WirePlace& place = places_[id];
    out += '{';
    out += head;
    for (const PlaceKey& key : place.keys) {
        if (!isPrinted(key, base, extra)) continue;
        if (out.back() != '{') out += ',';
        out += key.open;
        if (id == 0 && !places_.anchors.empty() && &key == &place.keys[places_.anchor_key]) {
            printAnchors(key, extra);
        } else if (key.list) {
            printJsonList(key, base, extra);
        } else {
            printJsonMember(key, base, extra);
        }
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
            sink_.json(one.step.name);
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

bool Writer::isPrinted(const PlaceKey& key, std::uint32_t base, const Extra* extra) const {
    for (const PlaceId pick : key.picks) {
        const WirePlace& one = places_[pick];
        if (one.pick == WirePlace::Pick::Each ? slots_[base + one.list_slot].first != kNone
                                              : slots_[base + one.slot].live) {
            return true;
        }
    }
    const bool anchors = !places_.anchors.empty() && &key == &places_[0].keys[places_.anchor_key];
    if (anchors) return true;
    return extra != nullptr &&
           std::any_of(extra->children.begin(), extra->children.end(),
                       [&](const Extra& one) { return one.step.name == key.name; });
}

void Writer::printJsonMember(const PlaceKey& key, std::uint32_t base, const Extra* extra) {
    const PlaceId pick = key.picks[0];
    const WirePlace& one = places_[pick];
    const Extra* const kept = extra == nullptr ? nullptr : extra->find(key, 0, "");
    if (kept != nullptr && kept->item) {
        // An array that was kept as a whole.
        Sink& out = sink_;
        out += '[';
        for (const Extra& item : extra->children) {
            if (item.step.name != key.name) continue;
            if (out.back() != '[') out += ',';
            printExtraJson(item);
        }
        out += ']';
    } else if (one.pick == WirePlace::Pick::Each) {
        printJsonValue(pick, items_[slots_[base + one.list_slot].first].base, kept);
    } else {
        printJsonValue(pick, base, kept);
    }
}

void Writer::printJsonValue(PlaceId id, std::uint32_t base, const Extra* extra) {
    const WirePlace& place = places_[id];
    const Slot& slot = slots_[base + place.slot];
    if (extra != nullptr && extra->leaf) {
        sink_ += extra->text;
    } else if (place.shape == Shape::Words) {
        appendWords(sink_, slot.text);
    } else if (place.value && place.keys.empty()) {
        appendText(sink_, slot.text, place.json);
    } else if ((place.kept || place.dropped) && extra != nullptr) {
        printExtraJson(*extra);
    } else {
        printJsonObject(id, base, extra, "");
    }
}

void Writer::printJsonList(const PlaceKey& key, std::uint32_t base, const Extra* extra) {
    Sink& out = sink_;
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
}

void Writer::printAnchors(const PlaceKey& key, const Extra* extra) {
    Sink& out = sink_;
    out += '[';
    for (std::size_t i = 0; i < places_.anchors.size(); ++i) {
        const AnchorPlace& anchor = places_.anchors[i];
        if (!isLive(anchor.root, 0)) continue;
        if (out.back() != '[') out += ',';
        out += places_.anchor_open;
        out.json(urlOf(i));
        out += places_.anchor_middle;
        printJsonObject(anchor.root, 0,
                        residue_ == nullptr ? nullptr : residue_->anchor(anchor.name), anchor.head);
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
