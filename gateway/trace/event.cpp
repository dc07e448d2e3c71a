#include "gateway/trace/event.h"

#include <array>

#include "gateway/trace/json_text.h"

namespace stafett::trace {
namespace {

constexpr std::array<std::string_view, 23> kSteps = {
    "received",  "refused", "read",      "mapped_in",    "attached",   "addressed",
    "permitted", "warned",  "consented", "taken",        "mapped_out", "kept",
    "delivered", "retry",   "held",      "released",     "skipped",    "withdrawn",
    "noticed",   "viewed",  "fetched",   "acknowledged", "due"};
static_assert(kSteps.size() == static_cast<std::size_t>(Step::Due) + 1);

}  // namespace

std::string_view name(Step step) { return kSteps.at(static_cast<std::size_t>(step)); }

std::string print(const Event& event) {
    std::string out;
    out.reserve(256);
    out += R"({"step":")";
    out.append(name(event.step)).append(R"(","at":")").append(timeTextMillis(event.at));
    out += R"(","fields":{)";
    bool first = true;
    for (const Field& field : event.fields) {
        if (!first) out.push_back(',');
        first = false;
        out.append("\"").append(field.name()).append("\":");  // a literal of ours
        if (field.bare()) {
            out += field.value();
        } else {
            appendJsonText(out, field.value());
        }
    }
    out += "}}";
    return out;
}

}  // namespace stafett::trace
