#include "gateway/codec/content_scan.h"

#include <algorithm>

#include "gateway/codec/encoding.h"

namespace stafett::codec {
namespace {

constexpr std::size_t kDeepest = 256;  ///< far below what the strict reader takes
constexpr std::size_t kMostContents = 1000;
constexpr auto kNowhere = std::string_view::npos;

/// The names that are open, and whether they lead to a place.
class Path {
public:
    explicit Path(std::span<const ContentPlace> places) {
        for (const auto& place : places) {
            auto& steps = places_.emplace_back();
            for (const auto& step : place) steps.push_back(spellings(step));
        }
    }
    bool enter(std::string_view name) {
        if (open_.size() == kDeepest) return false;
        open_.push_back(name);
        return true;
    }
    bool leave() {
        if (open_.empty()) return false;
        open_.pop_back();
        return true;
    }
    bool isPlace() const {
        return std::any_of(places_.begin(), places_.end(), [&](const Steps& steps) {
            return !steps.empty() && steps.size() <= open_.size() &&
                   std::equal(steps.rbegin(), steps.rend(), open_.rbegin(),
                              [](const std::vector<std::string>& step, std::string_view name) {
                                  return std::find(step.begin(), step.end(), name) != step.end();
                              });
        });
    }

private:
    using Steps = std::vector<std::vector<std::string>>;
    std::vector<Steps> places_;
    std::vector<std::string_view> open_;
};

std::string_view localName(std::string_view name) {
    const auto colon = name.find(':');
    return colon == kNowhere ? name : name.substr(colon + 1);
}

}  // namespace

std::size_t endOfTag(std::string_view body, std::size_t at) {
    char quote = 0;
    for (; at < body.size(); ++at) {
        const char c = body[at];
        if (quote != 0) {
            if (c == quote) quote = 0;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '>') {
            return at + 1;
        }
    }
    return kNowhere;
}

namespace {

/// Behind a comment, a CDATA section or an instruction that begins at `at`; nowhere for anything
/// else.
std::size_t endOfOther(std::string_view body, std::size_t at) {
    const auto behind = [&](std::string_view begin, std::string_view end) {
        const auto found = body.find(end, at + begin.size());
        return found == kNowhere ? kNowhere : found + end.size();
    };
    const auto rest = body.substr(at);
    if (rest.starts_with("<!--")) return behind("<!--", "-->");
    if (rest.starts_with("<![CDATA[")) return behind("<![CDATA[", "]]>");
    if (rest.starts_with("<?")) return behind("<?", "?>");
    return kNowhere;
}

// --- JSON

/// The quote that ends a string whose first character is at `at`.
std::size_t endOfString(std::string_view body, std::size_t at) {
    while (true) {
        const auto quote = body.find('"', at);
        if (quote == kNowhere) return kNowhere;
        std::size_t slashes = 0;
        while (slashes < quote - at && body[quote - 1 - slashes] == '\\') ++slashes;
        if (slashes % 2 == 0) return quote;
        at = quote + 1;
    }
}

/// A JSON document as a row of brackets and strings; what else stands between says nothing here.
class JsonScan {
public:
    JsonScan(std::string_view body, std::span<const ContentPlace> places)
        : body_(body), path_(places) {}

    std::vector<std::string_view> run() {
        while (at_ < body_.size() && found_.size() < kMostContents) {
            if (!token(body_[at_])) break;
        }
        return std::move(found_);
    }

private:
    bool token(char c) {
        switch (c) {
            case '{':
            case '[':
                if (levels_.size() == kDeepest) return false;
                levels_.push_back({c == '{', named_});
                named_ = false;
                break;
            case '}':
            case ']':
                if (levels_.empty() || levels_.back().object != (c == '}')) return false;
                if (named_ && !path_.leave()) return false;
                named_ = levels_.back().named;
                levels_.pop_back();
                break;
            case ',':
                if (named_ && inObject()) {
                    path_.leave();
                    named_ = false;
                }
                break;
            case '"':
                return string();
            default:
                break;
        }
        ++at_;
        return true;
    }

    bool string() {
        const auto begin = at_ + 1;
        const auto end = endOfString(body_, begin);
        if (end == kNowhere) return false;
        const auto text = body_.substr(begin, end - begin);
        at_ = end + 1;
        if (inObject() && !named_) {
            named_ = true;
            return path_.enter(text);
        }
        if (path_.isPlace()) found_.push_back(text);
        return true;
    }

    bool inObject() const { return !levels_.empty() && levels_.back().object; }

    struct Level {
        bool object;
        bool named;  ///< what it stands in had a name
    };
    std::string_view body_;
    Path path_;
    std::size_t at_ = 0;
    std::vector<Level> levels_;
    bool named_ = false;  ///< a member's name has been, its value is not over
    std::vector<std::string_view> found_;
};

}  // namespace

std::vector<std::string> spellings(const std::string& name) {
    std::vector<std::string> all = {name};
    std::string latin;
    for (std::size_t at = 0; at < name.size();) {
        const char32_t c = nextCharacter(name, at);
        if (c > 0xFF) return all;
        latin += static_cast<char>(c);
    }
    if (latin != name) all.push_back(std::move(latin));
    return all;
}

std::vector<std::string_view> scanXml(std::string_view body, std::span<const ContentPlace> places) {
    std::vector<std::string_view> found;
    Path path(places);
    std::size_t at = 0;
    while (found.size() < kMostContents) {
        at = body.find('<', at);
        if (at == kNowhere || at + 1 >= body.size()) break;
        const char next = body[at + 1];
        if (next == '!' || next == '?') {
            at = endOfOther(body, at);
            if (at == kNowhere) break;
            continue;
        }
        const auto end = endOfTag(body, at + 1);
        if (end == kNowhere) break;
        if (next == '/') {
            if (!path.leave()) break;
            at = end;
            continue;
        }
        const auto tag = body.substr(at + 1, end - at - 2);
        at = end;
        const bool closed = tag.ends_with('/');
        const auto name = tag.substr(0, tag.find_first_of(" \t\r\n/"));
        if (closed) continue;
        if (!path.enter(localName(name))) break;
        if (!path.isPlace()) continue;
        const auto close = body.find('<', at);
        if (close == kNowhere) break;
        found.push_back(body.substr(at, close - at));
        at = close;
    }
    return found;
}

std::vector<std::string_view> scanJson(std::string_view body,
                                       std::span<const ContentPlace> places) {
    return JsonScan(body, places).run();
}

}  // namespace stafett::codec
