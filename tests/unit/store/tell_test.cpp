#include <gmock/gmock.h>

#include <openssl/evp.h>
#include <openssl/pem.h>

#include <cstdlib>
#include <fstream>
#include <set>

#include "gateway/security/index_key.h"
#include "gateway/security/seal.h"
#include "gateway/store/migrations.h"
#include "made.h"

using namespace stafett;
using namespace stafett::store;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Is = Kept::Outcome;

namespace {

class Telling : public ::testing::Test {
protected:
    Keep kept(Keep keep) {
        EXPECT_EQ(outcomeOf(*store, keep), Is::Stored);
        return keep;
    }
    std::vector<MessageId> found(const Query& query) {
        const auto rows = store->search(query);
        EXPECT_TRUE(rows);
        std::vector<MessageId> ids;
        if (rows) {
            for (const auto& row : *rows) ids.push_back(row.id);
        }
        return ids;
    }
    Refusal refused(Time when, std::optional<Digest> sender_id = std::nullopt) {
        Refusal refusal;
        refusal.id = RefusalId::make();
        refusal.at = when;
        refusal.system = kSystem;
        refusal.sender = kSender;
        refusal.dialect = DialectId{"region"};
        refusal.form = FormId{"remiss"};
        refusal.body_digest = sha256("body");
        refusal.sender_id = sender_id;
        refusal.problems = R"([{"code":"ST-MAP-014","place":"/a/0"}])";
        refusal.count = 1;
        refusal.events = {{trace::Step::Received, when, {}}, {trace::Step::Refused, when, {}}};
        Answer<Status> answer;
        store->refuse(refusal, answer.taker());
        EXPECT_TRUE(answer.wait());
        return refusal;
    }

    Folder folder;
    std::unique_ptr<MessageStore> store = openAt(folder.file());
};

/// Keys of its own, made here: a store is never tried with keys that lie in the repository.
Checked<security::KeyRing> ringIn(const Folder& folder) {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    BIO* pem = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(pem, key, nullptr, nullptr, 0, nullptr, nullptr);
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(pem, &bytes);
    ::setenv("STAFETT_TEST_SIGN", std::string(bytes, static_cast<std::size_t>(size)).c_str(), 1);
    ::setenv("STAFETT_TEST_SEAL", sha256("seal").hex().c_str(), 1);
    ::setenv("STAFETT_TEST_INDEX", sha256("index").hex().c_str(), 1);
    BIO_free(pem);
    EVP_PKEY_free(key);
    std::ofstream(folder.file("keyring.json")) << R"({"keys": [
        {"id": "seal-1", "use": "seal", "state": "active", "key": "env:STAFETT_TEST_SEAL"},
        {"id": "index-1", "use": "index", "state": "active", "key": "env:STAFETT_TEST_INDEX"},
        {"id": "sign-1", "use": "sign", "state": "active", "key": "env:STAFETT_TEST_SIGN"}]})";
    return security::KeyRing::load(folder.file("keyring.json"));
}

}  // namespace

