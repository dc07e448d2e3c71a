#pragma once

#include <initializer_list>
#include <memory>
#include <string>

#include "gateway/trace/field.h"

namespace stafett::trace {

enum class Level : std::uint8_t { Debug, Info, Warn, Error };

/// The technical log: one JSON line an entry, to standard error or a file. Holds no personal data,
/// because a Field cannot. Many threads.
class Log {
public:
    virtual ~Log() = default;
    virtual void write(Level level, std::string_view event, const Fields& fields) = 0;

    template <std::size_t N>
    void info(const char (&event)[N], const Fields& fields = {}) {
        write(Level::Info, event, fields);
    }
    template <std::size_t N>
    void warn(const char (&event)[N], const Fields& fields = {}) {
        write(Level::Warn, event, fields);
    }
    template <std::size_t N>
    void error(const char (&event)[N], const Fields& fields = {}) {
        write(Level::Error, event, fields);
    }
};

std::unique_ptr<Log> logToStandardError(Level least);
std::unique_ptr<Log> logToFile(const std::string& path, Level least);
std::unique_ptr<Log> noLog();

}  // namespace stafett::trace
