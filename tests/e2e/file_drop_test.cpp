// A municipality whose system reads and writes files in a folder it shares with the gateway.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>
#include <random>
#include <set>
#include <thread>

#include "tests/support/documents.h"
#include "tests/support/running_gateway.h"

namespace stafett::e2e {
namespace {

namespace fs = std::filesystem;
using support::claimsOf;
using support::documentRequest;
using support::GatewayFolder;
using support::Json;
using support::Names;
using support::readFile;
using support::RunningGateway;
using support::until;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::size_t kFileBytes = 20'000;

/// The gateway, and the two folders it shares with the municipality.
class Dropping {
public:
    explicit Dropping(const std::string& name) : gateway(name, share) {}

    fs::path out() const { return gateway.folder().root() / "ut"; }
    fs::path in() const { return gateway.folder().root() / "in"; }

    /// What stands in a folder under names that end so.
    static std::vector<fs::path> files(const fs::path& folder, const std::string& ending) {
        std::vector<fs::path> found;
        if (!fs::exists(folder)) return found;
        for (const auto& entry : fs::directory_iterator(folder)) {
            if (entry.path().filename().string().ends_with(ending)) found.push_back(entry.path());
        }
        return found;
    }
    /// As a careful system writes: under a passing name, then renamed.
    void put(const std::string& name, const std::string& content) const {
        support::writeFile(in() / ("." + name), content);
        fs::rename(in() / ("." + name), in() / name);
    }
    std::string taken(const std::string& name) const {
        const auto receipt = in() / (name + ".kvittens.xml");
        const bool came = until([&] { return fs::exists(in() / "tagna" / name); });
        EXPECT_TRUE(came) << name << " was not taken";
        return came ? readFile(receipt) : "";
    }
    std::string setAside(const std::string& name) const {
        const auto reason = in() / "skadade" / (name + ".orsak.txt");
        const bool came = until([&] { return fs::exists(reason); });
        EXPECT_TRUE(came) << name << " was not set aside";
        return came ? readFile(reason) : "";
    }
    /// A line of the head beside a receipt.
    std::string head(const std::string& name, const std::string& line) const {
        const auto text = readFile(in() / (name + ".kvittens.head"));
        const auto at = text.find(line + ": ");
        if (at == std::string::npos) return {};
        const auto begin = at + line.size() + 2;
        return text.substr(begin, text.find('\n', begin) - begin);
    }
    /// The region refers somebody to the municipality; the message's id.
    std::string refer() {
        Names names;
        const auto answer = gateway.send("region", documentRequest("region-remiss.json", names));
        EXPECT_EQ(answer.headers.get("Stafett-Outcome"), "accepted") << answer.body;
        return claimsOf(answer).at("mid").get<std::string>();
    }

