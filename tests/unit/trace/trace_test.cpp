#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <thread>

#include "gateway/trace/event.h"
#include "gateway/trace/json_text.h"
#include "gateway/trace/log.h"
#include "gateway/trace/metrics.h"

using namespace stafett;
using namespace stafett::trace;
using ::testing::HasSubstr;
using ::testing::Not;

namespace {

struct Personnummer {
    std::string digits;
    std::string text() const { return digits; }
};
struct Declared {
    static constexpr bool kMayBeLogged = true;
    std::string text() const { return "declared"; }
};
struct DeclaredNot {
    static constexpr bool kMayBeLogged = false;
    std::string text() const { return "secret"; }
};

template <class T>
constexpr bool kIsField = std::is_constructible_v<Field, const char (&)[5], T>;
template <class T>
constexpr bool kIsLabel = std::is_constructible_v<Label, T>;

static_assert(kIsField<const char (&)[7]> && kIsField<int> && kIsField<bool> &&
              kIsField<MessageId> && kIsField<PartyId> && kIsField<Code> && kIsField<Time> &&
              kIsField<SafeText> && kIsField<Declared>);
static_assert(!kIsField<std::string> && !kIsField<const std::string&> &&
              !kIsField<std::string_view> && !kIsField<const char*> && !kIsField<char*> &&
              !kIsField<char> && !kIsField<double> && !kIsField<char (&)[13]> &&
              !kIsField<Personnummer> && !kIsField<DeclaredNot>);
static_assert(!std::is_constructible_v<Field, std::string, int>);
static_assert(kIsLabel<const char (&)[9]> && kIsLabel<DialectId> && kIsLabel<SafeText>);
static_assert(!kIsLabel<std::string> && !kIsLabel<const char*> && !kIsLabel<std::string_view> &&
              !kIsLabel<Personnummer> && !kIsLabel<char (&)[13]>);
static_assert(!std::is_constructible_v<SafeText, std::string>);

Time at(long long millis) { return Time{std::chrono::milliseconds{millis}}; }

class LogFile {
public:
    LogFile() {
        std::string form = (std::filesystem::temp_directory_path() / "stafett-log-XXXXXX").string();
        ::close(::mkstemp(form.data()));
        path_ = form;
    }
    ~LogFile() { std::filesystem::remove(path_); }
    const std::string& path() const { return path_; }
    std::vector<std::string> lines() const {
        std::ifstream in(path_);
        std::vector<std::string> out;
        for (std::string line; std::getline(in, line);) out.push_back(line);
        return out;
    }

private:
    std::string path_;
};

}  // namespace

TEST(Events, PrintInOneForm) {
    const MessageId id{*Uuid::parse("0198f000-0000-7000-8000-000000000590")};
    const Event event{Step::Retry,
                      at(1767225600123),
                      {{"message", id},
                       {"attempt", 3},
                       {"first", false},
                       {"receiver", PartyId{"2021002114"}},
                       {"code", Code::DeliverUnknown}}};
    EXPECT_EQ(print(event),
              R"({"step":"retry","at":"2026-01-01T00:00:00.123Z","fields":{)"
              R"("message":"0198f000-0000-7000-8000-000000000590","attempt":3,"first":false,)"
              R"("receiver":"2021002114","code":"ST-DEL-002"}})");
    EXPECT_EQ(print(Event{Step::Kept, at(0), {}}),
              R"({"step":"kept","at":"1970-01-01T00:00:00.000Z","fields":{}})");
}

TEST(Events, NoTwoStepsHaveOneName) {
    std::set<std::string_view> names;
    for (int i = 0; i <= static_cast<int>(Step::Due); ++i) {
        EXPECT_TRUE(names.insert(name(static_cast<Step>(i))).second) << i;
    }
    EXPECT_EQ(name(Step::Received), "received");
    EXPECT_EQ(name(Step::Due), "due");
}

TEST(SafeTexts, KeepForeignCodesShortAndPlain) {
    EXPECT_EQ(SafeText::foreignCode("APP-12_b.c:d/e").text(), "APP-12_b.c:d/e");
    EXPECT_EQ(SafeText::foreignCode("a\n\x1b[31m åb").text(), "a???31m???b");
    EXPECT_EQ(SafeText::foreignCode(std::string(1000, 'x')).text().size(), 64U);
}

TEST(SafeTexts, SayAPlace) {
    EXPECT_EQ(
        SafeText::place(Place{.path = "/a/0", .file = "m.json", .line = 3, .row = "r7"}).text(),
        "m.json:3 /a/0 (r7)");
    EXPECT_EQ(SafeText::place(Place{.path = "/a"}).text(), "/a");
}

