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
    /// The same, of what an agency was told.
    void hear(const std::string& agency, const std::string& name, std::string value);
    /// Empty when there is no such name.
    std::string get(const std::string& name) const;
    std::string fill(std::string text);
    /// Everything known that names a message or a case to this agency's machine: numbers of seven
    /// to nine digits, UUIDs, and the gateway's numbers of ten digits that this agency was told
    /// (each agency is told numbers of its own: another's may mean another case). What arrives
    /// with one of them belongs to whoever knows it.
    std::set<std::string> idsAt(const std::string& agency) const;

private:
    std::string valueOf(const std::string& name);

    std::function<Time()> now_;
    std::map<std::string, std::string> known_;
    std::map<std::string, std::string> heard_at_;  ///< name → the agency that was told
};

/// A number of nine digits that this process makes but once, so that no two of a rehearsal's cases
/// have the same. Any thread.
std::string newNumber();

/// Such numbers and UUIDs in a text, each once.
std::set<std::string> idsIn(std::string_view text);

}  // namespace stafett::app
