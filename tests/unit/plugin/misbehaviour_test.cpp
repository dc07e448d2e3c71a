// What a loaded plugin does wrong, and what becomes of it.
#include <atomic>

#include "tests/unit/plugin/support.h"

namespace stafett::plugin {
namespace {

using std::chrono::milliseconds;

std::shared_ptr<const Registry> load(const std::string& name) {
    auto registry = Registry::load(
        {{std::filesystem::path(STAFETT_BUILD_DIR) / "bad_plugins" / (name + ".so")}},
        Profile::Dev);
    if (!registry) return nullptr;
    return std::make_shared<const Registry>(std::move(*registry));
}

void isTheGatewaysOwn(const WireMessage& made) {
    EXPECT_EQ(made.status, 200);
    EXPECT_EQ(headerOf(made, "Content-Type"), "application/json");
    EXPECT_EQ(headerOf(made, "Stafett-Outcome"), "accepted");
    EXPECT_EQ(headerOf(made, "Stafett-Receipt"), "r.s.t");
}

ReplyInput accepted() {
    ReplyInput input;
    input.id = "m-1";
    input.receipt = "r.s.t";
    return input;
}

TEST(Misbehaviour, NothingThrownGetsOut) {
    const auto registry = load("throws");
    ASSERT_TRUE(registry);
    const Adapter& adapter = *registry->all().at(0);
    isTheGatewaysOwn(adapter.reply(accepted()));
    WireAnswer answer;
    answer.status = 200;
    const auto said = adapter.interpret(answer);
    EXPECT_EQ(said.fate, Fate::Retry);
    EXPECT_EQ(said.code, "ST-PLU-008");
    EXPECT_EQ(adapter.health().failures, 2U);
}

TEST(Misbehaviour, WritingWithoutEndIsCut) {
    const auto registry = load("writes_without_end");
    ASSERT_TRUE(registry);
    const Adapter& adapter = *registry->all().at(0);
    isTheGatewaysOwn(adapter.reply(accepted()));
    WireAnswer answer;
    answer.status = 400;
    EXPECT_EQ(adapter.interpret(answer).fate, Fate::Retry);
    EXPECT_EQ(adapter.health().failures, 2U);
}

TEST(Misbehaviour, HeadersOfTheGatewayAndSplitOnesAreRefused) {
    const auto registry = load("bad_headers");
    ASSERT_TRUE(registry);
    const Adapter& adapter = *registry->all().at(0);
    isTheGatewaysOwn(adapter.reply(accepted()));
    auto input = accepted();
    input.outcome = Outcome::Conflict;
    const auto made = adapter.reply(input);
    EXPECT_EQ(made.status, 409);
    EXPECT_EQ(findHeader(&made.headers, "Stafett-Receipt").count, 0);
    for (const auto& [name, value] : made.headers) EXPECT_EQ(value.find('\n'), std::string::npos);
}

TEST(Misbehaviour, ACallThatNeverReturnsIsCountedAndOthersGoOn) {
    const auto registry = load("never_returns");
    ASSERT_TRUE(registry);
    const Adapter& adapter = *registry->all().at(0);
    EXPECT_FALSE(adapter.health().sick());
    std::thread([registry] { registry->all().at(0)->reply({}); }).detach();
    ASSERT_TRUE(until([&] { return adapter.health().sick(); }, milliseconds(5000)));
    EXPECT_EQ(adapter.health().overruns, 1U);
    EXPECT_EQ(adapter.health().stuck, 1U);
    EXPECT_FALSE(adapter.health().mustRestart());
    WireAnswer answer;
    answer.status = 200;
    EXPECT_EQ(adapter.interpret(answer).fate, Fate::Delivered);  // declared: no plugin code
}

TEST(Misbehaviour, AfterTheThirdOverrunItIsCalledNoMore) {
    const auto registry = load("slow");
    ASSERT_TRUE(registry);
    const Adapter& adapter = *registry->all().at(0);
    for (std::uint64_t i = 1; i <= 3; ++i) {
        EXPECT_EQ(adapter.reply(accepted()).body, "late");
        EXPECT_EQ(adapter.health().overruns, i);
        EXPECT_EQ(adapter.health().stuck, 0U);
    }
    EXPECT_TRUE(adapter.health().mustRestart());
    isTheGatewaysOwn(adapter.reply(accepted()));
    EXPECT_EQ(adapter.health().calls, 3U);
}

int quick(Call&, const Reply& reply) { return reply.status; }

TEST(Watch, CountsNothingForCallsWithinTheirTime) {
    const auto adapter =
        adapterOf(jsonManifest(R"(, "replies": "plugin")"), {.reply = bridge<quick>});
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 2000; ++i) adapter->reply({});
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(adapter->health().calls, 8000U);
    EXPECT_EQ(adapter->health().overruns, 0U);
    EXPECT_EQ(adapter->health().failures, 0U);
}

std::atomic<bool> let_go{false};
int waits(Call&, const Reply& reply) {
    while (!let_go) std::this_thread::yield();
    return reply.status;
}

TEST(Watch, CountsALateCallOnceWhetherItEndsOrNot) {
    const auto adapter = adapterOf(jsonManifest(R"(, "replies": "plugin")"),
                                   {.reply = bridge<waits>}, milliseconds(10));
    std::thread caller([&] { adapter->reply({}); });
    EXPECT_TRUE(until([&] { return adapter->health().stuck == 1; }, milliseconds(5000)));
    let_go = true;
    caller.join();
    EXPECT_EQ(adapter->health().overruns, 1U);
    EXPECT_EQ(adapter->health().stuck, 0U);
}

}  // namespace
}  // namespace stafett::plugin
