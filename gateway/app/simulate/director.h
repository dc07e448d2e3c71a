#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "gateway/app/simulate/player.h"

namespace stafett::app {

/// Plays a script with many participants at once, each with its own ids. What is for all (the
/// calendar, a system that goes down, a report) is done once, when everybody has come to it. One
/// thread; it makes a bounded number of its own.
class Director {
public:
    static constexpr std::size_t kAtOnce = 8;

    struct Settings {
        std::size_t participants = 1;
        Language language = Language::English;
        /// Told of each step of the first participant, on the thread that played it.
        std::function<void(std::size_t step, const StepOutcome&, Stage&)> told;
        /// Told when everybody has come to a step that is for all.
        std::function<void(std::size_t step)> gathered;
    };
    struct Failure {
        std::size_t participant;  ///< from 0
        std::size_t step;         ///< from 0; behind the last step: one of the ends
        StepOutcome outcome;
    };

    /// `stage` is copied for each thread, with an admin client of its own at this port.
    static Result<std::unique_ptr<Director>> open(const Script& script, const Stage& stage,
                                                  std::uint16_t admin_port, Settings settings);

    /// Plays all steps, then looks at the ends. The first failure ends the play.
    std::optional<Failure> play();

    const std::deque<Player>& players() const { return players_; }
    Stage& stage() { return seats_.front().stage; }

private:
    /// A thread's own stage.
    struct Seat {
        std::unique_ptr<GatewayClient> admin;
        Stage stage;
    };

    Director(const Script& script, Settings settings)
        : script_(script), settings_(std::move(settings)) {}
    const Script::Json& step(std::size_t number) const;
    void playForAll(std::size_t step);
    void playTogether(std::size_t from, std::size_t to);
    void playOne(std::size_t number, std::size_t from, std::size_t to, Stage& stage);
    void fail(Failure failure);

    const Script& script_;
    Settings settings_;
    std::deque<Player> players_;
    std::deque<Seat> seats_;
    std::mutex mutex_;
    std::optional<Failure> failure_;
    std::atomic<bool> failed_{false};
};

}  // namespace stafett::app
