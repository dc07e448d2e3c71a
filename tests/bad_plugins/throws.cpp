// Throws in every function.
#include <stdexcept>

#include "gateway/plugin/adapter.h"
#include "tests/bad_plugins/manifest.h"

namespace {
using namespace stafett::plugin;
constexpr Manifest kManifest = manifest("throws", "plugin", "plugin");

int reply(Call& call, const Reply&) {
    call.header("Content-Type", "text/plain");
    call.write("half a ");
    throw std::runtime_error("reply");
}
stafett_fate interpret(Call&, const Answer&) { throw 7; }
}  // namespace

const stafett_plugin stafett_plugin_v1 =
    describe(kManifest.view(), {.reply = bridge<reply>, .interpret = bridge<interpret>});
