#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/ids.h"
#include "gateway/base/result.h"
#include "gateway/base/sha256.h"
#include "gateway/codec/read.h"
#include "gateway/mapping/mapping.h"

namespace stafett::plugin {

/// A request as the transport read it, free of any socket. The views outlive the call.
struct WireRequest {
    std::string_view method, path, query;
    const std::vector<std::pair<std::string, std::string>>* headers = nullptr;
    std::string_view body;
};

/// What a request turned out to be: its form, the document, and the values outside it.
struct Decoded {
    FormId form;
    codec::Document document;
    mapping::Attributes attributes;
};

/// One problem, warning or loss as a sender is told it.
struct ReplyLine {
    std::string code;   ///< ST-… or the plugin's own
    std::string place;  ///< the sender's wire path, or the receiver and its rule; may be empty
    std::string text;   ///< in the asked language: what happened. What to do.
    bool warning = false;
};

/// Our outcome, to be said in the sender's own form.
struct ReplyInput {
    Outcome outcome = Outcome::Accepted;
    std::string id;         ///< message id when accepted, refusal id when refused
    std::string sender_id;  ///< the sender's own id when it could be read; may be empty
    std::string case_own;   ///< the sender's own case id when it could be read; may be empty
    std::string receipt;    ///< Stafett-Receipt, when accepted
    Code code = Code::HttpMalformed;  ///< the first problem's, when refused
    std::vector<ReplyLine> lines;
    std::size_t count = 0;  ///< problems in all; lines hold at most 50
    Time now{};
    Language language = Language::Swedish;
    std::chrono::seconds retry_after{0};  ///< busy
    std::string_view form;                ///< when known
};

/// What goes on the wire: a reply to a sender, or a request to a receiver.
struct WireMessage {
    int status = 0;            ///< replies
    std::string method, path;  ///< requests
    std::vector<std::pair<std::string, std::string>> headers;
    Bytes body;
};

/// A receiver's answer to a delivery.
struct WireAnswer {
    int status = 0;
    const std::vector<std::pair<std::string, std::string>>* headers = nullptr;
    std::string_view body;
    std::string_view our_id;  ///< the message id that stands in what was sent
    std::string_view form;
};

enum class Fate : std::uint8_t { Delivered, Retry, Refused, Denied };

struct Interpretation {
    Fate fate = Fate::Retry;
    std::string code = {};  ///< the receiver's own code, capped at 64 characters; goes to the trace
    std::string receiver_id = {};  ///< the id the receiver gave it, if it said one (sealed)
    bool info = false;             ///< success with a text to show (RIV INFO)
    std::chrono::seconds retry_after{0};
};

/// One loaded plugin with its manifest. Never unloaded. Many threads.
class Adapter {
public:
    virtual ~Adapter() = default;

    virtual const DialectId& dialect() const = 0;
    virtual const std::string& id() const = 0;
    virtual const std::string& version() const = 0;
    virtual const Digest& digest() const = 0;         ///< of the .so
    virtual const std::string& manifest() const = 0;  ///< JSON text

    /// Whether this dialect has an inbound route of this path (any method).
    virtual bool hasPath(std::string_view path) const = 0;
    /// Digest by which a repeat is recognised before anything is read: route, id attributes, body.
    virtual Digest repeatDigest(const WireRequest& request) const = 0;
    /// Strict reading, envelope, form and attributes. Errors: HTTP method or media type, the
    /// codec's, NoForm.
    virtual Result<Decoded> decode(const WireRequest& request) const = 0;
    /// The form that says this kind to this dialect; nothing when it has none.
    virtual std::optional<FormId> outboundForm(const message::Message& message) const = 0;
    /// A written document as the request that delivers it. Path is relative to the door's address.
    virtual Result<WireMessage> encode(const FormId& form, std::string_view document,
                                       const mapping::Attributes& attributes,
                                       const mapping::Settings& settings) const = 0;
    virtual WireMessage reply(const ReplyInput& input) const = 0;
    virtual Interpretation interpret(const WireAnswer& answer) const = 0;
    /// A rule no schema can say, on a document already read; empty = nothing wrong.
    virtual Problems check(const FormId& form, const codec::Document& document) const = 0;
    /// Problems of a party's settings against the manifest's schema.
    virtual Problems checkSettings(const mapping::Settings& settings) const = 0;
};

/// Which file holds a plugin, and what it must be.
struct PluginSource {
    std::filesystem::path file;
    std::string sha256 = {};  ///< hex; may be empty only in the dev profile
};

enum class Profile : std::uint8_t { Dev, Production };

/// The loaded plugins, one per dialect.
class Registry {
public:
    /// Owner, mode, digest, symbol, ABI, manifest: each refusal has its own code. All at once.
    static Checked<Registry> load(const std::vector<PluginSource>& sources, Profile profile);

    const Adapter* find(const DialectId& dialect) const;
    std::vector<const Adapter*> all() const;

private:
    std::map<DialectId, std::shared_ptr<const Adapter>> adapters_;
};

/// Checks that a plugin's forms are in the library, in the direction they are used.
Problems checkForms(const Adapter& adapter, const mapping::Library& library);

}  // namespace stafett::plugin