TEST(JsonText, EscapesWhatCouldMakeASecondLineOrMoveACursor) {
    std::string out;
    appendJsonText(out, "a\r\nb\x1b[2J\x7f\xc2\x85\xe2\x80\xa8\xe2\x80\xae\"\\\xef\xbb\xbf å");
    EXPECT_EQ(out, R"("a\u000d\u000ab\u001b[2J\u007f\u0085\u2028\u202e\"\\\ufeff å")");
    EXPECT_EQ(nlohmann::json::parse(out).get<std::string>().substr(0, 4), "a\r\nb");
}

TEST(JsonText, ReplacesWhatIsNotUtf8) {
    for (const std::string bad : {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xe2\x82",
                                  "\xf5\x80\x80\x80", "\xe0\x80\x80", "\xf0\x80\x80\x80"}) {
        std::string out;
        appendJsonText(out, bad);
        EXPECT_THAT(out, HasSubstr("\\ufffd"));
        EXPECT_TRUE(nlohmann::json::accept(out)) << out;
    }
    std::string out;
    appendJsonText(out, "ÅÄÖ åäö € 🏃");
    EXPECT_EQ(out, "\"ÅÄÖ åäö € 🏃\"");
}

TEST(Logs, WriteOneJsonLineAnEntry) {
    const LogFile file;
    const auto log = logToFile(file.path(), Level::Info);
    ASSERT_NE(log, nullptr);
    log->info("started", {{"port", 40123}, {"party", PartyId{"2021002114"}}});
    log->warn("odd", {{"text", SafeText::fromConfiguration("x\nerror {\"forged\":1}\x1b[2K")}});
    log->write(Level::Debug, "not seen", {});

    const auto lines = file.lines();
    ASSERT_EQ(lines.size(), 2U);
    const auto first = nlohmann::json::parse(lines[0]);
    EXPECT_EQ(first.at("level"), "info");
    EXPECT_EQ(first.at("event"), "started");
    EXPECT_EQ(first.at("port"), 40123);
    EXPECT_EQ(first.at("party"), "2021002114");
    EXPECT_THAT(lines[1], Not(HasSubstr("\x1b")));
    EXPECT_EQ(nlohmann::json::parse(lines[1]).at("text"), "x\nerror {\"forged\":1}\x1b[2K");
}

TEST(Logs, AMegabyteIsOneEntry) {
    const LogFile file;
    logToFile(file.path(), Level::Info)
        ->info("big", {{"text", SafeText::fromConfiguration(std::string(1 << 20, '\n'))}});
    EXPECT_EQ(file.lines().size(), 1U);
}

TEST(Logs, KeepLinesOfManyThreadsApart) {
    const LogFile file;
    const auto log = logToFile(file.path(), Level::Info);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 250; ++i) log->info("line", {{"thread", t}, {"i", i}});
        });
    }
    for (auto& thread : threads) thread.join();
    const auto lines = file.lines();
    EXPECT_EQ(lines.size(), 1000U);
    for (const auto& line : lines) EXPECT_TRUE(nlohmann::json::accept(line)) << line;
}

TEST(Logs, AFileThatCannotBeOpenedGivesNoLog) {
    EXPECT_EQ(logToFile("/nowhere/at/all.log", Level::Info), nullptr);
}

TEST(MetricsText, CountsUnderStandardNames) {
    Metrics metrics;
    metrics.countMessage("referral", "accepted");
    metrics.countMessage("referral", "accepted");
    metrics.countMessage("referral", "content_refused");
    metrics.countDelivery(DialectId{"region"}, "delivered");
    metrics.observeRequest(std::chrono::milliseconds(3));
    metrics.observeCommit(16, std::chrono::microseconds(700));
    metrics.setQueue("store", 7);
    metrics.setHeld(2);

    const std::string text = metrics.text();
    EXPECT_THAT(text, HasSubstr("# TYPE stafett_messages_total counter"));
    EXPECT_THAT(text, HasSubstr(R"(stafett_messages_total{kind="referral",outcome="accepted"} 2)"));
    EXPECT_THAT(
        text, HasSubstr(R"(stafett_messages_total{kind="referral",outcome="content_refused"} 1)"));
    EXPECT_THAT(text,
                HasSubstr(R"(stafett_deliveries_total{dialect="region",outcome="delivered"} 1)"));
    EXPECT_THAT(text, HasSubstr("stafett_request_seconds_bucket{le=\"0.002\"} 0"));
    EXPECT_THAT(text, HasSubstr("stafett_request_seconds_bucket{le=\"0.005\"} 1"));
    EXPECT_THAT(text, HasSubstr("stafett_store_commit_jobs_bucket{le=\"16\"} 1"));
    EXPECT_THAT(text, HasSubstr(R"(stafett_queue_length{queue="store"} 7)"));
    EXPECT_THAT(text, HasSubstr("stafett_held_deliveries 2"));
}