TEST_F(Telling, AStoryIsTheSameByMessageCaseAndDelivery) {
    const Keep first = kept(newKeep({kReceiver, kOther}));
    const Keep second = kept(nextKeep(first));
    ASSERT_EQ(lentFrom(*store, at(5)).size(), 2U);
    const auto& delivery = first.deliveries[0];
    ASSERT_TRUE(settleIn(*store, attemptOf(delivery.id, Attempt::Outcome::Retry, at(6), at(90))));
    ASSERT_EQ(lentFrom(*store, at(90)).size(), 1U);
    ASSERT_TRUE(settleIn(*store, attemptOf(delivery.id, Attempt::Outcome::Delivered, at(91))));
    Answer<Status> noted;
    store->note(first.id, {{trace::Step::Viewed, at(95), {}}}, noted.taker());
    ASSERT_TRUE(noted.wait());

    for (const Uuid& id : {first.id.uuid, second.id.uuid, first.case_id.uuid, delivery.id.uuid}) {
        const auto story = store->story(id);
        ASSERT_TRUE(story && *story);
        EXPECT_FALSE((*story)->refusal);
        ASSERT_TRUE((*story)->case_row);
        EXPECT_EQ((*story)->case_row->version, 2U);
        const auto& messages = (*story)->messages;
        ASSERT_EQ(messages.size(), 2U);
        EXPECT_EQ(messages[0].id, first.id);
        EXPECT_EQ(messages[0].seq, 1U);
        EXPECT_EQ(messages[0].sender, kSender);
        EXPECT_EQ(messages[0].kind, "referral");
        EXPECT_EQ(messages[0].receipt, first.receipt);
        EXPECT_EQ(messages[0].received_at, first.received_at);
        EXPECT_EQ(messages[1].id, second.id);
        EXPECT_EQ(messages[1].seq, 2U);
        EXPECT_THAT(
            messages[0].events,
            ElementsAre(HasSubstr("\"received\""), HasSubstr("\"kept\""), HasSubstr("\"retry\""),
                        HasSubstr("\"retry\""), HasSubstr("\"viewed\"")));
        EXPECT_THAT(messages[0].events[3], HasSubstr("2026-01-01T00:00:00.091Z"));
        ASSERT_EQ(messages[0].deliveries.size(), 2U);
        const auto& told = messages[0].deliveries[0].id == delivery.id ? messages[0].deliveries[0]
                                                                       : messages[0].deliveries[1];
        EXPECT_EQ(told.state, DeliveryState::Delivered);
        EXPECT_EQ(told.attempts, 2U);
        EXPECT_EQ(told.code, std::nullopt);
        EXPECT_EQ(told.versions, R"({"mapping":"m1"})");
        EXPECT_EQ(told.losses, "[]");
        ASSERT_EQ(messages[1].deliveries.size(), 1U);
        EXPECT_EQ(messages[1].deliveries[0].next, at(91));
    }
    EXPECT_FALSE(store->story(Uuid::make())->has_value());
    Answer<Status> unknown;
    store->note(MessageId::make(), {{trace::Step::Viewed, at(95), {}}}, unknown.taker());
    EXPECT_EQ(unknown.wait().error().code(), Code::StoreNotFound);
}

TEST_F(Telling, ARefusalHasItsStoryForNinetyDays) {
    const Refusal old = refused(at(0), sha256("theirs"));
    const Refusal young = refused(at(0) + std::chrono::hours(24 * 30));
    const auto story = store->story(old.id.uuid);
    ASSERT_TRUE(story && *story && (*story)->refusal);
    const Refusal& told = *(*story)->refusal;
    EXPECT_EQ(told.id, old.id);
    EXPECT_EQ(told.at, old.at);
    EXPECT_EQ(told.system, kSystem);
    EXPECT_EQ(told.sender, kSender);
    EXPECT_EQ(told.dialect, DialectId{"region"});
    EXPECT_EQ(told.form, FormId{"remiss"});
    EXPECT_EQ(told.body_digest, sha256("body"));
    EXPECT_EQ(told.sender_id, sha256("theirs"));
    EXPECT_EQ(told.problems, old.problems);
    EXPECT_EQ(told.count, 1U);
    EXPECT_EQ((*story)->refusal_events.size(), 2U);
    EXPECT_EQ(*store->findRefusals({sha256("theirs")}), std::vector{old.id});

    EXPECT_EQ(*store->purge(at(0) + std::chrono::hours(24 * 90 - 1)), 0U);
    EXPECT_EQ(*store->purge(at(0) + std::chrono::hours(24 * 90)), 1U);
    EXPECT_FALSE(store->story(old.id.uuid)->has_value());
    EXPECT_TRUE(store->story(young.id.uuid)->has_value());
    EXPECT_EQ(store->counts()->refusals, 1U);
}

TEST_F(Telling, SearchGivesPagesWithoutGapOrRepeat) {
    std::vector<MessageId> expected;
    for (int i = 0; i < 25; ++i) {
        Keep keep = newKeep();
        keep.received_at = at(i / 4);  // several at one moment
        kept(keep);
        expected.insert(expected.begin(), keep.id);
    }
    std::vector<MessageId> all;
    Query query{.limit = 7};
    while (true) {
        const auto page = store->search(query);
        ASSERT_TRUE(page);
        if (page->empty()) break;
        EXPECT_LE(page->size(), 7U);
        for (const auto& row : *page) all.push_back(row.id);
        query.after = page->back().key;
        kept(newKeep());  // at the first moment of all, so it stands last; later pages may see it
        if (all.size() >= 25) break;
    }
    all.resize(21);
    EXPECT_EQ(all, std::vector(expected.begin(), expected.begin() + 21));
    EXPECT_FALSE(store->search({.after = "nonsense"}));
    EXPECT_FALSE(store->search({.after = "1.2.3"}));
}

