// What an attachment may not be, who is told so, and what it costs.
#include <gmock/gmock.h>

#include <atomic>
#include <fstream>
#include <future>
#include <iostream>
#include <set>
#include <thread>

#include "gateway/base/base64.h"
#include "gateway/codec/read.h"
#include "tests/support/documents.h"
#include "tests/support/running_gateway.h"
#include "tests/support/sanitized.h"

namespace stafett::e2e {
namespace {

using support::claimsOf;
using support::documentRequest;
using support::Json;
using support::Names;
using support::RunningGateway;
using ::testing::HasSubstr;
using ::testing::Not;

Bytes pdf(std::size_t size) { return "%PDF-1.7\n" + Bytes(size - 9, '\x91'); }

std::string bilaga(const std::string& data, const std::string& attributes) {
    return "<Bilaga " + attributes + "><Data>" + data + "</Data></Bilaga>";
}

transport::HttpRequest referral(Names& names, const std::string& attachments) {
    return documentRequest("remiss.xml", names,
                           {{"</Ärende>", "<Bilagor>" + attachments + "</Bilagor></Ärende>"}});
}

transport::HttpRequest ofSize(Names& names, std::size_t size) {
    return referral(names, bilaga(base64(pdf(size)), "typ=\"application/pdf\""));
}

std::string outcome(const transport::HttpResponse& answer) {
    return std::string(answer.headers.get("Stafett-Outcome"));
}

void limit(const support::GatewayFolder& folder, const std::string& section, const Json& values) {
    folder.edit("stafett.json", [&](Json& settings) {
        for (const auto& [key, value] : values.items()) settings[section][key] = value;
    });
}

TEST(AttachmentLimits, R20_EverythingWrongIsSaidAtOnceInTheSendersOwnForm) {
    RunningGateway gateway("attach-wrong", [](const support::GatewayFolder& folder) {
        limit(folder, "attachments", {{"content_bytes", 1000}});
    });
    Names names;
    const auto pdf_type = std::string("typ=\"application/pdf\"");
    const auto answer = gateway.send(
        "kommun", referral(names, bilaga(base64(pdf(1001)), pdf_type) + bilaga("JVBE*", pdf_type) +
                                      bilaga("", pdf_type) +
                                      bilaga(base64(pdf(50)), "typ=\"application/zip\"") +
                                      bilaga(base64(pdf(50)), "typ=\"image/png\"") +
                                      bilaga(base64(pdf(50)), pdf_type + " storlek=\"51\"")));
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(outcome(answer), "content_refused");
    const auto body = codec::asUtf8(answer.body);
    EXPECT_THAT(body, HasSubstr("<Kvittens status=\"FEL\""));
    for (const auto* said :
         {"ST-ATT-003", "1000 B", "ST-ATT-001", "ST-ATT-002", "ST-ATT-005", "image/jpeg",
          "ST-ATT-006", "ST-ATT-007", "50 B", "Bilagor/Bilaga[0]/Data"}) {
        EXPECT_THAT(body, HasSubstr(said));
    }
}

TEST(AttachmentLimits, MoreThanTheLimitAreRefusedWithTheNumber) {
    RunningGateway gateway("attach-many");
    std::string many;
    for (int i = 0; i < 21; ++i) many += bilaga(base64(pdf(20)), "typ=\"application/pdf\"");
    Names names;
    const auto answer = gateway.send("kommun", referral(names, many));
    EXPECT_EQ(answer.status, 422);
    EXPECT_THAT(answer.body, HasSubstr("ST-ATT-004"));
    EXPECT_THAT(codec::asUtf8(answer.body), HasSubstr(" 20"));
}

TEST(AttachmentLimits, Trap29_ABodyOverTheLimitIsRefusedBeforeItIsReadAndTheLimitIsNamed) {
    RunningGateway gateway("attach-body", [](const support::GatewayFolder& folder) {
        limit(folder, "inbox", {{"attachment_body_bytes", 2 << 20}});
    });
    Names names;
    const auto answer = gateway.send("kommun", ofSize(names, 2 << 20));
    EXPECT_EQ(answer.status, 413);
    EXPECT_EQ(Json::parse(answer.body).at("limit"), 2 << 20);
    EXPECT_EQ(Json::parse(answer.body).at("code"), "ST-HTTP-002");

    // Where no attachments are taken, and for what is none, the ordinary limit stands.
    transport::HttpRequest elsewhere = ofSize(names, 1 << 20);
    elsewhere.path = "/nowhere";
    EXPECT_EQ(Json::parse(gateway.send("kommun", elsewhere).body).at("limit"), 1 << 20);
    auto text = documentRequest("remiss.xml", names);
    text.body += "<!--" + Bytes(std::size_t{1} << 20, 'x') + "-->";
    EXPECT_EQ(outcome(gateway.send("kommun", text)), "malformed");
}

TEST(AttachmentLimits, AfCannotSendOneAndIsToldSo) {
    RunningGateway gateway("attach-af-sends");
    Names names;
    names.set("af-referens", "0000034117");
    const std::string bilagor =
        R"({"bilagor":[{"id":"01980000-aaaa-7000-8000-0000000000b1","typ":"application/pdf",)"
        R"("sha256":")" +
        std::string(64, 'a') + "\"}],";
    auto request = documentRequest("af-slutredovisning.json", names);
    request.body = bilagor + request.body.substr(request.body.find('{') + 1);
    const auto answer = gateway.send("af", request);
    EXPECT_EQ(answer.status, 422) << answer.body;
    EXPECT_THAT(answer.body, HasSubstr("ST-ATT-008"));
}

TEST(AttachmentLimits, WhereTheFlowDoesNotListThemTheyStayAndTheSenderIsTold) {
    RunningGateway gateway("attach-sensitive", [](const support::GatewayFolder& folder) {
        folder.edit("policy.json", [](Json& policy) {
            policy["flows"][0]["sensitive"] = {"reason", "benefits", "targetGroup", "certificate"};
        });
    });
    auto& fk = gateway.agency("fk");
    Names names;
    const auto answer = gateway.send("kommun", ofSize(names, 400'000));
    EXPECT_EQ(outcome(answer), "accepted");
    EXPECT_THAT(answer.body, HasSubstr("ST-MAP-029"));
    EXPECT_THAT(answer.body, HasSubstr("attachments"));
    const auto arrived = fk.waitFor(0, "/samverkan/v1", Deadline::in(std::chrono::seconds(20)));
    ASSERT_TRUE(arrived);
    EXPECT_THAT(arrived->request.body, Not(HasSubstr("bilaga")));
}

/// The most memory the process has had, in MiB.
std::size_t peakOf(pid_t process) {
    std::ifstream status("/proc/" + std::to_string(process) + "/status");
    for (std::string word; status >> word;) {
        std::size_t kib = 0;
        if (word == "VmHWM:" && status >> kib) return kib / 1024;
    }
    return 0;
}

TEST(AttachmentLimits, ManyLargeOnesAtOnceTakeNoMoreMemoryThanIsSetAsideForThem) {
    RunningGateway gateway("attach-memory", [](const support::GatewayFolder& folder) {
        limit(folder, "inbox", {{"attachment_memory_bytes", 64 << 20}});
    });
    auto& fk = gateway.agency("fk");
    gateway.agency("kommun");
    constexpr std::size_t kMessages = 8;
    std::vector<std::future<void>> senders;
    std::atomic<std::size_t> busy = 0;
    for (std::size_t i = 0; i < kMessages; ++i) {
        senders.push_back(std::async(std::launch::async, [&] {
            Names names;
            const auto request = ofSize(names, 20'000'000);
            const bool accepted = support::until(
                [&] {
                    const auto answer = gateway.trySend("kommun", request);
                    if (!answer) return false;
                    busy += answer->status == 503 ? 1 : 0;
                    return outcome(*answer) == "accepted";
                },
                std::chrono::minutes(2));
            EXPECT_TRUE(accepted);
        }));
    }
    for (auto& sender : senders) sender.get();
    EXPECT_TRUE(support::until([&] { return fk.arrived() >= kMessages; }, std::chrono::minutes(2)));
    const auto peak = peakOf(gateway.processId());
    std::cout << "peak " << peak << " MiB, told to come again " << busy << " times\n";
    if (support::kSanitized) return;
    EXPECT_LT(peak, 64U + 128U) << "what is set aside, and what a gateway takes anyway";
}

TEST(AttachmentLimits, KilledWhileItTakesOneItLosesNothingThatHadAReceipt) {
    RunningGateway gateway("attach-kill");
    auto& fk = gateway.agency("fk");
    gateway.agency("kommun");
    const auto log = gateway.folder().store().string() + "-wal";
    const auto writtenAt = [](const std::string& file) {
        std::error_code none;
        return std::filesystem::last_write_time(file, none);
    };
    std::set<std::string> receipts;
    int cut_short = 0, partly_kept = 0;
    for (std::size_t round = 0; round < 12; ++round) {
        Names names;
        const auto request = ofSize(names, 6'000'000);
        auto sending =
            std::async(std::launch::async, [&] { return gateway.trySend("kommun", request); });
        // Each round a commit later: before the first piece is there, between two of them, when the
        // message is kept, answered.
        std::size_t commits = 0;
        auto seen = writtenAt(log);
        while (commits < round &&
               sending.wait_for(std::chrono::microseconds(200)) != std::future_status::ready) {
            if (writtenAt(log) == seen) continue;
            seen = writtenAt(log);
            ++commits;
        }
        gateway.kill();
        const auto first = sending.get();
        cut_short += first ? 0 : 1;
        partly_kept += !first && commits > 0 ? 1 : 0;
        gateway.start();
        const auto again = gateway.send("kommun", request);
        ASSERT_EQ(outcome(again), "accepted") << again.body.substr(0, 500);
        if (first && outcome(*first) == "accepted") {
            EXPECT_EQ(first->headers.get("Stafett-Receipt"), again.headers.get("Stafett-Receipt"));
        }
        receipts.insert(claimsOf(again).at("mid").get<std::string>());
    }
    EXPECT_EQ(receipts.size(), 12U);
    std::cout << cut_short << " of 12 cut short, " << partly_kept
              << " of them while it was written\n";
    EXPECT_LT(cut_short, 12) << "no kill came after a receipt";
    EXPECT_GT(partly_kept, 2) << "too few came while it was written";
    const auto whole = base64(pdf(6'000'000));
    std::size_t arrived = 0;
    EXPECT_TRUE(support::until(
        [&] {
            arrived = 0;
            for (const auto& id : receipts) {
                for (const auto& arrival : fk.arrivals(0)) {
                    const auto& body = arrival.request.body;
                    if (body.find(id) == std::string::npos) continue;
                    ++arrived;
                    break;
                }
            }
            return arrived == receipts.size();
        },
        std::chrono::minutes(1)))
        << arrived;
    for (const auto& arrival : fk.arrivals(0)) {
        EXPECT_TRUE(arrival.request.body.find(whole) != std::string::npos);
    }
}

}  // namespace
}  // namespace stafett::e2e
