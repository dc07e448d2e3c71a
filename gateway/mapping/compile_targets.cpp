// Canonical paths: "person/given", "receivers[0]/party", "benefits[code='x']", "protection[mark]",
// and the three perspective paths.
#include <algorithm>
#include <charconv>

#include "gateway/mapping/compile.h"

namespace stafett::mapping {
namespace {

using message::RecordType;
using message::Type;

std::string_view turned(std::string_view path, Direction direction) {
    const bool reading = direction == Direction::Read;
    if (path == "wire/id") return reading ? "message/senderId" : "message/id";
    if (path == "case/own") return reading ? "case/sender" : "case/receiver";
    if (path == "case/other") return reading ? "case/receiver" : "case/sender";
    return path;
}

void addPaths(const RecordType& type, const std::string& prefix, std::vector<std::string>& out) {
    for (const auto& field : type.fields) {
        out.push_back(prefix + field.path);
        if (field.type == Type::List && field.item)
            addPaths(*field.item, prefix + field.path + "/", out);
    }
}

class Resolver {
public:
    Resolver(std::string_view path, const message::Catalogue& catalogue, const RowPlace& at,
             Findings& findings)
        : path_(path), catalogue_(catalogue), at_(at), findings_(findings) {}

    std::optional<Target> resolve(std::string_view rest, const RecordType& type);

private:
    std::nullopt_t wrong(const RecordType& type, std::string hint) {
        if (hint.empty()) {
            std::vector<std::string> known;
            addPaths(type, "", known);
            for (const char* own : {"wire/id", "case/own", "case/other"}) known.emplace_back(own);
            const std::string near = nearest(path_, known);
            hint = near.empty() ? "see the canonical schema" : "did you mean " + near + "?";
        }
        findings_.add(Code::CheckCanonicalPath, at_, std::string(path_), std::move(hint));
        return std::nullopt;
    }
    bool selector(std::string_view inside, const message::Field& list, ListStep& step);

    std::string_view path_;
    const message::Catalogue& catalogue_;
    const RowPlace& at_;
    Findings& findings_;
    std::vector<ListStep> steps_;
};

bool Resolver::selector(std::string_view inside, const message::Field& list, ListStep& step) {
    if (!inside.empty() && inside[0] >= '0' && inside[0] <= '9') {
        const auto [end, error] =
            std::from_chars(inside.data(), inside.data() + inside.size(), step.index);
        step.kind = ListStep::Kind::Index;
        return error == std::errc() && end == inside.data() + inside.size() && step.index < 1000;
    }
    std::string_view name = ".";
    std::string_view literal = inside;
    if (const auto equals = inside.find("='"); equals != std::string_view::npos) {
        if (!inside.ends_with('\'') || inside.size() < equals + 3) return false;
        name = inside.substr(0, equals);
        literal = inside.substr(equals + 2, inside.size() - equals - 3);
        step.kind = ListStep::Kind::Key;
    } else {
        step.kind = ListStep::Kind::Member;
    }
    const auto field = list.item->find(name);
    if (!field || literal.empty()) return false;
    step.key = *field;
    step.literal = literal;
    const auto& type = list.item->fields[*field];
    if (type.type == Type::Code) {
        const auto* const set = catalogue_.valueSet(type.value_set);
        if (set != nullptr && set->find(literal) == nullptr) {
            std::vector<std::string> codes;
            for (const auto& value : set->values) codes.push_back(value.code);
            const auto near = nearest(literal, codes);
            findings_.add(Code::CheckCanonicalPath, at_, std::string(path_),
                          near.empty() ? "not a code of the value set " + type.value_set
                                       : "did you mean " + near + "?");
        }
    }
    return true;
}

std::optional<Target> Resolver::resolve(std::string_view rest, const RecordType& type) {
    const auto bracket = rest.find('[');
    Target out;
    out.path = path_;
    if (bracket == std::string_view::npos) {
        const auto field = type.find(rest);
        if (!field) return wrong(type, "");
        out.field = *field;
        out.type = &type.fields[*field];
        out.steps = std::move(steps_);
        return out;
    }
    const auto list = type.find(rest.substr(0, bracket));
    const auto close = rest.find(']', bracket);
    if (!list || close == std::string_view::npos || type.fields[*list].type != Type::List) {
        return wrong(type, "");
    }
    ListStep step;
    step.list = *list;
    const message::Field& field = type.fields[*list];
    if (!selector(rest.substr(bracket + 1, close - bracket - 1), field, step)) {
        return wrong(type, "an item is [0], [field='value'] or, in a set, [member]");
    }
    steps_.push_back(step);
    rest.remove_prefix(close + 1);
    if (rest.starts_with('/')) return resolve(rest.substr(1), *field.item);
    if (!rest.empty()) return wrong(type, "a path goes on with /");
    if (step.kind == ListStep::Kind::Index) return resolve(".", *field.item);
    out.field = *list;
    out.type = &field;
    out.membership = true;
    out.steps = std::move(steps_);
    return out;
}

}  // namespace

std::optional<Target> resolveTarget(std::string_view path, const RecordType& type,
                                    Direction direction, const message::Catalogue& catalogue,
                                    const RowPlace& at, Findings& findings) {
    auto target = Resolver(path, catalogue, at, findings).resolve(turned(path, direction), type);
    if (target) target->path = turned(path, direction);
    return target;
}

bool isOwnField(std::string_view path) {
    for (const std::string_view own : {"message/id", "message/senderId", "message/kind",
                                       "message/schema", "message/receivedAt", "case/id"}) {
        if (path == own) return true;
    }
    return false;
}

std::string_view typeName(message::Type type) {
    switch (type) {
        case Type::Text:
            return "text";
        case Type::Code:
            return "code";
        case Type::Date:
            return "date";
        case Type::Time:
            return "time";
        case Type::Decimal:
            return "decimal";
        case Type::Integer:
            return "integer";
        case Type::Boolean:
            return "boolean";
        case Type::Uuid:
            return "uuid";
        case Type::PersonId:
            return "person_id";
        case Type::OrgNumber:
            return "org_number";
        case Type::Municipality:
            return "municipality";
        case Type::Function:
            return "function";
        case Type::List:
            return "list";
    }
    return "";
}

}  // namespace stafett::mapping
