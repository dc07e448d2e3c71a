#include "gateway/pipeline/owed.h"

#include <nlohmann/json.hpp>

namespace stafett::pipeline {
namespace {

using Json = nlohmann::json;

std::string print(const Word& word) {
    Json json = {{"case", word.case_id.text()},
                 {"to", word.to.value},
                 {"party", word.party.value},
                 {"code", word.code},
                 {"called", static_cast<int>(word.called)}};
    if (word.about) json["about"] = word.about->text();
    if (word.problem) json["problem"] = info(*word.problem).id;
    if (!word.words.empty()) json["words"] = word.words;
    return json.dump();
}

}  // namespace

std::vector<std::string> owed(const std::vector<Word>& words, const Snapshot& snapshot) {
    std::vector<std::string> kept;
    for (const Word& word : words) {
        const auto* party = snapshot.config.party(word.to);
        if (party != nullptr && asksFor(*party, word.code)) kept.push_back(print(word));
    }
    return kept;
}

std::optional<Word> readOwed(const std::string& kept) {
    const Json json = Json::parse(kept, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    const auto text = [&](const char* key) {
        const auto found = json.find(key);
        return found != json.end() && found->is_string() ? found->get<std::string>()
                                                         : std::string();
    };
    const auto case_id = CaseId::parse(text("case"));
    const auto called = json.value("called", -1);
    if (!case_id || called < 0 || called > static_cast<int>(Word::Called::ByUs)) {
        return std::nullopt;
    }
    Word word{.about = MessageId::parse(text("about")),
              .case_id = *case_id,
              .to = PartyId{text("to")},
              .party = PartyId{text("party")},
              .code = text("code"),
              .problem = findCode(text("problem")),
              .words = text("words"),
              .called = static_cast<Word::Called>(called)};
    return word;
}

}  // namespace stafett::pipeline
