#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/mapping/compile.h"
#include "gateway/mapping/place_builder.h"

namespace stafett::mapping {

/// Compiles the rows of one source, block by block.
class RowCompiler {
public:
    RowCompiler(const Source& source, const message::Catalogue& catalogue, Compiled& out,
                Findings& findings);
    void run();

private:
    /// Where a row stands.
    struct Scope {
        Block* block = nullptr;
        PlaceId place = 0;         ///< wire paths begin here
        PlaceId group = kNoPlace;  ///< the group it is written with
        Branch branch = {};
        std::vector<std::shared_ptr<const Guard>> guards = {};
        bool reads = true, writes = true;
        BlockFacts* facts = nullptr;
    };
    using Rows = std::vector<Row>;

    void rows(const std::vector<SourceRow>& source, const Scope& scope, Rows& out);
    void row(const SourceRow& source, const Scope& scope, Rows& out);
    std::optional<Row> start(const SourceRow& source, const Scope& scope);

    void relation(const SourceRow& source, const Scope& scope, Rows& out);
    bool targets(const SourceRow& source, const Scope& scope, Row& row);
    bool codec(const SourceRow& source, const Scope& scope, Row& row);
    bool table(const SourceRow& source, const Scope& scope, Row& row);
    bool wireParts(const SourceRow& source, const Scope& scope, Row& row,
                   const std::vector<std::string>& parts);
    void limits(const SourceRow& source, Row& row);
    void constant(const SourceRow& source, const Scope& scope, Rows& out);
    void presence(const SourceRow& source, const Scope& scope, Rows& out);
    void reference(const SourceRow& source, const Scope& scope, Rows& out);
    void outside(const SourceRow& source, const Scope& scope, Rows& out);
    void fromOutside(const SourceRow& source, const Scope& scope, Rows& out);
    void display(const SourceRow& source, const Scope& scope, Rows& out);
    void group(const SourceRow& source, const Scope& scope, Rows& out);
    void each(const SourceRow& source, const Scope& scope, Rows& out);
    void oneOf(const SourceRow& source, const Scope& scope, Rows& out);
    void demanded(const Scope& scope, const SourceRow& source, Rows& out);

    bool guard(const SourceRow& source, Scope& scope);
    std::optional<Target> target(const std::string& path, const Scope& scope, Direction direction,
                                 const RowPlace& at);
    std::optional<Target> display(const std::string& path, const Scope& scope,
                                  const SourceRow& source, Row& row);
    PlaceId single(const SourceRow& source, const Scope& scope, Row& row);
    void markValue(PlaceId place, JsonType json, Shape shape, bool transport);
    void writes(PlaceId place, const SourceRow& source, const Scope& scope);
    void makes(const Target& target, const SourceRow& source, const Scope& scope);
    void carries(const Target& target, const Scope& scope);
    std::shared_ptr<const Table> findTable(const SourceRow& source);
    void linkAlso(Rows& rows, const Rows& all);
    void linkAlso(Block& block);
    void rank(Block& block);
    void rank(Rows& rows, Block& block);
    void listContent();
    void listRefs(const std::vector<Row>& rows);

    const Source& source_;
    const message::Catalogue& catalogue_;
    Compiled& out_;
    Program& program_;
    Places& places_;
    Findings& findings_;
    PlaceBuilder builder_;
};

}  // namespace stafett::mapping
