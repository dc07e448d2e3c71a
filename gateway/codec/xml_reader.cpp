#include <expat.h>

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <memory>
#include <random>

#include "gateway/codec/builder.h"
#include "gateway/codec/encoding.h"
#include "gateway/codec/nfc.h"
#include "gateway/codec/read.h"

namespace stafett::codec {
namespace {

constexpr char kSeparator = '\n';         ///< expat puts it between a namespace and a local name
constexpr std::size_t kMostSpaces = 256;  ///< namespaces in one document
constexpr std::size_t kLargeDocument = 128U << 10;
constexpr std::string_view kXmlSpace = "http://www.w3.org/XML/1998/namespace";

struct FreeParser {
    void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};
using Parser = std::unique_ptr<std::remove_pointer_t<XML_Parser>, FreeParser>;

/// The thread's parser, made ready for the next document.
XML_Parser readyParser(Parser& kept) {
    thread_local const unsigned long salt = [] {
        std::random_device random;
        return (static_cast<unsigned long>(random()) << 32U) | random() | 1U;
    }();
    if (!kept) {
        kept.reset(XML_ParserCreateNS("UTF-8", kSeparator));
    } else {
        XML_ParserReset(kept.get(), "UTF-8");
    }
    if (kept) XML_SetHashSalt(kept.get(), salt);
    return kept.get();
}

bool isBlank(std::string_view text) {
    for (const char c : text) {
        if (c != ' ' && c != '\n' && c != '\t' && c != '\r') return false;
    }
    return true;
}

/// An element that is open: where its text grows, and its last child.
struct Open {
    NodeIndex node = kNoNode;
    NodeIndex last_child = kNoNode;
    char* text = nullptr;
    std::size_t size = 0;
    std::size_t room = 0;
    bool has_elements = false;
    bool blank = true;
};

/// What expat calls while it reads; builds the tree and keeps the limits.
class Reading {
public:
    Reading(XML_Parser parser, Builder& builder, const Limits& limits, const Utf8& source,
            std::vector<Open>& open)
        : parser_(parser),
          builder_(builder),
          limits_(limits),
          declared_(source.declared),
          open_(open) {
        open_.clear();
        builder_.spaces().assign(1, {});
        builder_.prefixes().assign(1, {});
        const std::string_view text = builder.source();
        check_nfc_ = mayNeedNfc(text) || text.find("&#") != std::string_view::npos;
    }

    void attach();
    Result<void> run();

private:
    static Reading& of(void* user) { return *static_cast<Reading*>(user); }
    void declaration(const XML_Char* version, const XML_Char* encoding);
    void space(const XML_Char* prefix, const XML_Char* uri);
    void start(const XML_Char* name, const XML_Char** attributes);
    void attribute(Open& element, const XML_Char* name, const XML_Char* value);
    void text(const XML_Char* text, std::size_t size);
    void end();

    void fail(Code code);
    bool append(Open& element, const char* text, std::size_t size);
    NodeIndex add(NodeKind kind, std::string_view qualified, NodeIndex parent);
    std::uint16_t spaceOf(std::string_view uri);
    std::string_view normal(std::string_view text);

