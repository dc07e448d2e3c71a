#include "gateway/mapping/law.h"

#include <algorithm>
#include <set>

#include "gateway/codec/read.h"
#include "gateway/mapping/law_fit.h"
#include "gateway/message/sample.h"

namespace stafett::mapping {
namespace {

using message::FieldIndex;
using message::Message;
using message::Record;
using message::Type;

constexpr std::size_t kTold = 5;
constexpr std::uint64_t kFirstSeed = 1;

/// A row whose field has another name for whoever reads: wire/id, case/own, case/other.
struct Turned {
    FieldIndex read, written;
};

class Law {
public:
    Law(const CompiledForm& form, const Source& source, const message::Catalogue& catalogue,
        Findings& findings)
        : form_(form),
          program_(form.program()),
          source_(source),
          catalogue_(catalogue),
          findings_(findings),
          fit_(program_, catalogue) {
        gather(program_.root.rows);
    }
    void prove(unsigned messages);

private:
    void gather(const std::vector<Row>& rows);
    void tryOne(std::uint64_t seed);
    Message expected(const Message& sent) const;
    Message again(const Message& sent, const Message& read) const;
    std::set<std::string> lost(const WriteOutcome& out) const;
    void compare(const Block& block, const Record& sent, const Record& read,
                 const std::string& prefix, std::vector<std::string>& differences) const;
    void compareList(const Row* each, FieldIndex field, const Record& sent, const Record& read,
                     const std::string& path, std::vector<std::string>& differences) const;
    bool isLost(const std::string& path) const;
    bool isNothing(const Record& item, const std::string& path) const;
    static const Row* rowOf(const std::vector<Row>& rows, FieldIndex field, RowKind kind);
    void tell(const std::string& path, std::string hint);
    RowPlace placeOf(const std::string& path) const;

