// stafett plugin new and plugin check.
#include <iostream>

#include "gateway/app/commands.h"
#include "gateway/plugin/conformance.h"
#include "gateway/plugin/scaffold.h"

namespace stafett::app {

int pluginNew(const Common& common, const std::string& name) {
    const Status made = plugin::makePlugin(std::filesystem::current_path(), name, std::cout);
    if (made) return kDone;
    tellProblems({made.error()}, common.language);
    return made.error().code() == Code::CliUsage ? kUsage : kFailed;
}

int pluginCheck(const Common&, const std::filesystem::path& file) {
    return plugin::checkPlugin(file, std::cout) ? kDone : kFailed;
}

}  // namespace stafett::app
