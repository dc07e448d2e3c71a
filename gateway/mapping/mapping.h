#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/ids.h"
#include "gateway/base/result.h"
#include "gateway/codec/content.h"
#include "gateway/codec/tree.h"
#include "gateway/mapping/reason.h"
#include "gateway/message/identifiers.h"
#include "gateway/message/message.h"

namespace stafett::mapping {

/// Named values outside the document: HTTP headers, SOAP headers, file name. Names compare exactly.
class Attributes {
public:
    void set(std::string name, std::string value);
    const std::string* find(std::string_view name) const;
    const std::vector<std::pair<std::string, std::string>>& all() const { return values_; }

private:
    std::vector<std::pair<std::string, std::string>> values_;
};

/// A party's settings, by key, as its dialect's settings schema names them.
using Settings = std::map<std::string, std::string, std::less<>>;

enum class Direction : std::uint8_t { Read, Write };

/// Something the receiver is not told, or is told less exactly. Places only, never values.
struct Loss {
    Code code = Code::MapLoss;
    std::string canonical;  ///< path with indexes: "benefits[1]/to"
    std::string wire;       ///< where it would have stood; empty when there is no place
    Reason because;         ///< the mapping's own
};

/// Fields of the sender's own that the mapping keeps: given back to the same dialect only.
struct Residue {
    std::vector<std::pair<std::string, std::string>> fields;  ///< wire path, text
    bool empty() const { return fields.empty(); }
};

/// What became of one field: for people. Made only when asked for.
struct Explanation {
    struct Line {
        std::string from;   ///< input path, or "setting:…", "from:…", "const"
        std::string to;     ///< output path; empty = went nowhere
        std::string row;    ///< file:line of the mapping row
        std::string codec;  ///< codec, or table@version
        std::string note;   ///< kept, dropped because …, loss, written from display …
    };
    std::vector<Line> lines;
};

struct ReadContext {
    PartyId sender;  ///< the party the sender was found to be
    Time received_at{};
    const Settings* settings = nullptr;
    message::PersonRules person = {};
    const Attributes* attributes = nullptr;
    Explanation* explanation = nullptr;  ///< filled when not null
    bool transport_free = false;         ///< whether the outcome's is asked for
};

/// What a document said, with everything wrong and worth a warning. The message is whole only when
/// there are no problems. message/id, message/receivedAt and case/id are the pipeline's to set.
struct ReadOutcome {
    message::Message message;
    Residue residue;
    Problems problems;
    Problems warnings;
    /// What the document says but for fields marked transport, as bytes: equal for a repeat with
    /// other timestamps (design 3, sent twice). For one version of a mapping; not for people. Empty
    /// unless it was asked for.
    std::string transport_free;
};

struct WriteContext {
    PartyId receiver;
    FunctionId receiver_function;
    PartyId gateway;
    std::string endpoint;  ///< the door's address
    Time now{};
    const Settings* settings = nullptr;
    const Residue* residue = nullptr;  ///< the same dialect and mapping major only
    std::string content_word;          ///< in the marks of contents: one no sender can have written
    Explanation* explanation = nullptr;
};

struct WriteOutcome {
    Bytes document;  ///< in the wire encoding
    Attributes attributes;
    std::vector<Loss> losses;
    Problems problems;  ///< what this dialect cannot say: the place names the receiver's rule
    Problems warnings;
};

/// One form, read, proven and compiled. Never changed after. Many threads.
class Form {
public:
    virtual ~Form() = default;

    virtual const std::string& name() const = 0;     ///< "arende"
    virtual const std::string& dialect() const = 0;  ///< "municipality"
    virtual const std::string& version() const = 0;  ///< SemVer
    virtual const std::string& digest() const = 0;   ///< SHA-256 of all it was made of, hex
    virtual const message::Schema& schema() const = 0;
    virtual codec::Format format() const = 0;
    virtual bool does(Direction direction) const = 0;
    /// The case alias form this dialect demands ("digits:10"), empty when any text will do.
    virtual const std::string& aliasForm() const = 0;
    /// How it has the content of attachments: inside, at these places; or as a reference.
    struct Contents {
        std::vector<codec::ContentPlace> inside;
        bool by_reference = false;
    };
    virtual const Contents& contents() const = 0;
    /// What a message of this form can never carry when written, for people: canonical paths.
    virtual const std::vector<std::string>& cannotCarry() const = 0;

    virtual ReadOutcome read(const codec::Document& document, const ReadContext& context) const = 0;
    virtual WriteOutcome write(const message::Message& message,
                               const WriteContext& context) const = 0;
};

}  // namespace stafett::mapping
