#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>

#include "gateway/base/clock.h"

namespace stafett::app {

/// What ${…} stands for in a script and its documents: what was remembered, ids made once a name,
/// and days by the gateway's clock. One thread.
class Names {
public:
    explicit Names(std::function<Time()> now) : now_(std::move(now)) {}

    void set(const std::string& name, std::string value) { known_[name] = std::move(value); }
    /// Empty when there is no such name.
    std::string get(const std::string& name) const;
    std::string fill(std::string text);
    /// Everything known that names a message or a case to a machine: numbers of seven to nine
    /// digits, the gateway's own of ten, and UUIDs. What arrives with one of them belongs to
    /// whoever knows it.
    std::set<std::string> ids() const;

private:
    std::string valueOf(const std::string& name);

    std::function<Time()> now_;
    std::map<std::string, std::string> known_;
};

/// Such numbers and UUIDs in a text, each once.
std::set<std::string> idsIn(std::string_view text);

}  // namespace stafett::app
