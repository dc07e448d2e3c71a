#pragma once

#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "gateway/app/show.h"
#include "gateway/app/simulate/player.h"
#include "gateway/app/words.h"

namespace stafett::app {

/// What a play looks like at a terminal of 80 columns: a line a step with the gateway's day, and a
/// lane for each agency, where the baton moves from hand to hand. Without colours it says the same.
/// One thread at a time.
class Timeline {
public:
    Timeline(std::ostream& out, const Script& script, const Words& words, const Paint& paint);

    void begin();
    void tell(const StepOutcome& outcome, Stage& stage);
    /// Every case of a participant: its state, who holds it, what stands between the chairs.
    void end(const Player& player, Stage& stage);

private:
    struct Picture {
        std::string holder;              ///< its party; empty: no case yet
        std::vector<std::string> asked;  ///< parties that have not answered
    };
    Picture pictureOf(const std::string& case_id, Stage& stage) const;
    std::string lanes(const Picture& picture, const std::string& before) const;
    std::string cameOf(const StepOutcome& outcome, Stage& stage) const;
    void line(const std::string& left, std::size_t left_width, const std::string& text);

    std::ostream& out_;
    const Script& script_;
    Words words_;
    const Paint& paint_;
    std::vector<std::string> parties_;  ///< lane → party
    std::vector<std::string> labels_;
    std::map<std::string, std::string> holders_;  ///< case → party that was drawn last
    std::string last_case_;
};

}  // namespace stafett::app