TEST_F(Telling, SearchFindsByPartyKindStateCaseAndTime) {
    const Keep referral = kept(newKeep({kReceiver, kOther}));
    Keep answer = nextKeep(referral, {kSender});
    answer.sender = kReceiver;
    kept(answer);
    Keep elsewhere = newKeep({kOther});
    elsewhere.received_at = at(1000);
    kept(elsewhere);
    ASSERT_EQ(lentFrom(*store, at(2000)).size(), 4U);
    ASSERT_TRUE(settleIn(
        *store, attemptOf(referral.deliveries[0].id, Attempt::Outcome::Delivered, at(2001))));
    ASSERT_TRUE(
        settleIn(*store, attemptOf(referral.deliveries[1].id, Attempt::Outcome::Held, at(2001))));

    EXPECT_THAT(found({}), ElementsAre(elsewhere.id, answer.id, referral.id));
    EXPECT_THAT(found({.party = kReceiver}), ElementsAre(answer.id, referral.id));
    EXPECT_THAT(found({.party = kOther}), ElementsAre(elsewhere.id, referral.id));
    EXPECT_THAT(found({.kind = "answer"}), ElementsAre(answer.id));
    EXPECT_THAT(found({.state = DeliveryState::Held}), ElementsAre(referral.id));
    EXPECT_THAT(found({.state = DeliveryState::Delivered}), ElementsAre(referral.id));
    EXPECT_THAT(found({.state = DeliveryState::Waiting}), ElementsAre(elsewhere.id, answer.id));
    EXPECT_THAT(found({.party = kOther, .state = DeliveryState::Held}), ElementsAre(referral.id));
    EXPECT_THAT(found({.party = kReceiver, .state = DeliveryState::Held}), IsEmpty());
    EXPECT_THAT(found({.case_id = referral.case_id}), ElementsAre(answer.id, referral.id));
    EXPECT_THAT(found({.state = DeliveryState::Held, .case_id = referral.case_id}),
                ElementsAre(referral.id));
    EXPECT_THAT(found({.from = at(1000)}), ElementsAre(elsewhere.id));
    EXPECT_THAT(found({.to = at(1000)}), ElementsAre(answer.id, referral.id));
    EXPECT_THAT(found({.from = at(1), .to = at(2)}), ElementsAre(answer.id));
    EXPECT_THAT(found({.limit = 1}), ElementsAre(elsewhere.id));
    EXPECT_EQ(store->search({.case_id = referral.case_id})->back().states, "delivered 1, held 1");
}

TEST_F(Telling, NothingPersonalStandsInTheFiles) {
    const std::vector<std::string> canaries = {"191212121212", "1212121212", "121212-1212",
                                               "Tolvan",       "Tolvansson", "arende-4711-theirs"};
    const auto ring = ringIn(folder);
    ASSERT_TRUE(ring) << describe(ring.error().front(), Language::English);
    const security::Sealer sealer(*ring);
    const security::IndexKey index(*ring);
    const std::string document =
        R"({"person":{"personnummer":"191212121212","annat":"121212-1212",)"
        R"("namn":"Tolvan Tolvansson"},"id":"arende-4711-theirs"})";
    for (int i = 0; i < 20; ++i) {
        Keep keep = newKeep();
        const auto key = sealer.newKey(keep.id.uuid);
        keep.data_key = key.wrapped();
        keep.raw = key.seal("raw", document);
        keep.canonical = key.seal("canonical", document);
        keep.residue = key.seal("residue", document);
        keep.sender_id = index.of(security::IndexPurpose::SenderId, kSender,
                                  {"arende-4711-theirs", keep.id.text()});
        keep.person = index.of(security::IndexPurpose::Person, kSender, {"191212121212"});
        keep.aliases = {
            {kSender, "text",
             index.of(security::IndexPurpose::Alias, kSender, {"text", "arende-4711-theirs"}),
             key.seal("alias", "arende-4711-theirs")}};
        keep.deliveries[0].request = key.seal("delivery/x", document);
        kept(keep);
    }
    std::size_t read = 0;
    for (const auto* suffix : {"", "-wal", "-shm"}) {
        std::ifstream in(folder.file() + suffix, std::ios::binary);
        const std::string bytes((std::istreambuf_iterator<char>(in)), {});
        read += bytes.size();
        for (const auto& canary : canaries) EXPECT_THAT(bytes, Not(HasSubstr(canary))) << suffix;
    }
    EXPECT_GT(read, 20000U);
}

