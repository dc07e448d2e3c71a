// policy.json: the flows, read and checked.
#include <algorithm>

#include "gateway/config/reader.h"
#include "gateway/config/sides.h"
#include "gateway/policy/policy.h"

namespace stafett::policy {
namespace {

using config::Reader;

Flow readFlow(Reader& r, const config::Config& config) {
    Flow flow;
    flow.id = r.text("id", {}, Reader::Need::Required);
    flow.from = config::readSides(r, "from", config, Reader::Need::Required);
    flow.to = config::readSides(r, "to", config, Reader::Need::Required);
    flow.kinds = r.texts("kinds");
    if (flow.kinds.empty()) r.problem(Code::ConfigMissing, "kinds");
    flow.territory = config::readTerritory(r, "territory");
    flow.valid_from = r.date("valid_from");
    flow.valid_to = r.date("valid_to");
    if (!flow.valid_to.empty() && flow.valid_to < flow.valid_from) {
        r.problem(Code::ConfigRange, "valid_to", "Not before valid_from.");
    }
    flow.consent = r.oneOf("consent", {"demanded", "not_needed"}, "not_needed") == "demanded"
                       ? Flow::Consent::Demanded
                       : Flow::Consent::NotNeeded;
    flow.grounds = r.texts("legal_basis");
    flow.purposes = r.texts("purposes");
    flow.sensitive = r.texts("sensitive");
    flow.protected_persons = r.truth("protected_persons", false);
    flow.routine = r.text("routine");
    r.text("note");  // for people
    return flow;
}

bool periodsMeet(const Flow& a, const Flow& b) {
    return (a.valid_to.empty() || b.valid_from <= a.valid_to) &&
           (b.valid_to.empty() || a.valid_from <= b.valid_to);
}

bool shareOne(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    return std::any_of(a.begin(), a.end(), [&](const std::string& item) {
        return std::find(b.begin(), b.end(), item) != b.end();
    });
}

bool overlap(const Flow& a, const Flow& b) {
    const bool same_land =
        (a.territory.empty() && b.territory.empty()) || shareOne(a.territory, b.territory);
    return shareOne(a.from, b.from) && shareOne(a.to, b.to) && shareOne(a.kinds, b.kinds) &&
           same_land && periodsMeet(a, b);
}

}  // namespace

Checked<Policy> Policy::load(const std::filesystem::path& file, const config::Config& config) {
    Problems problems;
    const auto json = config::readFile(file);
    if (!json) return tl::make_unexpected(Problems{json.error()});
    Policy policy;
    Reader r(*json, file.string(), "", problems);
    r.each("flows", [&](Reader& inner) {
        Flow flow = readFlow(inner, config);
        for (const auto& other : policy.flows_) {
            if (other.id == flow.id) inner.problem(Code::ConfigDuplicate, "id");
            if (overlap(flow, other)) {
                inner.problem(Code::ConfigOverlap, "id", "Overlaps " + other.id + ".");
            }
        }
        policy.flows_.push_back(std::move(flow));
    });
    r.finish();
    if (!problems.empty()) return tl::make_unexpected(std::move(problems));
    return policy;
}

}  // namespace stafett::policy
