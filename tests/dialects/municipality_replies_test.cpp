// What a municipality is told in a Kvittens, and what its own Kvittens means.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/codec/read.h"
#include "support.h"

namespace stafett::dialects {
namespace {

using plugin::Fate;
using plugin::ReplyInput;
using plugin::WireAnswer;
using ::testing::HasSubstr;
using ::testing::Not;

const plugin::Adapter& municipality() { return adapterOf("municipality"); }

/// A Kvittens, read strictly as ISO-8859-1 and shown as UTF-8 values by path.
struct Kvittens {
    int status = 0;
    std::string bytes;
    std::optional<codec::Document> document;

    std::string value(std::string_view name) const {
        if (!document) return "unreadable";
        const auto node = document->child(0, name);
        return node == codec::kNoNode ? std::string() : std::string(document->node(node).text);
    }
    std::string attribute(std::string_view element, std::string_view name) const {
        if (!document) return "unreadable";
        const auto at = element.empty() ? 0 : document->child(0, element);
        const auto node = at == codec::kNoNode ? at : document->child(at, name);
        return node == codec::kNoNode ? std::string() : std::string(document->node(node).text);
    }
};

Kvittens replyTo(Outcome outcome, Code code, std::vector<plugin::ReplyLine> lines = {},
                 std::size_t count = 0) {
    ReplyInput input;
    input.outcome = outcome;
    input.code = code;
    input.id = "01980000-0000-7000-8000-000000000001";
    input.sender_id = "M-2026-0001";
    input.case_own = "4711";
    input.form = "remiss";
    input.lines = std::move(lines);
    input.count = count == 0 ? input.lines.size() : count;
    const auto reply = municipality().reply(input);
    Kvittens made{.status = reply.status, .bytes = reply.body, .document = {}};
    const codec::Encoding allowed[] = {codec::Encoding::Latin1};
    auto read =
        codec::readXml(reply.body, {.limits = {}, .allowed = allowed, .charset = "iso-8859-1"});
    EXPECT_TRUE(read) << "not readable as ISO-8859-1";
    if (read) made.document.emplace(std::move(*read));
    return made;
}

TEST(MunicipalityReply, IsOkWithOurIdAndTheSendersOwnNumbers) {
    const auto reply = replyTo(Outcome::Accepted, Code::HttpMalformed);
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.attribute("", "status"), "OK");
    EXPECT_EQ(reply.value("Id"), "01980000-0000-7000-8000-000000000001");
    EXPECT_EQ(reply.value("MeddelandeId"), "M-2026-0001");
    EXPECT_EQ(reply.value("Ärende"), "4711");
    EXPECT_THAT(reply.bytes, HasSubstr("<\xC4rende>")) << "one byte for Ä";
}

TEST(MunicipalityReply, NamesEveryProblemWithPlaceAndCharactersItsEncodingLacks) {
    const auto reply = replyTo(
        Outcome::ContentRefused, Code::MapUnknownValue,
        {{.code = "ST-MAP-014",
          .place = "Anledning/@kod",
          .text = "värdet saknas – se \"tabellen\""},
         {.code = "ST-PER-001", .place = "Person/Personnummer", .text = "personnumret är fel"}},
        60);
    EXPECT_EQ(reply.status, 422);
    EXPECT_EQ(reply.attribute("", "status"), "FEL");
    EXPECT_EQ(reply.attribute("Fel", "kod"), "ST-MAP-014");
    EXPECT_EQ(reply.attribute("Fel", "plats"), "Anledning/@kod");
    EXPECT_EQ(reply.value("Fel"), "värdet saknas – se \"tabellen\"");
    EXPECT_THAT(reply.bytes, HasSubstr("&#8211;"));
    EXPECT_THAT(reply.bytes, HasSubstr("kod=\"ST-PER-001\""));
    EXPECT_EQ(reply.value("Antal"), "60");
}

TEST(MunicipalityReply, ShowsWarningsOfWhatWasAccepted) {
    const auto reply = replyTo(Outcome::Accepted, Code::HttpMalformed,
                               {{.code = "ST-POL-007",
                                 .place = "Omfattning",
                                 .text = "under tio timmar",
                                 .warning = true}});
    EXPECT_EQ(reply.attribute("", "status"), "OK");
    EXPECT_EQ(reply.attribute("Varning", "kod"), "ST-POL-007");
    EXPECT_EQ(reply.value("Fel"), "");
}

TEST(MunicipalityReply, HasTheStatusOfItsOutcome) {
    EXPECT_EQ(replyTo(Outcome::Malformed, Code::XmlDoctype).status, 400);
    EXPECT_EQ(replyTo(Outcome::NotAllowed, Code::PolicyNoFlow).status, 403);
    EXPECT_EQ(replyTo(Outcome::Conflict, Code::CustodyConflict).status, 409);
    const auto busy = replyTo(Outcome::Busy, Code::StoreBusy);
    EXPECT_EQ(busy.status, 503);
    EXPECT_EQ(busy.attribute("", "status"), "FEL");
    EXPECT_EQ(busy.attribute("Fel", "kod"), "ST-STO-002") << "without lines the code stands alone";
}

plugin::Interpretation meaningOf(int status, std::string_view body) {
    const std::vector<std::pair<std::string, std::string>> headers = {
        {"Content-Type", "application/xml; charset=ISO-8859-1"}};
    return municipality().interpret(WireAnswer{.status = status,
                                               .headers = &headers,
                                               .body = body,
                                               .our_id = "01980000-0000-7000-8000-000000000001",
                                               .form = "remiss"});
}

std::string kvittens(std::string_view status, std::string_view inside) {
    return "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><Kvittens status=\"" +
           std::string(status) + "\">" + std::string(inside) + "</Kvittens>";
}

TEST(MunicipalityAnswer, TheKvittensDecidesNotTheStatus) {
    const auto ok =
        meaningOf(200, kvittens("OK", "<Id>4712</Id><Text>Mottaget, tack f\xF6r det</Text>"));
    EXPECT_EQ(ok.fate, Fate::Delivered);
    EXPECT_EQ(ok.receiver_id, "4712");
    const auto no =
        meaningOf(200, kvittens("FEL", "<Fel kod=\"L17\" plats=\"Insats\">Finns ej</Fel>"));
    EXPECT_EQ(no.fate, Fate::Refused);
    EXPECT_EQ(no.code, "L17");
    EXPECT_EQ(meaningOf(200, kvittens("FEL", "")).fate, Fate::Refused);
}

TEST(MunicipalityAnswer, SuccessWithoutAKvittensIsNeverDelivered) {
    EXPECT_EQ(meaningOf(200, "").fate, Fate::Retry);
    EXPECT_EQ(meaningOf(201, "4712").fate, Fate::Retry);
    EXPECT_EQ(meaningOf(200, "<html>Logga in</html>").fate, Fate::Retry);
    EXPECT_EQ(meaningOf(200, kvittens("KANSKE", "")).fate, Fate::Retry);
    EXPECT_EQ(meaningOf(200, kvittens("OK", "<Id>4712</Id>").substr(0, 70)).fate, Fate::Retry);
}

TEST(MunicipalityAnswer, OtherStatusesAreTheGatewaysOwnRule) {
    EXPECT_EQ(meaningOf(503, "").fate, Fate::Retry);
    EXPECT_EQ(meaningOf(401, "").fate, Fate::Denied);
    const auto refused = meaningOf(422, kvittens("FEL", "<Fel kod=\"L9\"/>"));
    EXPECT_EQ(refused.fate, Fate::Refused);
    EXPECT_EQ(refused.code, "L9");
    const std::string again = kvittens("FEL", "<Id>01980000-0000-7000-8000-000000000001</Id>");
    EXPECT_EQ(meaningOf(409, again).fate, Fate::Delivered) << "a conflict that names our id";
}

}  // namespace
}  // namespace stafett::dialects
