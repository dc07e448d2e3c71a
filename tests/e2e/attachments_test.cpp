// R20: a medical certificate goes with a message, byte for byte, in each receiver's own form; or is
// fetched by who may.
#include <gmock/gmock.h>

#include "gateway/base/base64.h"
#include "gateway/base/sha256.h"
#include "tests/support/documents.h"
#include "tests/support/running_gateway.h"

namespace stafett::e2e {
namespace {

using support::claimsOf;
using support::documentRequest;
using support::Json;
using support::Names;
using support::RunningGateway;
using ::testing::HasSubstr;
using ::testing::Not;

/// A file that begins as a PDF does; no two bytes after each other are alike for long.
Bytes pdf(std::size_t size, std::uint64_t seed = 1) {
    Bytes bytes = "%PDF-1.7\n";
    bytes.reserve(size);
    for (std::uint64_t state = seed; bytes.size() < size;) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        bytes += static_cast<char>(state >> 56U);
    }
    return bytes;
}

std::string bilaga(const Bytes& content, const std::string& attributes = {}) {
    return "<Bilagor><Bilaga typ=\"application/pdf\"" + attributes +
           "><Namn>Läkarintyg.pdf</Namn><Data>" + base64(content) + "</Data></Bilaga></Bilagor>";
}

constexpr char kToFk[] = "202100-5521";
constexpr char kFkUnit[] = "<Enhet>fk-samordning-syd</Enhet>";

/// The municipality's referral with this before its end, to another receiver when one is named.
transport::HttpRequest referral(Names& names, const std::string& attachments,
                                const std::string& to = kToFk) {
    support::Changes changes = {{"</Ärende>", attachments + "</Ärende>"}};
    if (to != kToFk) {
        changes.emplace_back(kFkUnit, "");
        changes.emplace_back(kToFk, to);
    }
    return documentRequest("remiss.xml", names, changes);
}

std::string accepted(const transport::HttpResponse& answer) {
    EXPECT_EQ(answer.headers.get("Stafett-Outcome"), "accepted") << answer.body.substr(0, 2000);
    return answer.headers.has("Stafett-Receipt") ? claimsOf(answer).at("mid").get<std::string>()
                                                 : std::string();
}

/// What stands between two texts in the first document that holds both; empty when none comes.
std::string between(app::Agency& agency, const std::string& begin, const std::string& end) {
    std::string found;
    support::until([&] {
        for (const auto& arrival : agency.arrivals(0)) {
            const auto& body = arrival.request.body;
            const auto from = body.find(begin);
            const auto to = body.find(end, from == std::string::npos ? from : from + begin.size());
            if (to == std::string::npos) continue;
            found = body.substr(from + begin.size(), to - from - begin.size());
            return true;
        }
        return false;
    });
    return found;
}

TEST(Attachments, R20_AMedicalCertificateOfFiveMegabytesArrivesAtFkByteForByte) {
    RunningGateway gateway("attach-fk");
    auto& fk = gateway.agency("fk");
    const auto content = pdf(5'000'000);
    Names names;
    const auto id = accepted(gateway.send("kommun", referral(names, bilaga(content))));
    const auto arrived = between(fk, "<t:innehall>", "</t:innehall>");
    EXPECT_TRUE(arrived == base64(content)) << arrived.size();
    EXPECT_EQ(between(fk, "<t:sha256>", "</t:sha256>"), sha256(content).hex());
    EXPECT_EQ(between(fk, "<t:storlek>", "</t:storlek>"), "5000000");
    EXPECT_EQ(between(fk, "<t:namn>", "</t:namn>"), "Läkarintyg.pdf");

    const auto told = gateway.stafett({"trace", id, "--lang", "en"});
    EXPECT_THAT(told.out, HasSubstr("application/pdf, 5000000 B"));
    EXPECT_THAT(told.out, Not(HasSubstr("Läkarintyg.pdf"))) << "a title may name a person";
}

TEST(Attachments, R20_TheRegionGetsItAsAnInputOfTheTask) {
    RunningGateway gateway("attach-region");
    auto& region = gateway.agency("region");
    const auto content = pdf(300'001);
    Names names;
    accepted(gateway.send("kommun", referral(names, bilaga(content), "232100-0255")));
    EXPECT_TRUE(between(region, "\"data\":\"", "\"") == base64(content));
    EXPECT_EQ(between(region, "\"contentType\":\"", "\""), "application/pdf");
}

TEST(Attachments, R20_AfIsToldWhereToFetchItAndNobodyElseMay) {
    RunningGateway gateway("attach-af");
    auto& af = gateway.agency("af");
    gateway.agency("fk");
    const auto content = pdf(700'000);
    Names names;
    const auto id =
        accepted(gateway.send("kommun", referral(names, bilaga(content), "202100-2114")));
    transport::HttpRequest fetch;
    fetch.method = "GET";
    fetch.path = between(af, "\"hamta\":\"", "\"");
    ASSERT_THAT(fetch.path, HasSubstr("/v1/attachments/"));
    EXPECT_EQ(between(af, "\"sha256\":\"", "\""), sha256(content).hex());

    const auto fetched = gateway.send("af", fetch);
    ASSERT_EQ(fetched.status, 200) << fetched.body.substr(0, 500);
    EXPECT_EQ(fetched.headers.get("Content-Type"), "application/pdf");
    EXPECT_TRUE(fetched.body == content);

    auto nowhere = fetch;
    nowhere.path = "/v1/attachments/" + Uuid::make().text();
    const auto not_theirs = gateway.send("fk", fetch);
    const auto not_there = gateway.send("fk", nowhere);
    EXPECT_EQ(not_theirs.status, 404);
    EXPECT_EQ(not_theirs.body, not_there.body) << "the same as for one that does not exist";
    EXPECT_EQ(gateway.send("kommun", fetch).status, 404) << "nor its sender";

    const auto told = gateway.stafett({"trace", id, "--lang", "en"});
    EXPECT_THAT(told.out, HasSubstr("fetched by Arbetsförmedlingen with system af-system"));
}

TEST(Attachments, R28_WhoseConsentIsWithdrawnIsNotGivenToWhoFetches) {
    RunningGateway gateway("attach-consent", [](const support::GatewayFolder& folder) {
        folder.edit("policy.json", [](Json& policy) {
            policy["flows"].push_back({{"id", "samtycken-i-provet"},
                                       {"from", {"2120001124"}},
                                       {"to", {"*"}},
                                       {"kinds", {"consent"}}});
        });
    });
    auto& af = gateway.agency("af");
    Names names;
    accepted(gateway.send("kommun", referral(names, bilaga(pdf(1000)), "202100-2114")));
    transport::HttpRequest fetch;
    fetch.method = "GET";
    fetch.path = between(af, "\"hamta\":\"", "\"");
    EXPECT_EQ(gateway.send("af", fetch).status, 200);
    accepted(gateway.send(
        "kommun", support::goldenRequest("municipality", "samtycke_trap23_aterkallat_under_way",
                                         {{"Id=\"4711\"", "Id=\"" + names.get("int:kommun") + "\""},
                                          {kToFk, "202100-2114"}})));
    EXPECT_EQ(gateway.send("af", fetch).status, 404);
}

TEST(Attachments, ARepeatGetsTheSameReceiptByteForByte) {
    RunningGateway gateway("attach-repeat");
    auto& fk = gateway.agency("fk");
    for (const std::size_t size : {20'000U, 900'000U}) {  // with its message, and before it
        Names names;
        const auto request = referral(names, bilaga(pdf(size)));
        const auto first = gateway.send("kommun", request);
        accepted(first);
        const auto again = gateway.send("kommun", request);
        EXPECT_EQ(again.headers.get("Stafett-Receipt"), first.headers.get("Stafett-Receipt"));
        auto other = request;
        other.body = referral(names, bilaga(pdf(size, 2))).body;
        EXPECT_EQ(gateway.send("kommun", other).headers.get("Stafett-Outcome"), "conflict")
            << "another content under the same id";
    }
    EXPECT_TRUE(support::until([&] { return fk.arrived() == 2; }));
    EXPECT_EQ(fk.repeats(), 0U);
}

}  // namespace
}  // namespace stafett::e2e
