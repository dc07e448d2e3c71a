// Loading: files, checks, proofs.
#include "gateway/mapping/library.h"

#include <algorithm>

#include "gateway/mapping/checks.h"
#include "gateway/mapping/form.h"
#include "gateway/mapping/law.h"
#include "gateway/mapping/proofs.h"

namespace stafett::mapping {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnd = ".map.json";

std::shared_ptr<const message::Schema> schemaOf(const Source& source,
                                                const message::Catalogue& catalogue,
                                                Findings& findings) {
    std::vector<std::string> known;
    for (const auto& schema : catalogue.schemas()) {
        if (schema->id() == source.canonical) return schema;
        known.push_back(schema->id());
    }
    const auto near = nearest(source.canonical, known);
    findings.add(Code::CheckCanonicalPath, source.at, source.canonical,
                 near.empty() ? "no such canonical schema: kind/major"
                              : "a schema is named kind/major: did you mean " + near + "?");
    return nullptr;
}

std::shared_ptr<const Form> load(const fs::path& file, const message::Catalogue& catalogue,
                                 const LoadOptions& options, Proofs& proofs, Findings& findings) {
    const std::size_t before = findings.count();
    const auto source = readSource(file, findings);
    if (!source) return nullptr;
    auto schema = schemaOf(*source, catalogue, findings);
    if (!schema) return nullptr;
    Compiled compiled = compile(*source, catalogue, std::move(schema), findings);
    // What rests on rows that could not be compiled would only repeat their findings.
    const bool whole = findings.count() == before;
    checkTargets(*source, compiled, findings);
    if (whole) {
        checkAccounts(*source, compiled, findings);
        checkPlaces(*source, compiled, findings);
        if (!source->schema.empty()) checkSchema(*source, compiled, findings);
    }
    if (findings.count() != before) return nullptr;
    std::string digest = formDigest(*source, compiled, catalogue);
    auto form = std::make_shared<CompiledForm>(*source, std::move(compiled), std::move(digest));
    if (options.law_messages != 0 && !proofs.has(form->digest())) {
        proveRoundTrip(*form, *source, catalogue, options.law_messages, findings);
        if (findings.count() != before) return nullptr;
        proofs.add(form->digest());
    }
    return form;
}

std::vector<fs::path> filesOf(const fs::path& folder, std::string_view end) {
    std::vector<fs::path> out;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), last; !error && it != last;
         it.increment(error)) {
        if (it->path().filename().string().ends_with(end)) out.push_back(it->path());
    }
    std::sort(out.begin(), out.end());
    return out;
}

std::vector<DialectId> dialectsOf(const fs::path& folder) {
    std::vector<DialectId> out;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), last; !error && it != last;
         it.increment(error)) {
        const bool dialect = it->is_directory(error) && it->path().filename() != "canonical";
        if (dialect) out.push_back({it->path().filename().string()});
    }
    std::sort(out.begin(), out.end());
    return out;
}

/// A row that several forms include is told once.
Problems eachOnce(Problems problems) {
    Problems out;
    for (Error& one : problems) {
        const bool told = std::any_of(out.begin(), out.end(), [&](const Error& other) {
            return other.code() == one.code() && other.place() == one.place();
        });
        if (!told) out.push_back(std::move(one));
    }
    return out;
}

}  // namespace

Checked<Library> Library::load(const fs::path& folder, const message::Catalogue& catalogue,
                               const std::vector<DialectId>& dialects, const LoadOptions& options) {
    Library out;
    Findings findings;
    Proofs proofs(options.proofs, options.law_messages);
    for (const auto& dialect : dialects.empty() ? dialectsOf(folder) : dialects) {
        const auto files = filesOf(folder / dialect.value, kEnd);
        if (files.empty()) {
            findings.add(Code::CheckSyntax, {.file = dialect.value, .label = "dialect"},
                         dialect.value, "no " + std::string(kEnd) + " file in " + folder.string());
        }
        for (const auto& file : files) {
            auto form = mapping::load(file, catalogue, options, proofs, findings);
            if (!form) continue;
            if (form->dialect() != dialect.value) {
                findings.add(Code::CheckValue,
                             {.file = fileLabel(file), .line = 1, .label = "mapping"}, "mapping",
                             "the folder is " + dialect.value);
            }
            out.forms_[form->dialect() + "/" + form->name()] = std::move(form);
        }
    }
    if (!findings.empty()) return tl::unexpected(eachOnce(findings.take()));
    proofs.save();
    return out;
}

const Form* Library::find(const DialectId& dialect, const FormId& form) const {
    const auto found = forms_.find(dialect.value + "/" + form.value);
    return found == forms_.end() ? nullptr : found->second.get();
}

std::vector<const Form*> Library::forms(const DialectId& dialect) const {
    std::vector<const Form*> out;
    for (const auto& [name, form] : forms_) {
        if (form->dialect() == dialect.value) out.push_back(form.get());
    }
    return out;
}

Checked<std::shared_ptr<const Form>> loadForm(const fs::path& file,
                                              const message::Catalogue& catalogue,
                                              const LoadOptions& options) {
    Findings findings;
    Proofs proofs(options.proofs, options.law_messages);
    auto form = mapping::load(file, catalogue, options, proofs, findings);
    if (!findings.empty()) return tl::unexpected(findings.take());
    proofs.save();
    return form;
}

}  // namespace stafett::mapping
