#pragma once

#include <string>
#include <utility>

#include "gateway/base/error.h"
#include "gateway/mapping/located_json.h"

namespace stafett::mapping {

/// Where a row stands, for findings and for what is explained to people.
struct RowPlace {
    std::string file = {};  ///< as findings name it: "municipality/remiss.map.json"
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::string label = {};  ///< "canonical person/given", "each benefits": what kind of row it is

    /// "remiss.map.json:23", as a problem names the row that judged it.
    std::string brief() const;
};

/// Everything wrong with a mapping, gathered: a check goes on after it has found something.
class Findings {
public:
    void add(Code code, const RowPlace& at, std::string path, std::string hint) {
        problems_.emplace_back(code, Place{.path = std::move(path),
                                           .file = at.file,
                                           .line = at.line,
                                           .column = at.column,
                                           .row = at.label,
                                           .hint = std::move(hint)});
    }
    void add(Error error) { problems_.push_back(std::move(error)); }
    void add(Problems problems) {
        for (Error& error : problems) problems_.push_back(std::move(error));
    }
    bool empty() const { return problems_.empty(); }
    std::size_t count() const { return problems_.size(); }
    Problems take() { return std::move(problems_); }

private:
    Problems problems_;
};

}  // namespace stafett::mapping
