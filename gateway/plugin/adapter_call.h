#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "gateway/plugin/abi.h"

/// Part of adapter.h: what a function of a plugin is called with.
namespace stafett::plugin {

constexpr stafett_bytes lend(std::string_view text) { return {text.data(), text.size()}; }
constexpr std::string_view view(stafett_bytes bytes) {
    return bytes.size == 0 ? std::string_view() : std::string_view(bytes.data, bytes.size);
}

/// The call under way: what can be asked of the gateway, and where output goes.
class Call {
public:
    explicit Call(const stafett_call& call) : call_(&call) {}

    /// A party's setting, a named value outside the document, a header; empty when absent.
    std::string_view setting(std::string_view name) const { return look(STAFETT_SETTING, name); }
    std::string_view attribute(std::string_view name) const {
        return look(STAFETT_ATTRIBUTE, name);
    }
    std::string_view header(std::string_view name) const { return look(STAFETT_HEADER, name); }
    std::string_view query(std::string_view name) const { return look(STAFETT_QUERY, name); }

    /// Output. Text is UTF-8. A header that HTTP does not allow, or too much of anything, fails the
    /// call.
    void header(std::string_view name, std::string_view value) {
        put(STAFETT_PUT_HEADER, name, value);
    }
    template <class... Text>
    void write(const Text&... text) {
        (put(STAFETT_PUT_BODY, {}, std::string_view(text)), ...);
    }
    /// encode(): other than the manifest says.
    void method(std::string_view method) { put(STAFETT_PUT_METHOD, {}, method); }
    void path(std::string_view path) { put(STAFETT_PUT_PATH, {}, path); }
    /// decode(): the form, the part that is the document, values outside it.
    void form(std::string_view form) { put(STAFETT_PUT_FORM, {}, form); }
    void document(std::string_view path) { put(STAFETT_PUT_DOCUMENT, {}, path); }
    void attribute(std::string_view name, std::string_view value) {
        put(STAFETT_PUT_ATTRIBUTE, name, value);
    }
    /// check(): a code of the manifest, and the wire path it is about; never a value.
    void problem(std::string_view code, std::string_view place) {
        put(STAFETT_PUT_PROBLEM, code, place);
    }

    /// interpret(): what became of it. `code` is the receiver's own, `id` the one the receiver gave
    /// it.
    stafett_fate delivered(std::string_view id = {}) { return fate(STAFETT_DELIVERED, {}, id); }
    /// Delivered, and the receiver has something to say (RIV's INFO).
    stafett_fate deliveredWithInfo(std::string_view id = {}) {
        put(STAFETT_PUT_INFO, {}, {});
        return fate(STAFETT_DELIVERED, {}, id);
    }
    stafett_fate refused(std::string_view code) { return fate(STAFETT_REFUSED, code, {}); }
    stafett_fate denied(std::string_view code) { return fate(STAFETT_DENIED, code, {}); }
    stafett_fate retry(std::string_view code = {}) { return fate(STAFETT_RETRY, code, {}); }
    stafett_fate retry(std::string_view code, std::chrono::seconds after) {
        put(STAFETT_PUT_RETRY_AFTER, {}, std::to_string(after.count()));
        return retry(code);
    }
    /// As the gateway judges the HTTP status itself (and a SOAP Fault: retry).
    stafett_fate byStatus(std::string_view code = {}) { return fate(STAFETT_BY_STATUS, code, {}); }

    /// What open() made.
    template <class State>
    State& state() const {
        return *static_cast<State*>(call_->state);
    }
    std::string_view look(stafett_what what, std::string_view name) const {
        stafett_bytes found{};
        return call_->look(call_, what, lend(name), &found) > 0 ? view(found) : std::string_view();
    }
    int count(stafett_what what, std::string_view name) const {
        stafett_bytes found{};
        return call_->look(call_, what, lend(name), &found);
    }
    /// Whether everything put so far was taken.
    bool taken() const { return !refused_; }

private:
    void put(stafett_put what, std::string_view name, std::string_view value) {
        if (call_->put(call_, what, lend(name), lend(value)) != STAFETT_OK) refused_ = true;
    }
    stafett_fate fate(stafett_fate fate, std::string_view code, std::string_view id) {
        if (!code.empty()) put(STAFETT_PUT_CODE, {}, code);
        if (!id.empty()) put(STAFETT_PUT_RECEIVER_ID, {}, id);
        return fate;
    }
    const stafett_call* call_;
    bool refused_ = false;
};

}  // namespace stafett::plugin
