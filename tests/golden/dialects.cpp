#include "tests/golden/dialects.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include "gateway/pipeline/contents.h"

namespace stafett::golden {
namespace {

/// Asked before main by tests that are made from cases, so these are no objects.
std::filesystem::path source() { return STAFETT_SOURCE_DIR; }
std::filesystem::path plugins() { return std::filesystem::path(STAFETT_BUILD_DIR) / "plugins"; }
constexpr unsigned kLawMessages = 100;  // `stafett mapping check` tries a thousand
constexpr std::uint64_t kLargestContent = 23U << 20;
const Time kNow = std::chrono::sys_days(std::chrono::year(2026) / 1 / 20) + std::chrono::hours(9);

template <class T>
T orStop(Checked<T> made, const char* what) {
    if (made) return std::move(*made);
    std::cerr << what << " does not load:\n";
    for (const Error& error : made.error()) {
        std::cerr << "  " << describe(error, Language::English) << "\n";
    }
    std::abort();
}

Json canonicalJson(const message::Message& message) { return Json::parse(message::print(message)); }

/// Sets to null what `path` ("benefits[1]/to", "receivers[0]") names; a path may end at a group.
void blank(Json& json, std::string_view path) {
    Json* at = &json;
    while (!path.empty()) {
        const auto slash = path.find('/');
        std::string_view step = path.substr(0, slash);
        path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
        const auto bracket = step.find('[');
        const std::string name(step.substr(0, bracket));
        if (name != ".") {
            if (!at->is_object() || !at->contains(name)) return;
            at = &(*at)[name];
        }
        if (bracket == std::string_view::npos) continue;
        const std::string inside(step.substr(bracket + 1, step.find(']') - bracket - 1));
        if (!at->is_array()) return;
        if (std::all_of(inside.begin(), inside.end(),
                        [](char c) { return c >= '0' && c <= '9'; })) {
            const auto index = std::stoul(inside);
            if (index >= at->size()) return;
            at = &(*at)[index];
        } else {  // a member of a set
            const auto found = std::find(at->begin(), at->end(), Json(inside));
            if (found == at->end()) return;
            at = &*found;
        }
    }
    *at = nullptr;
}

/// Takes nulls out, and groups and lists that they leave empty.
bool prune(Json& json) {
    if (json.is_null()) return true;
    if (!json.is_structured()) return false;
    for (auto it = json.begin(); it != json.end();) {
        it = prune(*it) ? json.erase(it) : std::next(it);
    }
    return json.empty();
}

}  // namespace

std::string readFile(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return std::move(out).str();
}

void writeFile(const std::filesystem::path& path, const std::string& text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

bool rewriting() {
    const char* const asked = std::getenv("STAFETT_GOLDEN");
    return asked != nullptr && std::string_view(asked) == "write";
}

std::vector<Case> allCases() {
    std::vector<Case> cases;
    for (const auto& dialect : std::filesystem::directory_iterator(source() / "plugins")) {
        const auto folder = dialect.path() / "cases";
        if (!std::filesystem::is_directory(folder)) continue;
        for (const auto& found : std::filesystem::directory_iterator(folder)) {
            Case one{dialect.path().filename(), found.path().filename(), found.path(), {}, false};
            for (const auto& file : std::filesystem::directory_iterator(one.folder)) {
                if (file.path().stem() == "wire") one.wire = file.path();
            }
            one.refused = std::filesystem::exists(one.file("refused.txt"));
            cases.push_back(std::move(one));
        }
    }
    std::sort(cases.begin(), cases.end(), [](const Case& a, const Case& b) {
        return std::tie(a.dialect, a.name) < std::tie(b.dialect, b.name);
    });
    return cases;
}

Dialects Dialects::load() {
    auto catalogue =
        orStop(message::Catalogue::load(source() / "mappings" / "canonical"), "mappings/canonical");
    std::vector<plugin::PluginSource> files;
    for (const auto& file : std::filesystem::directory_iterator(plugins())) {
        if (file.path().extension() == ".so") files.push_back({file.path()});
    }
    auto registry = orStop(plugin::Registry::load(files, plugin::Profile::Dev), "plugins");
    std::vector<DialectId> dialects;
    for (const auto* adapter : registry.all()) dialects.push_back(adapter->dialect());
    mapping::LoadOptions options;
    options.law_messages = kLawMessages;
    auto library = orStop(
        mapping::Library::load(source() / "mappings", catalogue, dialects, options), "mappings");
    Problems problems;
    for (const auto* adapter : registry.all()) {
        for (auto& problem : plugin::checkForms(*adapter, library)) problems.push_back(problem);
    }
    if (!problems.empty()) {
        orStop(Checked<int>(tl::make_unexpected(std::move(problems))), "manifests");
    }
    return {std::move(catalogue), std::move(library), std::move(registry)};
}

const Dialects& Dialects::get() {
    static const Dialects dialects = load();
    return dialects;
}

std::vector<std::string> Dialects::names() const {
    std::vector<std::string> names;
    for (const auto* adapter : registry_.all()) names.push_back(adapter->dialect().value);
    return names;
}

Reading Dialects::read(const std::string& dialect, const plugin::WireRequest& request) const {
    const auto* adapter = registry_.find(DialectId{dialect});
    Reading reading;
    const auto places = mapping::contentPlaces(library_, adapter->dialect());
    auto seen = std::make_unique<Contents>(Contents{Bytes(request.body), {}});
    auto cut = codec::cutContents(seen->body, places.format, places.places, kLargestContent);
    if (!cut.contents.empty()) {
        seen->list = std::move(cut.contents);
        contents_.push_back(std::move(seen));
    }
    auto shorter = request;
    shorter.body = cut.body;
    auto decoded = adapter->decode(shorter);
    if (!decoded) {
        reading.problems.push_back(decoded.error());
        return reading;
    }
    reading.form = decoded->form.value;
    const auto* form = library_.find(adapter->dialect(), decoded->form);
    mapping::ReadContext context;
    context.received_at = kNow;
    context.person.today = "2026-01-20";
    context.attributes = &decoded->attributes;
    auto outcome = form->read(decoded->document, context);
    std::vector<codec::CutContent> known;
    for (const auto& one : contents_) {
        known.insert(known.end(), one->list.begin(), one->list.end());
    }
    auto wrong = pipeline::checkContents({}, known, MessageId{Uuid{}.named("golden")},
                                         outcome.message, outcome.problems);
    reading.problems = std::move(outcome.problems);
    std::move(wrong.begin(), wrong.end(), std::back_inserter(reading.problems));
    reading.warnings = std::move(outcome.warnings);
    for (auto& problem : adapter->check(decoded->form, decoded->document)) {
        reading.problems.push_back(std::move(problem));
    }
    reading.residue = std::move(outcome.residue);
    reading.message.emplace(std::move(outcome.message));
    if (!reading.problems.empty()) return reading;
    // As the pipeline does: what it sets, then the rules of the schema.
    auto whole = reading.message->copy();
    whole.set("message/id", Uuid::make().text());
    whole.set("message/receivedAt", timeText(kNow));
    whole.set("case/id", Uuid::make().text());
    reading.problems = message::validate(whole, catalogue_, {}, "2026-01-20");
    return reading;
}

Reading Dialects::read(const Case& of) const {
    const auto attributes = Json::parse(readFile(of.file("attributes.json")));
    const auto method = attributes.value("method", std::string("POST"));
    const auto path = attributes.at("path").get<std::string>();
    const auto query = attributes.value("query", std::string());
    std::vector<std::pair<std::string, std::string>> headers;
    for (const auto& [name, value] : attributes.at("headers").items()) {
        headers.emplace_back(name, value.get<std::string>());
    }
    const auto body = readFile(of.wire);
    return read(of.dialect, plugin::WireRequest{method, path, query, &headers, body});
}

Reading Dialects::read(const std::string& dialect, const plugin::WireMessage& request) const {
    return read(dialect, plugin::WireRequest{
                             request.method, request.path, {}, &request.headers, request.body});
}

const mapping::Form* Dialects::outboundForm(const std::string& dialect,
                                            const message::Message& message) const {
    const auto* adapter = registry_.find(DialectId{dialect});
    const auto form = adapter->outboundForm(message, {});
    return form ? library_.find(adapter->dialect(), *form) : nullptr;
}

bool Dialects::namesCasesByPerspective(const std::string& dialect,
                                       const message::Message& message) const {
    auto probe = message.copy();
    probe.set("message/id", Uuid{}.named("probe").text());
    probe.set("case/sender", "1000000001");
    probe.set("case/receiver", "1000000002");
    const auto again = read(dialect, write(dialect, probe, nullptr).request);
    return again.message && again.message->text("case/sender") == "1000000002";
}

void Dialects::forgiveLabels(const Json& said, Json& told) const {
    for (const auto& [group, set] :
         {std::pair("reason", "reason"), std::pair("notice", "notice_code")}) {
        if (!said.contains(group) || !told.contains(group)) continue;
        if (said[group].contains("text") || !said[group].contains("code")) continue;
        const auto* const value =
            catalogue_.valueSet(set)->find(said[group]["code"].get<std::string>());
        if (told[group].value("text", std::string()) == value->label_sv) told[group].erase("text");
    }
}

std::vector<std::string> Dialects::inboundForms(const std::string& dialect) const {
    std::set<std::string> forms;
    const auto manifest = Json::parse(registry_.find(DialectId{dialect})->manifest());
    for (const auto& route : manifest.at("inbound")) {
        for (const auto& form : route.at("forms")) forms.insert(form.at("form"));
    }
    return {forms.begin(), forms.end()};
}

std::set<std::string> Dialects::outboundKinds(const std::string& dialect) const {
    std::set<std::string> kinds;
    const auto manifest = Json::parse(registry_.find(DialectId{dialect})->manifest());
    for (const auto& choice : manifest.at("outbound")) kinds.insert(choice.at("kind"));
    return kinds;
}

std::string Dialects::kindOf(const Case& of) const {
    const auto* form =
        library_.find(DialectId{of.dialect}, FormId{of.name.substr(0, of.name.find('_'))});
    return form == nullptr ? std::string() : form->schema().kind;
}

Writing Dialects::write(const std::string& dialect, const message::Message& view,
                        const mapping::Residue* residue) const {
    const auto* adapter = registry_.find(DialectId{dialect});
    const auto* form = outboundForm(dialect, view);
    Writing writing;
    if (form == nullptr) {
        writing.problems.push_back(Error(Code::MapNoForm));
        return writing;
    }
    writing.form = form->name();
    const mapping::Settings settings;
    mapping::WriteContext context;
    context.receiver = PartyId{std::string(
        view.items("receivers")
            .front()
            .text(*view.schema().root.fields[*view.schema().root.find("receivers")].item->find(
                "party")))};
    context.gateway = PartyId{"5565594230"};
    context.endpoint = "https://mottagare.example/in";
    context.now = kNow;
    context.settings = &settings;
    context.residue = residue;
    auto outcome = form->write(view, context);
    writing.losses = std::move(outcome.losses);
    writing.problems = std::move(outcome.problems);
    writing.warnings = std::move(outcome.warnings);
    if (!writing.problems.empty()) return writing;
    auto request =
        adapter->encode(FormId{form->name()}, outcome.document, outcome.attributes, settings);
    if (request) {
        for (const auto& seen : contents_) {
            request->body = codec::withContents(request->body, seen->list);
        }
        writing.request = std::move(*request);
    } else {
        writing.problems.push_back(request.error());
    }
    return writing;
}

message::Message turned(const message::Message& message) {
    auto back = message.copy();
    const std::string own(message.text("case/sender")), other(message.text("case/receiver"));
    back.root().clear(*back.schema().root.find("case/sender"));
    back.root().clear(*back.schema().root.find("case/receiver"));
    if (!other.empty()) back.set("case/sender", other);
    if (!own.empty()) back.set("case/receiver", own);
    return back;
}

message::Message viewFor(const message::Message& message, const mapping::Form& form) {
    auto view = message.copy();
    auto& receivers = view.root().items(*view.schema().root.find("receivers"));
    receivers.erase(receivers.begin() + 1, receivers.end());
    view.set("message/id", Uuid{}.named(message.text("message/senderId")).text());
    view.root().clear(*view.schema().root.find("case/receiver"));
    const std::string& alias = form.aliasForm();
    if (alias.starts_with("digits:")) view.set("case/receiver", "1000000042");
    if (alias.starts_with("prefix:")) view.set("case/receiver", alias.substr(7) + "42");
    if (alias == "uuid") view.set("case/receiver", Uuid{}.named("case").text());
    return view;
}

Json canonicalOf(const message::Message& message) {
    Json json = canonicalJson(message);
    blank(json, "message/id");
    blank(json, "message/receivedAt");
    blank(json, "case/id");
    prune(json);
    return json;
}

Json without(Json json, const std::vector<mapping::Loss>& losses) {
    for (const auto& loss : losses) blank(json, loss.canonical);
    prune(json);
    return json;
}

std::vector<std::string> linesOf(const Problems& problems) {
    std::vector<std::string> lines;
    for (const Error& problem : problems) {
        auto line = std::string(problem.info().id);
        if (!problem.place().path.empty()) line += " " + problem.place().path;
        lines.push_back(std::move(line));
    }
    std::sort(lines.begin(), lines.end());
    return lines;
}

std::vector<std::string> linesOf(const std::vector<mapping::Loss>& losses) {
    std::vector<std::string> lines;
    for (const auto& loss : losses) {
        lines.push_back(std::string(info(loss.code).id) + " " + loss.canonical + " " + loss.wire);
    }
    std::sort(lines.begin(), lines.end());
    return lines;
}

Judge checkFhir(const std::filesystem::path& folder) {
    const auto tool = source() / "tests" / "golden" / "fhir";
    if (!std::filesystem::exists(tool / "node_modules" / "fhir")) return Judge::Absent;
    std::string command = "node '" + (tool / "check.mjs").string() + "'";
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        command += " '" + file.path().string() + "'";
    }
    return std::system(command.c_str()) == 0 ? Judge::Satisfied : Judge::NotSatisfied;
}

}  // namespace stafett::golden
