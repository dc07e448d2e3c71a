#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/ids.h"
#include "gateway/mapping/program.h"
#include "gateway/mapping/residue.h"
#include "gateway/mapping/sink.h"
#include "gateway/message/item_place.h"

namespace stafett::mapping {

/// Writes one message by a program: the rows fill the slots of the places (write_rows.cpp,
/// write_values.cpp), then the trie is printed into one string (write_print.cpp).
class Writer {
public:
    Writer(const Program& program, const message::Message& message, const WriteContext& context,
           WriteOutcome& out);
    void run();

private:
    struct Slot {
        std::string_view text = {};
        std::uint32_t first = 0xFFFFFFFF;  ///< a list: its first item
        bool live = false;                 ///< it, or something below it, is written
        bool filled = false;
    };
    struct Item {
        std::uint32_t base;
        std::uint32_t next;
    };
    struct Scratch {
        std::vector<Slot> slots;
        std::vector<Item> items;
        Sink sink;
    };
    /// A field that a guard or a choice has left out: a loss unless another row wrote it.
    struct LeftOut {
        const message::Record* record;
        const Row* row;
        std::string path;
    };
    static Scratch& threadScratch();

    // --- the rows
    void runBlock(const Block& block, const message::Record& record, std::uint32_t base,
                  const message::ItemPlace& in);
    void runStrong(const std::vector<Row>& rows, const message::Record& record, std::uint32_t base,
                   const message::ItemPlace& in);
    void runWeak(const std::vector<Row>& rows, const message::Record& record, std::uint32_t base,
                 const message::ItemPlace& in);
    void raiseReached();
    void runDemanded(const std::vector<Row>& rows, std::uint32_t base);
    void convert(const Row& row, const message::Record& record, std::uint32_t base,
                 const message::ItemPlace& in);
    void byCodec(const Row& row, const Texts& canonical, std::uint32_t base,
                 const message::ItemPlace& in);
    void byTable(const Row& row, std::string_view code, std::uint32_t base,
                 const message::ItemPlace& in);
    void judgeNumber(const Row& row, const Texts& wire, std::uint32_t base);
    bool limitLength(const Row& row, std::string_view& text, const message::ItemPlace& in,
                     std::string_view canonical);
    void each(const Row& row, const message::Record& record, std::uint32_t base,
              const message::ItemPlace& in);
    void presence(const Row& row, const message::Record& record, std::uint32_t base, bool weak);
    void display(const Row& row, const message::Record& record, std::uint32_t base);
    void weak(const Row& row, const message::Record& record, std::uint32_t base,
              const message::ItemPlace& in);
    void reference(const Row& row, std::uint32_t base);
    std::string_view outsideValue(const Row& row);
    const std::vector<Row>* chosen(const Row& row, const message::Record& record) const;
    bool guardsHold(const Row& row, const message::Record& record) const;
    void tellLeftOut(const std::vector<Row>& rows, const message::Record& record,
                     const message::ItemPlace& in);
    void required(const Row& row, std::uint32_t base);
    void tellLosses(const Block& block, const message::Record& record,
                    const message::ItemPlace& in);

    // --- slots
    std::string_view get(const message::Record& record, const Target& target) const;
    void put(PlaceId place, std::uint32_t base, std::string_view text);
    void raise(PlaceId place, std::uint32_t base);
    bool isLive(PlaceId place, std::uint32_t base) const;
    std::string_view keep(std::string_view text) { return arena_.keep(text); }
    std::string pathOf(PlaceId place) const { return places_.pathOf(place); }
    std::string_view urlOf(std::size_t anchor);

    // --- printing
    void print();
    std::string unencodablePath() const;
    void printXml(const PlaceKey& key, PlaceId place, std::uint32_t base,
                  const ResidueTree::Node* extra);
    void printXmlInside(PlaceId place, std::uint32_t base, const ResidueTree::Node* extra,
                        std::string_view close);
    void printJsonObject(PlaceId place, std::uint32_t base, const ResidueTree::Node* extra,
                         std::string_view head);
    void printJsonValue(PlaceId place, std::uint32_t base, const ResidueTree::Node* extra);
    bool isPrinted(const PlaceKey& key, std::uint32_t base, const ResidueTree::Node* extra) const;
    void printJsonMember(const PlaceKey& key, std::uint32_t base, const ResidueTree::Node* extra);
    void printJsonList(const PlaceKey& key, std::uint32_t base, const ResidueTree::Node* extra);
    void printAnchors(const PlaceKey& key, const ResidueTree::Node* extra);
    void printExtra(const ResidueTree::Node& extra, const WirePlace* place);
    void printExtraXml(const ResidueTree::Node& extra);
    void printExtraJson(const ResidueTree::Node& extra);
    std::string_view prefixOf(const PlaceKey& key) const { return places_.prefixes[key.space]; }

    // --- telling
    void problem(Code code, const Row& row, PlaceId place, std::uint32_t base);
    void cannotLose(const std::string& canonical, const std::string& brief);
    void loss(Code code, std::string canonical, std::string wire, const Reason& because);
    void explain(std::string from, PlaceId to, const Row& row, std::string note = {});

    const Program& program_;
    const Places& places_;
    const message::Message& message_;
    const WriteContext& context_;
    WriteOutcome& out_;
    Scratch& scratch_;
    std::vector<Slot>& slots_;
    std::vector<Item>& items_;
    Sink& sink_;
    message::Arena arena_;
    std::optional<Uuid> own_id_;
    message::PersonRules persons_;
    std::vector<std::string_view> urls_;
    std::vector<LeftOut> left_out_;
    std::vector<std::pair<const message::Record*, message::FieldIndex>> written_;
    const ResidueTree* residue_ = nullptr;
    bool xml_;
};

}  // namespace stafett::mapping
