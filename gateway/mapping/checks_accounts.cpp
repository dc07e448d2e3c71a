// Every canonical field is written or named under cannot_carry; every required one is made.
#include <algorithm>

#include "gateway/mapping/checks.h"

namespace stafett::mapping {
namespace {

using message::Field;
using message::FieldIndex;
using message::RecordType;
using message::Type;

/// "receivers[0]/role" without its selectors: "receivers/role".
std::string bare(std::string_view path) {
    std::string out;
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (path[i] == '[') {
            i = std::min(path.find(']', i), path.size() - 1);
        } else {
            out += path[i];
        }
    }
    if (out == "case/own") return "case/receiver";
    if (out == "case/other") return "case/sender";
    return out;
}

void addPaths(const RecordType& type, const std::string& prefix, std::vector<std::string>& out) {
    for (const auto& field : type.fields) {
        out.push_back(prefix + field.path);
        if (field.type == Type::List) addPaths(*field.item, prefix + field.path + "/", out);
    }
}

struct Declared {
    std::string path;  ///< from the root
    const CannotCarry* from;
};

class Accounts {
public:
    Accounts(const Source& source, Compiled& compiled, Findings& findings)
        : source_(source), compiled_(compiled), findings_(findings) {
        for (const CannotCarry& one : source.cannot_carry) {
            declared_.push_back({bare(one.canonical), &one});
        }
    }
    void run();

private:
    void gather(const Block& block);
    void checkDeclared();
    const CannotCarry* covering(const std::string& path) const;
    void block(Block& block);
    void list(Block& block, const BlockFacts& facts, FieldIndex index);
    void uncarried(Block& block, const BlockFacts& facts, FieldIndex index,
                   std::optional<FieldIndex> item);
    void required(Block& block, const BlockFacts& facts);
    void elsewhere(std::vector<Row>& rows, const BlockFacts& facts);
    bool isWhole(const Field& list, const ListUse& use) const;
    const RowPlace& placeOf(const BlockFacts& facts) const {
        return facts.each == nullptr ? source_.at : facts.each->at;
    }

