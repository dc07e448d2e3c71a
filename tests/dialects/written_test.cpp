// Whatever is written to the two XML dialects is a document they can read: the Social Insurance
// Agency's by its own schemas, a municipality's in its own encoding. Tried on made-up messages with
// awkward texts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

#include "gateway/mapping/library.h"
#include "gateway/message/sample.h"
#include "support.h"

namespace stafett::dialects {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr std::uint64_t kMessages = 60;  // of each kind

const mapping::Library& library() {
    static const auto loaded =
        mapping::Library::load(fs::path(STAFETT_SOURCE_DIR) / "mappings", catalogue(),
                               {DialectId{"social_insurance"}, DialectId{"municipality"}},
                               {.law_messages = 0, .proofs = {}});
    if (!loaded) {
        for (const auto& problem : loaded.error()) {
            ADD_FAILURE() << describe(problem, Language::English);
        }
        std::abort();
    }
    return *loaded;
}

/// The requests that deliver made-up messages of this form; those that the dialect cannot say are
/// left out, and counted.
struct Deliveries {
    std::vector<plugin::WireMessage> requests;
    std::size_t refused = 0;
};

Deliveries deliveriesOf(std::string_view dialect, std::string_view form_name) {
    const auto& adapter = adapterOf(dialect);
    const FormId form_id{std::string(form_name)};
    const auto* const form = library().find(adapter.dialect(), form_id);
    Deliveries made;
    if (form == nullptr) {
        ADD_FAILURE() << "no form " << form_name;
        return made;
    }
    const auto& schemas = catalogue().schemas();
    const auto schema = *std::find_if(schemas.begin(), schemas.end(), [&](const auto& one) {
        return one->kind == form->schema().kind;
    });
    const mapping::Settings settings = {{"handlaggare", "Samordning & <stöd>"}};
    for (std::uint64_t seed = 1; seed <= kMessages; ++seed) {
        auto message = message::sample(schema, catalogue(), seed);
        if (seed % 2 == 0 && !message.text("certificate/ref").empty()) {
            message.set("certificate/ref", "SE2321000115-1001/b1e5d1d0");
        }
        if (!form->aliasForm().empty()) message.set("case/receiver", std::to_string(1000 + seed));
        mapping::WriteContext context;
        context.receiver = PartyId{dialect == "municipality" ? "2120001124" : "2021005521"};
        context.gateway = PartyId{"5565594230"};
        context.settings = &settings;
        const auto written = form->write(message, context);
        if (!written.problems.empty()) {
            ++made.refused;
            continue;
        }
        auto request = adapter.encode(form_id, written.document, written.attributes, settings);
        if (request) {
            made.requests.push_back(std::move(*request));
        } else {
            ADD_FAILURE() << describe(request.error(), Language::English);
        }
    }
    return made;
}

std::string headerOf(const plugin::WireMessage& request, std::string_view name) {
    for (const auto& [known, value] : request.headers) {
        if (known == name) return value;
    }
    return {};
}

/// As it is sent: a content in the place of each mark.
std::string withContents(const std::string& body) {
    static const std::regex kMark("stafett-content:[0-9a-f]*");
    return std::regex_replace(body, kMark, "JVBERi0xLjc=");
}

class WrittenToSocialInsurance : public ::testing::TestWithParam<const char*> {};

TEST_P(WrittenToSocialInsurance, IsValidByItsSchema) {
    const auto made = deliveriesOf("social_insurance", GetParam());
    EXPECT_LT(made.refused, kMessages / 2) << "most messages can be said";
    for (const auto& request : made.requests) {
        ASSERT_EQ(judgeEnvelope(withContents(request.body)), "");
        EXPECT_EQ(request.method, "POST");
        EXPECT_EQ(request.path, "/samverkan/v1");
        EXPECT_THAT(headerOf(request, "SOAPAction"),
                    HasSubstr("urn:example:fk:samverkan:" + std::string(GetParam()) + ":1:"));
        EXPECT_THAT(request.body, HasSubstr(">2021005521</LogicalAddress>"));
    }
}

INSTANTIATE_TEST_SUITE_P(Forms, WrittenToSocialInsurance,
                         ::testing::Values("remiss", "overlamning", "svar", "notis", "planering",
                                           "kartlaggning", "stegforflyttning", "avvikelse",
                                           "samtycke", "avslut", "aterkallelse", "paminnelse",
                                           "handlaggarbyte"),
                         [](const auto& one) { return std::string(one.param); });

class WrittenToMunicipality : public ::testing::TestWithParam<const char*> {};

TEST_P(WrittenToMunicipality, IsReadInItsOwnEncodingAsItsOwnForm) {
    const auto made = deliveriesOf("municipality", GetParam());
    EXPECT_LT(made.refused, kMessages / 2) << "most messages can be said";
    for (const auto& request : made.requests) {
        EXPECT_EQ(headerOf(request, "Content-Type"), "application/xml; charset=ISO-8859-1");
        EXPECT_TRUE(request.body.starts_with("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>"));
        const auto read = adapterOf("municipality")
                              .decode({.method = request.method,
                                       .path = request.path,
                                       .query = {},
                                       .headers = &request.headers,
                                       .body = request.body});
        ASSERT_TRUE(read) << describe(read.error(), Language::English);
        EXPECT_EQ(read->form.value, GetParam());
    }
}

INSTANTIATE_TEST_SUITE_P(Forms, WrittenToMunicipality,
                         ::testing::Values("remiss", "overlamning", "svar", "notis"),
                         [](const auto& one) { return std::string(one.param); });

}  // namespace
}  // namespace stafett::dialects
