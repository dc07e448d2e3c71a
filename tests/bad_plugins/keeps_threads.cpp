// A municipality's dialect whose plugin keeps every thread that tells of a refusal, or of what its
// sender calls as below.
#include <time.h>

#include <string_view>

#include "gateway/plugin/adapter.h"
#include "made/manifest.h"  // the municipality's

namespace {
using namespace stafett::plugin;

constexpr std::string_view kKept = "01980000-cafe-7000-8000-000000000001";

int reply(Call& call, const Reply& reply) {
    while (!reply.accepted() || reply.sender_id == kKept) {
        const timespec pause{1, 0};
        nanosleep(&pause, nullptr);
    }
    call.header("Content-Type", "application/xml; charset=ISO-8859-1");
    call.write("<Kvittens status=\"OK\"/>");
    return reply.status;
}

stafett_fate interpret(Call& call, const Answer& answer) {
    return answer.ok() ? call.delivered(answer.value("Id")) : call.byStatus({});
}
}  // namespace

const stafett_plugin stafett_plugin_v1 =
    describe(kManifest, {.reply = bridge<reply>, .interpret = bridge<interpret>});
