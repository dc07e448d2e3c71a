#pragma once

#include "gateway/pipeline/tickets.h"

namespace stafett::pipeline {

/// What a message asks of its case, in custody's words: everything that stands in the message
/// itself. A problem when its type is missing.
Problems prepareAct(MessageFacts& facts, const Journey& journey);

/// The rest, once case and receivers are known: whom it names, and the days that the deadlines in
/// force make of it.
void finishAct(MessageFacts& facts, const Journey& journey);

}  // namespace stafett::pipeline
