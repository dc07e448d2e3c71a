#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateway/base/ids.h"
#include "gateway/base/result.h"
#include "gateway/mapping/mapping.h"

namespace stafett::mapping {

struct LoadOptions {
    unsigned law_messages = 1000;  ///< how many generated messages the round-trip law is tried on
    /// A file that remembers which digests have been proven, so that a start proves only what is
    /// new. Empty = prove all.
    std::filesystem::path proofs = {};
};

/// All forms of all dialects below one folder of mappings. Never changed after; swapped whole.
class Library {
public:
    /// Reads `folder`/<dialect>/<form>[@major].map.json of each named dialect (all when empty),
    /// with tables and includes, and checks everything of design 6. All findings at once, each with
    /// file, line, row and hint.
    static Checked<Library> load(const std::filesystem::path& folder,
                                 const message::Catalogue& catalogue,
                                 const std::vector<DialectId>& dialects,
                                 const LoadOptions& options);

    const Form* find(const DialectId& dialect, const FormId& form) const;
    /// All forms of one dialect, by name.
    std::vector<const Form*> forms(const DialectId& dialect) const;

private:
    std::map<std::string, std::shared_ptr<const Form>, std::less<>> forms_;  // "dialect/form"
};

/// One file with what it includes, for `stafett mapping check FILE` and `mapping try FILE`.
Checked<std::shared_ptr<const Form>> loadForm(const std::filesystem::path& file,
                                              const message::Catalogue& catalogue,
                                              const LoadOptions& options);

}  // namespace stafett::mapping
