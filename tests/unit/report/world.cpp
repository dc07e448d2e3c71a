#include "world.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <condition_variable>
#include <fstream>
#include <mutex>

namespace stafett::report::testing {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kMostUnderWay = 2000;

void writeKey(const fs::path& file, const std::string& text) {
    std::ofstream(file) << text;
    ::chmod(file.c_str(), 0400);
}

/// `seal`: the sealing keys, as the ring's file lists them.
security::KeyRing ringOf(const fs::path& folder, const std::string& seal) {
    std::ofstream(folder / "keyring.json") << R"({"keys": [)" << seal << R"(,
        {"id": "index", "use": "index", "state": "active", "key": "index.key"},
        {"id": "sign", "use": "sign", "state": "active", "key": "sign.key"}]})";
    auto ring = security::KeyRing::load((folder / "keyring.json").string());
    EXPECT_TRUE(ring);
    return std::move(*ring);
}

security::KeyRing makeRing(const fs::path& folder) {
    writeKey(folder / "seal.key", std::string(64, 'a'));
    writeKey(folder / "seal-2.key", std::string(64, 'c'));
    writeKey(folder / "index.key", std::string(64, 'b'));
    const auto sign = (folder / "sign.key").string();
    const std::string command =
        "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out " + sign +
        " 2>/dev/null && chmod 0400 " + sign;
    EXPECT_EQ(std::system(command.c_str()), 0);
    return ringOf(folder, R"({"id": "seal", "use": "seal", "state": "active", "key": "seal.key"})");
}

void addParty(config::Config& config, const PartyId& id, const char* type, const char* dialect,
              const char* association = "") {
    config::Party party;
    party.id = id;
    party.name = id.value;
    party.type = type;
    party.dialect = DialectId{dialect};
    party.insats = {association, "", *association == 0 ? "" : "MIA"};
    config.parties.emplace(id, std::move(party));
}

/// Noon of a day of 2026, some days off.
Time noon(int month, int day, int days = 0) {
    using namespace std::chrono;
    return sys_days(year(2026) / month / day) + hours(12) + std::chrono::days(days);
}

}  // namespace

struct World::Sent {
    std::mutex mutex;
    std::condition_variable changed;
    std::uint32_t under_way = 0;
    std::uint32_t failed = 0;
};

World::World() : sent_(std::make_shared<Sent>()) {
    std::string form = (fs::temp_directory_path() / "stafett-report-XXXXXX").string();
    folder_ = ::mkdtemp(form.data());
    addParty(config_, kAf, "agency", "employment_service");
    addParty(config_, kFk, "agency", "social_insurance");
    addParty(config_, kKommun, "municipality", "municipality");
    addParty(config_, kRegion, "region", "region");
    addParty(config_, kNorth, "insats", "municipality", "Norra");
    addParty(config_, kSouth, "insats", "municipality", "Södra");
    sealer_ = std::make_unique<security::Sealer>(makeRing(folder_));
    auto store = store::openSqlite({.path = (folder_ / "store.db").string()});
    EXPECT_TRUE(store);
    store_ = std::move(*store);
    restart();
}

World::~World() {
    settle();
    reports_.reset();
    archive_.reset();
    store_.reset();
    fs::remove_all(folder_);
}

void World::turnKey(const std::string& old_state) {
    settle();
    std::string seal = R"({"id": "seal-2", "use": "seal", "state": "active", "key": "seal-2.key"})";
    if (!old_state.empty()) {
        seal += R"(, {"id": "seal", "use": "seal", "state": ")" + old_state +
                R"(", "key": "seal.key"})";
    }
    sealer_ = std::make_unique<security::Sealer>(ringOf(folder_, seal));
    restart();
}

void World::restart() {
    reports_.reset();
    archive_.reset();
    auto archive = store::ReportArchive::open((folder_ / "reports.db").string());
    EXPECT_TRUE(archive);
    archive_ = std::move(*archive);
    reports_ = std::make_unique<Reports>(*store_, *archive_, *sealer_);
}

