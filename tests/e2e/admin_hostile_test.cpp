// Ten thousand odd calls to the admin API: each is answered as a client's fault or with what was
// asked for, in the described form, and says nothing of what is inside.
#include <gmock/gmock.h>

#include <random>
#include <regex>

#include "gateway/codec/write.h"
#include "tests/support/documents.h"
#include "tests/support/running_gateway.h"

namespace stafett::e2e {
namespace {

using support::Json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kCalls = 10'000;

/// What an address may carry: bytes are escaped on the way, unless they are meant as they are.
const std::vector<std::string>& values() {
    static const std::vector<std::string> all = {"",
                                                 "0",
                                                 "1",
                                                 "-1",
                                                 "501",
                                                 "99999999999999999999",
                                                 "1e9",
                                                 "0x10",
                                                 "NaN",
                                                 "true",
                                                 "null",
                                                 "' OR '1'='1",
                                                 "'; DROP TABLE message; --",
                                                 "\" UNION SELECT * FROM message --",
                                                 "%' --",
                                                 "x'; ATTACH DATABASE '/tmp/x' AS y; --",
                                                 "*)(uid=*))(|(uid=*",
                                                 "{{7*7}}",
                                                 "${7*7}",
                                                 "<script>alert(1)</script>",
                                                 "../../../etc/passwd",
                                                 "..\\..\\x",
                                                 "/etc/passwd",
                                                 "a/b/c",
                                                 "2026-02-30",
                                                 "2026-01-01",
                                                 "9999-12-31",
                                                 "0000-00-00",
                                                 "2026-01-01T00:00:00Z",
                                                 "2026-13",
                                                 "2026-05",
                                                 "-999999999-01",
                                                 "202600-0000",
                                                 "2021005521",
                                                 "referral",
                                                 "held",
                                                 "open",
                                                 "mal",
                                                 "deltagare",
                                                 "experience",
                                                 "release",
                                                 "skip",
                                                 "19740702-9284",
                                                 "01980000-0000-7000-8000-000000000000",
                                                 "01980000-0000-7000-8000-00000000000g",
                                                 "=cmd|' /C calc'!A0",
                                                 "\xC3\xA5\xC3\xA4\xC3\xB6",
                                                 "\xF0\x9F\x98\x80",
                                                 "\xE2\x80\xAE",
                                                 "\xFF\xFE",
                                                 std::string(1, '\0'),
                                                 "a\r\nX-A: b",
                                                 "a\nb",
                                                 "\t",
                                                 "%",
                                                 "%00",
                                                 "%zz",
                                                 ";",
                                                 "&",
                                                 "=",
                                                 "#",
                                                 std::string(4000, 'A'),
                                                 std::string(300, '\'')};
    return all;
}

const std::vector<std::string>& bodies() {
    static const std::vector<std::string> all = [] {
        std::vector<std::string> made = {"",
                                         "{}",
                                         "[]",
                                         "null",
                                         "1",
                                         "\"x\"",
                                         "{",
                                         "{\"sender_id\":",
                                         "\xFF",
                                         "{\"a\":1,\"a\":2}",
                                         std::string(3000, '['),
                                         "{\"sender_id\":1}",
                                         "{\"because\":[\"x\"]}",
                                         "{\"because\":\"receiver_has_it\"}",
                                         "{\"advance_seconds\":-1}",
                                         "{\"advance_seconds\":1e400}",
                                         "{\"limit\":0}",
                                         "{\"limit\":\"x\"}",
                                         "{\"after\":-5}",
                                         "{\"limit\":99999999999}",
                                         "month;association;question;answers;yes\n",
                                         "month;association;question;answers;yes\n2026-05;=cmd|x;"
                                         "Fick;-1;99999999999999999999\n"};
        for (const auto& value : values()) {
            std::string text;
            codec::appendJsonString(text, value);
            made.push_back("{\"sender_id\":" + text + "}");
            made.push_back("{\"because\":" + text + "}");
        }
        return made;
    }();
    return all;
}

std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.';
        out +=
            plain ? std::string(1, c) : "%" + hex({reinterpret_cast<const std::uint8_t*>(&c), 1});
    }
    return out;
}