    const CompiledForm& form_;
    const Program& program_;
    const Source& source_;
    const message::Catalogue& catalogue_;
    Findings& findings_;
    LawFit fit_;
    std::vector<Turned> turned_;
    std::vector<FieldIndex> unread_;  ///< written, not read
    std::set<std::string> lost_;
    std::set<std::string> told_;
    std::string why_not_;
    RowPlace why_not_at_;
    std::size_t written_ = 0;
};

void Law::gather(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
        for (const auto& alternative : row.alternatives) gather(alternative);
        if (row.kind != RowKind::Relation || row.read_to.empty()) continue;
        for (std::size_t i = 0; i < row.read_to.size(); ++i) {
            const Target& read = row.read_to[i];
            const Target& written = row.write_from[i];
            if (!read.steps.empty()) continue;
            if (read.field != written.field) turned_.push_back({read.field, written.field});
            if (row.writes && (!row.reads || row.on_reading == OnReading::Ignore)) {
                unread_.push_back(written.field);
            }
        }
    }
}

Message Law::expected(const Message& sent) const {
    Message out = sent.copy();
    for (const Turned& one : turned_) out.root().clear(one.read);
    for (const Turned& one : turned_) {
        if (sent.root().has(one.written)) {
            out.root().set(one.read, out.arena().keep(sent.root().text(one.written)));
        }
    }
    return out;
}

Message Law::again(const Message& sent, const Message& read) const {
    Message out = read.copy();
    for (const Turned& one : turned_) out.root().clear(one.written);
    for (const Turned& one : turned_) {
        if (read.root().has(one.read)) {
            out.root().set(one.written, out.arena().keep(read.root().text(one.read)));
        }
    }
    for (const FieldIndex field : unread_) {
        out.root().set(field, out.arena().keep(sent.root().text(field)));
    }
    if (program_.message_id) {
        out.root().set(*program_.message_id,
                       out.arena().keep(sent.root().text(*program_.message_id)));
    }
    return out;
}

std::set<std::string> Law::lost(const WriteOutcome& out) const {
    // A loss names the field as the writer saw it.
    const auto& fields = program_.schema->root.fields;
    std::set<std::string> paths;
    for (const Loss& loss : out.losses) {
        std::string path = loss.canonical;
        bool read_from_another = false;
        for (const Turned& one : turned_) {
            if (fields[one.read].path == loss.canonical) read_from_another = true;
            if (fields[one.written].path == loss.canonical) path = fields[one.read].path;
        }
        if (path != loss.canonical || !read_from_another) paths.insert(path);
    }
    return paths;
}

bool Law::isLost(const std::string& path) const {
    for (std::size_t end = path.size();;) {
        if (lost_.count(path.substr(0, end)) != 0) return true;
        end = end == 0 ? std::string::npos : path.find_last_of("/[", end - 1);
        if (end == std::string::npos) return false;
    }
}

bool Law::isNothing(const Record& item, const std::string& path) const {
    const auto& fields = item.type().fields;
    for (FieldIndex i = 0; i < fields.size(); ++i) {
        const std::string field = fields[i].path == "." ? path : path + "/" + fields[i].path;
        if (item.has(i) && !isLost(field)) return false;
    }
    return true;
}

const Row* Law::rowOf(const std::vector<Row>& rows, FieldIndex field, RowKind kind) {
    for (const Row& row : rows) {
        for (const auto& alternative : row.alternatives) {
            if (const Row* const found = rowOf(alternative, field, kind)) return found;
        }
        if (row.kind != kind || row.read_to.empty() || !row.reads) continue;
        for (const Target& target : row.read_to) {
            if ((target.steps.empty() ? target.field : target.steps[0].list) == field) return &row;
        }
    }
    return nullptr;
}

void Law::compareList(const Row* each, FieldIndex field, const Record& sent, const Record& read,
                      const std::string& path, std::vector<std::string>& differences) const {
    const Block plain{.type = sent.type().fields[field].item.get()};
    const Block& block = each == nullptr ? plain : *each->block;
    const auto& wanted = sent.items(field);
    const auto& found = read.items(field);
    std::vector<bool> used(found.size(), false);
    const bool any_order = each == nullptr || each->any_order || !each->elsewhere.empty();
    std::size_t at = 0;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const std::string item = path + "[" + std::to_string(i) + "]";
        if (lost_.count(item) != 0 || isNothing(wanted[i], item)) continue;
        std::vector<std::string> differs;
        bool same = false;
        for (std::size_t j = any_order ? 0 : at; j < found.size() && !same; ++j) {
            if (used[j]) continue;
            std::vector<std::string> here;
            compare(block, wanted[i], found[j], item + "/", here);
            same = here.empty();
            if (same) used[j] = true;
            if (same) at = j + 1;
            if (differs.empty()) differs = here;
            if (!any_order) break;
        }
        if (same) continue;
        differences.push_back(differs.empty() ? item : differs[0]);
    }
    const bool more = std::count(used.begin(), used.end(), false) != 0;
    if (more && differences.empty()) differences.push_back(path);
}

void Law::compare(const Block& block, const Record& sent, const Record& read,
                  const std::string& prefix, std::vector<std::string>& differences) const {
    const auto& fields = sent.type().fields;
    for (FieldIndex i = 0; i < fields.size(); ++i) {
        std::string path = prefix + fields[i].path;
        if (path.ends_with("/.")) path.resize(path.size() - 2);
        const Row* const row = rowOf(block.rows, i, RowKind::Relation);
        const Row* const each = rowOf(block.rows, i, RowKind::Each);
        const bool plain = block.rows.empty();
        if (!plain && row == nullptr && each == nullptr) continue;  // not read, or from outside
        if (isLost(path)) continue;
        if (fields[i].type == Type::List) {
            compareList(each, i, sent, read, path, differences);
            continue;
        }
        if (sent.text(i) == read.text(i)) continue;
        if (row != nullptr && sent.text(i).empty() &&
            (read.text(i) == row->absent || row->display_of)) {
            continue;
        }
        if (sent.text(i).empty() && plain && !read.has(i)) continue;
        differences.push_back(path);
    }
}

RowPlace Law::placeOf(const std::string& path) const {
    std::string bare;
    bool inside = false;
    for (const char c : path) {
        inside = inside || c == '[';
        if (!inside) bare += c;
        if (c == ']') inside = false;
    }
    const auto find = [&](const auto& self, const std::vector<Row>& rows,
                          const std::string& prefix) -> const Row* {
        for (const Row& row : rows) {
            for (const auto& alternative : row.alternatives) {
                if (const Row* const found = self(self, alternative, prefix)) return found;
            }
            for (const Target& target : row.read_to) {
                const std::string here = prefix + target.path;
                if (row.block && bare.starts_with(here + "/")) {
                    if (const Row* const found = self(self, row.block->rows, here + "/"))
                        return found;
                }
                if (here == bare || here.substr(0, here.find('[')) == bare) return &row;
            }
        }
        return nullptr;
    };
    const Row* const row = find(find, program_.root.rows, "");
    return row == nullptr ? source_.at : row->at;
}

