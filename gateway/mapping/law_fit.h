#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gateway/mapping/mapping.h"
#include "gateway/mapping/program.h"

namespace stafett::mapping {

/// Fits generated messages to a form: what its codecs, tables and limits cannot say is replaced or
/// left out, what it demands is filled in.
class LawFit {
public:
    LawFit(const Program& program, const message::Catalogue& catalogue);

    void fit(message::Message& message, std::uint64_t seed);
    /// A value for every setting the rows name.
    const Settings& settings() const { return settings_; }

private:
    void gather(const message::Record& record);
    void gatherSettings(const std::vector<Row>& rows);
    void block(const Block& block, message::Record& record);
    void rows(const std::vector<Row>& rows, message::Record& record);
    void row(const Row& row, message::Record& record);
    void choice(const Row& row, message::Record& record);
    void demand(const Row& row, message::Record& record);
    bool canSay(const Row& row, const message::Record& record);
    std::string made(const Row& row, std::string_view had);
    void put(message::Record& record, const Target& target, std::string_view text);
    std::string donor(const Target& target);
    std::uint64_t next();

    const Program& program_;
    std::map<const message::Field*, std::vector<std::string>> donors_;
    Settings settings_;
    message::Arena* arena_ = nullptr;
    std::uint64_t seed_ = 0;
};

}  // namespace stafett::mapping
