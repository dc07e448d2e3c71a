#pragma once

#include <string_view>
#include <vector>

namespace stafett::plugin {

/// One file of a new dialect; NAME in path and text is replaced by the dialect's name.
struct ScaffoldFile {
    std::string_view path;
    std::string_view text;
};

const std::vector<ScaffoldFile>& scaffoldFiles();

}  // namespace stafett::plugin
