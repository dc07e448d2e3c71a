#include "gateway/app/simulate/director.h"

#include <algorithm>
#include <thread>

namespace stafett::app {

Result<std::unique_ptr<Director>> Director::open(const Script& script, const Stage& stage,
                                                 std::uint16_t admin_port, Settings settings) {
    std::unique_ptr<Director> director(new Director(script, std::move(settings)));
    const auto participants = director->settings_.participants;
    for (std::size_t i = 0; i < participants; ++i) director->players_.emplace_back(script, i);
    Common common;
    common.admin_port = admin_port;
    for (std::size_t i = 0; i < std::min(participants, kAtOnce); ++i) {
        ST_TRY(auto client, GatewayClient::connect(common));
        auto& seat = director->seats_.emplace_back();
        seat.admin = std::make_unique<GatewayClient>(std::move(client));
        seat.stage = stage;
        seat.stage.admin = seat.admin.get();
        seat.stage.participants = participants;
    }
    return director;
}

const Script::Json& Director::step(std::size_t number) const {
    const auto& steps = script_.steps();
    return number < steps.size() ? steps[number] : script_.ends()[number - steps.size()];
}

std::optional<Director::Failure> Director::play() {
    const std::size_t count = script_.size() + script_.ends().size();
    for (std::size_t at = 0; at < count && !failed_;) {
        if (isForAll(actOf(step(at)))) {
            playForAll(at++);
            continue;
        }
        std::size_t end = at;
        while (end < count && !isForAll(actOf(step(end)))) ++end;
        playTogether(at, end);
        at = end;
    }
    return failure_;
}

void Director::playForAll(std::size_t number) {
    if (settings_.gathered) settings_.gathered(number);
    auto& stage = seats_.front().stage;
    auto outcome = players_.front().play(step(number), stage, settings_.language);
    if (settings_.told) settings_.told(number, outcome, stage);
    if (!outcome.ok) fail({0, number, std::move(outcome)});
}

void Director::playTogether(std::size_t from, std::size_t to) {
    std::atomic<std::size_t> next{0};
    std::vector<std::thread> threads;
    for (auto& seat : seats_) {
        threads.emplace_back([&] {
            for (auto i = next++; i < players_.size() && !failed_; i = next++) {
                playOne(i, from, to, seat.stage);
            }
        });
    }
    for (auto& thread : threads) thread.join();
}

void Director::playOne(std::size_t number, std::size_t from, std::size_t to, Stage& stage) {
    for (auto at = from; at < to && !failed_; ++at) {
        auto outcome = players_[number].play(step(at), stage, settings_.language);
        if (number == 0 && settings_.told) settings_.told(at, outcome, stage);
        if (!outcome.ok) fail({number, at, std::move(outcome)});
    }
}

void Director::fail(Failure failure) {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::move(failure);
    failed_ = true;
}

}  // namespace stafett::app
