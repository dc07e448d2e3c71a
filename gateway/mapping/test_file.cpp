#include "gateway/mapping/test_file.h"

#include <algorithm>

#include "gateway/codec/canonical.h"
#include "gateway/codec/read.h"
#include "gateway/codec/write.h"
#include "gateway/mapping/form.h"
#include "gateway/mapping/object_reader.h"
#include "gateway/message/dates.h"

namespace stafett::mapping {
namespace {

constexpr std::string_view kMessageId = "00000000-0000-7000-8000-000000000001";
constexpr std::string_view kNow = "2026-01-01T12:00:00Z";

std::string around(const std::string& text, std::size_t at) {
    std::size_t begin = at < 60 ? 0 : at - 60;
    std::size_t end = std::min(text.size(), at + 60);
    const auto inside = [&](std::size_t i) {
        return i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U;
    };
    while (inside(begin)) ++begin;
    while (inside(end)) ++end;
    return (begin == 0 ? "" : "…") + text.substr(begin, end - begin) +
           (end == text.size() ? "" : "…");
}

/// One test: reads, writes or is refused, as its keys say.
class Test {
public:
    Test(const CompiledForm& form, const Json& json, const std::filesystem::path& file,
         Findings& findings);
    void run();

private:
    struct Expected {
        std::string code, path;
    };
    void wrong(std::string hint) { findings_.add(Code::CheckTest, at_, name_, std::move(hint)); }
    void differ(const char* what, const std::string& wanted, const std::string& found);
    std::optional<std::string> text(const char* key);
    std::optional<message::Message> canonical();
    std::vector<Expected> expected(const char* key, const char* path);
    void read(const std::string& wire);
    void write();
    void refused(const Problems& problems);
    void warned(const Problems& warnings);
    Bytes withMarks(std::string_view document) const;
    std::string printed(std::string_view document, const char* which);
    void context();

