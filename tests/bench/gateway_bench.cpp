// A real stafettd between clients and sinks, in turns with nginx in its place.
#include <unistd.h>

#include <cstdio>
#include <thread>

#include "tests/bench/figures.h"
#include "tests/bench/load.h"
#include "tests/bench/stage.h"

namespace stafett::bench {
namespace {

using Steady = std::chrono::steady_clock;
const std::filesystem::path kBuild = STAFETT_BUILD_DIR;
constexpr std::chrono::seconds kDrainTime{180};

std::string text(const char* format, double a, double b = 0, double c = 0, double d = 0) {
    char line[256];
    std::snprintf(line, sizeof line, format, a, b, c, d);
    return line;
}

/// CPU used by the gateway and by this program (clients and sinks) over some rounds.
struct Cores {
    double gateway = 0, own = 0, seconds = 0;
    std::uint64_t messages = 0;
    std::string told() const {
        const double machine = static_cast<double>(::sysconf(_SC_NPROCESSORS_ONLN));
        return text(
            "stafettd %.0f µs CPU a message and %.2f cores, clients and sinks %.2f, of %.0f",
            gateway / static_cast<double>(messages) * 1e6, gateway / seconds, own / seconds,
            machine);
    }
};

class Bench {
public:
    Bench(const Effort& effort, const Asked& asked, Findings& findings)
        : effort_(effort), asked_(asked), findings_(findings) {}
    ~Bench() {
        gateway_.child.stop();
        if (!stage_.folder.empty()) stage_.forgetStore();  // a gigabyte of made-up messages
    }
    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;

    bool run() {
        if (!setUp()) return false;
        if (asked_.ready && !starts()) return false;
        const bool turns = asked_.intake || asked_.delivered || asked_.nginx || asked_.latency;
        if (!turns && !asked_.memory) return true;
        stage_.forgetStore();
        gateway_ = stage_.start();
        if (gateway_.inbox == 0) return false;
        if (asked_.nginx) nginx_ = startNginx(folder_ / "nginx", certificates_, sink_->port());
        if (asked_.nginx && nginx_.port == 0) return false;
        if (turns && !inTurns()) return false;
        if (asked_.latency && !latency()) return false;
        return !asked_.memory || memory();
    }

private:
    bool setUp() {
        folder_ = kBuild / "bench";
        certificates_ = folder_ / "certs";
        if (!makeCertificates(certificates_)) return false;
        auto sink = Sink::open(certificates_);
        auto load = Load::make(certificates_);
        if (!sink || !load) {
            const Error& error = sink ? load.error() : sink.error();
            std::fprintf(stderr, "%s\n", describe(error, Language::English).c_str());
            return false;
        }
        sink_ = std::move(*sink);
        load_ = std::move(*load);
        stage_ = GatewayStage::make(effort_.folder, certificates_, sink_->port());
        sync_ms_ = syncMilliseconds(effort_.folder);
        findings_.numbers["fdatasync_ms"] = sync_ms_;
        findings_.table.push_back({"fdatasync_ms", text("%.2f ms", sync_ms_), "", true,
                                   "4 KiB to the disk and awake again, just now: every commit "
                                   "waits so long; nginx keeps nothing and waits for none"});
        return stage_.start().inbox != 0;  // proves the mappings, once
    }

    bool starts() {
        std::vector<double> times;
        for (unsigned i = 0; i < effort_.starts; ++i) {
            stage_.forgetStore();
            const auto started = stage_.start();
            if (started.inbox == 0) return false;
            times.push_back(started.ready_ms);
        }
        findings_.rounds["ready_ms"] = times;
        findings_.numbers["ready_ms"] = median(times);
        findings_.table.push_back({"ready_ms", text("%.0f ms", median(times)), "< 300 ms",
                                   median(times) < 300,
                                   text("spawn to ready line, empty store, mappings proven before; "
                                        "median of %.0f",
                                        effort_.starts)});
        return true;
    }

