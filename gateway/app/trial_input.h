#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "gateway/app/commands.h"
#include "gateway/mapping/mapping.h"

namespace stafett::app {

/// What `stafett mapping try` reads: a document with what stands beside it.
struct TrialInput {
    std::string from;  ///< what it is, for people: the file, or which test
    Bytes document;
    mapping::Attributes attributes;
    mapping::Settings settings;
    PartyId party;  ///< who speaks this dialect; both sender and, written back, receiver
};

/// The document that was named, else that of the first test beside the mapping which is not a
/// refusal. Its attributes: those of the test; the headers of the attributes.json beside it, under
/// the names the plugin's manifest gives them when the document is one of a plugin's cases; and
/// `--attr`, which wins. Settings and party: those of the configuration's first party of the
/// dialect, when there is one; a test's own settings win. For a form that is only written the
/// document is a canonical message.
Result<TrialInput> trialInput(const Common& common, const TryArguments& arguments,
                              const mapping::Form& form);

}  // namespace stafett::app
