// stafett mapping check and mapping test.
#include <iostream>
#include <nlohmann/json.hpp>

#include "gateway/app/commands.h"
#include "gateway/app/mapping_files.h"
#include "gateway/app/show.h"
#include "gateway/mapping/library.h"
#include "gateway/mapping/report.h"
#include "gateway/mapping/test_file.h"

namespace stafett::app {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

Json asJson(const Problems& problems, Language language) {
    auto list = Json::array();
    for (const auto& one : problems) {
        const Place& place = one.place();
        list.push_back({{"code", one.info().id},
                        {"file", place.file},
                        {"line", place.line},
                        {"column", place.column},
                        {"path", place.path},
                        {"row", place.row},
                        {"what", one.info().what(language)},
                        {"hint", place.hint},
                        {"todo", one.info().todo(language)}});
    }
    return list;
}

/// The tests of one mapping, told a line each.
class Tests {
public:
    explicit Tests(const Common& common) : common_(common) {}

    void run(const fs::path& file, const message::Catalogue& catalogue) {
        mapping::LoadOptions options;
        options.law_messages = 0;  // `mapping check` proves; this only tries
        const auto form = mapping::loadForm(file, catalogue, options);
        if (!form) return broken(file, form.error());
        const auto beside = mapping::testFileOf(file);
        const std::string label = (*form)->dialect() + "/" + (*form)->name();
        if (!fs::exists(beside)) {
            ++without_;
            if (!common_.json) {
                std::cout << paint_.odd("none   ") << label << ": there is no "
                          << beside.filename().string() << "\n";
            }
            return;
        }
        const auto run = mapping::runTests(**form, beside);
        for (const auto& one : run.tests) tell(label, one);
        if (run.tests.empty() && !run.problems.empty()) broken(beside, run.problems);
    }

    int finish() const {
        if (common_.json) {
            std::cout << Json{{"ran", ran_}, {"failed", failed_}, {"tests", list_}}.dump(2) << "\n";
        } else {
            const std::string count = std::to_string(ran_) + (ran_ == 1 ? " test, " : " tests, ") +
                                      std::to_string(failed_) + " failed";
            std::cout << "\n" << (failed_ == 0 ? paint_.good(count) : paint_.bad(count));
            if (without_ != 0) std::cout << "; " << without_ << " mapping(s) without tests";
            std::cout << "\n";
        }
        return failed_ == 0 ? kDone : kFailed;
    }

private:
    void broken(const fs::path& file, const Problems& problems) {
        ++failed_;
        list_.push_back({{"mapping", file.string()},
                         {"ok", false},
                         {"problems", asJson(problems, common_.language)}});
        if (common_.json) return;
        std::cout << paint_.bad("wrong  ") << file.string() << "\n";
        for (const auto& one : problems) {
            std::cout << "       " << describe(one, common_.language) << "\n";
        }
    }

    void tell(const std::string& label, const mapping::TestRun::One& one) {
        ++ran_;
        const bool ok = one.problems.empty();
        if (!ok) ++failed_;
        list_.push_back({{"mapping", label},
                         {"name", one.name},
                         {"ok", ok},
                         {"problems", asJson(one.problems, common_.language)}});
        if (common_.json) return;
        std::cout << (ok ? paint_.good("ok     ") : paint_.bad("differs")) << (ok ? "" : " ")
                  << label << ": " << one.name << "\n";
        for (const auto& problem : one.problems) {
            const Place& place = problem.place();
            std::cout << "    " << place.file << ":" << place.line << ": ";
            if (problem.code() != Code::CheckTest) std::cout << describe(problem, common_.language);
            std::cout << place.hint << "\n";
        }
    }

    const Common& common_;
    const Paint paint_{1};
    Json list_ = Json::array();
    std::size_t ran_ = 0, failed_ = 0, without_ = 0;
};

}  // namespace

int mappingCheck(const Common& common, const std::vector<std::string>& files) {
    Problems problems;
    const auto gather = [&](const auto& part) {
        if (!part) problems.insert(problems.end(), part.error().begin(), part.error().end());
    };
    if (files.empty()) {
        const auto folder = mappingsFolder(common);
        const auto catalogue = message::Catalogue::load(folder / "canonical");
        gather(catalogue);
        if (catalogue) gather(mapping::Library::load(folder, *catalogue, {}, {}));
    }
    const auto chosen = mappingsMeant(files);
    for (const auto& file : chosen) {
        if (const auto there = isThere(file); !there) {
            tellProblems({there.error()}, common.language);
            return kUsage;
        }
        const auto catalogue = message::Catalogue::load(canonicalFor(common, file));
        gather(catalogue);
        if (catalogue) gather(mapping::loadForm(file, *catalogue, {}));
    }
    tellEachOnce(problems);  // many mappings may share the rows that are wrong
    if (common.json) {
        std::cout << Json{{"findings", asJson(problems, common.language)}}.dump(2) << "\n";
    } else if (!problems.empty()) {
        mapping::checkReport(std::cout, problems, common.language);
    } else {
        const bool one = chosen.size() == 1;
        std::cout << Paint(1).good(one ? "the mapping holds" : "every mapping holds")
                  << ": paths, codecs, tables, marks, and the round trip\n";
    }
    return problems.empty() ? kDone : kConfiguration;
}

int mappingTest(const Common& common, const std::vector<std::string>& files) {
    const auto chosen = files.empty() ? mappingsIn(mappingsFolder(common)) : mappingsMeant(files);
    if (chosen.empty()) {
        std::cerr << "There is no mapping in " << mappingsFolder(common).string() << "\n";
        return kUsage;
    }
    Tests tests(common);
    for (const auto& file : chosen) {
        if (const auto there = isThere(file); !there) {
            tellProblems({there.error()}, common.language);
            return kUsage;
        }
        const auto catalogue = message::Catalogue::load(canonicalFor(common, file));
        if (!catalogue) {
            tellProblems(catalogue.error(), common.language);
            return kConfiguration;
        }
        tests.run(file, *catalogue);
    }
    return tests.finish();
}

}  // namespace stafett::app
