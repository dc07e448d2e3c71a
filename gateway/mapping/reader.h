#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/codec/tree.h"
#include "gateway/mapping/program.h"

namespace stafett::mapping {

/// Reads one document by a program: one walk over its nodes fills the slots of the places and
/// finds what no row names (walk.cpp, anchors.cpp), then the rows run (read_rows.cpp).
class Reader {
public:
    Reader(const Program& program, const codec::Document& document, const ReadContext& context,
           ReadOutcome& out);
    void run();

private:
    struct Item {
        codec::NodeIndex node;
        std::uint32_t base;  ///< of its frame among the slots
        std::uint32_t next;  ///< the next item of the same list
    };
    /// What a thread keeps for its next document.
    struct Scratch {
        std::vector<std::uint32_t> slots;
        std::vector<Item> items;
    };
    /// An item of the list of anchored parts.
    struct Entry {
        codec::NodeIndex item = codec::kNoNode, body = codec::kNoNode;
        std::string_view url = {}, type = {}, id = {};
        bool used = false;
    };
    struct Value {
        std::string_view text = {};
        codec::NodeIndex node = codec::kNoNode;
        bool there = false;
        bool wrong = false;  ///< a problem has been told
    };
    enum class Came : std::uint8_t { Absent, Made, Failed };

    static Scratch& threadScratch();

    // --- the walk
    void walk(PlaceId place, codec::NodeIndex node, std::uint32_t base);
    void child(PlaceId parent, const PlaceKey& key, codec::NodeIndex node, std::uint32_t base);
    const PlaceKey* findKey(const WirePlace& place, const codec::Node& node,
                            std::size_t& guess) const;
    PlaceId pick(const PlaceKey& key, codec::NodeIndex node, std::uint32_t base);
    std::size_t ordinal(const PlaceKey& key, codec::NodeIndex node) const;
    bool matches(const PlaceTest& test, codec::NodeIndex node) const;
    void take(PlaceId place, codec::NodeIndex node, std::uint32_t base);
    void descend(PlaceId place, codec::NodeIndex node, std::uint32_t base);
    void unknown(PlaceId parent, codec::NodeIndex node);
    void unknownText(PlaceId place, codec::NodeIndex node);
    const WildPlace* wildFor(PlaceId parent, const codec::Node& node) const;
    void cover(bool kept, codec::NodeIndex node, PlaceId parent, const Reason& because,
               const RowPlace& at);
    void keepBelow(codec::NodeIndex node, std::string path);
    std::string residuePath(PlaceId parent, codec::NodeIndex node) const;
    std::string namedStep(const codec::Node& node) const;

    // --- anchored parts
    void readAnchors();
    void gatherEntries(codec::NodeIndex list);
    void name(Entry& entry) const;
    void followRefs(std::size_t part);  ///< 0 = the document, then the anchored parts
    void follow(const Row& row, codec::NodeIndex from_body);
    std::uint32_t findEntry(std::string_view reference, codec::NodeIndex from_body,
                            const std::string& type);
    void refuseOrphans();

    // --- the rows
    void runBlock(const Block& block, message::Record& record, std::uint32_t base);
    void runRows(const std::vector<Row>& rows, message::Record& record, std::uint32_t base);
    bool isGuardWrong(const Row& row, std::uint32_t base) const;
    std::size_t linesTold() const;
    void nameItem(std::size_t first, const std::string& list, std::size_t index);
    void tellSkipped(const std::vector<Row>& rows, std::uint32_t base);
    bool isTyped(codec::NodeIndex node, JsonType type) const;
    PlaceId oddPart(const Row& row, const Texts& wire) const;
    void runFirst(const Row& row, message::Record& record, std::uint32_t base);
    void relation(const Row& row, message::Record& record, std::uint32_t base);
    void also(const Row& row, message::Record& record, std::uint32_t base);
    void constant(const Row& row, std::uint32_t base);
    void presence(const Row& row, const message::Record& record, std::uint32_t base);
    void setting(const Row& row, std::uint32_t base);
    void outside(const Row& row, message::Record& record);
    void each(const Row& row, message::Record& record, std::uint32_t base);
    void oneOf(const Row& row, message::Record& record, std::uint32_t base);
    bool sameItem(const Row& row, const message::Record& a, const message::Record& b) const;
    void refuseTwins(const Row& row, const std::vector<message::Record>& items,
                     const std::vector<std::uint32_t>& nodes);
    void requireFields(const Block& block, const message::Record& record, std::uint32_t base);
    bool guardsHold(const Row& row, std::uint32_t base);
    bool isThere(PlaceId place, std::uint32_t base) const;

    // --- values
    Value valueOf(PlaceId place, std::uint32_t base, bool exact_text);
    Value wordsOf(codec::NodeIndex node);
    Came convert(const Row& row, std::uint32_t base, Texts& wire, Texts& canonical,
                 codec::NodeIndex& node);
    Came convertByCodec(const Row& row, const Texts& wire, Texts& canonical, codec::NodeIndex node);
    Came convertByTable(const Row& row, std::uint32_t base, const Texts& wire, Texts& canonical,
                        codec::NodeIndex node);
    void judgeNumber(const Row& row, const Texts& wire, codec::NodeIndex node);
    bool agrees(const Row& row, std::string_view first, const Texts& wire,
                const Texts& canonical) const;
    void set(message::Record& record, const Target& target, std::string_view text);
    std::string_view get(const message::Record& record, const Target& target) const;
    std::string_view keep(std::string_view text) { return out_.message.arena().keep(text); }
    void gatherContent();
    void gatherFrame(std::uint32_t frame, std::uint32_t base, std::string& into);

    // --- telling
    void problem(Code code, codec::NodeIndex node, const Row* row, PlaceId place = kNoPlace);
    void warn(Code code, codec::NodeIndex node, const Row& row);
    void missing(const Row& row, std::uint32_t base, Code code = Code::MapMissing);
    Place where(codec::NodeIndex node) const;
    void explain(std::string from, const std::string& to, const Row& row, std::string note = {});

    const Program& program_;
    const Places& places_;
    const codec::Document& document_;
    const ReadContext& context_;
    ReadOutcome& out_;
    Scratch& scratch_;
    std::vector<std::uint32_t>& slots_;
    std::vector<Item>& items_;
    std::array<std::uint16_t, 16> space_of_{};  ///< the form's namespaces as the document's
    bool xml_;
    std::vector<Entry> entries_;
    std::vector<std::uint32_t> entry_of_;  ///< per anchor
    std::vector<codec::NodeIndex> contained_, contained_lists_;
    codec::NodeIndex entry_list_ = codec::kNoNode;
    std::vector<message::FieldIndex> failed_;  ///< fields of the block at hand that a problem names
    std::size_t kept_size_ = 0;
};

}  // namespace stafett::mapping
