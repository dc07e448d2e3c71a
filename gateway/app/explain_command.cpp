// stafett explain CODE: what a code means and what to do, in Swedish and English.
#include <algorithm>
#include <cctype>
#include <iostream>
#include <nlohmann/json.hpp>

#include "gateway/app/commands.h"

namespace stafett::app {
namespace {

std::string_view fateOf(Outcome outcome) {
    switch (outcome) {
        case Outcome::Accepted:
            return "accepted";
        case Outcome::Warning:
            return "accepted, with a warning to the sender";
        case Outcome::Loss:
            return "accepted, with a loss listed in receipt and trace";
        case Outcome::ContentRefused:
            return "refused: the content";
        case Outcome::NotAllowed:
            return "refused: not allowed";
        case Outcome::Conflict:
            return "refused: conflict";
        case Outcome::Malformed:
            return "refused: malformed";
        case Outcome::Busy:
            return "busy: the sender keeps it and sends again";
        case Outcome::Retry:
            return "retried by schedule";
        case Outcome::Hold:
            return "held until an operator has seen it";
        case Outcome::Configuration:
            return "found when loading: nothing starts with it";
        case Outcome::Usage:
            return "a command or a question";
    }
    return "";
}

}  // namespace

int explainCode(const Common& common, const std::string& named) {
    std::string text = named;
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    const auto code = findCode(text);
    if (!code) {
        std::vector<std::string> known;
        for (std::size_t i = 0; i < codeCount(); ++i) {
            known.emplace_back(info(static_cast<Code>(i)).id);
        }
        const bool sv = common.language == Language::Swedish;
        std::cerr << (sv ? "Det finns ingen kod " : "There is no code ") << named;
        if (const auto near = nearest(text, known); !near.empty())
            std::cerr << (sv ? ". Närmast: " : ". Nearest: ") << near;
        std::cerr << "\n";
        return kUsage;
    }
    const CodeInfo& row = info(*code);
    if (common.json) {
        const nlohmann::ordered_json json = {
            {"code", row.id},         {"name", row.name},       {"outcome", fateOf(row.outcome)},
            {"what_sv", row.what_sv}, {"todo_sv", row.todo_sv}, {"what_en", row.what_en},
            {"todo_en", row.todo_en}};
        std::cout << json.dump(2) << "\n";
        return kDone;
    }
    std::cout << row.id << "  (" << fateOf(row.outcome) << ")\n\n"
              << "Svenska:  " << row.what_sv << "\n          " << row.todo_sv << "\n\n"
              << "English:  " << row.what_en << "\n          " << row.todo_en << "\n";
    return kDone;
}

}  // namespace stafett::app
