// backup_test [SEED]: the store and its log are copied in one instant under load, and the gateway
// is started elsewhere on the copy, STAFETT_BACKUPS times (6). First each time the machine is lost
// at once; at the end one copy lies while the gateway goes on, and is then restored: what is sent
// again has the same ids and bytes, and nothing else is. Ends with 0 when every promise was kept.
#include <csignal>

#include <iostream>

#include "tests/faults/trial.h"

namespace stafett::faults {
namespace {

namespace fs = std::filesystem;

enum class Then : std::uint8_t { GoesOn, IsLost };

/// Copies what docs/operations.md calls a backup: store and log as they stand in the same instant.
/// The process stands still meanwhile, as under a snapshot of the file system.
fs::path backUp(support::RunningGateway& gateway, const fs::path& store, unsigned number,
                Then then) {
    const fs::path folder = gateway.folder().root() / ("backup-" + std::to_string(number));
    fs::create_directory(folder);
    fs::permissions(folder, fs::perms::owner_all);
    ::kill(gateway.process(), SIGSTOP);
    for (const char* suffix : {"", "-wal"}) {
        const fs::path from = store.string() + suffix;
        if (fs::exists(from)) fs::copy_file(from, folder / from.filename());
    }
    if (then == Then::IsLost) {
        gateway.kill();
    } else {
        ::kill(gateway.process(), SIGCONT);
    }
    // What spares the start a minute; no part of a backup.
    fs::copy_file(store.parent_path() / "mapping-proofs.json", folder / "mapping-proofs.json");
    return folder / store.filename();
}

void startOn(support::RunningGateway& gateway, const fs::path& store) {
    gateway.folder().edit("stafett.json",
                          [&](support::Json& json) { json["store"]["file"] = store.string(); });
    gateway.start();
}

std::size_t waiting(const support::RunningGateway& gateway) {
    const auto text = gateway.metrics();
    const std::string name = "stafett_queue_length{queue=\"waiting_deliveries\"} ";
    return std::stoul(text.substr(text.find(name) + name.size()));
}

/// The copy that has lain while the gateway went on: everything in it is known, and nothing comes
/// to anybody that had not come before, nor with other bytes.
void restoreOld(support::RunningGateway& gateway, Load& load, const fs::path& old,
                const std::vector<Promise>& kept, Verdict& verdict) {
    gateway.kill();
    startOn(gateway, old);
    if (!support::until([&] { return waiting(gateway) == 0; }, std::chrono::seconds(120))) {
        verdict.broken.push_back("a restored gateway does not deliver what it has");
    }
    for (const auto& promise : kept) {
        try {
            gateway.admin("/v1/trace/" + promise.message);
        } catch (const std::runtime_error&) {
            verdict.broken.push_back("the copy does not hold " + promise.message);
        }
    }
    const auto after = judge(load.books());
    if (after.arrivals != verdict.arrivals) verdict.broken.push_back("something new was sent");
    verdict.broken.insert(verdict.broken.end(), after.broken.begin(), after.broken.end());
    verdict.repeats = after.repeats;
}

int test(std::uint64_t seed, unsigned backups) {
    std::mt19937_64 random(seed);
    support::RunningGateway gateway("backup", prepare);
    fs::path store = fs::canonical(gateway.folder().store());
    Verdict verdict;
    {
        Load load(gateway, seed);
        const auto aMoment = [&] {  // the random moment itself, not a wait for anything
            std::this_thread::sleep_for(std::chrono::microseconds(20'000 + random() % 480'000));
        };
        for (unsigned i = 0; i < backups && load.complaints().empty(); ++i) {
            aMoment();
            store = backUp(gateway, store, i, Then::IsLost);
            startOn(gateway, store);
            load.goOn();
        }
        aMoment();
        const auto kept = load.promises();
        const auto old = backUp(gateway, store, backups, Then::GoesOn);
        aMoment();
        verdict = judgementOf(load);
        restoreOld(gateway, load, old, kept, verdict);
        if (load.promises().size() == kept.size()) {
            verdict.broken.push_back("nothing was promised behind the copy: this test sees little");
        }
    }
    gateway.terminate();
    return tell(verdict, std::to_string(backups) + " backups", backups * 3U);
}

}  // namespace
}  // namespace stafett::faults

int main(int count, char** arguments) {
    return stafett::faults::program(count, arguments, "STAFETT_BACKUPS", 6, &stafett::faults::test);
}