    RunningGateway gateway;

private:
    static void share(const GatewayFolder& folder) {
        const auto out = folder.root() / "ut";
        const auto in = folder.root() / "in";
        fs::create_directories(out);
        fs::create_directories(in);
        folder.edit("routes.json", [&](Json& json) {
            for (auto& door : json["doors"]) {
                if (door["id"] != "kommun") continue;
                door = {{"id", "kommun"},
                        {"party", "2120001124"},
                        {"by", "folder"},
                        {"out", out.string()},
                        {"in", in.string()},
                        {"route", "/arende"},
                        {"content_type", "application/xml"}};
            }
        });
        folder.edit("stafett.json", [](Json& json) {
            json["file_drop"] = {{"look_seconds", 0.2}, {"file_bytes", kFileBytes}};
        });
    }
};

std::string referral(Names& names) { return documentRequest("remiss.xml", names).body; }

TEST(FileDrop, WritesWhatIsSentWholeUnderTheDeliverysId) {
    Dropping drop("drop-out");
    const auto id = drop.refer();
    const auto story = drop.gateway.story(id, [](const Json& told) {
        return told.at("messages")[0].at("deliveries")[0].at("state") == "delivered";
    });
    const auto delivery = story.at("messages")[0].at("deliveries")[0].at("id").get<std::string>();
    const auto document = readFile(drop.out() / (delivery + ".xml"));
    EXPECT_THAT(document, HasSubstr("<Typ>REMISS</Typ>"));
    EXPECT_THAT(document, HasSubstr(id));
    const auto head = readFile(drop.out() / (delivery + ".head"));
    EXPECT_THAT(head, HasSubstr("POST /arende\n"));
    EXPECT_THAT(head, HasSubstr("Content-Type: application/xml; charset=ISO-8859-1\n"));
    EXPECT_THAT(head, HasSubstr("Stafett-Delivery: " + delivery + "\n"));
    EXPECT_EQ(Dropping::files(drop.out(), "").size(), 2U) << "and nothing else";
}

TEST(FileDrop, TakesAFileAndAnswersBesideIt) {
    Dropping drop("drop-in");
    auto& fk = drop.gateway.agency("fk");
    Names names;
    drop.put("remiss-1.xml", referral(names));
    EXPECT_THAT(drop.taken("remiss-1.xml"), HasSubstr("status=\"OK\""));
    EXPECT_EQ(drop.head("remiss-1.xml", "Stafett-Outcome"), "accepted");
    const auto claims = claimsOf(drop.head("remiss-1.xml", "Stafett-Receipt"));
    EXPECT_EQ(claims.at("smid"), names.get("uuid:remiss"));
    EXPECT_TRUE(fk.waitFor(0, "/samverkan/v1", Deadline::in(std::chrono::seconds(20))));
    EXPECT_FALSE(fs::exists(drop.in() / "remiss-1.xml"));

    drop.put("remiss-igen.xml", referral(names));
    drop.taken("remiss-igen.xml");
    EXPECT_EQ(drop.head("remiss-igen.xml", "Stafett-Receipt"),
              drop.head("remiss-1.xml", "Stafett-Receipt"))
        << "a repeat gets the first receipt";
    EXPECT_EQ(fk.arrived(), 1U);
}

TEST(FileDrop, R20_AttachmentsComeAndGoInFiles) {
    Dropping drop("drop-attach");
    auto& fk = drop.gateway.agency("fk");
    const std::string pdf = "JVBERi0xLjQKMSAwIG9iajw8L1R5cGUvQ2F0YWxvZz4+ZW5kb2JqCg==";
    Names names;
    const auto request = documentRequest(
        "remiss.xml", names,
        {{"</Ärende>", "<Bilagor><Bilaga typ=\"application/pdf\"><Namn>Intyg.pdf</Namn><Data>" +
                           pdf + "</Data></Bilaga></Bilagor></Ärende>"}});
    drop.put("remiss.xml", request.body);
    EXPECT_THAT(drop.taken("remiss.xml"), HasSubstr("status=\"OK\""));
    const auto came = fk.waitFor(0, "/samverkan/v1", Deadline::in(std::chrono::seconds(20)));
    ASSERT_TRUE(came);
    EXPECT_THAT(came->request.body, HasSubstr("<t:innehall>" + pdf + "</t:innehall>"));

    Names others;
    const auto answer = drop.gateway.send(
        "region", documentRequest("region-remiss.json", others,
                                  {{R"("owner":)", R"("input": [{"type": {"coding": [{"system":
                            "https://stafett.example/fhir/CodeSystem/bilaga", "code": "bilaga"}]},
                            "valueAttachment": {"contentType": "application/pdf", "data": ")" +
                                                       pdf + R"("}}], "owner":)"}}));
    ASSERT_EQ(answer.headers.get("Stafett-Outcome"), "accepted") << answer.body;
    ASSERT_TRUE(until([&] { return Dropping::files(drop.out(), ".xml").size() == 1; }));
    EXPECT_THAT(readFile(Dropping::files(drop.out(), ".xml").front()),
                HasSubstr("<Data>" + pdf + "</Data>"));
}

TEST(FileDrop, WhatIsRefusedIsAnsweredInTheSendersOwnForm) {
    Dropping drop("drop-refused");
    Names names;
    drop.put("fyra-fel.xml", documentRequest("remiss-med-fyra-fel.xml", names).body);
    const auto receipt = drop.taken("fyra-fel.xml");
    EXPECT_THAT(receipt, HasSubstr("status=\"FEL\""));
    EXPECT_EQ(drop.head("fyra-fel.xml", "Stafett-Outcome"), "content_refused");
}

TEST(FileDrop, TakesNothingThatIsOnItsWayOrStillGrows) {
    Dropping drop("drop-growing");
    Names names;
    const auto whole = referral(names);
    support::writeFile(drop.in() / "annan.xml.part", whole.substr(0, 100));
    std::ofstream growing(drop.in() / "remiss.xml", std::ios::binary);
    for (std::size_t at = 0; at < whole.size(); at += 100) {
        growing << whole.substr(at, 100) << std::flush;
        // The pace of a slow writer, not a wait for anything.
        std::this_thread::sleep_for(std::chrono::milliseconds(60));
    }
    growing.close();
    EXPECT_THAT(drop.taken("remiss.xml"), HasSubstr("status=\"OK\""));
    EXPECT_FALSE(fs::exists(drop.in() / "skadade")) << "no half of it was read";
    EXPECT_TRUE(fs::exists(drop.in() / "annan.xml.part"));
}