    /// Waits until everything accepted so far has been delivered, and who asked for it told so.
    bool drained() {
        const auto end = Steady::now() + kDrainTime;
        while (sink_->answered() < sent_ || sink_->notices() < told_) {
            if (Steady::now() > end || !gateway_.child.running()) {
                std::fprintf(stderr, "%llu of %llu delivered\n",
                             static_cast<unsigned long long>(sink_->answered()),
                             static_cast<unsigned long long>(sent_));
                return false;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
        return true;
    }

    /// One round against the gateway; nothing when a message was not accepted.
    bool counted(const Round& round) {
        sent_ += round.accepted;
        told_ += round.notices;
        accepted_ += round.accepted;
        return round.failed == 0;
    }

    template <class Act>
    auto watched(Cores& cores, const Act& act) {
        const double gateway = cpuSeconds(gateway_.child.pid()), own = ownCpuSeconds();
        const auto begun = Steady::now();
        auto result = act();
        cores.gateway += cpuSeconds(gateway_.child.pid()) - gateway;
        cores.own += ownCpuSeconds() - own;
        cores.seconds += std::chrono::duration<double>(Steady::now() - begun).count();
        return result;
    }

    /// Receivers read and do not answer, so that nothing but the intake is at work.
    bool intakeRound(double& rate) {
        sink_->hold();
        const Round round = watched(
            intake_cores_, [&] { return load_->full(gateway_.inbox, effort_.round_seconds); });
        sink_->letGo();
        intake_cores_.messages += round.accepted;
        rate = round.perSecond();
        return counted(round) && drained();
    }

    bool deliveredRound(double& rate) {
        const auto begun = Steady::now();
        std::uint64_t messages = 0;
        const bool done = watched(delivered_cores_, [&] {
            const Round round = load_->full(gateway_.inbox, effort_.round_seconds);
            messages = round.accepted;
            return counted(round) && drained();
        });
        delivered_cores_.messages += messages;
        rate = static_cast<double>(messages) /
               std::chrono::duration<double>(sink_->last() - begun).count();
        return done;
    }

    bool nginxRound(double& rate) {
        const Round round = load_->full(nginx_.port, effort_.round_seconds);
        sent_ += round.accepted;
        rate = round.perSecond();
        return round.failed == 0;
    }

    bool inTurns() {
        const Round warm = load_->full(gateway_.inbox, 1);
        if (!counted(warm) || !drained()) return false;
        std::vector<double> intake, delivered, nginx;
        double rate = 0;
        for (unsigned round = 0; round < effort_.rounds; ++round) {
            if (asked_.intake || asked_.latency) {
                if (!intakeRound(rate)) return false;
                intake.push_back(rate);
            }
            if (asked_.nginx) {
                if (!nginxRound(rate)) return false;
                nginx.push_back(rate);
            }
            if (asked_.delivered) {
                if (!deliveredRound(rate)) return false;
                delivered.push_back(rate);
            }
        }
        tellRates(intake, delivered, nginx);
        return true;
    }

    void tellRates(const std::vector<double>& intake, const std::vector<double>& delivered,
                   const std::vector<double>& nginx) {
        const double proxied = median(nginx);
        const auto tell = [&](const char* name, const char* ratio_name, double goal,
                              const std::vector<double>& rates, const std::string& bound) {
            const double rate = median(rates);
            findings_.numbers[name] = rate;
            findings_.rounds[name] = rates;
            if (proxied == 0 || goal == 0) {
                findings_.table.push_back({name, text("%.0f /s", rate), "", true, bound});
                return;
            }
            findings_.numbers[ratio_name] = rate / proxied;
            findings_.table.push_back({name, text("%.0f /s = %.2f of nginx", rate, rate / proxied),
                                       text(">= %.2f of nginx", goal), rate / proxied >= goal,
                                       bound});
        };
        if (!intake.empty()) {
            tell("intake_per_s", "intake_ratio", 0.25, intake,
                 "receivers hold their answers back; " + intake_cores_.told());
        }
        if (!delivered.empty()) {
            tell("delivered_per_s", "delivered_ratio", 0.12, delivered,
                 "from the first request to the last delivery, and to every fourth sender a "
                 "notice of it; " +
                     delivered_cores_.told());
        }
        if (!nginx.empty()) {
            tell("nginx_per_s", "", 0, nginx,
                 text("CPU: same clients, same sink, same bytes (%.0f a body)",
                      static_cast<double>(load_->meanBodySize())));
        }
    }

    bool latency() {
        const double rate = findings_.numbers["intake_per_s"] / 2;
        sink_->hold();
        const Round round = load_->paced(gateway_.inbox, effort_.latency_seconds, rate);
        sink_->letGo();
        if (!counted(round) || !drained()) return false;
        const double p50 = quantile(round.latencies_ms, 0.5);
        const double p99 = quantile(round.latencies_ms, 0.99);
        findings_.numbers["intake_p50_ms_half_load"] = p50;
        findings_.numbers["intake_p99_ms_half_load"] = p99;
        findings_.numbers["half_load_per_s"] = round.perSecond();
        findings_.table.push_back({"intake_p50_ms_half_load", text("%.2f ms", p50), "", true,
                                   text("at %.0f /s, from when each request was due; a commit's "
                                        "linger and fdatasync",
                                        round.perSecond())});
        findings_.table.push_back(
            {"intake_p99_ms_half_load", text("%.2f ms = %.1f p50", p99, p99 / p50), "<= 10 p50",
             p99 <= 10 * p50, "who else is on the machine; the store's checkpoint"});
        return true;
    }

    bool memory() {
        while (accepted_ < effort_.memory_messages) {
            const Round round = load_->full(gateway_.inbox, 5, effort_.memory_messages - accepted_);
            if (!counted(round) || !drained()) return false;
        }
        const double rss = residentMib(gateway_.child.pid());
        const auto messages = static_cast<double>(accepted_);
        findings_.numbers["rss_mib"] = rss;
        findings_.numbers["rss_messages"] = messages;
        findings_.table.push_back({"rss_mib", text("%.1f MiB", rss), "< 80 MiB", rss < 80,
                                   text("VmRSS after %.0f messages, all delivered", messages)});
        gateway_.child.stop();
        const double bytes = static_cast<double>(stage_.storeBytes()) / messages;
        findings_.numbers["bytes_per_message"] = bytes;
        findings_.table.push_back(
            {"bytes_per_message", text("%.0f bytes", bytes), "", true,
             text("the store after a stop, by accepted messages; sealed text does not shrink; "
                  "a body has %.0f",
                  static_cast<double>(load_->meanBodySize()))});
        const auto again = stage_.start();
        findings_.numbers["ready_full_store_ms"] = again.ready_ms;
        findings_.table.push_back({"ready_full_store_ms", text("%.0f ms", again.ready_ms), "", true,
                                   "the same with all these messages in the store"});
        return again.inbox != 0;
    }

    Effort effort_;
    Asked asked_;
    Findings& findings_;
    std::filesystem::path folder_, certificates_;
    std::unique_ptr<Sink> sink_;
    std::unique_ptr<Load> load_;
    GatewayStage stage_;
    GatewayStage::Started gateway_;
    NginxStarted nginx_;
    double sync_ms_ = 0;
    Cores intake_cores_, delivered_cores_;
    std::uint64_t sent_ = 0;      ///< what the sink must have answered
    std::uint64_t told_ = 0;      ///< notices the sink must have answered
    std::uint64_t accepted_ = 0;  ///< by the gateway, since its store was empty
};

}  // namespace

bool measureGateway(const Effort& effort, const Asked& asked, Findings& findings) {
    return Bench(effort, asked, findings).run();
}

}  // namespace stafett::bench
