#include "gateway/mapping/library.h"
#include "gateway/plugin/manifest.h"
#include "gateway/plugin/registry.h"

namespace stafett::plugin {
namespace {

void checkForm(const mapping::Library& library, const DialectId& dialect, const FormId& form,
               mapping::Direction direction, codec::Format format, std::string pointer,
               std::string_view kind, Problems& problems) {
    const auto wrong = [&](std::string hint) {
        problems.emplace_back(Code::PluginMapping, Place{.path = pointer,
                                                         .file = dialect.value + "/" + form.value,
                                                         .hint = std::move(hint)});
    };
    const mapping::Form* found = library.find(dialect, form);
    if (found == nullptr) {
        std::vector<std::string> names;
        for (const auto* one : library.forms(dialect)) names.push_back(one->name());
        const auto near = nearest(form.value, names);
        wrong(near.empty() ? "no such mapping" : "no such mapping; did you mean \"" + near + "\"?");
        return;
    }
    if (!found->does(direction)) {
        wrong(direction == mapping::Direction::Read ? "this mapping does not read"
                                                    : "this mapping does not write");
    }
    if (found->format() != format) wrong("the mapping's wire format is not the manifest's");
    if (!kind.empty() && found->schema().kind != kind)
        wrong("this mapping is of kind " + found->schema().kind);
}

void checkConditions(const mapping::Form* form, const Outbound& outbound, const std::string& at,
                     Problems& problems) {
    if (form == nullptr) return;
    for (const auto& condition : outbound.when) {
        if (condition.canonical.empty() || form->schema().root.find(condition.canonical)) continue;
        problems.emplace_back(
            Code::PluginMapping,
            Place{.path = at, .hint = "no field " + condition.canonical + " in this kind"});
    }
}

}  // namespace

Problems checkForms(const Adapter& adapter, const mapping::Library& library) {
    Problems problems;
    const auto manifest = readManifest(adapter.manifest(), adapter.id());
    if (!manifest) return manifest.error();
    for (std::size_t i = 0; i < manifest->inbound.size(); ++i) {
        const auto& forms = manifest->inbound[i].forms;
        for (std::size_t k = 0; k < forms.size(); ++k) {
            checkForm(library, manifest->dialect, forms[k].form, mapping::Direction::Read,
                      manifest->format,
                      "/inbound/" + std::to_string(i) + "/forms/" + std::to_string(k) + "/form", {},
                      problems);
        }
    }
    for (std::size_t i = 0; i < manifest->outbound.size(); ++i) {
        const auto& one = manifest->outbound[i];
        const auto at = "/outbound/" + std::to_string(i);
        checkForm(library, manifest->dialect, one.form, mapping::Direction::Write, manifest->format,
                  at + "/form", one.kind, problems);
        checkConditions(library.find(manifest->dialect, one.form), one, at + "/when", problems);
    }
    return problems;
}

}  // namespace stafett::plugin
