// What the parts cost that no way of a message can do without, each hot and alone: what they come
// to is the least a gateway made of them can cost, with nothing of its own between them.
#include <atomic>
#include <cstdio>
#include <future>
#include <thread>

#include "gateway/security/seal.h"
#include "gateway/security/sign.h"
#include "tests/bench/figures.h"
#include "tests/bench/load.h"
#include "tests/bench/made_up.h"
#include "tests/bench/stage.h"

namespace stafett::bench {
namespace {

constexpr double kSeconds = 1.0;       ///< of exchanges
constexpr std::size_t kTimes = 2'000;  ///< for what is computed
constexpr std::size_t kKept = 5'000;   ///< messages given to the store
constexpr std::size_t kDocuments = 3;  ///< sealed: as it came, canonical, as it goes

/// This process's CPU for one of `times`, in microseconds.
template <class Act>
double costOf(std::size_t times, const Act& act) {
    const double begun = ownCpuSeconds();
    act();
    return (ownCpuSeconds() - begun) * 1e6 / static_cast<double>(times);
}

/// A request and its answer, mutual TLS on both sides: the clients' half and a server's.
std::optional<double> exchanges(const std::filesystem::path& certificates) {
    const auto sink = Sink::open(certificates);
    const auto load = Load::make(certificates);
    if (!sink || !load) return std::nullopt;
    (void)(*load)->full((*sink)->port(), kSeconds / 4);  // handshakes and all
    Round round;
    const double all = costOf(1, [&] { round = (*load)->full((*sink)->port(), kSeconds); });
    if (round.failed > 0 || round.accepted == 0) return std::nullopt;
    return all / static_cast<double>(round.accepted);
}

double signatures(const security::KeyRing& ring) {
    const security::Signer signer(ring);
    const std::string claims(500, 'c');
    return costOf(kTimes, [&] {
        for (std::size_t i = 0; i < kTimes; ++i) (void)signer.sign(claims);
    });
}

std::optional<double> seals(const security::KeyRing& ring) {
    const auto letters = allLetters();
    if (!letters) return std::nullopt;
    std::vector<std::string> texts;
    for (Letter letter : *letters) texts.emplace_back(letter.numbered(1));
    const auto key = security::Sealer(ring).newKey(Uuid::make());
    return kDocuments * costOf(kTimes, [&] {
               for (std::size_t i = 0; i < kTimes; ++i) {
                   (void)key.seal("raw", texts[i % texts.size()]);
               }
           });
}

/// As many at a time as there are connections, so that a commit takes as many along.
std::optional<double> commits(const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    const auto file = folder / "parts.db";
    const auto forget = [&] {
        for (const char* end : {"", "-wal", "-shm", ".lock"}) {
            std::filesystem::remove(file.string() + end);
        }
    };
    forget();
    auto store = store::openSqlite({.path = file.string()});
    if (!store) return std::nullopt;
    std::vector<store::Keep> keeps;
    for (std::size_t i = 0; i < kKept; ++i) keeps.push_back(madeUp());
    std::atomic<std::size_t> next{0}, kept{0};
    const double cost = costOf(kKept, [&] {
        std::vector<std::thread> senders;
        for (unsigned t = 0; t < kConnections; ++t) {
            senders.emplace_back([&] {
                for (auto i = next++; i < kKept; i = next++) {
                    std::promise<void> done;
                    (*store)->keep(std::move(keeps[i]), [&](const Result<store::Kept>& outcome) {
                        if (outcome) ++kept;
                        done.set_value();
                    });
                    done.get_future().wait();
                }
            });
        }
        for (auto& sender : senders) sender.join();
    });
    (*store)->close();
    forget();
    if (kept != kKept) return std::nullopt;
    return cost;
}

}  // namespace

bool measureParts(const Effort& effort, Findings& findings) {
    const std::filesystem::path certificates =
        std::filesystem::path(STAFETT_BUILD_DIR) / "bench" / "certs";
    if (!makeCertificates(certificates)) return false;
    const auto ring = security::KeyRing::load((certificates / "keyring.json").string());
    if (!ring) return false;
    const auto exchange = exchanges(certificates);
    const auto seal = seals(*ring);
    const auto commit = commits(effort.folder);
    if (!exchange || !seal || !commit) {
        std::fprintf(stderr, "the parts could not be measured\n");
        return false;
    }
    const std::pair<const char*, double> parts[] = {
        {"exchange", *exchange},
        {"mapping_in", findings.numbers["mapping_us_read"]},
        {"mapping_out", findings.numbers["mapping_us_write"]},
        {"receipt", signatures(*ring)},
        {"sealing", *seal},
        {"store", *commit},
    };
    double sum = 0;
    std::string told;
    for (const auto& [name, us] : parts) {
        sum += us;
        findings.numbers[std::string("parts_us_") + name] = us;
        char part[64];
        std::snprintf(part, sizeof part, "%s%s %.0f", told.empty() ? "" : ", ", name, us);
        told += part;
    }
    const double rate = std::thread::hardware_concurrency() * 1e6 / sum;
    const double nginx = findings.numbers["nginx_per_s"];
    findings.numbers["parts_us"] = sum;
    findings.numbers["parts_per_s"] = rate;
    char line[64];
    std::snprintf(line, sizeof line, nginx > 0 ? "%.0f /s = %.2f of nginx" : "%.0f /s", rate,
                  nginx > 0 ? rate / nginx : 0);
    findings.table.push_back(
        {"parts_per_s", line, "", true,
         "all processors at nothing but the parts of an intake, each hot and alone: " + told +
             " µs a message"});
    return true;
}

}  // namespace stafett::bench
