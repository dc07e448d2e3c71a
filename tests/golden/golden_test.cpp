// Every case of every plugin: what a request becomes, or why it is refused; and that what was read
// is written back the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "gateway/mapping/test_file.h"
#include "tests/golden/dialects.h"

namespace stafett::golden {
namespace {

class GoldenCase : public ::testing::TestWithParam<Case> {};

std::vector<std::string> expectedLines(const std::filesystem::path& file) {
    std::vector<std::string> lines;
    std::istringstream in(readFile(file));
    for (std::string line; std::getline(in, line);) {
        while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.pop_back();
        if (!line.empty()) lines.push_back(line);
    }
    std::sort(lines.begin(), lines.end());
    return lines;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    return text;
}

/// An expected line without a path takes any place: a codec says line and column instead.
bool agree(const std::vector<std::string>& expected, const std::vector<std::string>& found) {
    return std::equal(expected.begin(), expected.end(), found.begin(), found.end(),
                      [](const std::string& e, const std::string& f) {
                          return e == f || (e.find(' ') == std::string::npos && f.starts_with(e));
                      });
}

void expectLines(const std::filesystem::path& file, const Problems& problems) {
    const auto found = linesOf(problems);
    if (rewriting()) {
        if (found.empty()) {
            std::filesystem::remove(file);
        } else if (!agree(expectedLines(file), found)) {
            writeFile(file, joined(found));
        }
        return;
    }
    EXPECT_TRUE(agree(expectedLines(file), found)) << file << " says:\n"
                                                   << readFile(file) << "found:\n"
                                                   << joined(found);
}

bool sameDocument(const std::string& a, const std::string& b, const std::string& extension) {
    if (extension != ".json") return a == b;
    return Json::parse(a, nullptr, false) == Json::parse(b, nullptr, false);
}

TEST_P(GoldenCase, ReadsWhatItSays) {
    const Case& test = GetParam();
    const auto reading = Dialects::get().read(test);
    if (test.refused) {
        ASSERT_FALSE(reading.problems.empty()) << "was to be refused";
        expectLines(test.file("refused.txt"), reading.problems);
        return;
    }
    ASSERT_TRUE(reading.problems.empty()) << joined(linesOf(reading.problems));
    expectLines(test.file("warnings.txt"), reading.warnings);
    const auto found = canonicalOf(*reading.message);
    if (rewriting()) {
        writeFile(test.file("canonical.json"),
                  nlohmann::ordered_json::parse(message::print(*reading.message)).dump(2) + "\n");
        return;
    }
    const auto expected = Json::parse(readFile(test.file("canonical.json")), nullptr, false);
    EXPECT_EQ(expected, found) << Json::diff(expected, found).dump(1);
}

TEST_P(GoldenCase, WritesBackWhatItRead) {
    const Case& test = GetParam();
    if (test.refused) return;
    const auto& dialects = Dialects::get();
    const auto reading = dialects.read(test);
    ASSERT_TRUE(reading.problems.empty());
    auto view = dialects.namesCasesByPerspective(test.dialect, *reading.message)
                    ? turned(*reading.message)
                    : reading.message->copy();
    const std::string sender_id(view.text("message/senderId"));
    const auto id = Uuid::parse(sender_id).value_or(Uuid{}.named(sender_id));
    view.set("message/id", id.text());

    // What a form kept has no place in another: FK asks and is asked in documents of their own.
    const bool same_form = dialects.outboundForm(test.dialect, view)->name() == reading.form;
    const auto writing = dialects.write(test.dialect, view, same_form ? &reading.residue : nullptr);
    ASSERT_TRUE(writing.problems.empty()) << joined(linesOf(writing.problems));
    const auto extension = test.wire.extension().string();
    const auto back = test.file(("back" + extension).c_str());
    const auto wire = readFile(test.wire);
    const bool same = sameDocument(wire, writing.request.body, extension);
    if (rewriting()) {
        if (same) {
            std::filesystem::remove(back);
        } else {
            writeFile(back, extension == ".json"
                                ? nlohmann::ordered_json::parse(writing.request.body).dump(2) + "\n"
                                : writing.request.body);
        }
    } else {
        const bool differs = std::filesystem::exists(back);
        EXPECT_TRUE(sameDocument(differs ? readFile(back) : wire, writing.request.body, extension))
            << writing.request.body;
        EXPECT_FALSE(same && differs) << back << " is not needed: it is what was read";
    }

    // And what was written says the same when it is read again, by the plugin and all.
    const auto again = dialects.read(test.dialect, writing.request);
    ASSERT_TRUE(again.problems.empty()) << joined(linesOf(again.problems));
    auto before = canonicalOf(*reading.message);
    auto after = canonicalOf(*again.message);
    before["message"]["senderId"] = after["message"]["senderId"];  // ours, in what we write
    dialects.forgiveLabels(before, after);
    const auto expected = without(before, writing.losses);
    const auto found = without(after, writing.losses);
    EXPECT_EQ(expected, found) << Json::diff(expected, found).dump(1);
}

TEST(GoldenCases, EveryFormHasFourGoodAndFourRefused) {
    std::map<std::string, std::pair<int, int>> counts;
    for (const auto& dialect : Dialects::get().names()) {
        for (const auto& form : Dialects::get().inboundForms(dialect)) counts[dialect + "/" + form];
    }
    for (const Case& test : allCases()) {
        for (auto& [form, count] : counts) {
            if (!(test.dialect + "/" + test.name).starts_with(form + "_")) continue;
            ++(test.refused ? count.second : count.first);
        }
    }
    for (const auto& [form, count] : counts) {
        EXPECT_GE(count.first, 4) << form;
        EXPECT_GE(count.second, 4) << form;
    }
}

TEST(TestsBesideTheMappings, Hold) {
    std::size_t files = 0;
    for (const auto& dialect : Dialects::get().names()) {
        for (const auto* form : Dialects::get().forms(dialect)) {
            const auto file = std::filesystem::path(STAFETT_SOURCE_DIR) / "mappings" / dialect /
                              (form->name() + ".test.json");
            if (!std::filesystem::exists(file)) continue;
            ++files;
            const auto run = mapping::runTests(*form, file);
            EXPECT_GT(run.ran, 0U) << file;
            for (const Error& problem : run.problems) {
                ADD_FAILURE() << file << ":" << problem.place().line << " " << problem.place().hint;
            }
        }
    }
    EXPECT_GE(files, 8U);
}

std::string nameOf(const ::testing::TestParamInfo<Case>& info) {
    return info.param.dialect + "_" + info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Plugins, GoldenCase, ::testing::ValuesIn(allCases()), nameOf);

}  // namespace
}  // namespace stafett::golden
