// stafett.json: every option, its default and its limits.
#include "gateway/config/sections.h"
#include "gateway/message/dates.h"

namespace stafett::config {
namespace {

constexpr std::size_t kLargeBody = std::size_t{32} << 20;
constexpr std::size_t kLargeMemory = std::size_t{128} << 20;

std::filesystem::path beside(const std::filesystem::path& folder, const std::string& path) {
    if (path.empty()) return {};
    return (std::filesystem::path(path).is_absolute() ? std::filesystem::path(path) : folder / path)
        .lexically_normal();
}

/// A reference to a secret: `env:` and `fd:` stay as they are, a path is relative to the folder.
std::string secretBeside(const std::filesystem::path& folder, const std::string& reference) {
    if (reference.empty() || reference.starts_with("env:") || reference.starts_with("fd:")) {
        return reference;
    }
    return beside(folder, reference).string();
}

/// Plugins are built and installed beside the programs: bin/ and plugins/.
std::filesystem::path besideThisProgram() {
    std::error_code failed;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", failed);
    return failed ? std::filesystem::path() : program.parent_path().parent_path() / "plugins";
}

std::chrono::milliseconds seconds(Reader& r, std::string_view key,
                                  std::chrono::milliseconds fallback, double most) {
    const double value = r.real(key, double(fallback.count()) / 1000.0, 0.001, most);
    return std::chrono::milliseconds(static_cast<std::int64_t>(value * 1000.0));
}

void readListener(Reader& r, Listener& l) {
    l.address = r.text("address", l.address);
    l.port = static_cast<std::uint16_t>(r.number("port", l.port, 0, 65535));
    l.host = r.text("host", l.host);
    l.body = static_cast<std::size_t>(r.number("body_bytes", std::int64_t(l.body), 1024, 64 << 20));
    l.head = static_cast<std::size_t>(r.number("head_bytes", std::int64_t(l.head), 1024, 1 << 20));
    l.fields = static_cast<std::size_t>(r.number("header_lines", std::int64_t(l.fields), 8, 1000));
    l.target =
        static_cast<std::size_t>(r.number("target_bytes", std::int64_t(l.target), 64, 64 << 10));
    l.connections = static_cast<std::uint32_t>(r.number("connections", l.connections, 1, 100'000));
    l.connections_per_peer = static_cast<std::uint32_t>(
        r.number("connections_per_peer", l.connections_per_peer, 1, 100'000));
    l.requests_per_peer =
        static_cast<std::uint32_t>(r.number("requests_per_peer", l.requests_per_peer, 1, 100'000));
    l.turned_away = static_cast<std::uint32_t>(r.number("turned_away", l.turned_away, 0, 10'000));
    l.request_time = seconds(r, "request_seconds", l.request_time, 3600);
    l.idle_time = seconds(r, "idle_seconds", l.idle_time, 3600);
    l.handshake_time = seconds(r, "handshake_seconds", l.handshake_time, 600);
    l.workers = static_cast<unsigned>(r.number("workers", l.workers, 1, 256));
}

/// Bodies with attachments: of the inbox alone.
void readLargeBodies(Reader& r, Listener& l) {
    const auto most = std::int64_t{1} << 30;
    l.large_body = static_cast<std::size_t>(
        r.number("attachment_body_bytes", std::int64_t(l.large_body), 1024, 256 << 20));
    l.large_memory = static_cast<std::size_t>(
        r.number("attachment_memory_bytes", std::int64_t(l.large_memory), 1024, 16 * most));
    if (l.large_body < l.body) {
        r.problem(Code::ConfigRange, "attachment_body_bytes", "Not less than body_bytes.");
    }
    if (l.large_memory < l.large_body) {
        r.problem(Code::ConfigRange, "attachment_memory_bytes",
                  "Not less than attachment_body_bytes.");
    }
}

void readAttachments(Reader& r, Attachments& a) {
    a.content = static_cast<std::uint64_t>(
        r.number("content_bytes", std::int64_t(a.content), 1, 192 << 20));
    a.count = static_cast<std::uint32_t>(r.number("count", a.count, 0, 1000));
    a.media_types = r.texts("media_types", a.media_types);
}

void readCourier(Reader& r, Courier& c) {
    c.workers = static_cast<unsigned>(r.number("workers", c.workers, 1, 256));
    c.connections_per_receiver = static_cast<std::uint32_t>(
        r.number("connections_per_receiver", c.connections_per_receiver, 1, 1000));
    c.connect_time = seconds(r, "connect_seconds", c.connect_time, 600);
    c.answer_time = seconds(r, "answer_seconds", c.answer_time, 3600);
    c.idle_time = seconds(r, "idle_seconds", c.idle_time, 3600);
    c.answer_body = static_cast<std::size_t>(
        r.number("answer_bytes", std::int64_t(c.answer_body), 1024, 64 << 20));
}

void readTls(Reader& r, const std::filesystem::path& folder, Settings& s) {
    s.tls.certificate = beside(folder, r.text("certificate", {}, Reader::Need::Required)).string();
    s.tls.key = secretBeside(folder, r.text("key", {}, Reader::Need::Required));
    s.tls.authorities = beside(folder, r.text("authorities", {}, Reader::Need::Required)).string();
    for (const auto& list : r.texts("revocation_lists")) {
        s.tls.revocation_lists.push_back(beside(folder, list).string());
    }
    s.tls.warn_days = static_cast<int>(r.number("warn_days", s.tls.warn_days, 0, 3650));
    s.tls.warn_list_days =
        static_cast<int>(r.number("warn_list_days", s.tls.warn_list_days, 0, 3650));
    const std::string revocation = r.oneOf("revocation", {"require", "off"}, "require");
    s.tls.revocation = revocation == "off" ? Revocation::Off : Revocation::Require;
    if (s.tls.revocation == Revocation::Off && s.profile != Profile::Dev) {
        r.problem(Code::ConfigRange, "revocation", "off belongs to the dev profile alone.");
    }
}

void readDelivery(Reader& r, Delivery& d) {
    d.first_wait = seconds(r, "first_wait_seconds", d.first_wait, 86'400);
    d.last_wait = seconds(r, "last_wait_seconds", d.last_wait, 86'400);
    d.spread = r.real("spread", d.spread, 0.0, 0.9);
    d.give_up =
        std::chrono::hours(r.number("give_up_hours", d.give_up.count(), 1, std::int64_t{24} * 90));
    d.at_once = static_cast<std::uint32_t>(r.number("at_once", d.at_once, 1, 10'000));
    d.at_once_per_receiver = static_cast<std::uint32_t>(
        r.number("at_once_per_receiver", d.at_once_per_receiver, 1, 10'000));
    if (d.last_wait < d.first_wait) {
        r.problem(Code::ConfigRange, "last_wait_seconds", "Not less than first_wait_seconds.");
    }
}

void readMailbox(Reader& r, Mailbox& m) {
    m.lease = seconds(r, "lease_seconds", m.lease, 86'400);
    m.wait = seconds(r, "wait_seconds", m.wait, 3600);
}

void readFileDrop(Reader& r, FileDrop& f) {
    f.look = seconds(r, "look_seconds", f.look, 3600);
    f.file = static_cast<std::size_t>(r.number("file_bytes", std::int64_t(f.file), 1024, 64 << 20));
}

void readClock(Reader& r, Settings& s) {
    s.clock.start = r.text("start");
    s.clock.speed = r.real("speed", s.clock.speed, 0.001, 10'000'000);
    const bool rehearsed = !s.clock.start.empty();
    if (rehearsed && s.profile != Profile::Dev) {
        r.problem(Code::ConfigRange, "start", "A clock of its own belongs to the dev profile.");
    }
    if (rehearsed && s.clock.start != "now" && !message::parseTime(s.clock.start)) {
        r.problem(Code::ConfigRange, "start", "now, or a UTC time: 2026-01-07T08:00:00Z.");
    }
    if (!rehearsed && s.clock.speed != 1.0) {
        r.problem(Code::ConfigMissing, "start", "The world's clock has its own speed.");
    }
}

SystemEntry readSystem(Reader& r) {
    SystemEntry entry;
    entry.system = SystemId{r.text("system", {}, Reader::Need::Required)};
    entry.dns = r.texts("dns");
    entry.fingerprints = r.texts("fingerprints");
    for (auto& party : r.texts("parties")) entry.parties.push_back(PartyId{party});
    entry.valid_from = r.date("valid_from");
    entry.valid_to = r.date("valid_to");
    return entry;
}

}  // namespace

Settings readSettings(const nlohmann::json& json, const std::filesystem::path& file,
                      Problems& problems) {
    Settings s;
    const std::filesystem::path folder = file.parent_path();
    Reader r(json, file.string(), "", problems);
    s.profile = r.oneOf("profile", {"dev", "production"}, "production") == "dev"
                    ? Profile::Dev
                    : Profile::Production;
    s.party = PartyId{r.text("party", {}, Reader::Need::Required)};
    s.name = r.text("name", "Stafett");
    s.inbox.large_body = kLargeBody;
    s.inbox.large_memory = kLargeMemory;
    r.object("inbox", [&](Reader& inner) {
        readListener(inner, s.inbox);
        readLargeBodies(inner, s.inbox);
    });
    r.object("admin", [&](Reader& inner) { readListener(inner, s.admin); });
    r.object("courier", [&](Reader& inner) { readCourier(inner, s.courier); });
    r.object(
        "tls", [&](Reader& inner) { readTls(inner, folder, s); }, Reader::Need::Required);
    s.key_ring = beside(folder, r.text("key_ring", {}, Reader::Need::Required));
    r.object(
        "store",
        [&](Reader& inner) {
            s.store = beside(folder, inner.text("file", {}, Reader::Need::Required));
            s.store_group =
                static_cast<std::uint32_t>(inner.number("group", s.store_group, 1, 4096));
            s.store_linger = std::chrono::microseconds(
                inner.number("linger_microseconds", s.store_linger.count(), 0, 1'000'000));
            s.store_queue =
                static_cast<std::uint32_t>(inner.number("queue", s.store_queue, 16, 1'000'000));
        },
        Reader::Need::Required);
    s.mappings = beside(folder, r.text("mappings", {}, Reader::Need::Required));
    s.plugin_folder = beside(folder, r.text("plugin_folder"));
    if (s.plugin_folder.empty()) s.plugin_folder = besideThisProgram();
    r.each("plugins", [&](Reader& inner) {
        const std::string name = inner.text("file", {}, Reader::Need::Required);
        const bool bare = name.find('/') == std::string::npos;
        PluginEntry entry{beside(bare ? s.plugin_folder : folder, name), inner.text("sha256")};
        if (entry.sha256.empty() && s.profile != Profile::Dev) {
            inner.problem(Code::ConfigMissing, "sha256", "Optional in the dev profile alone.");
        }
        s.plugins.push_back(std::move(entry));
    });
    r.object("attachments", [&](Reader& inner) { readAttachments(inner, s.attachments); });
    r.object("delivery", [&](Reader& inner) { readDelivery(inner, s.delivery); });
    r.object("mailbox", [&](Reader& inner) { readMailbox(inner, s.mailbox); });
    r.object("file_drop", [&](Reader& inner) { readFileDrop(inner, s.file_drop); });
    r.object("persons", [&](Reader& inner) {
        s.persons.interim = inner.truth("interim", s.persons.interim);
        s.persons.reserve = inner.truth("reserve", s.persons.reserve);
        s.persons.check_digits = inner.truth("check_digits", s.persons.check_digits);
        if (!s.persons.check_digits && s.profile != Profile::Dev) {
            inner.problem(Code::ConfigRange, "check_digits",
                          "false belongs to the dev profile alone.");
        }
    });
    r.object("clock", [&](Reader& inner) { readClock(inner, s); });
    r.object("targets", [&](Reader& inner) {
        s.targets.participants = static_cast<std::uint32_t>(
            inner.number("participants", s.targets.participants, 0, 10'000'000));
        s.targets.work_or_studies = inner.real("work_or_studies", s.targets.work_or_studies, 0, 1);
        s.targets.ordinary = inner.real("ordinary", s.targets.ordinary, 0, 1);
    });
    r.object("limits", [&](Reader& inner) {
        s.problems = static_cast<std::uint32_t>(inner.number("problems", s.problems, 1, 1000));
        s.in_work = static_cast<std::uint32_t>(inner.number("in_work", s.in_work, 1, 100'000));
        s.inbox.stand_ins = s.courier.stand_ins = static_cast<unsigned>(
            inner.number("stand_ins", std::int64_t{s.inbox.stand_ins}, 0, 64));
    });
    r.object("log", [&](Reader& inner) {
        s.log_level = inner.oneOf("level", {"debug", "info", "warn", "error"}, s.log_level);
        s.log_file = beside(folder, inner.text("file"));
    });
    r.each("systems", [&](Reader& inner) { s.systems.push_back(readSystem(inner)); });
    r.finish();
    return s;
}

}  // namespace stafett::config
