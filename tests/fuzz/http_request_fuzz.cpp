// The inbox's reader: never crashes, and says the same however the bytes are cut.
#include <cstdlib>
#include <string>

#include "gateway/transport/grammar.h"
#include "gateway/transport/mailbox_call.h"
#include "gateway/transport/reader.h"
#include "tests/fuzz/pieces.h"

namespace {

using stafett::transport::HttpRequest;
using stafett::transport::RequestReader;
using stafett::transport::Step;

void demand(bool holds) {
    if (!holds) std::abort();
}

/// What the mailbox makes of it stays within its limits.
void judgeMailbox(const HttpRequest& request) {
    const auto call = stafett::transport::readMailboxCall(request);
    if (!call) return demand(call.error().status >= 400 && call.error().status < 500);
    demand(stafett::transport::isMailboxPath(request.path));
    demand(call->wait <= std::chrono::seconds(3600));
    demand(call->status == 0 || (call->status >= 200 && call->status <= 599));
    const bool acknowledges = call->ask == stafett::transport::MailboxCall::Ask::Acknowledge;
    demand(acknowledges == (call->lease > 0));
}

/// What must hold of every request that gets through.
void judge(const HttpRequest& request) {
    judgeMailbox(request);
    demand(!request.path.empty() && request.path.front() == '/');
    demand(request.path.find("/../") == std::string::npos);
    demand(request.path.find('\0') == std::string::npos);
    demand(stafett::transport::isUtf8(request.path));
    demand(request.headers.has("Host"));
    demand(!(request.headers.has("Content-Length") && request.headers.has("Transfer-Encoding")));
    demand(request.body.size() <= 4096);
    for (const auto& [name, value] : request.headers.all()) {
        demand(stafett::transport::isToken(name) && stafett::transport::isFieldValue(value));
    }
}

/// All requests as one text, and the end.
template <class Cut>
std::string read(const stafett::config::Listener& limits, std::string_view bytes, Cut cut) {
    RequestReader reader(limits);
    std::string said;
    while (!bytes.empty()) {
        const auto piece = bytes.substr(0, cut(bytes.size()));
        const auto step = reader.put(piece);
        demand(step.used <= piece.size());
        bytes.remove_prefix(step.used);
        if (step.state == Step::State::Refused) return said + "refused";
        if (step.state == Step::State::More) demand(step.used == piece.size());
        if (step.state != Step::State::Whole) continue;
        const auto request = reader.take();
        judge(request);
        said += request.method + " " + request.path + "?" + request.query + "\n";
        for (const auto& [name, value] : request.headers.all()) said += name + ":" + value + "\n";
        said += request.body + "\n";
    }
    return said + "more";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    stafett::config::Listener limits;
    limits.body = 4096;
    limits.head = 2048;
    limits.target = 256;
    limits.fields = 20;
    stafett::fuzz::Pieces pieces(bytes, size);
    const auto cut =
        read(limits, pieces.all(), [&](std::size_t left) { return pieces.next(left); });
    const auto whole = read(limits, pieces.all(), [](std::size_t left) { return left; });
    // What a part says is the beginning of what the whole says: a fault far behind may show
    // earlier.
    const auto end = cut.size() - (cut.ends_with("refused") ? 7 : 4);
    demand(whole.substr(0, end) == cut.substr(0, end));
    if (whole.ends_with("more")) demand(cut == whole);
    return 0;
}
