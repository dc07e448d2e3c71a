#include "gateway/pipeline/contents.h"
#include "gateway/pipeline/stages.h"

namespace stafett::pipeline {
namespace {

plugin::WireRequest wireOf(const transport::HttpRequest& http) {
    return {http.method, http.path, http.query, &http.headers.all(), http.body};
}

}  // namespace

Result<WireDocument> Read::operator()(Sender sender, Journey& journey) const {
    SenderFacts facts = std::move(sender).release();
    const auto wire = wireOf(journey.raw.http);
    journey.marks.repeat = facts.adapter->repeatDigest(wire);
    takeContents(journey, facts.adapter->dialect());
    ST_TRY(plugin::Decoded decoded, facts.adapter->decode(wireOf(journey.raw.http)));
    const auto* form = journey.snapshot->library.find(facts.adapter->dialect(), decoded.form);
    if (form == nullptr || !form->does(mapping::Direction::Read)) {
        return tl::make_unexpected(Error(Code::NoForm));
    }
    journey.form = decoded.form;
    journey.note(trace::Step::Read,
                 {{"dialect", facts.adapter->dialect()}, {"form", decoded.form}});
    journey.marks.body = FieldDigest().add(decoded.form.value).add(bodyAsItCame(journey)).finish();
    return WireDocument(DocumentFacts{std::move(facts), std::move(decoded), form});
}

}  // namespace stafett::pipeline
