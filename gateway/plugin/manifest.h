#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/ids.h"
#include "gateway/base/result.h"
#include "gateway/codec/read.h"
#include "gateway/plugin/condition.h"
#include "gateway/plugin/settings_schema.h"
#include "gateway/plugin/wire_template.h"

namespace stafett::plugin {

/// A manifest as it was read and found whole: docs/plugin-manifest.md says what each key means.

/// A test on a document that has been read; all that is there must hold.
struct Guard {
    std::string root, space;  ///< root element; space only with root
    std::string path, is;
    std::string soap_action;

    bool empty() const { return root.empty() && path.empty() && soap_action.empty(); }
    /// Whether no document can fit both: some part of them names the same place with unlike values.
    bool excludes(const Guard& other) const;
};

struct FormChoice {
    FormId form;
    Guard when;
};

struct AttributeSource {
    enum class From : std::uint8_t { Header, Query };
    std::string attribute;
    From from = From::Header;
    std::string name;
    bool id = false;  ///< carries the sender's message id: part of the repeat digest
    bool required = false;
};

struct Route {
    std::string method, path;
    std::vector<std::string> content_types;  ///< lower case
    std::vector<FormChoice> forms;
    std::vector<AttributeSource> attributes;
};

struct SoapHeader {
    std::string attribute;
    std::string space, name;
    bool required = false;
    WireTemplate value;  ///< on writing, when the attribute is absent
};

struct Envelope {
    bool soap11 = false;
    bool action_required = false;
    std::vector<SoapHeader> headers;
};

struct Outbound {
    std::string kind;
    FormId form;
    std::vector<Condition> when;  ///< all must hold
    std::string method, content_type;
    WireTemplate path;
    std::vector<std::pair<std::string, WireTemplate>> headers;
};

struct OwnCode {
    std::string code;
    Outcome outcome = Outcome::ContentRefused;
    std::string sv, en, todo_sv, todo_en;
};

enum class Said : std::uint8_t { Declared, ByPlugin };

struct Manifest {
    std::string plugin, version, status, title_sv, title_en;
    DialectId dialect;
    codec::Format format = codec::Format::Xml;
    std::vector<codec::Encoding> encodings;
    std::size_t body = std::size_t{1} << 20;
    std::vector<Route> inbound;
    Envelope envelope;
    std::vector<Outbound> outbound;
    Said replies = Said::Declared, interpret = Said::Declared, decode = Said::Declared,
         encode = Said::Declared, check = Said::Declared;
    SettingsSchema settings;
    std::vector<OwnCode> codes;
    std::vector<std::string> attributes;  ///< every declared name
    std::vector<std::string> personal_attributes;

    const OwnCode* findCode(std::string_view code) const;
    bool declares(std::string_view attribute) const;
};

inline constexpr std::size_t kManifestLimit = std::size_t{256} << 10;

/// Reads and checks a whole manifest: every problem at once (ST-PLU-006), each with JSON pointer
/// and hint. `file` stands in the places. Many threads.
Checked<Manifest> readManifest(std::string_view json, const std::string& file);

}  // namespace stafett::plugin