TEST(Migrations, AreNumberedFromOneWithoutAGap) {
    int expected = 0;
    for (const Migration& step : migrations()) EXPECT_EQ(step.version, ++expected);
    EXPECT_GE(expected, 1);
}

TEST(Migrations, EveryEarlierVersionComesToTheSameForm) {
    const auto formOf = [](Connection& connection) {
        std::set<std::string> form;
        Cursor row = connection.query(
            "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema");
        while (*row.next()) form.insert(row.text(0));
        return form;
    };
    const Folder folder;
    auto fresh = Connection::open(folder.file("fresh.db"), Connection::Access::Write);
    ASSERT_TRUE(fresh && migrate(*fresh, migrations()));
    const auto expected = formOf(*fresh);
    EXPECT_GT(expected.size(), 10U);
    for (std::size_t from = 0; from <= migrations().size(); ++from) {
        auto old = Connection::open(folder.file(std::to_string(from)), Connection::Access::Write);
        ASSERT_TRUE(old && migrate(*old, migrations().first(from)));
        ASSERT_TRUE(migrate(*old, migrations()));
        EXPECT_EQ(formOf(*old), expected) << "from version " << from;
        ASSERT_TRUE(migrate(*old, migrations()));
    }
}

TEST(Migrations, RunInOrderOnceAndAreWhollyDoneOrNotAtAll) {
    const Folder folder;
    auto connection = Connection::open(folder.file(), Connection::Access::Write);
    ASSERT_TRUE(connection);
    const Migration good[] = {{1, "start", "CREATE TABLE a (x); INSERT INTO a VALUES (1);"},
                              {2, "more", "ALTER TABLE a ADD COLUMN y; UPDATE a SET x = x + 1;"}};
    const Migration bad[] = {
        good[0], good[1], {3, "wrong", "UPDATE a SET x = x + 10; INSERT INTO nowhere VALUES (1);"}};
    ASSERT_TRUE(migrate(*connection, std::span(good).first(1)));
    ASSERT_TRUE(migrate(*connection, good));
    ASSERT_TRUE(migrate(*connection, good));
    EXPECT_FALSE(migrate(*connection, bad));
    EXPECT_FALSE(connection->inTransaction());
    Cursor row = connection->query("SELECT x, (SELECT max(version) FROM schema_version) FROM a");
    ASSERT_TRUE(*row.next());
    EXPECT_EQ(row.integer(0), 2);
    EXPECT_EQ(row.integer(1), 2);
}

TEST(Migrations, AStoreOfANewerVersionIsNotTouched) {
    const Folder folder;
    openAt(folder.file()).reset();
    {
        auto connection = Connection::open(folder.file(), Connection::Access::Write);
        ASSERT_TRUE(connection->script("INSERT INTO schema_version VALUES (9999, 'later', '')"));
    }
    const auto bytes = [&] {
        std::ifstream in(folder.file(), std::ios::binary);
        return std::string((std::istreambuf_iterator<char>(in)), {});
    };
    const auto before = bytes();
    const auto store = openSqlite({.path = folder.file()});
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code(), Code::StoreMigration);
    EXPECT_EQ(store.error().place().file, folder.file());
    EXPECT_TRUE(bytes() == before);
}

TEST(InMemory, IsAStoreLikeAnyOtherAndLeavesNothing) {
    const auto count = [] {
        std::size_t n = 0;
        for (const auto& entry :
             std::filesystem::directory_iterator(std::filesystem::temp_directory_path())) {
            if (entry.path().filename().string().rfind("stafett-store-", 0) == 0) ++n;
        }
        return n;
    };
    const std::size_t before = count();
    {
        const auto store = openAt(":memory:");
        const auto second = openAt(":memory:");
        ASSERT_EQ(outcomeOf(*store, newKeep()), Is::Stored);
        EXPECT_EQ(store->counts()->messages, 1U);
        EXPECT_EQ(second->counts()->messages, 0U);
        EXPECT_GE(count(), before + 2);
    }
    EXPECT_LE(count(), before);
}
