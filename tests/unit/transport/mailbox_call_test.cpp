#include "gateway/transport/mailbox_call.h"

#include <gtest/gtest.h>

using namespace stafett;
using namespace stafett::transport;

namespace {

HttpRequest asked(const std::string& method, const std::string& path,
                  const std::string& query = {}) {
    HttpRequest request;
    request.method = method;
    request.path = path;
    request.query = query;
    return request;
}

HttpRequest acknowledged(const std::string& lease, const std::string& status = {}) {
    auto request = asked("POST", "/v1/mailbox/0198f3a2-1111-7000-8000-000000000001/ack");
    request.headers.add("Stafett-Lease", lease);
    if (!status.empty()) request.headers.add("Stafett-Status", status);
    return request;
}

int statusOf(const HttpRequest& request) {
    const auto call = readMailboxCall(request);
    return call ? 200 : call.error().status;
}

}  // namespace

TEST(MailboxCall, ReadsAFetch) {
    const auto plain = readMailboxCall(asked("GET", "/v1/mailbox"));
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->ask, MailboxCall::Ask::Fetch);
    EXPECT_EQ(plain->wait, std::chrono::seconds(0));
    EXPECT_TRUE(plain->party.empty());
    const auto full = readMailboxCall(asked("GET", "/v1/mailbox", "party=2021005521&wait=25"));
    ASSERT_TRUE(full);
    EXPECT_EQ(full->wait, std::chrono::seconds(25));
    EXPECT_EQ(full->party.value, "2021005521");
}

TEST(MailboxCall, RefusesAQueryItDoesNotKnowWhole) {
    for (const char* query :
         {"wait", "wait=", "wait=+1", "wait=1s", "wait=3601", "wait=99999999999", "wait=1&wait=1",
          "party=", "party=a", "party=1&party=2", "most=1", "&", "wait=1&", "wait=1&&party=1",
          "="}) {
        const bool trailing = std::string_view(query) == "wait=1&";
        EXPECT_EQ(statusOf(asked("GET", "/v1/mailbox", query)), trailing ? 200 : 400) << query;
    }
}

TEST(MailboxCall, ARefusalNamesWhatIsMissing) {
    const auto call = readMailboxCall(acknowledged(""));
    ASSERT_FALSE(call);
    EXPECT_EQ(call.error().place, "Stafett-Lease");
    const auto told = problem(call.error(), Language::English);
    EXPECT_NE(told.body.find(R"("path":"Stafett-Lease")"), std::string::npos) << told.body;
}

TEST(MailboxCall, ReadsAnAcknowledgement) {
    const auto plain = readMailboxCall(acknowledged("3"));
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->ask, MailboxCall::Ask::Acknowledge);
    EXPECT_EQ(plain->delivery.text(), "0198f3a2-1111-7000-8000-000000000001");
    EXPECT_EQ(plain->lease, 3U);
    EXPECT_EQ(plain->status, 0);
    EXPECT_EQ(readMailboxCall(acknowledged("3", "422"))->status, 422);
    for (const char* lease : {"", "0", "-1", "4294967296", "x"}) {
        EXPECT_EQ(statusOf(acknowledged(lease)), 400) << lease;
    }
    for (const char* status : {"1", "199", "600", "ok"}) {
        EXPECT_EQ(statusOf(acknowledged("1", status)), 400) << status;
    }
}

TEST(MailboxCall, KnowsItsOwnPathsAlone) {
    EXPECT_TRUE(isMailboxPath("/v1/mailbox"));
    EXPECT_TRUE(isMailboxPath("/v1/mailbox/"));
    EXPECT_FALSE(isMailboxPath("/v1/mailboxes"));
    EXPECT_FALSE(isMailboxPath("/v1"));
    EXPECT_EQ(statusOf(asked("POST", "/v1/mailbox")), 405);
    EXPECT_EQ(statusOf(asked("HEAD", "/v1/mailbox")), 405) << "it would lend and give nothing";
    for (const char* path :
         {"/v1/mailbox/", "/v1/mailbox/ack", "/v1/mailbox//ack", "/v1/mailbox/x/ack",
          "/v1/mailbox/0198f3a2-1111-7000-8000-000000000001"}) {
        EXPECT_EQ(statusOf(asked("POST", path)), 404) << path;
    }
    EXPECT_EQ(statusOf(asked("GET", "/v1/mailbox/0198f3a2-1111-7000-8000-000000000001/ack")), 405);
}
