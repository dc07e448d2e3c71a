#include "gateway/pipeline/stages.h"

namespace stafett::pipeline {

Result<std::optional<store::KnownMessage>> Recognise::operator()(const Journey& journey) const {
    const Marks& marks = journey.marks;
    if (!marks.repeat) return std::nullopt;
    ST_TRY(auto first, shared_.store.findRepeat(journey.raw.peer.system, *marks.repeat));
    if (first || !marks.sender_id) return first;

    ST_TRY(auto known, shared_.store.findSenderId(journey.sender->id, *marks.sender_id));
    if (!known) return std::nullopt;
    const bool same =
        known->body_digest == marks.body || known->transport_free_digest == marks.transport_free;
    if (!same) return tl::make_unexpected(Error(Code::MessageConflict));
    return known;
}

}  // namespace stafett::pipeline
