#include "gateway/mapping/xsd.h"

#include <pugixml.hpp>
#include <set>
#include <string_view>

namespace stafett::mapping {
namespace {

using Name = std::pair<std::string, std::string>;
using pugi::xml_node;

constexpr std::string_view kXsd = "http://www.w3.org/2001/XMLSchema";
constexpr std::size_t kFiles = 32;
constexpr int kDepth = 64;

std::string_view localName(xml_node node) {
    const std::string_view name = node.name();
    const auto colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

/// One file: its nodes know their target namespace and their prefixes.
struct File {
    pugi::xml_document document;
    std::filesystem::path path;
    std::string target;
    bool qualified = false;

    xml_node root() const { return document.document_element(); }
    Name resolve(std::string_view name) const {
        const auto colon = name.find(':');
        const std::string prefix(colon == std::string_view::npos ? "" : name.substr(0, colon));
        const std::string declared = prefix.empty() ? "xmlns" : "xmlns:" + prefix;
        const std::string local(colon == std::string_view::npos ? name : name.substr(colon + 1));
        return {root().attribute(declared.c_str()).value(), local};
    }
};

class Loader {
public:
    Status read(const std::filesystem::path& path, const std::string& chameleon);
    std::map<Name, std::shared_ptr<const XsdType>> build();

private:
    struct Named {
        xml_node node;
        const File* file;
    };

    std::shared_ptr<const XsdType> typeOf(xml_node element, const File& file, int depth);
    std::shared_ptr<const XsdType> named(const Name& name, int depth);
    std::shared_ptr<const XsdType> complex(xml_node node, const File& file, int depth);
    void content(xml_node node, const File& file, XsdType& out, bool optional, bool choice,
                 int depth);
    void element(xml_node node, const File& file, XsdType& out, bool optional, bool repeats,
                 int depth);
    void attributes(xml_node node, const File& file, XsdType& out);

    std::vector<std::unique_ptr<File>> files_;
    std::set<std::filesystem::path> seen_;
    std::map<Name, Named> types_, elements_, groups_, attribute_groups_;
    std::map<pugi::xml_node, std::shared_ptr<XsdType>> made_;
};

Status Loader::read(const std::filesystem::path& path, const std::string& chameleon) {
    const auto wrong = [&](const char* hint) {
        return tl::unexpected(
            Error(Code::CheckSchemaOrder,
                  Place{.path = path.filename().string(), .file = {}, .row = {}, .hint = hint}));
    };
    if (!seen_.insert(path.lexically_normal()).second) return {};
    if (files_.size() >= kFiles) return wrong("too many schema files");
    auto file = std::make_unique<File>();
    file->path = path;
    if (!file->document.load_file(path.c_str())) return wrong("the schema cannot be read");
    const xml_node root = file->root();
    if (localName(root) != "schema") return wrong("not an XML schema");
    file->target = root.attribute("targetNamespace").value();
    if (file->target.empty()) file->target = chameleon;
    file->qualified = std::string_view(root.attribute("elementFormDefault").value()) == "qualified";
    const File& one = *file;
    files_.push_back(std::move(file));
    for (const xml_node node : root.children()) {
        const std::string_view kind = localName(node);
        const Name name{one.target, node.attribute("name").value()};
        if (kind == "element") elements_[name] = {node, &one};
        if (kind == "complexType" || kind == "simpleType") types_[name] = {node, &one};
        if (kind == "group") groups_[name] = {node, &one};
        if (kind == "attributeGroup") attribute_groups_[name] = {node, &one};
        if (kind != "import" && kind != "include") continue;
        const std::string_view location = node.attribute("schemaLocation").value();
        if (location.empty()) continue;
        ST_CHECK(read(path.parent_path() / location, kind == "include" ? one.target : ""));
    }
    return {};
}

std::shared_ptr<const XsdType> Loader::named(const Name& name, int depth) {
    const auto found = types_.find(name);
    if (found == types_.end() || name.first == kXsd ||
        localName(found->second.node) == "simpleType") {
        auto simple = std::make_shared<XsdType>();
        simple->text = true;
        simple->any = name.first == kXsd && name.second == "anyType";
        return simple;
    }
    return complex(found->second.node, *found->second.file, depth);
}

std::shared_ptr<const XsdType> Loader::typeOf(xml_node node, const File& file, int depth) {
    if (const auto type = node.attribute("type"))
        return named(file.resolve(type.value()), depth + 1);
    for (const xml_node child : node.children()) {
        if (localName(child) == "complexType") return complex(child, file, depth + 1);
    }
    auto simple = std::make_shared<XsdType>();
    simple->text = true;
    return simple;
}

std::shared_ptr<const XsdType> Loader::complex(xml_node node, const File& file, int depth) {
    auto& made = made_[node];
    if (made || depth > kDepth) return made;
    made = std::make_shared<XsdType>();
    const auto out = made;  // a type may hold itself
    out->text = std::string_view(node.attribute("mixed").value()) == "true";
    content(node, file, *out, false, false, depth);
    return out;
}

void Loader::attributes(xml_node node, const File& file, XsdType& out) {
    const std::string_view kind = localName(node);
    if (kind == "attribute") {
        const char* const name = node.attribute("name").value();
        const bool required = std::string_view(node.attribute("use").value()) == "required";
        out.attributes.push_back(
            {*name != '\0' ? name : file.resolve(node.attribute("ref").value()).second, required});
    } else if (kind == "attributeGroup") {
        const auto found = attribute_groups_.find(file.resolve(node.attribute("ref").value()));
        if (found == attribute_groups_.end()) return;
        for (const xml_node child : found->second.node.children()) {
            attributes(child, *found->second.file, out);
        }
    }
}

void Loader::element(xml_node node, const File& file, XsdType& out, bool optional, bool repeats,
                     int depth) {
    XsdElement made;
    const std::string_view min = node.attribute("minOccurs").value();
    const std::string_view max = node.attribute("maxOccurs").value();
    made.required = !optional && min != "0";
    made.repeats = repeats || (!max.empty() && max != "1" && max != "0");
    made.rank = out.elements.size();
    if (const auto ref = node.attribute("ref")) {
        const Name name = file.resolve(ref.value());
        made.space = name.first;
        made.name = name.second;
        const auto found = elements_.find(name);
        if (found != elements_.end()) {
            made.type = typeOf(found->second.node, *found->second.file, depth);
        }
    } else {
        const std::string_view form = node.attribute("form").value();
        const bool qualified = form.empty() ? file.qualified : form == "qualified";
        made.space = qualified ? file.target : "";
        made.name = node.attribute("name").value();
        made.type = typeOf(node, file, depth);
    }
    out.elements.push_back(std::move(made));
}

void Loader::content(xml_node node, const File& file, XsdType& out, bool optional, bool repeats,
                     int depth) {
    if (depth > kDepth) return;
    for (const xml_node child : node.children()) {
        const std::string_view kind = localName(child);
        const bool none = std::string_view(child.attribute("minOccurs").value()) == "0";
        const std::string_view max = child.attribute("maxOccurs").value();
        const bool many = repeats || (!max.empty() && max != "1");
        if (kind == "element") {
            element(child, file, out, optional, repeats, depth);
        } else if (kind == "sequence") {
            content(child, file, out, optional || none, many, depth + 1);
        } else if (kind == "choice" || kind == "all") {
            const std::size_t first = out.elements.size();
            content(child, file, out, optional || none || kind == "choice", many, depth + 1);
            for (std::size_t i = first; i < out.elements.size(); ++i) out.elements[i].rank = first;
        } else if (kind == "group") {
            const auto found = groups_.find(file.resolve(child.attribute("ref").value()));
            if (found != groups_.end()) {
                content(found->second.node, *found->second.file, out, optional || none, many,
                        depth + 1);
            }
        } else if (kind == "any") {
            out.any = true;
        } else if (kind == "simpleContent" || kind == "complexContent") {
            out.text = out.text || kind == "simpleContent";
            content(child, file, out, optional, repeats, depth + 1);
        } else if (kind == "extension") {
            const auto base = named(file.resolve(child.attribute("base").value()), depth + 1);
            if (base) {
                out.elements.insert(out.elements.end(), base->elements.begin(),
                                    base->elements.end());
                out.attributes.insert(out.attributes.end(), base->attributes.begin(),
                                      base->attributes.end());
                out.text = out.text || base->text;
                out.any = out.any || base->any;
            }
            content(child, file, out, optional, repeats, depth + 1);
        } else if (kind == "restriction") {
            content(child, file, out, optional, repeats, depth + 1);
        } else {
            attributes(child, file, out);
        }
    }
}

std::map<Name, std::shared_ptr<const XsdType>> Loader::build() {
    std::map<Name, std::shared_ptr<const XsdType>> out;
    for (const auto& [name, element] : elements_)
        out[name] = typeOf(element.node, *element.file, 0);
    return out;
}

}  // namespace

Result<Xsd> Xsd::load(const std::filesystem::path& file) {
    Loader loader;
    ST_CHECK(loader.read(file, ""));
    Xsd out;
    out.elements_ = loader.build();
    return out;
}

std::shared_ptr<const XsdType> Xsd::element(const std::string& space,
                                            const std::string& name) const {
    const auto found = elements_.find({space, name});
    return found == elements_.end() ? nullptr : found->second;
}

std::vector<std::string> Xsd::elementNames() const {
    std::vector<std::string> out;
    for (const auto& [name, type] : elements_) out.push_back(name.second);
    return out;
}

}  // namespace stafett::mapping
