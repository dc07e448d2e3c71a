#pragma once

#include <chrono>
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
#include "gateway/mapping/library.h"
#include "gateway/plugin/wire.h"

namespace stafett::plugin {

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
    /// The form that says this kind to a party of this dialect that has these settings; nothing
    /// when there is none.
    virtual std::optional<FormId> outboundForm(const message::Message& message,
                                               const mapping::Settings& settings) const = 0;
    /// A written document as the request that delivers it. Path is relative to the door's address.
    virtual Result<WireMessage> encode(const FormId& form, std::string_view document,
                                       const mapping::Attributes& attributes,
                                       const mapping::Settings& settings) const = 0;
    virtual WireMessage reply(const ReplyInput& input) const = 0;
    virtual Interpretation interpret(const WireAnswer& answer) const = 0;
    /// A rule no schema can say, on a document already read; empty = nothing wrong. ST-PLU-014 or
    /// -015 (a warning), with the wire path, and the plugin's own code in the place's row: see
    /// explain().
    virtual Problems check(const FormId& form, const codec::Document& document) const = 0;
    /// Problems of a party's settings against the manifest's schema.
    virtual Problems checkSettings(const mapping::Settings& settings) const = 0;
    /// What a code of the plugin's own means.
    virtual std::optional<OwnText> explain(std::string_view, Language) const {
        return std::nullopt;
    }
    virtual PluginHealth health() const { return {}; }
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
