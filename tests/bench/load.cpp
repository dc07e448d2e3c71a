#include "tests/bench/load.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <thread>

#include "gateway/app/simulate/agency.h"

namespace stafett::bench {
namespace {

using Steady = std::chrono::steady_clock;
/// Only this party of config/examples/single-node asks for a notice of each delivery.
constexpr std::string_view kAsksForNotices = "social_insurance";

SSL_CTX* clientContext(const std::filesystem::path& certificates, const std::string& system) {
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    const std::string stem = (certificates / system).string();
    const bool whole =
        context != nullptr && SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&
        SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256") == 1 &&
        SSL_CTX_use_certificate_chain_file(context, (stem + ".pem").c_str()) == 1 &&
        SSL_CTX_use_PrivateKey_file(context, (stem + ".key").c_str(), SSL_FILETYPE_PEM) == 1 &&
        SSL_CTX_load_verify_locations(context, (certificates / "ca.pem").c_str(), nullptr) == 1;
    if (!whole) {
        SSL_CTX_free(context);
        return nullptr;
    }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    return context;
}

/// One complaint a process is enough.
void complainOnce(const std::string& what) {
    static std::atomic_flag said;
    if (!said.test_and_set()) std::fprintf(stderr, "not accepted: %s\n", what.c_str());
}

/// The bytes of a whole answer at the front of `text`; 0 while it is not whole.
std::size_t answerSize(const std::string& text) {
    const auto end = text.find("\r\n\r\n");
    if (end == std::string::npos) return 0;
    for (const char* name : {"Content-Length: ", "content-length: "}) {
        const auto at = text.find(name);
        if (at == std::string::npos || at > end) continue;
        const auto size = end + 4 + std::strtoul(text.c_str() + at + 16, nullptr, 10);
        return text.size() >= size ? size : 0;
    }
    return end + 4;
}

}  // namespace

std::unique_ptr<Line> Line::open(SSL_CTX* context, std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int yes = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    SSL* ssl = SSL_new(context);
    SSL_set_fd(ssl, fd);
    SSL_set1_host(ssl, "localhost");
    SSL_set_tlsext_host_name(ssl, "localhost");
    std::unique_ptr<Line> line(new Line(ssl, fd));
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
        SSL_connect(ssl) == 1) {
        return line;
    }
    std::fprintf(stderr, "no connection to port %u: %s\n", port,
                 ERR_error_string(ERR_get_error(), nullptr));
    return nullptr;
}

Line::~Line() {
    SSL_shutdown(ssl_);
    SSL_free(ssl_);
    ::close(fd_);
}

bool Line::exchange(std::string_view request) {
    if (SSL_write(ssl_, request.data(), static_cast<int>(request.size())) <= 0) return false;
    answer_.clear();
    char piece[8192];
    while (answerSize(answer_) == 0) {
        const int got = SSL_read(ssl_, piece, sizeof piece);
        if (got <= 0) return false;
        answer_.append(piece, static_cast<std::size_t>(got));
    }
    const bool good = answer_.compare(9, 3, "200") == 0 || answer_.compare(9, 3, "201") == 0;
    const auto outcome = answer_.find("Stafett-Outcome: ");
    if (good && (outcome == std::string::npos || answer_.compare(outcome + 17, 8, "accepted") == 0))
        return true;
    complainOnce(answer_);
    return false;
}

Result<std::unique_ptr<Load>> Load::make(const std::filesystem::path& certificates) {
    std::unique_ptr<Load> load(new Load);
    ST_TRY(load->letters_, allLetters());
    for (const auto& letter : load->letters_) {
        SSL_CTX* context = clientContext(certificates, letter.system());
        if (context == nullptr) {
            return tl::make_unexpected(
                Error(Code::TlsKeyUnreadable, Place{.file = letter.system() + ".pem"}));
        }
        load->contexts_[letter.system()] = context;
    }
    return load;
}

Load::~Load() {
    for (const auto& [system, context] : contexts_) SSL_CTX_free(context);
}

std::size_t Load::meanBodySize() const {
    std::size_t sum = 0;
    for (const auto& letter : letters_) sum += letter.bodySize();
    return sum / letters_.size();
}

Round Load::full(std::uint16_t port, double seconds, std::uint64_t most) {
    return run(port, seconds, 0, most);
}

Round Load::paced(std::uint16_t port, double seconds, double per_second) {
    return run(port, seconds, per_second, UINT64_MAX);
}

