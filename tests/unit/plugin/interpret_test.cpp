#include "tests/unit/plugin/support.h"

namespace stafett::plugin {
namespace {

struct Given {
    int status = 200;
    std::string body = {};
    Headers headers = {{"Content-Type", "application/json"}};
    std::string our_id = "0198c0de-0000-7000-8000-000000000001";

    WireAnswer wire() const { return {status, &headers, body, our_id, "remiss"}; }
};

std::string said(const Interpretation& made) {
    static constexpr const char* kFates[] = {"delivered", "retry", "refused", "denied"};
    std::string text = kFates[static_cast<int>(made.fate)];
    if (!made.code.empty()) text += " " + made.code;
    if (!made.receiver_id.empty()) text += " id=" + made.receiver_id;
    if (made.info) text += " info";
    if (made.retry_after.count() != 0) text += " after=" + std::to_string(made.retry_after.count());
    return text;
}

TEST(Interpret, JudgesByStatusWhenNothingElseIsDeclared) {
    const auto adapter = adapterOf(jsonManifest());
    const auto by = [&](int status) {
        Given given;
        given.status = status;
        return said(adapter->interpret(given.wire()));
    };
    for (const int status : {200, 201, 202, 204})
        EXPECT_TRUE(by(status).starts_with("delivered")) << status;
    for (const int status : {0, 100, 408, 425, 429, 500, 502, 503, 599})
        EXPECT_TRUE(by(status).starts_with("retry")) << status;
    for (const int status : {301, 302, 401, 403})
        EXPECT_TRUE(by(status).starts_with("denied")) << status;
    for (const int status : {400, 404, 409, 410, 422})
        EXPECT_TRUE(by(status).starts_with("refused")) << status;
    EXPECT_EQ(by(422), "refused http-422");
}

TEST(Interpret, AConflictThatNamesOurIdIsDelivered) {
    const auto adapter = adapterOf(jsonManifest());
    Given given{.status = 409};
    given.body = R"({"redan mottaget":"0198c0de-0000-7000-8000-000000000001"})";
    EXPECT_EQ(said(adapter->interpret(given.wire())), "delivered http-409");
    given.our_id = "0198c0de-0000-7000-8000-000000000002";
    EXPECT_EQ(said(adapter->interpret(given.wire())), "refused http-409");
}

TEST(Interpret, ReadsRetryAfterInBothForms) {
    const auto adapter = adapterOf(jsonManifest());
    const auto after = [&](const char* value) {
        Given given{.status = 503};
        given.headers = {{"Retry-After", value}, {"Date", "Sun, 06 Nov 1994 08:49:37 GMT"}};
        return adapter->interpret(given.wire()).retry_after.count();
    };
    EXPECT_EQ(after("120"), 120);
    EXPECT_EQ(after("Sun, 06 Nov 1994 08:50:37 GMT"), 60);
    EXPECT_EQ(after("Sun, 06 Nov 1994 08:40:37 GMT"), 0);
    EXPECT_EQ(after("99999999999"), 7 * 24 * 3600);
    EXPECT_EQ(after("-5"), 0);
    EXPECT_EQ(after("soon"), 0);
    EXPECT_EQ(after("1e3"), 0);
}

stafett_fate likeRiv(Call& call, const Answer& answer) {
    if (!answer.has_document) return call.retry("NO-DOCUMENT");
    if (answer.isFault()) return call.byStatus();
    const auto result = answer.value("result/resultCode");
    if (result == "OK") return call.delivered(answer.value("id"));
    if (result == "INFO") return call.deliveredWithInfo(answer.value("id"));
    if (result == "WAIT") return call.retry("WAIT", std::chrono::seconds(90));
    if (result == "DENIED") return call.denied("DENIED");
    if (result == "LOUD") return call.refused(answer.value("errorId"));
    if (result == "OURS" && answer.value("ref") == answer.our_id && answer.form == "remiss") {
        return call.delivered(call.header("X-Id"));
    }
    return call.byStatus("ODD");
}

class LikeRiv : public ::testing::Test {
protected:
    std::string on(const std::string& body, int status = 200) const {
        Given given{.status = status, .body = body};
        given.headers = {{"Content-Type", "text/xml"}, {"X-Id", "h-1"}};
        return said(adapter_->interpret(given.wire()));
    }
    static std::string soap(const std::string& body) {
        return "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body>" + body +
               "</s:Body></s:Envelope>";
    }
    static std::string result(const std::string& code, const std::string& more = {}) {
        return soap("<x:R xmlns:x='urn:x'><x:result><x:resultCode>" + code +
                    "</x:resultCode></x:result>" + more + "</x:R>");
    }
    std::shared_ptr<const LoadedAdapter> adapter_ =
        adapterOf(soapManifest(R"(, "interpret": "plugin")"), {.interpret = bridge<likeRiv>});
};

TEST_F(LikeRiv, SaysWhatBecameOfIt) {
    EXPECT_EQ(on(result("OK", "<x:id>r-1</x:id>")), "delivered http-200 id=r-1");
    EXPECT_EQ(on(result("INFO", "<x:id>r-2</x:id>")), "delivered http-200 id=r-2 info");
    EXPECT_EQ(on(result("WAIT")), "retry WAIT after=90");
    EXPECT_EQ(on(result("DENIED")), "denied DENIED");
    EXPECT_EQ(on(result("OURS", "<x:ref>0198c0de-0000-7000-8000-000000000001</x:ref>")),
              "delivered http-200 id=h-1");
    EXPECT_EQ(on(result("?"), 403), "denied ODD");
}

TEST_F(LikeRiv, SeesOnlyWhatCouldBeReadStrictly) {
    EXPECT_EQ(on(""), "retry NO-DOCUMENT");
    EXPECT_EQ(on("<a><b></a>"), "retry NO-DOCUMENT");
    EXPECT_EQ(on("<!DOCTYPE a><a/>"), "retry NO-DOCUMENT");
    EXPECT_EQ(on(result("OK") + "x"), "retry NO-DOCUMENT");
    EXPECT_EQ(on("<R><result><resultCode>OK</resultCode></result></R>"),
              "retry NO-DOCUMENT");  // no envelope
    EXPECT_EQ(on(soap("<a/><b/>")), "retry NO-DOCUMENT");
}

TEST_F(LikeRiv, AFaultIsTriedAgain) {
    EXPECT_EQ(on(soap("<s:Fault><faultcode>s:Server</faultcode></s:Fault>")), "retry soap-fault");
    EXPECT_EQ(on(soap("<s:Fault><faultcode>s:Server</faultcode></s:Fault>"), 500),
              "retry soap-fault");
}

TEST_F(LikeRiv, LetsNoPersonIntoTheTrace) {
    EXPECT_EQ(on(result("LOUD", "<x:errorId>VALIDATION_ERROR</x:errorId>")),
              "refused VALIDATION_ERROR");
    EXPECT_EQ(on(result("LOUD", "<x:errorId>pnr 191212121212</x:errorId>")), "refused ?");
    EXPECT_EQ(on(result("LOUD", "<x:errorId>" + std::string(300, 'a') + "</x:errorId>")),
              "refused " + std::string(64, 'a'));
}

}  // namespace
}  // namespace stafett::plugin
