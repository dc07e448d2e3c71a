#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gateway/mapping/compile.h"

namespace stafett::mapping {

/// A compiled form. Everything it has is fixed once it is made.
class CompiledForm final : public Form {
public:
    CompiledForm(const Source& source, Compiled compiled, std::string digest);

    const std::string& name() const override { return name_; }
    const std::string& dialect() const override { return dialect_; }
    const std::string& version() const override { return version_; }
    const std::string& digest() const override { return digest_; }
    const message::Schema& schema() const override { return *program_->schema; }
    codec::Format format() const override { return program_->format; }
    bool does(Direction direction) const override {
        return direction == Direction::Read ? reads_ : writes_;
    }
    const std::string& aliasForm() const override { return alias_form_; }
    const Contents& contents() const override { return contents_; }
    const std::vector<std::string>& cannotCarry() const override { return cannot_carry_; }
    ReadOutcome read(const codec::Document& document, const ReadContext& context) const override;
    WriteOutcome write(const message::Message& message, const WriteContext& context) const override;

    const Program& program() const { return *program_; }

private:
    std::string name_, dialect_, version_, digest_, alias_form_;
    bool reads_, writes_;
    Contents contents_;
    std::vector<std::string> cannot_carry_;
    std::unique_ptr<const Program> program_;
};

/// SHA-256 of all a form is made of: its files, tables, schema, value sets and this engine.
std::string formDigest(const Source& source, const Compiled& compiled,
                       const message::Catalogue& catalogue);

}  // namespace stafett::mapping
