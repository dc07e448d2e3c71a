#pragma once

#include <string_view>
#include <type_traits>

#include "gateway/plugin/abi.h"
#include "gateway/plugin/adapter_call.h"
#include "gateway/plugin/adapter_views.h"
#include "gateway/plugin/escape.h"

/// C++ over abi.h, header-only: all that a plugin.cpp may use beside the standard library.
///
///     int reply(Call& call, const Reply& reply) {               // our outcome, in the sender's
///     words
///         call.header("Content-Type", "application/json; charset=utf-8");
///         if (reply.accepted()) {
///             call.write("{\"message\":\"OK\",\"id\":", json(reply.id), "}");
///         } else {
///             call.write("{\"error_id\":", json(reply.id), ",\"message\":", json(reply.text),
///             "}");
///         }
///         return reply.status;                                  // or one of the dialect's own
///     }
///     stafett_fate interpret(Call& call, const Answer& answer) {   // what the receiver's answer
///     means
///         if (answer.value("result/resultCode") == "OK") {
///             return call.delivered(answer.value("meddelande-id"));
///         }
///         return call.byStatus();
///     }
///     const stafett_plugin stafett_plugin_v1 =
///         stafett::plugin::describe(kManifest, {.reply = bridge<reply>, .interpret =
///         bridge<interpret>});
///
/// docs/plugin-authors.md has the whole of it. Functions run on many threads at once: keep no state
/// but what open() made. What is thrown stops at the bridge and counts as a failure of the plugin.
namespace stafett::plugin {

namespace border {

template <class Result>
int32_t given(const Call& call, Result result) {
    return call.taken() ? static_cast<int32_t>(result) : static_cast<int32_t>(STAFETT_FAILED);
}

template <class Signature>
struct Bridged;

/// A function of the adapter's own kind, as the ABI wants it: nothing thrown gets out.
template <class Result, class View>
struct Bridged<Result (*)(Call&, const View&)> {
    template <Result (*function)(Call&, const View&)>
    static int32_t call(const stafett_call* raw, const typename View::Raw* view) noexcept {
        try {
            Call call(*raw);
            const View shown(call, *view);
            if constexpr (std::is_void_v<Result>) {
                function(call, shown);
                return given(call, STAFETT_OK);
            } else {
                return given(call, function(call, shown));
            }
        } catch (...) {
            return STAFETT_FAILED;
        }
    }
};

}  // namespace border

/// What `describe` takes for a function: no exception gets out of a bridge.
template <auto function>
inline constexpr auto bridge = &border::Bridged<decltype(function)>::template call<function>;

/// What is handed over; absent = as the manifest declares, else the gateway's own way.
struct Functions {
    decltype(stafett_plugin::open) open = nullptr;
    decltype(stafett_plugin::close) close = nullptr;
    decltype(stafett_plugin::decode) decode = nullptr;  ///< void (Call&, const Request&)
    decltype(stafett_plugin::encode) encode = nullptr;  ///< void (Call&, const Outgoing&)
    decltype(stafett_plugin::reply) reply = nullptr;    ///< int (Call&, const Reply&)
    decltype(stafett_plugin::interpret) interpret =
        nullptr;                                      ///< stafett_fate (Call&, const Answer&)
    decltype(stafett_plugin::check) check = nullptr;  ///< void (Call&, const CheckedDocument&)
};

constexpr stafett_plugin describe(std::string_view manifest, const Functions& functions = {}) {
    return {sizeof(stafett_plugin), STAFETT_ABI_MINOR, 0,
            lend(manifest),         functions.open,    functions.close,
            functions.decode,       functions.encode,  functions.reply,
            functions.interpret,    functions.check};
}

}  // namespace stafett::plugin
