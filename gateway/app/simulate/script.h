#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gateway/base/result.h"

namespace stafett::app {

/// A conversation as its file tells it (docs/simulate.md): read once and checked whole; any number
/// of players play it. Many threads.
class Script {
public:
    using Json = nlohmann::ordered_json;

    /// Reads conversation.json; documents lie beside it. Every problem at once: acts and keys that
    /// do not exist (with the nearest that does), agencies the script does not list, messages that
    /// no step before has sent.
    static Checked<Script> load(const std::filesystem::path& file);

    std::string title(Language language) const;
    std::size_t size() const { return steps_.size(); }
    const std::vector<Json>& steps() const { return steps_; }
    /// What must hold when all steps are played: acts like the steps, that only look.
    const std::vector<Json>& ends() const { return ends_; }
    /// Names, parties and systems of the agencies the script needs, in the script's order.
    const Json& agencies() const { return agencies_; }
    /// How many participants it is written for.
    std::size_t participants() const { return participants_; }
    /// Official test numbers, handed to the participants in turn.
    const std::vector<std::string>& persons() const { return persons_; }
    const std::filesystem::path& folder() const { return folder_; }

private:
    std::filesystem::path folder_;
    Json agencies_, titles_;
    std::vector<Json> steps_, ends_;
    std::size_t participants_ = 1;
    std::vector<std::string> persons_;
};

/// The act of a step: "send", "arrive", "advance", …
std::string actOf(const Script::Json& step);
/// Whether an act is done once for all participants, when every one of them has come to it.
bool isForAll(const std::string& act);
/// What a step says of itself in this language.
std::string titleOf(const Script::Json& step, Language language);

/// The text at a key; the fallback when it is no text.
std::string textOf(const Script::Json& json, const char* key, const std::string& fallback = {});

}  // namespace stafett::app
