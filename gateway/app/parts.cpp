#include "gateway/app/parts.h"

#include <algorithm>

#include "gateway/mapping/library.h"
#include "gateway/message/dates.h"

namespace stafett::app {
namespace {

/// How long an open connection may outlive its certificate or a revocation list.
constexpr std::chrono::seconds kJudgeEvery{60};

Problems one(const Error& error) { return {error}; }

trace::Level levelOf(const std::string& name) {
    if (name == "debug") return trace::Level::Debug;
    if (name == "warn") return trace::Level::Warn;
    if (name == "error") return trace::Level::Error;
    return trace::Level::Info;
}

/// The numbers of follow-up lie beside the store: stafett.db, stafett.reports.db.
std::string archiveBeside(std::filesystem::path store) {
    return store.replace_extension(".reports" + store.extension().string()).string();
}

/// The file that remembers which mappings have been proven lies beside the store.
mapping::LoadOptions loadOptions(const std::filesystem::path& folder) {
    const auto config = config::load(folder);
    mapping::LoadOptions options;
    if (config) options.proofs = config->settings.store.parent_path() / "mapping-proofs.json";
    return options;
}

}  // namespace

Checked<std::unique_ptr<Gateway>> Gateway::start(const std::filesystem::path& folder) {
    std::unique_ptr<Gateway> g(new Gateway);
    g->folder_ = folder;
    ST_TRY(auto snapshot, pipeline::loadSnapshot(folder, loadOptions(folder)));
    const config::Settings& settings = snapshot->config.settings;
    g->snapshot_ = snapshot;

    ST_TRY(auto ring, security::KeyRing::load(settings.key_ring.string()));
    ST_TRY(auto server_context, security::serverContext(settings.tls, settings.systems));
    ST_TRY(auto client_context, security::clientContext(settings.tls));
    if (auto apart = security::keptApart(ring, *server_context); !apart) {
        return tl::make_unexpected(one(apart.error()));
    }
    g->server_context_ = server_context;
    g->client_context_ = client_context;
    g->endings_.readAgain(settings.tls);

    const auto level = levelOf(settings.log_level);
    g->log_ = settings.log_file.empty() ? trace::logToStandardError(level)
                                        : trace::logToFile(settings.log_file.string(), level);
    g->metrics_ = std::make_unique<trace::Metrics>();
    g->sealer_ = std::make_unique<security::Sealer>(ring);
    g->index_ = std::make_unique<security::IndexKey>(ring);
    g->signer_ = std::make_unique<security::Signer>(ring);
    auto store = store::openSqlite({.path = settings.store.string(),
                                    .group = settings.store_group,
                                    .linger = settings.store_linger,
                                    .queue = settings.store_queue,
                                    .log = g->log_.get(),
                                    .metrics = g->metrics_.get()});
    if (!store) return tl::make_unexpected(one(store.error()));
    g->store_ = std::move(*store);
    auto archive = store::ReportArchive::open(archiveBeside(settings.store));
    if (!archive) return tl::make_unexpected(one(archive.error()));
    g->archive_ = std::move(*archive);
    g->reports_ = std::make_unique<report::Reports>(*g->store_, *g->archive_, *g->sealer_);
    if (auto done = g->startClock(settings.clock); !done) {
        return tl::make_unexpected(one(done.error()));
    }
    g->shared_ = std::make_unique<pipeline::Shared>(
        pipeline::Shared{*g->store_, *g->sealer_, *g->index_, *g->signer_, *g->log_, *g->metrics_,
                         *g->clock_, settings.clock.speed, g->played_ != nullptr});

    const auto snapshots = [self = g.get()] { return self->snapshot_.load(); };
    const std::string keys = security::Verifier(ring).jwks();
    g->notices_ = std::make_unique<pipeline::Notices>(*g->shared_, snapshots);
    auto courier = transport::Courier::start(
        settings.courier, [self = g.get()] { return self->client_context_.load(); });
    if (!courier) return tl::make_unexpected(one(courier.error()));
    g->courier_ = std::move(*courier);
    g->outbound_ =
        std::make_unique<pipeline::Outbound>(*g->shared_, snapshots, *g->courier_, *g->notices_);
    g->timers_ = std::make_unique<pipeline::Timers>(*g->shared_, snapshots);
    g->inbound_ = std::make_unique<pipeline::Inbound>(*g->shared_, snapshots, keys, *g->notices_);
    g->mailbox_ =
        std::make_unique<pipeline::Mailbox>(*g->shared_, snapshots, *g->notices_, *g->inbound_);
    g->attachments_ = std::make_unique<pipeline::Attachments>(*g->shared_, snapshots, *g->mailbox_);
    g->api_ = std::make_unique<admin::Api>(
        *g->shared_, *g->reports_, snapshots, keys,
        [self = g.get()] { return self->ready_.load() && !self->failed(); },
        g->played_ == nullptr ? admin::Advance{}
                              : [self = g.get()](std::chrono::seconds by) { self->advance(by); });

    auto inbox = transport::InboxServer::start(
        settings.inbox, [self = g.get()] { return self->server_context_.load(); }, *g->attachments_,
        {.log = g->log_.get(),
         .metrics = g->metrics_.get(),
         .listener = trace::SafeText::fromConfiguration("inbox")});
    if (!inbox) return tl::make_unexpected(one(inbox.error()));
    g->inbox_server_ = std::move(*inbox);
    auto admin =
        transport::InboxServer::start(settings.admin, {}, *g->api_,
                                      {.log = g->log_.get(),
                                       .metrics = g->metrics_.get(),
                                       .listener = trace::SafeText::fromConfiguration("admin")});
    if (!admin) return tl::make_unexpected(one(admin.error()));
    g->admin_server_ = std::move(*admin);
    g->file_drop_ =
        std::make_unique<pipeline::FileDrop>(*g->shared_, snapshots, *g->notices_, *g->inbound_);
    g->store_->onDue([self = g.get()] {
        self->outbound_->wake();
        self->mailbox_->wake();
        self->file_drop_->wake();
    });
    g->ready_ = true;
    return g;
}

Gateway::~Gateway() {
    drain(Deadline::in(std::chrono::milliseconds(0)));
    if (store_) store_->close();  // also where starting failed: it wakes nobody any more
}

/// A rehearsal begins where it is told, but never before what the store has seen already.
Status Gateway::startClock(const config::Rehearsal& rehearsal) {
    if (rehearsal.start.empty()) {
        clock_ = std::make_unique<SystemClock>();
        return {};
    }
    auto start = message::parseTime(rehearsal.start).value_or(SystemClock().now());
    ST_TRY(const auto newest, store_->newest());
    if (newest) start = std::max(start, *newest);
    auto played = std::make_unique<PlayedClock>(start, rehearsal.speed);
    played_ = played.get();
    clock_ = std::move(played);
    return {};
}

void Gateway::advance(std::chrono::seconds by) {
    played_->advance(by);
    timers_->wake();
    outbound_->wake();
}

/// A party that holds cases is not switched off: nobody could hand them over (R35).
Problems Gateway::stillHolding(const config::Config& next) const {
    const auto today = message::stockholmDate(clock_->now());
    const auto isOn = [&](const config::Config& config, const PartyId& id) {
        const auto* party = config.party(id);
        return party != nullptr && config::holdsOn(party->valid_from, party->valid_to, today);
    };
    const auto holders = store_->holders();
    if (!holders) return {holders.error()};
    Problems problems;
    for (const auto& [id, count] : *holders) {
        if (!isOn(snapshot_.load()->config, id) || isOn(next, id)) continue;
        problems.emplace_back(
            Code::CustodyStillHolds,
            Place{.path = "/party",
                  .file = (next.folder / "parties").string(),
                  .row = "party " + id.value + ", cases " + std::to_string(count)});
    }
    return problems;
}

Checked<void> Gateway::reload() {
    ST_TRY(auto snapshot, pipeline::loadSnapshot(folder_, loadOptions(folder_)));
    if (auto held = stillHolding(snapshot->config); !held.empty()) {
        return tl::make_unexpected(std::move(held));
    }
    const config::Settings& settings = snapshot->config.settings;
    ST_TRY(auto server_context, security::serverContext(settings.tls, settings.systems));
    ST_TRY(auto client_context, security::clientContext(settings.tls));
    snapshot_ = snapshot;
    server_context_ = server_context;
    client_context_ = client_context;
    endings_.readAgain(settings.tls);
    inbox_server_->judgeAgain();
    file_drop_->refresh();
    timers_->wake();
    return {};
}

void Gateway::drain(Deadline deadline) {
    if (!ready_.exchange(false)) return;
    if (mailbox_) mailbox_->drain();
    if (file_drop_) file_drop_->drain();
    if (inbox_server_) inbox_server_->drain(deadline);
    if (timers_) timers_->stop();
    if (outbound_) outbound_->drain(deadline);
    if (courier_) courier_->stop();
    if (store_) store_->close();
    if (admin_server_) admin_server_->drain(deadline);
}

void Gateway::forget() {
    const Time now = clock_->now();
    if (now < forget_next_) return;
    if (const auto swept = store_->sweepPieces(); !swept) {
        log_->error("purge_failed", {{"code", swept.error().code()}});
    }
    forget_next_ = now + std::chrono::hours(1);
    if (const auto done = store_->purge(now); !done) {
        log_->error("purge_failed", {{"code", done.error().code()}});
    } else if (*done > 0) {
        log_->info("purged", {{"refusals", *done}});
    }
}

void Gateway::look() {
    const auto snapshot = snapshot_.load();
    for (const auto* adapter : snapshot->registry.all()) {
        const auto health = adapter->health();
        metrics_->setPlugin(adapter->dialect(), health.overruns, health.stuck);
    }
    endings_.tell(snapshot->config.settings.tls, *log_, *metrics_);
    if (const auto now = std::chrono::steady_clock::now(); now >= judge_next_) {
        judge_next_ = now + kJudgeEvery;
        inbox_server_->judgeAgain();
    }
}

bool Gateway::failed() const { return !store_->health(); }

bool Gateway::kept() const {
    return (inbox_server_ && inbox_server_->kept() > 0) || (courier_ && courier_->kept() > 0) ||
           (inbound_ && inbound_->kept() > 0);
}

bool Gateway::sick() const {
    const auto snapshot = snapshot_.load();
    if (!snapshot) return false;
    const auto all = snapshot->registry.all();
    return std::any_of(all.begin(), all.end(),
                       [](const auto* adapter) { return adapter->health().mustRestart(); });
}

}  // namespace stafett::app
