// The courier's reader: never crashes, and says the same however the bytes are cut.
#include <cstdlib>
#include <string>

#include "gateway/transport/grammar.h"
#include "gateway/transport/reader.h"
#include "tests/fuzz/pieces.h"

namespace {

using stafett::transport::AnswerReader;
using stafett::transport::Step;

void demand(bool holds) {
    if (!holds) std::abort();
}

template <class Cut>
std::string read(std::string_view bytes, std::string_view method, Cut cut) {
    AnswerReader reader({.head = 2048, .fields = 20, .body = 4096}, method);
    while (!bytes.empty()) {
        const auto piece = bytes.substr(0, cut(bytes.size()));
        const auto step = reader.put(piece);
        demand(step.used <= piece.size());
        bytes.remove_prefix(step.used);
        if (step.state == Step::State::Refused) return "refused";
        if (step.state == Step::State::More) demand(step.used == piece.size());
        if (step.state == Step::State::Whole) break;
        if (bytes.empty() && !reader.finish()) return "more";
    }
    if (bytes.empty() && !reader.begun()) return "more";
    auto response = reader.take();
    demand(response.body.size() <= 4096);
    std::string said = std::to_string(response.status) + "\n";
    for (const auto& [name, value] : response.headers.all()) {
        demand(stafett::transport::isToken(name) && stafett::transport::isFieldValue(value));
        said += name + ":" + value + "\n";
    }
    return said + response.body;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    stafett::fuzz::Pieces pieces(bytes, size);
    for (const std::string_view method : {"POST", "HEAD"}) {
        const auto cut =
            read(pieces.all(), method, [&](std::size_t left) { return pieces.next(left); });
        const auto whole = read(pieces.all(), method, [](std::size_t left) { return left; });
        demand(cut == whole || cut == "refused" || whole == "refused");
    }
    return 0;
}