void Law::tell(const std::string& path, std::string hint) {
    if (told_.size() >= kTold || !told_.insert(path).second) return;
    findings_.add(Code::CheckRoundTrip, placeOf(path), path, std::move(hint));
}

void Law::tryOne(std::uint64_t seed) {
    const std::string which = "generated message " + std::to_string(seed);
    Message sent = message::sample(program_.schema, catalogue_, seed);
    fit_.fit(sent, seed);
    WriteContext context;
    context.receiver = PartyId{"2021005521"};
    context.receiver_function = FunctionId{"mottagning"};
    context.gateway = PartyId{"5565594230"};
    context.endpoint = "https://gateway.example.org/in";
    context.now = Time(std::chrono::milliseconds(1'767'268'800'000));
    context.settings = &fit_.settings();
    const auto written = form_.write(sent, context);
    if (!written.problems.empty()) {
        if (why_not_.empty()) {
            const Error& first = written.problems[0];
            why_not_ = std::string(first.info().id) + " at " + first.place().path + " (" +
                       first.place().row + ")";
        }
        return;
    }
    ++written_;
    constexpr codec::Encoding kAllowed[] = {codec::Encoding::Latin1, codec::Encoding::Windows1252};
    const codec::ReadOptions options{.limits = {}, .allowed = kAllowed};
    const auto document = form_.format() == codec::Format::Xml
                              ? codec::readXml(written.document, options)
                              : codec::readJson(written.document, options);
    if (!document) {
        return tell(document.error().place().path, which +
                                                       " is written so that it cannot be read: " +
                                                       std::string(document.error().info().id));
    }
    ReadContext back;
    back.sender = PartyId{std::string(sent.text("sender/party"))};
    back.received_at = context.now;
    back.settings = context.settings;
    back.attributes = &written.attributes;
    back.person.today = "2026-01-01";
    const auto read = form_.read(*document, back);
    if (!read.problems.empty()) {
        const Error& first = read.problems[0];
        return tell(first.place().path,
                    which + " is refused when it is read back: " + std::string(first.info().id) +
                        " (" + first.place().row + ")");
    }
    lost_ = lost(written);
    const Message wanted = expected(sent);
    std::vector<std::string> differences;
    compare(program_.root, wanted.root(), read.message.root(), "", differences);
    for (const auto& path : differences) {
        tell(path, which + ": the field does not come back as it was written");
    }
    if (!differences.empty()) return;
    const auto twice = form_.write(again(sent, read.message), context);
    const bool folded = std::any_of(written.losses.begin(), written.losses.end(),
                                    [](const Loss& one) { return one.code == Code::MapLossCode; });
    if (folded) return;  // another code, and so another label, by the table's own declaration
    if (twice.document == written.document && twice.attributes.all() == written.attributes.all()) {
        return;
    }
    const auto [a, b] = std::mismatch(written.document.begin(), written.document.end(),
                                      twice.document.begin(), twice.document.end());
    const auto around = [](const std::string& text, std::ptrdiff_t at) {
        return text.substr(static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, at - 40)), 80);
    };
    tell("", which + ": what was read is not written as it was: …" +
                 around(written.document, a - written.document.begin()) + "… then …" +
                 around(twice.document, b - twice.document.begin()) + "…");
}

void Law::prove(unsigned messages) {
    for (std::uint64_t i = 0; i < messages && told_.size() < kTold; ++i) tryOne(kFirstSeed + i);
    if (written_ == 0 && messages != 0 && told_.empty()) {
        tell("", "none of the generated messages can be written: " + why_not_);
    }
}

}  // namespace

void proveRoundTrip(const CompiledForm& form, const Source& source,
                    const message::Catalogue& catalogue, unsigned messages, Findings& findings) {
    if (!form.does(Direction::Read) || !form.does(Direction::Write)) return;
    Law(form, source, catalogue, findings).prove(messages);
}

}  // namespace stafett::mapping