Round Load::run(std::uint16_t port, double seconds, double per_second, std::uint64_t most) {
    const auto time =
        std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>(seconds));
    const auto beat = std::chrono::duration_cast<Steady::duration>(
        std::chrono::duration<double>(per_second > 0 ? kConnections / per_second : 0));
    std::vector<std::unique_ptr<Line>> lines;
    for (unsigned i = 0; i < kConnections; ++i) {
        lines.push_back(Line::open(contexts_.at(letters_[i % letters_.size()].system()), port));
        if (lines.back() == nullptr) return {0, 1, 0, 1, {}};
    }
    std::vector<Round> parts(kConnections);
    std::atomic<std::uint64_t> accepted{0};
    const auto begun = Steady::now();
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < kConnections; ++i) {
        threads.emplace_back([&, i] {
            Letter letter = letters_[i % letters_.size()];
            Round& part = parts[i];
            auto due = begun + beat * i / kConnections;
            for (;;) {
                if (per_second > 0) {
                    std::this_thread::sleep_until(due);
                } else {
                    due = Steady::now();
                }
                if (due - begun >= time || accepted >= most) break;
                if (!lines[i]->exchange(letter.numbered(number_++))) {
                    ++part.failed;
                    break;
                }
                ++accepted;
                ++part.accepted;
                if (letter.dialect() == kAsksForNotices) ++part.notices;
                part.latencies_ms.push_back(
                    std::chrono::duration<double, std::milli>(Steady::now() - due).count());
                due += beat;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    Round round;
    round.seconds = std::chrono::duration<double>(Steady::now() - begun).count();
    for (auto& part : parts) {
        round.accepted += part.accepted;
        round.failed += part.failed;
        round.notices += part.notices;
        round.latencies_ms.insert(round.latencies_ms.end(), part.latencies_ms.begin(),
                                  part.latencies_ms.end());
    }
    return round;
}

Result<std::unique_ptr<Sink>> Sink::open(const std::filesystem::path& certificates) {
    auto sink = std::make_unique<Sink>();
    config::TlsSettings tls;
    tls.certificate = (certificates / "operator.pem").string();
    tls.key = (certificates / "operator.key").string();
    tls.authorities = (certificates / "ca.pem").string();
    tls.revocation_lists = {(certificates / "crl.pem").string()};
    std::vector<config::SystemEntry> known;
    for (const char* system :
         {"gateway", "af-system", "fk-system", "kommun-system", "region-system"}) {
        known.push_back({.system = SystemId{system}, .parties = {PartyId{"2220009902"}}});
    }
    auto context = security::serverContext(tls, known);
    if (!context) return tl::make_unexpected(context.error().front());
    sink->context_ = std::move(*context);
    config::Listener listener;
    listener.connections_per_peer = 256;
    ST_TRY(sink->server_, transport::InboxServer::start(
                              listener, [made = sink.get()] { return made->context_; }, *sink));
    return sink;
}

void Sink::hold() {
    const std::lock_guard lock(mutex_);
    held_ = true;
}

void Sink::letGo() {
    decltype(waiting_) waiting;
    {
        const std::lock_guard lock(mutex_);
        held_ = false;
        waiting.swap(waiting_);
    }
    for (auto& [request, responder] : waiting) {
        transport::RawRequest raw;
        raw.http = std::move(request);
        take(std::move(raw), std::move(responder));
    }
}

Steady::time_point Sink::last() const { return Steady::time_point(Steady::duration(last_)); }

void Sink::take(transport::RawRequest raw, transport::Responder responder) {
    {
        const std::lock_guard lock(mutex_);
        if (held_) {
            waiting_.emplace_back(std::move(raw.http), std::move(responder));
            return;
        }
    }
    const std::string& path = raw.http.path;
    const std::string dialect = path.starts_with("/v1/")          ? "employment_service"
                                : path.starts_with("/samverkan/") ? "social_insurance"
                                : path.starts_with("/arende")     ? "municipality"
                                                                  : "region";
    const bool notice = raw.http.headers.get("SOAPAction").find("Notis") != std::string_view::npos;
    responder.answer(app::technicalAnswer(dialect, app::Manner::Accept, raw.http));
    if (notice) {
        ++notices_;
        return;
    }
    ++answered_;
    last_ = Steady::now().time_since_epoch().count();
}

}  // namespace stafett::bench
