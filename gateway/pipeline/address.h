#pragma once

#include "gateway/pipeline/shared.h"
#include "gateway/pipeline/tickets.h"

namespace stafett::pipeline {

/// Finds whom a document names: the party it says, else the addressing table. Who names nobody
/// leaves it to the table. Writes what was found into the facts. None or two: a problem, never a
/// guess.
Problems address(MessageFacts& facts, Journey& journey);

/// Finds the case of a message, and which earlier message of it is meant: first hit of ref-to (a
/// message the sender was sent, or sent itself), the sender's own alias, the other side's alias.
/// Never by person. Nothing found: the kinds that open a case open one, unless they have said which
/// they mean; the others are a problem that says what was tried.
Problems findCase(const Shared& shared, MessageFacts& facts, Journey& journey);

/// Who gets the message: those it names, and of all but offers those whom the case says. Completes
/// the act with them. A conflict when the case forbids the act.
Problems findReceivers(MessageFacts& facts, Journey& journey);

}  // namespace stafett::pipeline
