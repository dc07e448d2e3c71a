#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/error.h"

// What the API says, in the words of one language.
namespace stafett::app {

using Json = nlohmann::ordered_json;

class Words {
public:
    explicit Words(Language language) : sv_(language == Language::Swedish) {}
    const char* operator()(const char* en, const char* sv) const { return sv_ ? sv : en; }
    bool sv() const { return sv_; }

private:
    bool sv_;
};

/// A value as text; empty when it is absent or null.
std::string text(const Json& json, const char* key);
/// "Malmö stad (ama)".
std::string who(const Json& party);
std::string nameOf(const Json& party);  ///< "Malmö stad", else its number
std::string kindName(const std::string& kind, const Words& w);
std::string stateName(const std::string& state, const Words& w);  ///< of a delivery
std::string noticeName(const std::string& code, const Words& w);  ///< "avvisat av mottagaren"
std::string outcomeName(const Json& closure, const Words& w);     ///< how a case ended
/// "1 message", "2 messages".
std::string counted(std::size_t count, const char* one, const char* several);
/// A label of the API, {"sv", "en"}.
std::string labelIn(const Json& label, const Words& w);
/// A code of ours with what it means.
std::string codeText(const std::string& id, const Words& w);

/// Letters, not bytes, so that columns stand under each other.
std::size_t lettersIn(std::string_view text);
std::string padded(const std::string& text, std::size_t width);  ///< on its right
std::string right(const std::string& text, std::size_t width);   ///< padded on its left
/// Broken between words into lines of at most so many letters; a longer word stands alone.
std::vector<std::string> wrapped(const std::string& text, std::size_t width);

}  // namespace stafett::app
