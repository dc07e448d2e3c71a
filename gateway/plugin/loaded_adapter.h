#pragma once

#include <memory>
#include <string>

#include "gateway/plugin/abi.h"
#include "gateway/plugin/call_frame.h"
#include "gateway/plugin/manifest.h"
#include "gateway/plugin/registry.h"
#include "gateway/plugin/watch.h"

namespace stafett::plugin {

/// A manifest and the functions beside it, as the gateway calls them. Many threads.
class LoadedAdapter final : public Adapter {
public:
    /// What a `.so` gave. Missing functions are null; the manifest is read and checked here, with
    /// open() called last. `file` stands in the places of problems.
    static Checked<std::shared_ptr<const LoadedAdapter>> make(const stafett_plugin& plugin,
                                                              const Digest& digest,
                                                              std::shared_ptr<Watch> watch,
                                                              const std::string& file);
    ~LoadedAdapter() override;

    const DialectId& dialect() const override { return manifest_.dialect; }
    const std::string& id() const override { return manifest_.plugin; }
    const std::string& version() const override { return manifest_.version; }
    const Digest& digest() const override { return digest_; }
    const std::string& manifest() const override { return text_; }
    const Manifest& parts() const { return manifest_; }

    bool hasPath(std::string_view path) const override;
    Digest repeatDigest(const WireRequest& request) const override;
    Result<Decoded> decode(const WireRequest& request) const override;
    std::optional<FormId> outboundForm(const message::Message& message,
                                       const mapping::Settings& settings) const override;
    Result<WireMessage> encode(const FormId& form, std::string_view document,
                               const mapping::Attributes& attributes,
                               const mapping::Settings& settings) const override;
    WireMessage reply(const ReplyInput& input) const override;
    Interpretation interpret(const WireAnswer& answer) const override;
    Problems check(const FormId& form, const codec::Document& document) const override;
    Problems checkSettings(const mapping::Settings& settings) const override;
    std::optional<OwnText> explain(std::string_view own_code, Language language) const override;
    PluginHealth health() const override;

private:
    LoadedAdapter() = default;

    const Route* findRoute(std::string_view method, std::string_view path) const;
    Result<codec::Document> readBody(const Route& route, const WireRequest& request) const;
    Status readAttributes(const Route& route, const WireRequest& request,
                          mapping::Attributes& into) const;
    Result<FormId> chooseForm(const Route& route, const codec::Document& document,
                              codec::NodeIndex root, std::string_view action) const;
    Status askDecode(const WireRequest& request, const codec::Document& document, FormId& form,
                     mapping::Attributes& attributes, codec::NodeIndex& root) const;
    Status askEncode(const FormId& form, const mapping::Attributes& attributes,
                     const mapping::Settings& settings, WireMessage& made) const;
    std::optional<WireMessage> askReply(const ReplyInput& input, int status) const;
    std::optional<codec::Document> readAnswer(const WireAnswer& answer) const;

    /// Calls one function with its deadline; false when it failed or put something it may not.
    /// After the third call that passed its deadline no function is called any more.
    template <class Function, class View>
    bool call(Function function, CallFrame& frame, const View& view, int32_t& result) const {
        if (function == nullptr || resting()) return false;
        {
            const Watch::Timed timed(*watch_, *health_);
            result = function(frame.begin(timed.deadlineNs()), &view);
        }
        if (result >= 0 && !frame.broken()) return true;
        health_->failures.fetch_add(1);
        return false;
    }
    bool resting() const { return health_->overruns.load() >= kOverrunsAllowed; }

    static constexpr std::uint64_t kOverrunsAllowed = 3;
    Manifest manifest_;
    std::string text_;
    Digest digest_;
    std::shared_ptr<Watch> watch_;
    Health* health_ = nullptr;  // the watch's
    stafett_plugin functions_{};
    void* state_ = nullptr;
    bool opened_ = false;
};

inline stafett_bytes lent(std::string_view text) { return {text.data(), text.size()}; }

/// The gateway's own reply, for dialects that declare none and for plugins that fail: RFC 9457.
WireMessage problemReply(const ReplyInput& input, int status);
/// The HTTP status the gateway itself would give.
int replyStatus(const ReplyInput& input);
stafett_outcome replyOutcome(Outcome outcome);
std::string_view outcomeWord(Outcome outcome);  ///< as in Stafett-Outcome

/// What a status alone says, and Retry-After (seconds, or a date against the answer's own).
Interpretation interpretStatus(const WireAnswer& answer, const codec::Document* document);

}  // namespace stafett::plugin
