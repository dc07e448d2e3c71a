// stafett mapping check, test and try.
#include <iostream>

#include "gateway/app/commands.h"
#include "gateway/config/config.h"
#include "gateway/mapping/mapping.h"
#include "gateway/message/schema.h"

namespace stafett::app {
namespace {

std::filesystem::path mappingsFolder(const Common& common) {
    const auto config = config::load(configFolder(common));
    return config ? config->settings.mappings : std::filesystem::path("mappings");
}

}  // namespace

int mappingCheck(const Common& common, const std::vector<std::string>& files) {
    const auto folder = mappingsFolder(common);
    const auto catalogue = message::Catalogue::load(folder / "canonical");
    if (!catalogue) {
        tellProblems(catalogue.error(), common.language);
        return kConfiguration;
    }
    Problems problems;
    if (files.empty()) {
        const auto library = mapping::Library::load(folder, *catalogue, {}, {});
        if (!library) problems = library.error();
    }
    for (const auto& file : files) {
        const auto form = mapping::loadForm(file, *catalogue, {});
        if (!form) problems.insert(problems.end(), form.error().begin(), form.error().end());
    }
    tellProblems(problems, common.language);
    if (problems.empty()) {
        std::cout << "every mapping holds: paths, codecs, tables, marks, and the round trip\n";
        return kDone;
    }
    std::cerr << problems.size() << (problems.size() == 1 ? " finding\n" : " findings\n");
    return kConfiguration;
}

int mappingTest(const Common&, const std::vector<std::string>&) { return kUsage; }
int mappingTry(const Common&, const TryArguments&) { return kUsage; }

}  // namespace stafett::app
