#pragma once

#include <string>

/// The parts of docs/outcomes.md that are made: from the plugins' real replies and from codes.def.
namespace stafett::house {

/// How each dialect says each outcome: a row an outcome, a column a dialect.
std::string repliesTable();
/// What a sender of each dialect reads when its content is refused: status, headers and body.
std::string repliesWhole();
/// Every code, by area: id, outcome, what happened and what to do in both languages.
std::string codesTables();

/// `text` with what stands between `<!-- made: NAME -->` and `<!-- end -->` replaced.
std::string withMade(std::string text, const std::string& name, const std::string& made);

}  // namespace stafett::house