    XML_Parser parser_;
    Builder& builder_;
    const Limits& limits_;
    const std::string& declared_;
    std::vector<Open>& open_;
    bool check_nfc_ = false;
    bool seen_declaration_ = false;
    std::optional<Code> failed_;
    std::size_t failed_at_ = 0;
};

void Reading::fail(Code code) {
    if (failed_) return;
    failed_ = code;
    failed_at_ = static_cast<std::size_t>(std::max<XML_Index>(0, XML_GetCurrentByteIndex(parser_)));
    XML_StopParser(parser_, XML_FALSE);
}

void Reading::attach() {
    XML_SetUserData(parser_, this);
    XML_SetXmlDeclHandler(parser_, [](void* user, const XML_Char* version, const XML_Char* encoding,
                                      int) { of(user).declaration(version, encoding); });
    XML_SetStartDoctypeDeclHandler(
        parser_, [](void* user, const XML_Char*, const XML_Char*, const XML_Char*, int) {
            of(user).fail(Code::XmlDoctype);
        });
    XML_SetStartNamespaceDeclHandler(parser_,
                                     [](void* user, const XML_Char* prefix, const XML_Char* uri) {
                                         of(user).space(prefix, uri);
                                     });
    XML_SetElementHandler(
        parser_,
        [](void* user, const XML_Char* name, const XML_Char** attributes) {
            of(user).start(name, attributes);
        },
        [](void* user, const XML_Char*) { of(user).end(); });
    XML_SetCharacterDataHandler(parser_, [](void* user, const XML_Char* text, int size) {
        of(user).text(text, static_cast<std::size_t>(size));
    });
}

void Reading::declaration(const XML_Char* version, const XML_Char* encoding) {
    seen_declaration_ = true;
    if (std::string_view(version == nullptr ? "" : version) != "1.0") return fail(Code::XmlVersion);
    if (std::string_view(encoding == nullptr ? "" : encoding) != declared_)
        fail(Code::EncodingMismatch);
}

void Reading::space(const XML_Char* prefix, const XML_Char* uri) {
    if (failed_ || uri == nullptr) return;
    const std::string_view wanted(uri);
    const auto& spaces = builder_.spaces();
    if (std::find(spaces.begin() + 1, spaces.end(), wanted) != spaces.end()) return;
    if (spaces.size() > kMostSpaces || wanted.size() > limits_.value) return fail(Code::XmlLimit);
    builder_.spaces().push_back(builder_.keep(wanted));
    builder_.prefixes().push_back(prefix == nullptr ? std::string_view() : builder_.keep(prefix));
}

std::uint16_t Reading::spaceOf(std::string_view uri) {
    const auto& spaces = builder_.spaces();
    for (std::size_t i = 1; i < spaces.size(); ++i) {
        if (spaces[i] == uri) return static_cast<std::uint16_t>(i);
    }
    if (uri == kXmlSpace) {  // never declared
        builder_.spaces().push_back(kXmlSpace);
        builder_.prefixes().push_back("xml");
        return static_cast<std::uint16_t>(spaces.size() - 1);
    }
    return 0;
}

std::string_view Reading::normal(std::string_view text) {
    if (!check_nfc_ || !mayNeedNfc(text)) return text;
    const Nfc nfc = toNfc(text);
    if (nfc.fault != NfcFault::None) fail(Code::XmlLimit);
    return nfc.changed ? builder_.keep(nfc.text) : text;
}

NodeIndex Reading::add(NodeKind kind, std::string_view qualified, NodeIndex parent) {
    Node node;
    node.kind = kind;
    const auto separator = qualified.rfind(kSeparator);
    if (separator != std::string_view::npos) {
        node.space = spaceOf(qualified.substr(0, separator));
        qualified.remove_prefix(separator + 1);
    }
    if (qualified.size() > limits_.name || builder_.nodes().size() >= limits_.nodes)
        fail(Code::XmlLimit);
    node.name = normal(builder_.keep(qualified));
    node.name_hash = nameHash(node.name);
    node.parent = parent;
    node.offset = static_cast<std::uint32_t>(XML_GetCurrentByteIndex(parser_));
    return builder_.add(node);
}

void Reading::start(const XML_Char* name, const XML_Char** attributes) {
    if (failed_) return;
    if (open_.size() >= limits_.depth) return fail(Code::XmlLimit);
    const NodeIndex parent = open_.empty() ? kNoNode : open_.back().node;
    const NodeIndex index = add(NodeKind::Element, name, parent);
    if (!open_.empty()) {
        Open& outer = open_.back();
        (outer.last_child == kNoNode ? builder_.nodes()[parent].first_child
                                     : builder_.nodes()[outer.last_child].next) = index;
        outer.last_child = index;
        outer.has_elements = true;
    }
    Open& element = open_.emplace_back();
    element.node = index;
    std::size_t count = 0;
    for (; *attributes != nullptr && !failed_; attributes += 2) {
        if (++count > limits_.attributes) return fail(Code::XmlLimit);
        attribute(element, attributes[0], attributes[1]);
    }
}

void Reading::attribute(Open& element, const XML_Char* name, const XML_Char* value) {
    const NodeIndex index = add(NodeKind::Attribute, name, element.node);
    const std::string_view text(value);
    if (text.size() > limits_.value) return fail(Code::XmlLimit);
    auto& nodes = builder_.nodes();
    nodes[index].text = normal(builder_.keep(text));
    if (check_nfc_) {  // expat compared the names before they were brought into NFC
        for (NodeIndex i = nodes[element.node].first_child; i != kNoNode; i = nodes[i].next) {
            if (nodes[i].name == nodes[index].name && nodes[i].space == nodes[index].space)
                return fail(Code::XmlMalformed);
        }
    }
    (element.last_child == kNoNode ? nodes[element.node].first_child
                                   : nodes[element.last_child].next) = index;
    element.last_child = index;
}

bool Reading::append(Open& element, const char* text, std::size_t size) {
    if (element.size + size > limits_.value) return false;
    if (element.size + size > element.room) {
        if (element.room != 0 && builder_.extends(element.text + element.room, size)) {
            builder_.room(size);
            element.room += size;
        } else {  // twice the room when it moves, so that pieces between children stay cheap
            const std::size_t room = element.room == 0 ? size : 2 * (element.size + size);
            char* const moved = builder_.room(room);
            if (element.size != 0) std::memcpy(moved, element.text, element.size);
            element.text = moved;
            element.room = room;
        }
    }
    std::memcpy(element.text + element.size, text, size);
    element.size += size;
    return true;
}

void Reading::text(const XML_Char* text, std::size_t size) {
    if (failed_ || open_.empty()) return;
    Open& element = open_.back();
    if (element.blank) element.blank = isBlank({text, size});
    if (!append(element, text, size)) fail(Code::XmlLimit);
}

void Reading::end() {
    if (failed_ || open_.empty()) return;
    const Open& element = open_.back();
    if (element.size != 0 && !(element.blank && element.has_elements)) {
        builder_.nodes()[element.node].text = normal({element.text, element.size});
    }
    open_.pop_back();
}

Result<void> Reading::run() {
    const std::string_view source = builder_.source();
    const auto status =
        XML_Parse(parser_, source.data(), static_cast<int>(source.size()), XML_TRUE);
    const NodeIndex node = open_.empty() ? kNoNode : open_.back().node;
    if (failed_) return tl::make_unexpected(builder_.error(*failed_, failed_at_, node));
    if (status != XML_STATUS_OK) {
        const auto at =
            static_cast<std::size_t>(std::max<XML_Index>(0, XML_GetCurrentByteIndex(parser_)));
        return tl::make_unexpected(builder_.error(Code::XmlMalformed, at, node));
    }
    if (!seen_declaration_ && !declared_.empty())
        return tl::make_unexpected(Error(Code::EncodingMismatch));
    return {};
}

}  // namespace

Result<Document> readXml(std::string_view bytes, const ReadOptions& options) {
    thread_local Parser kept;
    thread_local std::vector<Open> open;
    if (bytes.size() > options.limits.bytes || bytes.size() > INT_MAX / 4) {
        return tl::make_unexpected(Error(Code::XmlLimit));
    }
    ST_TRY(const Utf8 source, decodeXml(bytes, options));
    const XML_Parser parser = readyParser(kept);
    if (parser == nullptr) std::abort();  // no memory for a parser
    Builder builder(Format::Xml, source.text(), 0);
    Reading reading(parser, builder, options.limits, source, open);
    reading.attach();
    const auto done = reading.run();
    if (bytes.size() > kLargeDocument) kept.reset();
    if (!done) return tl::make_unexpected(done.error());
    return builder.finish();
}

}  // namespace stafett::codec
