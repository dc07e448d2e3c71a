#include "gateway/message/identifiers.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace stafett;
using namespace stafett::message;

namespace {

const PersonRules kRules{.today = "2026-01-01"};
const PersonRules kInterim{.interim = true, .today = "2026-01-01"};

std::string read(std::string_view written, const PersonRules& rules = kRules) {
    const auto number = readPersonNumber(written, rules);
    return number ? *number : std::string(number.error().info().id);
}
std::string readOrg(std::string_view written) {
    const auto number = readOrgNumber(written);
    return number ? *number : std::string(number.error().info().id);
}

/// The public test numbers; nothing where they are not at hand.
std::optional<nlohmann::json> list(const std::string& name) {
    const char* const given = std::getenv("STAFETT_DATA");
    const std::filesystem::path folder =
        given != nullptr ? std::filesystem::path(given)
                         : std::filesystem::path(STAFETT_SOURCE_DIR) / "../shared/data";
    std::ifstream file(folder / "personnummer" / name);
    if (!file) return std::nullopt;
    return nlohmann::json::parse(file);
}

/// Twelve digits of a written form, for the kind and value that is expected.
std::string expected(const nlohmann::json& entry) {
    const std::string type = entry["type"];
    const std::string kind = type == "con"       ? "samordning:"
                             : type == "interim" ? "interim:"
                                                 : "pnr:";
    return kind + entry["long_format"].get<std::string>();
}

}  // namespace

TEST(PersonNumbers, AreJudgedAsThePublicListSaysInEveryWrittenForm) {
    const auto entries = list("list.json");
    if (!entries) GTEST_SKIP() << "STAFETT_DATA is not set";
    ASSERT_GE(entries->size(), 14U);
    for (const auto& entry : *entries) {
        for (const char* form :
             {"long_format", "short_format", "separated_format", "separated_long"}) {
            const std::string written = entry[form];
            const bool short_form = std::string(form) == "short_format";
            const std::string judged = read(written);
            if (!entry["valid"].get<bool>()) {
                EXPECT_EQ(judged, "ST-PER-001") << written;
            } else if (short_form && entry["separated_format"].get<std::string>().find('+') !=
                                         std::string::npos) {
                EXPECT_EQ(judged.substr(0, 3), "pnr")
                    << written;  // ten digits cannot say the century
            } else {
                EXPECT_EQ(judged, expected(entry)) << written;
            }
        }
    }
}

TEST(PersonNumbers, OfInterimKindAreRefusedUnlessSwitchedOn) {
    const auto entries = list("interim.json");
    if (!entries) GTEST_SKIP() << "STAFETT_DATA is not set";
    for (const auto& entry : *entries) {
        for (const char* form :
             {"long_format", "short_format", "separated_format", "separated_long"}) {
            const std::string written = entry[form];
            const bool valid = entry["valid"];
            EXPECT_EQ(read(written), valid ? "ST-PER-002" : "ST-PER-001") << written;
            EXPECT_EQ(read(written, kInterim), valid ? expected(entry) : "ST-PER-001") << written;
        }
    }
}

TEST(OrgNumbers, OfThePublicListAreGoodAndNoPersonNumbers) {
    const auto entries = list("orgnumber.json");
    if (!entries) GTEST_SKIP() << "STAFETT_DATA is not set";
    for (const auto& entry : *entries) {
        for (const char* form : {"short_format", "separated_format"}) {
            const std::string written = entry[form];
            EXPECT_EQ(readOrg(written), entry["short_format"].get<std::string>()) << written;
            EXPECT_EQ(read(written).substr(0, 3) == "pnr", entry["valid"].get<bool>()) << written;
        }
    }
}

TEST(PersonNumbers, OfTheOfficialTestSetAreGood) {
    for (const char* number : {"191212121212", "197407029284", "195009072553", "196101182803",
                               "199002222397", "200302022389", "200001252386", "199910103028"}) {
        EXPECT_EQ(read(number), std::string("pnr:") + number);
    }
    EXPECT_EQ(read("196109732393"), "samordning:196109732393");
}

