#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "gateway/mapping/library.h"
#include "gateway/message/schema.h"

using namespace stafett;

namespace {

/// Run from the root of the repository: the schemas, tables and included rows are the shipped ones.
const message::Catalogue& catalogue() {
    static const auto loaded = message::Catalogue::load("mappings/canonical");
    if (!loaded) std::abort();
    return *loaded;
}

}  // namespace

/// Any bytes as a mapping file: loaded, or refused with findings that each have a file; what is
/// loaded keeps the round-trip law on a few messages.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::filesystem::path folder = [] {
        auto made = std::filesystem::temp_directory_path() /
                    ("stafett_fuzz_" + std::to_string(::getpid())) / "municipality";
        std::filesystem::create_directories(made);
        std::filesystem::copy("mappings/municipality", made,
                              std::filesystem::copy_options::recursive |
                                  std::filesystem::copy_options::overwrite_existing);
        return made;
    }();
    const auto file = folder / "fuzz.map.json";
    std::ofstream(file, std::ios::binary | std::ios::trunc)
        .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
    const auto form = mapping::loadForm(file, catalogue(), {.law_messages = 4});
    if (form) return 0;
    if (form.error().empty()) std::abort();
    for (const Error& one : form.error()) {
        if (one.place().file.empty()) std::abort();
        (void)describe(one, Language::Swedish);
    }
    return 0;
}
