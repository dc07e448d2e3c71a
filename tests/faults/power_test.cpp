// power_test [SEED]: cuts the power of the store's disk at random moments under load, STAFETT_CUTS
// times (20): stafettd is killed, and of what no sync had made durable nothing or only parts are
// left. Judged by books kept outside the gateway. First a disk that lies about its syncs has to be
// found out. Ends with 0 when every promise was kept.
#include <cstdlib>
#include <iostream>

#include "tests/faults/power_cut.h"
#include "tests/faults/trial.h"
#include "tests/support/preload.h"

namespace stafett::faults {
namespace {

enum class Disk : std::uint8_t { Honest, Lying };

void startOn(support::RunningGateway& gateway, Disk disk) {
    const auto store = std::filesystem::canonical(gateway.folder().store());
    const support::Preload preload(STAFETT_DISK_LIBRARY, "STAFETT_DISK", store.c_str());
    if (disk == Disk::Lying) ::setenv("STAFETT_DISK_LIES", "1", 1);
    gateway.start();
    ::unsetenv("STAFETT_DISK_LIES");
}

/// Whether a message is still known after a power cut: its receipt is given again.
bool remembers(Disk disk, std::mt19937_64& random) {
    support::RunningGateway gateway("power-once", prepare);
    gateway.terminate();
    startOn(gateway, disk);
    support::Names names;
    const auto request = support::documentRequest("remiss.xml", names);
    const auto receiptNow = [&] {
        return std::string(gateway.send("kommun", request).headers.get("Stafett-Receipt"));
    };
    const auto first = receiptNow();
    gateway.kill();
    cutPower(gateway.folder().store(), Unsynced::Lost, random);
    gateway.start();
    const auto again = receiptNow();
    gateway.terminate();
    return !first.empty() && first == again;
}

int test(std::uint64_t seed, unsigned cuts) {
    std::mt19937_64 random(seed);
    if (!remembers(Disk::Honest, random)) {
        std::cout << "BROKEN a message with a receipt is gone after a power cut" << std::endl;
        return 1;
    }
    if (remembers(Disk::Lying, random)) {
        std::cout << "a disk that lies is not found out: this test sees nothing" << std::endl;
        return 1;
    }

    support::RunningGateway gateway("power", prepare);
    gateway.terminate();
    startOn(gateway, Disk::Honest);
    Verdict verdict;
    std::size_t taken = 0;
    {
        Load load(gateway, seed);
        for (unsigned i = 0; i < cuts && load.complaints().empty(); ++i) {
            // The random moment itself, not a wait for anything.
            std::this_thread::sleep_for(std::chrono::microseconds(20'000 + random() % 480'000));
            gateway.kill();
            taken += cutPower(gateway.folder().store(),
                              i % 2 == 0 ? Unsynced::Lost : Unsynced::Torn, random);
            startOn(gateway, Disk::Honest);
            load.goOn();
        }
        verdict = judgementOf(load);
    }
    gateway.terminate();
    if (taken == 0) {
        std::cout << "nothing was ever under way to the disk: this test sees nothing" << std::endl;
        return 1;
    }
    return tell(
        verdict,
        std::to_string(cuts) + " power cuts, " + std::to_string(taken) + " bytes not durable",
        cuts * 3U);
}

}  // namespace
}  // namespace stafett::faults

int main(int count, char** arguments) {
    return stafett::faults::program(count, arguments, "STAFETT_CUTS", 20, &stafett::faults::test);
}