    const CompiledForm& form_;
    const std::filesystem::path& file_;
    Findings& findings_;
    RowPlace at_;
    ObjectReader keys_;
    std::string name_;
    Attributes attributes_;
    Settings settings_;
    ReadContext reading_;
    WriteContext writing_;
};

Test::Test(const CompiledForm& form, const Json& json, const std::filesystem::path& file,
           Findings& findings)
    : form_(form),
      file_(file),
      findings_(findings),
      at_{.file = fileLabel(file), .line = json.line, .column = json.column, .label = "test"},
      keys_(json, at_, findings) {
    name_ = keys_.text("name");
    at_.label += " " + name_;
    context();
}

void Test::context() {
    const auto pairs = [&](const char* key, const auto& put) {
        const Json* const json = keys_.any(key);
        if (json == nullptr) return;
        for (const auto& [name, value] : json->members) put(name, value.text);
    };
    pairs("attributes", [&](const auto& name, const auto& value) { attributes_.set(name, value); });
    pairs("settings", [&](const auto& name, const auto& value) { settings_[name] = value; });
    const auto or_else = [](const std::string& text, std::string_view other) {
        return text.empty() ? std::string(other) : text;
    };
    const Time now = *message::parseTime(kNow);
    reading_.sender = PartyId{or_else(keys_.text("sender"), "2120000142")};
    reading_.received_at = now;
    reading_.settings = &settings_;
    reading_.attributes = &attributes_;
    reading_.person.today = "2026-01-01";
    reading_.person.interim = keys_.flag("interim");
    writing_.receiver = PartyId{or_else(keys_.text("receiver"), "2021005521")};
    writing_.receiver_function = FunctionId{keys_.text("receiver_function")};
    writing_.gateway = PartyId{"5565594230"};
    writing_.endpoint = "https://receiver.example.org/in";
    writing_.now = now;
    writing_.settings = &settings_;
}

void Test::differ(const char* what, const std::string& wanted, const std::string& found) {
    if (wanted == found) return;
    const auto [a, b] = std::mismatch(wanted.begin(), wanted.end(), found.begin(), found.end());
    wrong(std::string(what) + "\n    wanted  " +
          around(wanted, static_cast<std::size_t>(a - wanted.begin())) + "\n    found   " +
          around(found, static_cast<std::size_t>(b - found.begin())));
}

std::optional<std::string> Test::text(const char* key) {
    const Json* const json = keys_.any(key);
    if (json == nullptr) return std::nullopt;
    if (json->isString()) return json->text;
    const Json* const name = json->find("file");
    if (name == nullptr || !name->isString()) {
        wrong(std::string(key) + " is the document as text, or {\"file\": NAME}");
        return std::nullopt;
    }
    auto text = readFile(file_.parent_path() / name->text);
    if (!text) wrong("there is no " + name->text);
    return text ? std::optional(std::move(*text)) : std::nullopt;
}

std::optional<message::Message> Test::canonical() {
    const Json* const json = keys_.any("canonical");
    if (json == nullptr) return std::nullopt;
    auto message = codec::readCanonical(print(*json), form_.program().schema);
    if (!message) {
        wrong("canonical: " + describe(message.error(), Language::English));
        return std::nullopt;
    }
    message->set("message/kind", form_.schema().kind);
    message->set("message/schema", form_.schema().id());
    return std::move(*message);
}

std::vector<Test::Expected> Test::expected(const char* key, const char* path) {
    std::vector<Expected> out;
    const Json* const json = keys_.any(key);
    if (json == nullptr) return out;
    for (const Json& one : json->items) {
        const Json* const code = one.find("code");
        const Json* const place = one.find(path);
        out.push_back({code == nullptr ? "" : code->text, place == nullptr ? "" : place->text});
    }
    return out;
}

std::string list(std::vector<std::string> lines) {
    std::sort(lines.begin(), lines.end());
    std::string out;
    for (const auto& line : lines) out += (out.empty() ? "" : ", ") + line;
    return out;
}

void Test::refused(const Problems& problems) {
    std::vector<std::string> wanted, found;
    for (const auto& one : expected("refused", "path")) wanted.push_back(one.code + " " + one.path);
    for (const Error& one : problems) {
        found.push_back(std::string(one.info().id) + " " + one.place().path);
    }
    differ("refused otherwise", list(wanted), list(found));
}

void Test::warned(const Problems& warnings) {
    if (!keys_.has("warnings")) return;
    std::vector<std::string> wanted, found;
    for (const auto& one : expected("warnings", "path"))
        wanted.push_back(one.code + " " + one.path);
    for (const Error& one : warnings) {
        found.push_back(std::string(one.info().id) + " " + one.place().path);
    }
    differ("warned otherwise", list(wanted), list(found));
}

/// A document as the mapping sees it: with marks for the contents of attachments.
Bytes Test::withMarks(std::string_view document) const {
    constexpr std::uint64_t kMost = 1U << 20;  // a test's own
    return codec::cutContents(document, form_.format(), form_.contents().inside, kMost).body;
}

std::string Test::printed(std::string_view document, const char* which) {
    constexpr codec::Encoding kAllowed[] = {codec::Encoding::Latin1, codec::Encoding::Windows1252};
    const codec::ReadOptions options{.limits = {}, .allowed = kAllowed};
    const auto parsed = form_.format() == codec::Format::Xml ? codec::readXml(document, options)
                                                             : codec::readJson(document, options);
    if (parsed) return codec::print(*parsed);
    wrong(std::string(which) + ": " + describe(parsed.error(), Language::English));
    return {};
}

void Test::read(const std::string& wire) {
    constexpr codec::Encoding kAllowed[] = {codec::Encoding::Latin1, codec::Encoding::Windows1252};
    const codec::ReadOptions options{.limits = {}, .allowed = kAllowed};
    const auto body = withMarks(wire);
    const auto document = form_.format() == codec::Format::Xml ? codec::readXml(body, options)
                                                               : codec::readJson(body, options);
    if (!document) return refused({document.error()});
    const auto out = form_.read(*document, reading_);
    refused(out.problems);
    warned(out.warnings);
    if (!out.problems.empty()) return;
    if (const auto wanted = canonical()) {
        differ("read otherwise", message::print(*wanted), message::print(out.message));
    }
    if (const Json* const residue = keys_.any("residue")) {
        std::vector<std::string> lines, found;
        for (const auto& [path, text] : residue->members) lines.push_back(path + "=" + text.text);
        for (const auto& [path, text] : out.residue.fields) found.push_back(path + "=" + text);
        differ("kept otherwise", list(lines), list(found));
    }
}

void Test::write() {
    auto message = canonical();
    if (!message) return;
    if (message->text("message/id").empty()) message->set("message/id", kMessageId);
    Residue residue;
    if (const Json* const json = keys_.any("residue")) {
        for (const auto& [path, text] : json->members) residue.fields.emplace_back(path, text.text);
        writing_.residue = &residue;
    }
    const auto out = form_.write(*message, writing_);
    refused(out.problems);
    warned(out.warnings);
    if (!out.problems.empty()) return;
    if (const auto wanted = text("write")) {
        differ("written otherwise", printed(withMarks(*wanted), "write"),
               printed(out.document, "what was written"));
    }
    if (keys_.has("losses")) {
        std::vector<std::string> wanted, found;
        for (const auto& one : expected("losses", "canonical")) {
            wanted.push_back(one.code + " " + one.path);
        }
        for (const Loss& one : out.losses) {
            found.push_back(std::string(info(one.code).id) + " " + one.canonical);
        }
        differ("lost otherwise", list(wanted), list(found));
    }
    for (const auto& [name, value] : attributes_.all()) {
        const auto* const found = out.attributes.find(name);
        differ(("attribute " + name).c_str(), value, found == nullptr ? "" : *found);
    }
}

void Test::run() {
    const auto wire = text("wire");
    const bool writes = keys_.has("write") || keys_.has("losses") || !wire;
    if (wire) read(*wire);
    if (writes) write();
    for (const char* key : {"write", "losses", "residue", "canonical", "refused", "warnings"}) {
        keys_.any(key);
    }
    keys_.refuseOthers();
}

}  // namespace

TestRun runTests(const Form& form, const std::filesystem::path& file) {
    TestRun out;
    const auto fail = [&](Error error) {
        out.problems.push_back(std::move(error));
        return out;
    };
    const auto* const compiled = dynamic_cast<const CompiledForm*>(&form);
    auto text = readFile(file);
    if (!text) return fail(std::move(text).error());
    auto json = readLocatedJson(*text, fileLabel(file));
    if (!json) return fail(std::move(json).error());
    Findings findings;
    if (compiled == nullptr || !json->isArray()) {
        findings.add(Code::CheckTest, {.file = fileLabel(file), .line = 1, .label = "tests"}, "",
                     "a file of tests is an array");
    } else {
        for (const Json& one : json->items) {
            Findings own;
            Test(*compiled, one, file, own).run();
            const Json* const name = one.find("name");
            out.tests.push_back({name == nullptr ? "" : name->text, own.take()});
            findings.add(out.tests.back().problems);
            ++out.ran;
        }
    }
    out.problems = findings.take();
    return out;
}

std::filesystem::path testFileOf(const std::filesystem::path& mapping) {
    std::string name = mapping.string();
    constexpr std::string_view kEnd = ".map.json";
    if (name.ends_with(kEnd)) name.resize(name.size() - kEnd.size());
    return name + ".test.json";
}

}  // namespace stafett::mapping
