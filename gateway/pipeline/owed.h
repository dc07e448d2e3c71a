#pragma once

#include <string>
#include <vector>

#include "gateway/pipeline/gateway_word.h"

namespace stafett::pipeline {

/// The words that their parties have asked for, each as it is kept with what made it so
/// (store::Keep::owed, store::Attempt::owed).
std::vector<std::string> owed(const std::vector<Word>& words, const Snapshot& snapshot);

/// What was kept so; nothing when it is none of ours.
std::optional<Word> readOwed(const std::string& kept);

}  // namespace stafett::pipeline