    const Source& source_;
    Compiled& compiled_;
    Findings& findings_;
    std::vector<Declared> declared_;
    std::vector<std::string> paths_;
};

void Accounts::gather(const Block& block) {
    const BlockFacts& facts = compiled_.facts[&block];
    if (facts.each != nullptr) {
        for (const CannotCarry& one : facts.each->cannot_carry) {
            declared_.push_back({facts.prefix + bare(one.canonical), &one});
        }
    }
    for (const auto& [inner, field] : facts.inner) gather(*inner);
}

void Accounts::checkDeclared() {
    addPaths(compiled_.program->schema->root, "", paths_);
    std::vector<std::string> known = paths_;  // a path covers its subtree, so its stems count too
    for (const auto& path : paths_) {
        const auto slash = path.rfind('/');
        if (slash != std::string::npos) known.push_back(path.substr(0, slash));
    }
    for (const Declared& one : declared_) {
        if (one.path == "*" || one.path.ends_with("/*")) continue;
        const bool exists = std::any_of(paths_.begin(), paths_.end(), [&](const std::string& path) {
            return path == one.path || path.starts_with(one.path + "/");
        });
        if (exists) continue;
        const auto near = nearest(one.path, known);
        findings_.add(Code::CheckCanonicalPath, one.from->at, one.from->canonical,
                      near.empty() ? "see the canonical schema" : "did you mean " + near + "?");
    }
}

const CannotCarry* Accounts::covering(const std::string& path) const {
    const Declared* best = nullptr;
    std::size_t length = 0;
    for (const Declared& one : declared_) {
        std::size_t fits = 0;
        if (path == one.path || path.starts_with(one.path + "/")) fits = one.path.size() + 1;
        if (one.path == "*") fits = 1;
        if (one.path.ends_with("/*") && path.starts_with(one.path.substr(0, one.path.size() - 1))) {
            fits = one.path.size() - 1;
        }
        if (fits > length) {
            length = fits;
            best = &one;
        }
    }
    return best == nullptr ? nullptr : best->from;
}

void Accounts::uncarried(Block& block, const BlockFacts& facts, FieldIndex index,
                         std::optional<FieldIndex> item) {
    const Field& list = block.type->fields[index];
    const Field& field = item ? list.item->fields[*item] : list;
    std::string path = facts.prefix + list.path;
    if (item) path += "/" + field.path;
    if (path.ends_with("/.")) path.resize(path.size() - 2);
    const bool must = field.must_carry || list.must_carry;
    const CannotCarry* const from = covering(path);
    if (from == nullptr) {
        findings_.add(Code::CheckUnaccounted, placeOf(facts), path,
                      must ? "write it, or list it with \"unless_empty\": true"
                           : "write it, or list it under cannot_carry");
        return;
    }
    if (must && !from->unless_empty) {
        findings_.add(Code::CheckMustCarry, from->at, path,
                      "add \"unless_empty\": true, or give it a row");
    }
    const bool named = from->canonical != "*";
    block.uncarried.push_back(
        {index, item, must || (from->unless_empty && named), from->because, from->at.brief()});
}

bool Accounts::isWhole(const Field& list, const ListUse& use) const {
    // A set of which every code has a row of its own.
    if (!list.item->find(".") || list.ordered) return false;
    const auto& value = list.item->fields[0];
    if (value.type != Type::Code) return false;
    std::size_t members = 0;
    for (const ListStep& step : use.selected_write) {
        if (step.kind == ListStep::Kind::Member) ++members;
    }
    const auto count = compiled_.set_sizes.find(value.value_set);
    return count != compiled_.set_sizes.end() && members >= count->second;
}

void Accounts::list(Block& block, const BlockFacts& facts, FieldIndex index) {
    const Field& field = block.type->fields[index];
    const auto found = facts.lists.find(index);
    const bool written = found != facts.lists.end() &&
                         (found->second.each_write || !found->second.selected_write.empty());
    if (!written) return uncarried(block, facts, index, std::nullopt);
    const ListUse& use = found->second;
    block.keyed_items.insert(block.keyed_items.end(), use.keyed.begin(), use.keyed.end());
    if (use.each_write) return;  // the block of its items accounts for their fields
    if (!isWhole(field, use)) {
        const CannotCarry* const from = covering(facts.prefix + field.path);
        if (from == nullptr) {
            findings_.add(Code::CheckUnaccounted, placeOf(facts), facts.prefix + field.path,
                          "only some items have a row: list the path under cannot_carry");
        } else {
            block.part_lists.push_back(
                {index, use.selected_write, field.must_carry, from->because});
        }
    }
    for (FieldIndex item = 0; item < field.item->fields.size(); ++item) {
        if (use.item_written.count(item) == 0) uncarried(block, facts, index, item);
    }
}

void Accounts::elsewhere(std::vector<Row>& rows, const BlockFacts& facts) {
    for (Row& row : rows) {
        for (auto& alternative : row.alternatives) elsewhere(alternative, facts);
        if (row.kind != RowKind::Each) continue;
        const auto use = facts.lists.find(row.write_from[0].field);
        if (use != facts.lists.end()) row.elsewhere = use->second.selected_write;
        if (const CannotCarry* const from = covering(facts.prefix + row.write_from[0].path)) {
            row.list_because = from->because;
        }
        this->block(*row.block);
    }
}

void Accounts::required(Block& block, const BlockFacts& facts) {
    const bool root = facts.prefix.empty();
    for (FieldIndex index = 0; index < block.type->fields.size(); ++index) {
        const Field& field = block.type->fields[index];
        if (!field.required || (root && isOwnField(field.path))) continue;
        if (facts.read.count(index) == 0) {
            // Whom a message is for may come from the addressing table.
            if (root && field.path == "receivers") continue;
            findings_.add(Code::CheckRequired, placeOf(facts), facts.prefix + field.path,
                          "the schema demands it: add a row that reads it");
            continue;
        }
        if (!root || field.path != "receivers") block.required.push_back(index);
        if (field.type != Type::List) continue;
        const auto use = facts.lists.find(index);
        if (use == facts.lists.end() || use->second.each_read) continue;
        for (FieldIndex item = 0; item < field.item->fields.size(); ++item) {
            if (!field.item->fields[item].required || use->second.item_read.count(item) != 0)
                continue;
            findings_.add(Code::CheckRequired, placeOf(facts),
                          field.path + "/" + field.item->fields[item].path,
                          "the schema demands it of every item");
        }
    }
}

void Accounts::block(Block& block) {
    const BlockFacts& facts = compiled_.facts[&block];
    const bool reads = facts.each == nullptr ? source_.reads : facts.each->reads && source_.reads;
    const bool writes =
        facts.each == nullptr ? source_.writes : facts.each->writes && source_.writes;
    if (reads) required(block, facts);
    elsewhere(block.rows, facts);
    if (!writes) return;
    for (FieldIndex index = 0; index < block.type->fields.size(); ++index) {
        const Field& field = block.type->fields[index];
        if (facts.prefix.empty() && isOwnField(field.path)) continue;
        if (facts.outside.count(index) != 0) continue;
        if (field.type == Type::List) {
            list(block, facts, index);
        } else if (facts.written.count(index) == 0) {
            uncarried(block, facts, index, std::nullopt);
        }
    }
}

void Accounts::run() {
    gather(compiled_.program->root);
    checkDeclared();
    block(compiled_.program->root);
    if (!source_.reads || source_.canonical.rfind("answer/", 0) != 0) return;
    const auto& facts = compiled_.facts[&compiled_.program->root];
    const auto& type = compiled_.program->schema->root;
    for (const char* path : {"message/refTo", "case/sender", "case/receiver"}) {
        const auto field = type.find(path);
        if (field && facts.read.count(*field) != 0) return;
    }
    findings_.add(Code::CheckAnswer, source_.at, "message/refTo",
                  "map message/refTo, case/own or case/other");
}

}  // namespace

void checkAccounts(const Source& source, Compiled& compiled, Findings& findings) {
    Accounts(source, compiled, findings).run();
}

}  // namespace stafett::mapping
