#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/mapping/mapping.h"

namespace stafett::mapping {

/// What came of the tests beside a mapping. Each problem is ST-CHK-023 with the test's line and
/// name, and what was wanted and found: the texts of a test are made up, so they may be shown.
struct TestRun {
    struct One {
        std::string name;
        Problems problems;  ///< empty: it went through
    };
    std::size_t ran = 0;
    Problems problems;       ///< of the file and of every test
    std::vector<One> tests;  ///< one by one, in order
};

/// Runs `<form>.test.json` (docs/mapping-language.md, section 9). Many threads.
TestRun runTests(const Form& form, const std::filesystem::path& file);

/// "remiss.test.json" beside "remiss.map.json".
std::filesystem::path testFileOf(const std::filesystem::path& mapping);

}  // namespace stafett::mapping
