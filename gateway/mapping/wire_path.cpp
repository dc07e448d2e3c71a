#include "gateway/mapping/wire_path.h"

#include <algorithm>
#include <charconv>

namespace stafett::mapping {
namespace {

constexpr int kPredicateDepth = 8;

class Parser {
public:
    explicit Parser(std::string_view text) : text_(text) {}

    Result<WirePath> path(int depth, bool inside);
    bool done() const { return at_ >= text_.size(); }

private:
    static tl::unexpected<Error> wrong(const char* hint) {
        return tl::unexpected(
            Error(Code::CheckWirePath, Place{.path = {}, .file = {}, .row = {}, .hint = hint}));
    }
    char peek() const { return done() ? '\0' : text_[at_]; }
    bool take(std::string_view word) {
        if (text_.substr(at_, word.size()) != word) return false;
        at_ += word.size();
        return true;
    }
    Result<WireStep> step(int depth, bool inside);
    Result<std::string> quoted();
    Status name(WireStep& step, bool inside);
    Status predicate(WireStep& step, int depth);

    std::string_view text_;
    std::size_t at_ = 0;
};

Result<std::string> Parser::quoted() {
    std::string out;
    ++at_;
    while (!done()) {
        const char c = text_[at_++];
        if (c != '\'') {
            out += c;
        } else if (peek() == '\'') {
            out += '\'';
            ++at_;
        } else {
            return out;
        }
    }
    return wrong("a quote is not closed");
}

Status Parser::name(WireStep& step, bool inside) {
    if (peek() == '\'') {
        ST_TRY(step.name, quoted());
        if (step.name.empty()) return wrong("a step has no name");
        return {};
    }
    const std::size_t begin = at_;
    const std::string_view stops = inside ? "/[]=' " : "/[]='";
    while (!done() && stops.find(peek()) == std::string_view::npos) ++at_;
    step.name = text_.substr(begin, at_ - begin);
    if (const auto colon = step.name.find(':'); colon != std::string::npos) {
        step.prefix = step.name.substr(0, colon);
        step.name = step.name.substr(colon + 1);
        if (step.prefix.empty() || step.name.find(':') != std::string::npos) {
            return wrong("quote a name with a colon that is no prefix: 'a:b'");
        }
    }
    if (step.name.size() > 1 && step.name.ends_with('*') && step.name != "**") {
        step.name.pop_back();
        step.starts = true;
    }
    if (step.name.empty()) return wrong("a step has no name");
    if (step.name.find('*') != std::string::npos && step.name != "**") {
        return wrong("* may only end a name in keep and drop");
    }
    return {};
}

Status Parser::predicate(WireStep& step, int depth) {
    if (depth > kPredicateDepth) return wrong("predicates are nested too deep");
    if (peek() >= '0' && peek() <= '9') {
        const char* const end = text_.data() + text_.size();
        const auto [after, error] = std::from_chars(text_.data() + at_, end, step.index);
        if (error != std::errc() || step.index > 9999) return wrong("the index is too large");
        at_ = static_cast<std::size_t>(after - text_.data());
        step.pick = WireStep::Pick::Index;
    } else {
        step.pick = WireStep::Pick::Match;
        do {
            while (peek() == ' ') ++at_;
            WireTest test;
            ST_TRY(test.path, path(depth + 1, true));
            while (peek() == ' ') ++at_;
            if (!take("=")) return wrong("a predicate is path='literal'");
            while (peek() == ' ') ++at_;
            if (peek() != '\'') return wrong("the literal of a predicate stands in single quotes");
            ST_TRY(test.literal, quoted());
            step.tests.push_back(std::move(test));
            while (peek() == ' ') ++at_;
        } while (take("and "));
    }
    if (!take("]")) return wrong("a bracket is not closed");
    return {};
}

Result<WireStep> Parser::step(int depth, bool inside) {
    WireStep step;
    if (take("@")) step.attribute = true;
    ST_CHECK(name(step, inside));
    if (step.name == "**" && step.prefix.empty() && !step.attribute) step.below = true;
    if (take("[")) {
        if (step.attribute || step.below) return wrong("an attribute has no items");
        ST_CHECK(predicate(step, depth));
    }
    return step;
}

Result<WirePath> Parser::path(int depth, bool inside) {
    WirePath path;
    if (take("attr:")) {
        const std::size_t begin = at_;
        while (!done() && std::string_view("/[]=' ").find(peek()) == std::string_view::npos) ++at_;
        path.attribute = text_.substr(begin, at_ - begin);
        if (path.attribute.empty()) return wrong("attr: needs a name");
        return path;
    }
    const std::string_view ends = inside ? "= ]" : "";
    if (peek() == '.' &&
        (at_ + 1 == text_.size() || ends.find(text_[at_ + 1]) != std::string_view::npos)) {
        ++at_;
        return path;
    }
    do {
        if (path.steps.size() >= 32) return wrong("the path is too long");
        ST_TRY(WireStep step, this->step(depth, inside));
        if (!path.steps.empty() && path.steps.back().attribute) {
            return wrong("nothing lies below an attribute");
        }
        path.steps.push_back(std::move(step));
        if (!take("/")) break;
        if (done()) return wrong("a path does not end with /");
        if (text_.substr(at_) == ".") {
            ++at_;
            break;
        }
    } while (true);
    return path;
}

std::string quote(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        out += c;
        if (c == '\'') out += c;
    }
    return out + "'";
}

}  // namespace

Result<WirePath> parseWirePath(std::string_view text) {
    Parser parser(text);
    auto path = parser.path(0, false);
    if (path && !parser.done()) {
        path = tl::unexpected(
            Error(Code::CheckWirePath,
                  Place{.path = {}, .file = {}, .row = {}, .hint = "steps are parted by /"}));
    }
    if (!path) {
        Error error = std::move(path).error();
        error.place().path = std::string(text);
        return tl::unexpected(std::move(error));
    }
    return path;
}

std::string print(const WireStep& step) {
    std::string out = step.attribute ? "@" : "";
    if (!step.prefix.empty()) out += step.prefix + ":";
    const bool odd = !step.below &&
                     (step.name.find_first_of("/[]=': @") != std::string::npos || step.name == ".");
    out += odd ? quote(step.name) : step.name;
    if (step.starts) out += '*';
    if (step.pick == WireStep::Pick::Index) out += "[" + std::to_string(step.index) + "]";
    if (step.pick == WireStep::Pick::Match) {
        out += '[';
        for (const WireTest& test : step.tests) {
            if (&test != &step.tests.front()) out += " and ";
            out += print(test.path) + "=" + quote(test.literal);
        }
        out += ']';
    }
    return out;
}

std::string print(const WirePath& path) {
    if (path.outside()) return "attr:" + path.attribute;
    if (path.steps.empty()) return ".";
    std::string out;
    for (const WireStep& step : path.steps) {
        if (!out.empty()) out += '/';
        out += print(step);
    }
    return out;
}

}  // namespace stafett::mapping
