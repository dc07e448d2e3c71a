// Every code is one that somebody can meet: used, explained in two languages, never twice.
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>

#include "gateway/base/error.h"
#include "tests/house/tree.h"

namespace stafett::house {
namespace {

std::vector<CodeInfo> allCodes() {
    std::vector<CodeInfo> codes;
    for (std::size_t i = 0; i < codeCount(); ++i) codes.push_back(info(static_cast<Code>(i)));
    return codes;
}

TEST(Codes, NoIdAndNoNameStandsTwice) {
    std::set<std::string_view> ids, names;
    for (const auto& code : allCodes()) {
        EXPECT_TRUE(ids.insert(code.id).second) << code.id;
        EXPECT_TRUE(names.insert(code.name).second) << code.name;
    }
}

TEST(Codes, EveryIdIsAnAreaAndANumber) {
    static const std::regex kId(
        "ST-(HTTP|TLS|XML|JSON|ENC|MAP|CHK|PER|ADR|POL|CUS|STO|PLU|DEL|"
        "CFG|CLI|KEY|MSG|ATT)-[0-9]{3}");
    for (const auto& code : allCodes()) {
        EXPECT_TRUE(std::regex_match(std::string(code.id), kId)) << code.id;
    }
}

/// Old traces, replies and mails still say them: they may not come back with another meaning.
TEST(Codes, AnIdThatIsGoneStaysGone) {
    for (const auto* id : {"ST-PLU-"
                           "011",
                           "ST-PLU-"
                           "020",
                           "ST-MSG-"
                           "002"}) {
        EXPECT_FALSE(findCode(id)) << id;
    }
}

TEST(Codes, WithinAnAreaIdsOnlyGrow) {
    std::map<std::string, int> last;
    for (const auto& code : allCodes()) {
        const std::string id(code.id);
        const std::string area = id.substr(0, id.rfind('-'));
        const int number = std::stoi(id.substr(id.rfind('-') + 1));
        EXPECT_GT(number, last[area]) << id << " stands after a higher one";
        last[area] = number;
    }
}

TEST(Codes, EveryTextIsThereInBothLanguages) {
    for (const auto& code : allCodes()) {
        for (const auto text : {code.what_sv, code.what_en, code.todo_sv, code.todo_en}) {
            EXPECT_GE(text.size(), 6U) << code.id;
        }
        EXPECT_NE(code.what_sv, code.what_en) << code.id;
        EXPECT_NE(code.todo_sv, code.todo_en) << code.id;
        // What happened goes into a line of its own form; what to do is a sentence.
        EXPECT_FALSE(code.what_en.ends_with(".")) << code.id;
        EXPECT_TRUE(code.todo_en.ends_with(".")) << code.id;
        EXPECT_TRUE(code.todo_sv.ends_with(".")) << code.id;
    }
}

TEST(Codes, EveryCodeIsUsedInTheGateway) {
    std::set<std::string> used;
    static const std::regex kUse("Code::([A-Za-z0-9]+)");
    for (const auto& file : files("gateway/", {".h", ".cpp"})) {
        const std::string text = read(file);
        for (auto at = std::sregex_iterator(text.begin(), text.end(), kUse);
             at != std::sregex_iterator(); ++at) {
            used.insert((*at)[1]);
        }
    }
    std::vector<std::string> unused;
    for (const auto& code : allCodes()) {
        if (!used.contains(std::string(code.name))) {
            unused.push_back(std::string(code.id) + " " + std::string(code.name));
        }
    }
    EXPECT_TRUE(unused.empty()) << "never given by anything:\n" << listed(unused);
}

/// What a person reads elsewhere must be a code that `stafett explain` can answer for.
TEST(Codes, EveryIdThatIsWrittenSomewhereExists) {
    static const std::regex kId("ST-[A-Z]{2,5}-[0-9]{3}");
    std::vector<std::string> unknown;
    for (const auto& file : files("", {".md", ".h", ".cpp", ".txt", ".json", ".yaml", ".sh"})) {
        const std::string text = read(file);
        for (auto at = std::sregex_iterator(text.begin(), text.end(), kId);
             at != std::sregex_iterator(); ++at) {
            const std::string id = at->str();
            const bool made_up = file.starts_with("tests/") && id.ends_with("-999");
            if (!findCode(id) && !made_up) unknown.push_back(file + ": " + id);
        }
    }
    EXPECT_TRUE(unknown.empty()) << listed(unknown);
}

}  // namespace
}  // namespace stafett::house
