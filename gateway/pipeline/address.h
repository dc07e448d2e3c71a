#pragma once

#include "gateway/pipeline/shared.h"
#include "gateway/pipeline/tickets.h"

namespace stafett::pipeline {

/// Finds whom a referral or handover is for: what the document says, else the addressing table.
/// Writes what was found into the message. None or two: a problem, never a guess.
Problems address(MessageFacts& facts, Journey& journey);

/// Finds the case of a message, and for an answer the offer it answers and who is told: first hit
/// of ref-to, the sender's own alias, the other side's alias with exactly one open offer. Never by
/// person. Writes what was found into the facts.
Problems findCase(const Shared& shared, MessageFacts& facts, Journey& journey);

}  // namespace stafett::pipeline