void World::keep(const CaseId& id, int place, const std::string& kind, const PartyId& from,
                 const PartyId& to, Time when, const std::string& content,
                 const Participant* participant) {
    store::Keep keep;
    keep.id = MessageId::make();
    keep.case_id = id;
    keep.case_version = static_cast<std::uint64_t>(place);
    keep.case_state = "{}";
    keep.holder = from;
    keep.holder_function = FunctionId{"intag"};
    keep.sender = from;
    keep.sender_function = FunctionId{"intag"};
    keep.system = SystemId{"system"};
    keep.kind = kind;
    keep.dialect = DialectId{"municipality"};
    keep.form = FormId{"form"};
    keep.versions = "{}";
    keep.received_at = when;
    keep.repeat_digest = keep.body_digest = keep.transport_free_digest = keep.sender_id =
        sha256(keep.id.text());
    if (participant != nullptr) {
        keep.person = sha256(std::to_string(participant->person));
        keep.municipality = participant->municipality;
    }
    const auto key = sealer_->newKey(keep.id.uuid);
    keep.data_key = key.wrapped();
    keep.canonical = key.seal("canonical", content);
    store::NewDelivery delivery;
    delivery.id = DeliveryId::make();
    delivery.receiver = to;
    delivery.function = FunctionId{"intag"};
    delivery.dialect = keep.dialect;
    delivery.form = keep.form;
    delivery.versions = "{}";
    delivery.losses = "[]";
    keep.deliveries.push_back(std::move(delivery));

    std::unique_lock lock(sent_->mutex);
    sent_->changed.wait(lock, [this] { return sent_->under_way < kMostUnderWay; });
    ++sent_->under_way;
    lock.unlock();
    store_->keep(std::move(keep), [sent = sent_](const Result<store::Kept>& kept) {
        const std::lock_guard guard(sent->mutex);
        --sent->under_way;
        if (!kept || kept->outcome != store::Kept::Outcome::Stored) ++sent->failed;
        sent->changed.notify_all();
    });
}

void World::settle() {
    std::unique_lock lock(sent_->mutex);
    sent_->changed.wait(lock, [this] { return sent_->under_way == 0; });
    EXPECT_EQ(sent_->failed, 0U) << "messages that were not kept";
}

void World::add(const Participant& p) {
    const auto id = CaseId::make();
    const Time accepted = noon(p.month, 10);
    const std::string referral = p.support_months.empty()
                                     ? "{}"
                                     : R"({"publicSupport":{"months":)" + p.support_months + "}}";
    keep(id, 0, "referral", p.source, p.project, accepted - std::chrono::days(p.days), referral,
         &p);
    keep(id, 1, "answer", p.project, p.source, accepted, R"({"answer":{"type":"accept"}})", &p);
    if (!p.outcome.empty()) {
        const auto& closer = p.closer.value.empty() ? p.project : p.closer;
        keep(id, 2, "closure", closer, p.source, noon(p.month, 20),
             R"({"closure":{"outcome":")" + p.outcome + R"("}})", &p);
    }
}

void World::addDeviation(int month, const std::string& category, const std::string& cause,
                         const std::string& municipality) {
    keep(CaseId::make(), 0, "deviation", kNorth, kAf, noon(month, 5),
         R"({"deviation":{"type":"deviation","category":")" + category + R"(","cause":")" + cause +
             R"(","municipality":")" + municipality + R"("}})");
}

void World::addFollowUp(int month, int after, bool kept) {
    keep(CaseId::make(), 0, "progress", kNorth, kAf, noon(month, 6),
         R"({"followUp":{"month":)" + std::to_string(after) + R"(,"kept":)" +
             (kept ? "true" : "false") + "}}");
}

Table World::table(const Request& request, const std::string& today) {
    settle();
    auto made = reports_->make(request, config_, today);
    EXPECT_TRUE(made) << info(made.error().code()).id;
    return made ? std::move(*made) : Table{};
}

}  // namespace stafett::report::testing