std::vector<std::string> found(const std::string& text, const std::string& pattern) {
    const std::regex expression(pattern);
    std::vector<std::string> all;
    for (std::sregex_iterator at(text.begin(), text.end(), expression), end; at != end; ++at) {
        all.push_back((*at)[1]);
    }
    return all;
}

class AdminApi : public ::testing::Test {
protected:
    AdminApi() {
        const auto api =
            support::readFile(std::filesystem::path(STAFETT_SOURCE_DIR) / "docs/openapi.yaml");
        paths_ = found(api, "\\n  (/[^:]*):");
        names_ = found(api, "name: ([a-z_]+), in: query");
        names_.insert(names_.end(), {"", "unknown", "id"});
    }

    template <class T>
    const T& any(const std::vector<T>& of) {
        return of[random_() % of.size()];
    }
    transport::HttpRequest odd() {
        transport::HttpRequest request;
        request.method = any<std::string>({"GET", "GET", "GET", "POST", "PUT", "DELETE"});
        request.path = any(paths_);
        if (const auto id = request.path.find("{id}"); id != std::string::npos) {
            request.path.replace(id, 4,
                                 random_() % 4 == 0 ? any(values()) : escaped(any(values())));
        }
        if (random_() % 8 == 0) request.path += "/" + escaped(any(values()));
        for (auto n = random_() % 4; n > 0; --n) {
            const auto value = random_() % 8 == 0 ? any(values()) : escaped(any(values()));
            request.query += (request.query.empty() ? "" : "&") + any(names_) + "=" + value;
        }
        if (request.method == "POST" || request.method == "PUT") {
            request.body = any(bodies());
            request.headers.add("Content-Type",
                                any<std::string>({"application/json", "text/csv", "text/plain"}));
        }
        return request;
    }

    std::mt19937_64 random_{20261122};
    std::vector<std::string> paths_, names_;
};

/// What is wrong with an answer; empty when nothing is.
std::string wrongIn(const transport::HttpResponse& answer) {
    if (answer.status < 200 || answer.status > 499) return "status";
    if (answer.headers.get("Cache-Control") != "no-store") return "may be cached";
    if (answer.headers.get("X-Content-Type-Options") != "nosniff") return "may be guessed at";
    for (const char* inside : {"sqlite", "SELECT ", "std::", "xception", "no such ", "Poco"}) {
        if (answer.body.find(inside) != std::string::npos) return inside;
    }
    const auto type = answer.headers.get("Content-Type");
    const bool is_json = type.find("json") != std::string::npos;
    if (answer.status >= 400 && type != "application/problem+json") return "no problem";
    if (!is_json) return {};
    const auto json = Json::parse(answer.body, nullptr, false);
    if (!json.is_object()) return "no JSON object";
    if (answer.status < 400) return {};
    for (const char* member : {"type", "status", "title", "detail", "code"}) {
        if (!json.contains(member)) return std::string("a problem without ") + member;
    }
    return json.at("status") == answer.status ? "" : "two statuses";
}

TEST_F(AdminApi, A10_AnswersTenThousandOddCallsInItsForm) {
    const support::RunningGateway gateway("admin-hostile");
    ASSERT_GT(paths_.size(), 10U);
    const auto courier = transport::Courier::start({}, {});
    ASSERT_TRUE(courier);
    std::map<int, int> statuses;
    int sent = 0;
    for (int i = 0; i < kCalls; ++i) {
        const auto request = odd();
        const auto told = request.method + " " + request.path + "?" + request.query;
        const auto answer =
            (*courier)->exchange({"admin", "127.0.0.1", gateway.folder().adminPort()}, request);
        if (!answer) {  // what would break the framing our own client does not send
            ASSERT_EQ(answer.error().code(), Code::DeliverUnsafe) << told;
            continue;
        }
        ++sent;
        ++statuses[answer->status];
        ASSERT_EQ(wrongIn(*answer), "") << told << "\n" << answer->status << " " << answer->body;
    }
    EXPECT_GT(sent, kCalls / 2);
    for (const int status : {200, 400, 404, 405, 415}) EXPECT_GT(statuses[status], 10) << status;
    EXPECT_TRUE(gateway.isRunning());
    EXPECT_THAT(gateway.metrics(), HasSubstr("stafett_"));
    EXPECT_THAT(support::readFile(gateway.folder().log()), Not(HasSubstr("19740702")));
}

}  // namespace
}  // namespace stafett::e2e
