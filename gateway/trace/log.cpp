#include "gateway/trace/log.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "gateway/trace/json_text.h"

namespace stafett::trace {
namespace {

constexpr std::array<std::string_view, 4> kLevels = {"debug", "info", "warn", "error"};

std::string line(Level level, std::string_view event, const Fields& fields) {
    std::string out = R"({"at":")";
    out += timeTextMillis(SystemClock{}.now());
    out.append(R"(","level":")").append(kLevels.at(static_cast<std::size_t>(level)));
    out += R"(","event":)";
    appendJsonText(out, event);
    for (const Field& field : fields) {
        out.push_back(',');
        appendJsonText(out, field.name());
        out.push_back(':');
        if (field.bare()) {
            out += field.value();
        } else {
            appendJsonText(out, field.value());
        }
    }
    out += "}\n";
    return out;
}

/// One write(2) a line on a descriptor opened for appending: lines of several threads do not mix.
/// A log that cannot be written loses lines and stops nothing.
class DescriptorLog final : public Log {
public:
    enum class Closes : std::uint8_t { Never, AtEnd };
    DescriptorLog(int descriptor, Closes closes, Level least)
        : descriptor_(descriptor), closes_(closes), least_(least) {}
    DescriptorLog(const DescriptorLog&) = delete;
    DescriptorLog& operator=(const DescriptorLog&) = delete;
    ~DescriptorLog() override {
        if (closes_ == Closes::AtEnd) ::close(descriptor_);
    }

    void write(Level level, std::string_view event, const Fields& fields) override {
        if (level < least_) return;
        const std::string text = line(level, event, fields);
        std::string_view rest = text;
        while (!rest.empty()) {
            const ssize_t n = ::write(descriptor_, rest.data(), rest.size());
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) return;
            rest.remove_prefix(static_cast<std::size_t>(n));
        }
    }

private:
    int descriptor_;
    Closes closes_;
    Level least_;
};

class NoLog final : public Log {
public:
    void write(Level, std::string_view, const Fields&) override {}
};

}  // namespace

std::unique_ptr<Log> logToStandardError(Level least) {
    return std::make_unique<DescriptorLog>(STDERR_FILENO, DescriptorLog::Closes::Never, least);
}

std::unique_ptr<Log> logToFile(const std::string& path, Level least) {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    if (descriptor < 0) return nullptr;
    return std::make_unique<DescriptorLog>(descriptor, DescriptorLog::Closes::AtEnd, least);
}

std::unique_ptr<Log> noLog() { return std::make_unique<NoLog>(); }

}  // namespace stafett::trace
