#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "gateway/mapping/contents.h"
#include "gateway/mapping/library.h"
#include "gateway/plugin/registry.h"

namespace stafett::golden {

using Json = nlohmann::json;

/// One folder of plugins/<dialect>/cases/: a request, and what must come of it.
struct Case {
    std::string dialect;
    std::string name;
    std::filesystem::path folder;
    std::filesystem::path wire;  ///< wire.json, wire.xml
    bool refused = false;

    std::filesystem::path file(const char* called) const { return folder / called; }
};

inline std::ostream& operator<<(std::ostream& out, const Case& one) {
    return out << one.dialect << " " << one.name;
}

std::vector<Case> allCases();
std::string readFile(const std::filesystem::path& path);
void writeFile(const std::filesystem::path& path, const std::string& text);
/// STAFETT_GOLDEN=write: expected files are written, not compared.
bool rewriting();

/// What came of reading a request.
struct Reading {
    std::string form;
    std::optional<message::Message> message;  ///< whole only when there are no problems
    mapping::Residue residue;
    Problems problems;
    Problems warnings;
};

/// What came of writing a message, as the request that would be sent.
struct Writing {
    std::string form;
    plugin::WireMessage request;
    std::vector<mapping::Loss> losses;
    Problems problems;
    Problems warnings;
};

/// The loaded plugins and mappings of the source tree, on the clock 2026-01-20.
class Dialects {
public:
    static const Dialects& get();  ///< aborts with every finding when something does not load

    std::vector<std::string> names() const;
    Reading read(const Case& of) const;
    Reading read(const std::string& dialect, const plugin::WireMessage& request) const;
    /// For this receiver's view of a message: one receiver, its own case id in its own form.
    Writing write(const std::string& dialect, const message::Message& view,
                  const mapping::Residue* residue) const;
    /// Whether the documents of this message's form name case ids as own and other: then ids change
    /// places between writing and reading. Else they say sender's and receiver's. Found by trying.
    bool namesCasesByPerspective(const std::string& dialect, const message::Message& message) const;
    /// The form in which a dialect wants its own case ids; nothing when it has no such form.
    const mapping::Form* outboundForm(const std::string& dialect,
                                      const message::Message& message) const;
    std::vector<const mapping::Form*> forms(const std::string& dialect) const {
        return library_.forms(DialectId{dialect});
    }
    /// The forms of the documents that a party of this dialect may send.
    std::vector<std::string> inboundForms(const std::string& dialect) const;
    /// The kinds of message that a party of this dialect can be told.
    std::set<std::string> outboundKinds(const std::string& dialect) const;
    /// The kind of the form that a case is named after.
    std::string kindOf(const Case& of) const;
    const plugin::Adapter& adapter(const std::string& dialect) const {
        return *registry_.find(DialectId{dialect});
    }
    /// A form that must say something in words says the label of the code when there are no others:
    /// takes that out of `told` again.
    void forgiveLabels(const Json& said, Json& told) const;
    const message::Catalogue& catalogue() const { return catalogue_; }

private:
    Dialects(message::Catalogue catalogue, mapping::Library library, plugin::Registry registry)
        : catalogue_(std::move(catalogue)),
          library_(std::move(library)),
          registry_(std::move(registry)) {}
    static Dialects load();
    Reading read(const std::string& dialect, const plugin::WireRequest& request) const;

    message::Catalogue catalogue_;
    mapping::Library library_;
    plugin::Registry registry_;
    /// Bodies that had contents, which what is written of them has too. One thread.
    struct Contents {
        Bytes body;
        std::vector<codec::CutContent> list;
    };
    mutable std::vector<std::unique_ptr<Contents>> contents_;
};

/// The message as the other party would send it back: ids of sender and receiver change places.
message::Message turned(const message::Message& message);

/// What one receiver of a message is shown, as the pipeline makes it: one receiver, whose own case
/// id is in the form its dialect wants.
message::Message viewFor(const message::Message& message, const mapping::Form& form);

/// Canonical JSON without what the pipeline sets (message/id, receivedAt, case/id).
Json canonicalOf(const message::Message& message);

/// `json` without the fields that the losses name; empty groups and lists go too.
Json without(Json json, const std::vector<mapping::Loss>& losses);

/// "ST-MAP-003 Person/Personnummer", one a line, sorted.
std::vector<std::string> linesOf(const Problems& problems);
std::vector<std::string> linesOf(const std::vector<mapping::Loss>& losses);

/// npm fhir and our own rules over every file of a folder.
enum class Judge { Satisfied, NotSatisfied, Absent };
Judge checkFhir(const std::filesystem::path& folder);

}  // namespace stafett::golden