TEST(PersonNumbers, TakeTheNewestCenturyThatIsNotInTheFuture) {
    EXPECT_EQ(read("121212-1212"), "pnr:201212121212");
    EXPECT_EQ(read("121212+1212"), "pnr:191212121212");
    EXPECT_EQ(read("1212121212"), "pnr:201212121212");
    EXPECT_EQ(read("19121212+1212"), "pnr:191212121212");
    EXPECT_EQ(read("19121212-1212"), "pnr:191212121212");
    const PersonRules before{.today = "2012-12-11"};
    EXPECT_EQ(read("121212-1212", before), "pnr:191212121212");
    EXPECT_EQ(read("121212+1212", before), "pnr:191212121212");  // the year of turning 100
    EXPECT_EQ(read("20121212+1212"), "ST-PER-001");
    EXPECT_EQ(read("990101-0018"), "pnr:199901010018");
    EXPECT_EQ(read("209901010018"), "ST-PER-001");
}

TEST(PersonNumbers, ThatAreWrongAreRefused) {
    for (const char* number :
         {"", "1912121212", "191212121213", "191213121212", "191212321212", "190002291212",
          "19121212 1212", "19121212--1212", "1912-12121212", "19121212121", "1912121212123",
          "19121212121２", "191212120001", "209912121211", "19121212a212", "19121212-12I2",
          "+912121212", "199001011234", "197012126821"}) {
        EXPECT_EQ(read(number).substr(0, 6), "ST-PER") << number;
    }
}

TEST(PersonNumbers, WithAWrongCheckDigitPassInTestEnvironmentsOnly) {
    const PersonRules lenient{.check_digits = false, .today = "2026-01-01"};
    EXPECT_EQ(read("199001011234", lenient), "pnr:199001011234");
    EXPECT_EQ(read("199013011234", lenient), "ST-PER-001");
}

TEST(ReserveNumbers, AreTakenWholeUnlessSwitchedOff) {
    const PersonRules off{.reserve = false, .today = "2026-01-01"};
    for (const char* number : {"98240301AA06", "20210325K069", "991985123456", "198504401236"}) {
        EXPECT_EQ(read(number), std::string("reserv:") + number);
        EXPECT_EQ(read(number, off), "ST-PER-002") << number;
    }
    EXPECT_EQ(read("20210325K067"), "ST-PER-001");
    EXPECT_EQ(read("9824030aAA06"), "ST-PER-001");
}

TEST(OrgNumbers, AreReadInFourSpellings) {
    for (const char* written :
         {"2021005521", "202100-5521", "162021005521", "SE2021005521", "SE202100552101"}) {
        EXPECT_EQ(readOrg(written), "2021005521") << written;
    }
    for (const char* number :
         {"2021005521", "2021006255", "5565594230", "2321000016", "2321000131", "2021002114",
          "2120000142", "2120000084", "2120001124", "2321000255"}) {
        EXPECT_EQ(readOrg(number), number);
    }
}

TEST(OrgNumbers, ThatAreWrongAreRefused) {
    for (const char* written : {"", "2021005522", "202100552", "20210055211", "20210-05521",
                                "172021005521", "SE20210055210", "SE202100552102", "se2021005521",
                                "1212121212", "0021005521", "202100 5521", "2021005521 "}) {
        EXPECT_EQ(readOrg(written), "ST-PER-003") << written;
    }
}

TEST(HsaIds, FollowTheRule) {
    for (const char* id :
         {"SE2321000016-1", "SE165565594230-1000", "SE2321000016-abcXYZ0123456789"}) {
        EXPECT_TRUE(isHsaId(id)) << id;
    }
    EXPECT_TRUE(isHsaId("SE2321000016-" + std::string(18, 'A')));
    EXPECT_FALSE(isHsaId("SE2321000016-" + std::string(19, 'A')));
    for (const char* id : {"", "SE2321000016-", "SE2321000016", "SE232100001-1", "SE172321000016-1",
                           "SE2321000016-å", "SE2321000016-a@b", "se2321000016-1",
                           "TSTNMT2321000156-1077", "SE23210000160-1"}) {
        EXPECT_FALSE(isHsaId(id)) << id;
    }
}

TEST(MunicipalityCodes, BelongToACountyThatExists) {
    for (const char* code : {"0136", "0180", "1280", "1380", "2584", "0980"})
        EXPECT_TRUE(isMunicipalityCode(code)) << code;
    for (const char* code : {"", "0", "180", "00180", "0280", "1180", "1580", "1680", "2680",
                             "0100", "018a", "3 01", " 180"}) {
        EXPECT_FALSE(isMunicipalityCode(code)) << code;
    }
}

TEST(Luhn, CountsTheLastTenAndLettersAsOne) {
    EXPECT_TRUE(luhnHolds("1212121212"));
    EXPECT_TRUE(luhnHolds("191212121212"));
    EXPECT_TRUE(luhnHolds("000101T220"));
    EXPECT_FALSE(luhnHolds("1212121213"));
}