TEST(FileDrop, WhatCannotBeReadIsSetAsideWithAReason) {
    Dropping drop("drop-damaged");
    Names names;
    const auto whole = referral(names);
    const auto secret = drop.gateway.folder().root() / "hemligt.xml";
    support::writeFile(secret, whole);
    drop.put("kapad.xml", whole.substr(0, whole.size() / 2));
    drop.put("stor.xml", whole + std::string(kFileBytes, ' '));
    drop.put("19900222-2397 \xC3\xA5.xml", whole);
    fs::create_symlink(secret, drop.in() / "lank.xml");
    ASSERT_EQ(::mkfifo((drop.in() / "ror.xml").c_str(), 0600), 0);
    fs::create_directory(drop.in() / "mapp.xml");
    for (const char* name :
         {"kapad.xml", "stor.xml", "19900222-2397___.xml", "lank.xml", "ror.xml"}) {
        EXPECT_THAT(drop.setAside(name), HasSubstr("ST-DEL-013")) << name;
    }
    EXPECT_THAT(readFile(drop.in() / "lank.xml.kvittens.xml"), HasSubstr("ST-DEL-013"));
    EXPECT_THAT(readFile(drop.in() / "stor.xml.kvittens.xml"), HasSubstr("ST-HTTP-002"));
    EXPECT_TRUE(fs::exists(drop.in() / "mapp.xml")) << "a folder is left alone";
    EXPECT_EQ(readFile(secret), whole);
    EXPECT_FALSE(fs::exists(drop.in() / "tagna"));
    const auto log = readFile(drop.gateway.folder().log());
    EXPECT_THAT(log, HasSubstr("ST-DEL-013"));
    EXPECT_THAT(log, Not(HasSubstr("19900222"))) << "no file name is logged";
    const auto refusal = log.find("\"refusal\":\"");
    ASSERT_NE(refusal, std::string::npos);
    const auto kept = drop.gateway.admin("/v1/trace/" + log.substr(refusal + 11, 36));
    EXPECT_THAT(kept.dump(), HasSubstr("folder:kommun")) << "each refusal is kept";
}

TEST(FileDrop, AFolderThatIsGoneIsTriedAgain) {
    Dropping drop("drop-gone");
    fs::rename(drop.out(), drop.out().string() + "-borta");
    const auto id = drop.refer();
    const auto deliveryOf = [](const Json& told) {
        return told.at("messages")[0].at("deliveries")[0];
    };
    const auto tried = drop.gateway.story(
        id, [&](const Json& told) { return deliveryOf(told).at("attempts") >= 1; });
    EXPECT_EQ(deliveryOf(tried).at("code"), "ST-DEL-014");
    EXPECT_THAT(readFile(drop.gateway.folder().log()), HasSubstr("folder_failed"));
    fs::create_directories(drop.out());
    drop.gateway.story(
        id, [&](const Json& told) { return deliveryOf(told).at("state") == "delivered"; });
    EXPECT_EQ(Dropping::files(drop.out(), ".xml").size(), 1U);
}

/// Which of these ids stands in the document.
std::set<std::string> idsIn(const std::string& document, const std::vector<std::string>& ids) {
    std::set<std::string> found;
    for (const auto& id : ids) {
        if (document.find(id) != std::string::npos) found.insert(id);
    }
    return found;
}

TEST(FileDrop, OverKillsNothingIsLostAndNothingStandsUnderTwoNames) {
    Dropping drop("drop-kill");
    std::mt19937_64 random{std::random_device{}()};
    drop.gateway.agency("fk");
    drop.gateway.agency("region");
    std::vector<std::string> sent;
    std::map<std::string, std::string> dropped;  // name → the sender's own id
    for (int round = 0; round < 6; ++round) {
        for (int i = 0; i < 4; ++i) {
            sent.push_back(drop.refer());
            Names names;
            const std::string name = std::to_string(round) + "-" + std::to_string(i) + ".xml";
            drop.put(name, referral(names));
            dropped[name] = names.get("uuid:remiss");
        }
        if (round % 2 == 0) {
            // Written, and hardly settled yet.
            sent.push_back(drop.refer());
            const auto last = Dropping::files(drop.out(), ".xml").size();
            until([&] {
                const auto now = Dropping::files(drop.out(), ".xml").size();
                return now > last || now >= sent.size();
            });
        } else {
            // The random moment itself, not a wait for anything.
            std::this_thread::sleep_for(std::chrono::milliseconds(random() % 700));
        }
        drop.gateway.kill();
        drop.gateway.start();
    }
    EXPECT_TRUE(until([&] { return Dropping::files(drop.out(), ".xml").size() >= sent.size(); }));
    std::map<std::string, int> files_of;
    for (const auto& file : Dropping::files(drop.out(), ".xml")) {
        for (const auto& id : idsIn(readFile(file), sent)) ++files_of[id];
    }
    for (const auto& id : sent) EXPECT_EQ(files_of[id], 1) << id;
    std::set<std::string> kept;
    for (const auto& [name, own_id] : dropped) {
        drop.taken(name);
        const auto claims = claimsOf(drop.head(name, "Stafett-Receipt"));
        EXPECT_EQ(claims.at("smid"), own_id);
        kept.insert(claims.at("mid").get<std::string>());
    }
    EXPECT_EQ(kept.size(), dropped.size());
    EXPECT_FALSE(fs::exists(drop.in() / "skadade"));
}

}  // namespace
}  // namespace stafett::e2e
