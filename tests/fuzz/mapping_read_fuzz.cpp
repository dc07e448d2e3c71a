#include <cstdlib>

#include "gateway/codec/read.h"
#include "gateway/mapping/library.h"
#include "gateway/message/schema.h"

using namespace stafett;

namespace {

const mapping::Library& library() {
    static const auto loaded = [] {
        static const auto catalogue = message::Catalogue::load("mappings/canonical");
        if (!catalogue) std::abort();
        return mapping::Library::load("mappings", *catalogue, {}, {.law_messages = 0});
    }();
    if (!loaded) std::abort();
    return *loaded;
}

}  // namespace

/// Any document read by every form of its format: read or refused, with what is kept within its
/// limit. What was read without a problem is written again, or refused with a reason.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    static constexpr codec::Encoding kAllowed[] = {codec::Encoding::Latin1};
    const auto document = bytes.starts_with('{')
                              ? codec::readJson(bytes, {})
                              : codec::readXml(bytes, {.limits = {}, .allowed = kAllowed});
    if (!document) return 0;
    for (const char* dialect :
         {"employment_service", "social_insurance", "municipality", "region"}) {
        for (const mapping::Form* form : library().forms(DialectId{dialect})) {
            if (form->format() != document->format()) continue;
            mapping::Attributes attributes;
            attributes.set("AF-TrackingId", "0198c1a2-0000-7000-8000-000000000001");
            mapping::Explanation explanation;
            mapping::ReadContext reading;
            reading.sender = PartyId{"2120000142"};
            reading.attributes = &attributes;
            reading.person.today = "2026-01-01";
            reading.explanation = size % 2 == 0 ? &explanation : nullptr;
            auto read = form->read(*document, reading);
            std::size_t kept = 0;
            for (const auto& [path, text] : read.residue.fields) kept += path.size() + text.size();
            if (kept > (64U << 10)) std::abort();
            if (!read.problems.empty() || !form->does(mapping::Direction::Write)) continue;
            read.message.set("message/id", "0198c1a2-0000-7000-8000-000000000001");
            mapping::WriteContext writing;
            writing.receiver = PartyId{"2021005521"};
            writing.residue = &read.residue;
            const auto written = form->write(read.message, writing);
            if (!written.problems.empty()) continue;
            const auto again =
                form->format() == codec::Format::Json
                    ? codec::readJson(written.document, {})
                    : codec::readXml(written.document, {.limits = {}, .allowed = kAllowed});
            if (!again) std::abort();
        }
    }
    return 0;
}
