#pragma once

#include <iosfwd>

#include "gateway/app/words.h"

// Cases of the admin API in plain words.
namespace stafett::app {

/// Who holds it and has held it, what was promised, whose turn it is, plan against reached.
void tellCase(std::ostream& out, const Json& c, const Words& w);
/// A page of cases: since when, who holds, who owes what by when.
void tellCases(std::ostream& out, const Json& page, const Words& w);
/// The participant's page: plain Swedish, no codes.
void tellParticipant(std::ostream& out, const Json& page);

}  // namespace stafett::app
