#include "tests/bench/letters.h"

#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>

#include "gateway/base/clock.h"
#include "gateway/codec/write.h"
#include "gateway/message/dates.h"

namespace stafett::bench {
namespace {

const std::string kSource = STAFETT_SOURCE_DIR;
// Stand where an id will be written, exactly as long as it; the last three digits say which id.
constexpr std::string_view kUuidMark = "00000000-5afe-4000-8000-000000000";
constexpr std::string_view kIntMark = "7000005";
constexpr std::size_t kWhich = 3;

/// ${now} and the like are the same in all; ${uuid:NAME} and ${int:NAME} become marks.
class Filler {
public:
    Filler() {
        const Time now = SystemClock().now();
        names_ = {{"now", timeText(now)},
                  {"now_local", message::toStockholm(timeText(now))},
                  {"today", message::stockholmDate(now)}};
        for (const int days : {14, 30, 90, 180}) {
            names_["in_" + std::to_string(days) + "_days"] =
                message::stockholmDate(now + std::chrono::days(days));
        }
    }

    std::string fill(std::string text) {
        for (auto at = text.find("${"); at != std::string::npos; at = text.find("${", at)) {
            const auto end = text.find('}', at);
            const std::string name = text.substr(at + 2, end - at - 2);
            auto& value = names_[name];
            if (value.empty()) {
                char which[kWhich + 1];
                std::snprintf(which, sizeof which, "%03u", made_++ % 1000);
                value = std::string(name.starts_with("uuid:") ? kUuidMark : kIntMark) + which;
            }
            text.replace(at, end - at + 1, value);
            at += value.size();
        }
        return text;
    }

private:
    std::map<std::string, std::string> names_;
    unsigned made_ = 0;
};

}  // namespace

Result<Letter> Letter::load(const Source& source) {
    std::ifstream in(kSource + "/" + source.file, std::ios::binary);
    if (!in) return tl::make_unexpected(Error(Code::CliFile, Place{.file = source.file}));
    std::ostringstream read;
    read << in.rdbuf();
    Filler filler;
    std::string body = filler.fill(std::move(read).str());
    if (body.find("encoding=\"ISO-8859-1\"") != std::string::npos) {
        ST_TRY(body, codec::encodeXml(body, codec::Encoding::Latin1, codec::Unencodable::Refuse));
    }
    Letter letter;
    letter.dialect_ = source.dialect;
    letter.system_ = source.system;
    letter.bytes_ = "POST " + source.path + " HTTP/1.1\r\nHost: localhost\r\n";
    for (const auto& [name, value] : source.headers) {
        letter.bytes_ += name + ": " + filler.fill(value) + "\r\n";
    }
    letter.bytes_ += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    letter.body_size_ = body.size();
    for (const auto mark : {kUuidMark, kIntMark}) {
        for (auto at = letter.bytes_.find(mark); at != std::string::npos;
             at = letter.bytes_.find(mark, at + 1)) {
            letter.slots_.push_back({at, mark == kUuidMark});
        }
    }
    return letter;
}

std::string_view Letter::numbered(std::uint64_t number) {
    char digits[16];
    for (const Slot& slot : slots_) {
        // uuid NNNNNNNN-5afe-…: the number in front, in hex; int: seven digits of it.
        if (slot.uuid) {
            std::snprintf(digits, sizeof digits, "%08x", static_cast<unsigned>(number));
            std::memcpy(bytes_.data() + slot.at, digits, 8);
        } else {
            std::snprintf(digits, sizeof digits, "%07u",
                          static_cast<unsigned>(1'000'000 + number % 9'000'000));
            std::memcpy(bytes_.data() + slot.at, digits, 7);
        }
    }
    return bytes_;
}

Result<std::vector<Letter>> allLetters() {
    const Letter::Source sources[] = {
        {"employment_service",
         "af-system",
         "tests/bench/documents/avrop.json",
         "/v1/leverantorsavrop",
         {{"Content-Type", "application/json; charset=utf-8"},
          {"AF-TrackingId", "${uuid:tracking}"},
          {"AF-SystemId", "AIS"},
          {"AF-EndUserId", "*sys*"},
          {"AF-Environment", "T1"}}},
        {"social_insurance",
         "fk-system",
         "tests/bench/documents/remiss.xml",
         "/samverkan/v1",
         {{"Content-Type", "text/xml; charset=utf-8"},
          {"SOAPAction", "\"urn:example:fk:samverkan:remiss:1:Remiss\""}}},
        {"municipality",
         "kommun-system",
         "config/examples/single-node/documents/remiss.xml",
         "/arende",
         {{"Content-Type", "application/xml; charset=ISO-8859-1"}}},
        {"region",
         "region-system",
         "config/examples/single-node/documents/region-remiss.json",
         "/$process-message",
         {{"Content-Type", "application/fhir+json"}}},
    };
    std::vector<Letter> letters;
    for (const auto& source : sources) {
        ST_TRY(Letter letter, Letter::load(source));
        letters.push_back(std::move(letter));
    }
    return letters;
}

}  // namespace stafett::bench
