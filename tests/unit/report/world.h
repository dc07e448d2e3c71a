#pragma once

#include <filesystem>
#include <memory>
#include <random>
#include <string>

#include "gateway/config/config.h"
#include "gateway/report/reports.h"
#include "gateway/security/seal.h"

namespace stafett::report::testing {

inline const PartyId kAf{"2021002114"};
inline const PartyId kFk{"2021005521"};
inline const PartyId kKommun{"2120001124"};
inline const PartyId kRegion{"2321000255"};
inline const PartyId kNorth{"5560000019"};  ///< a project of the association "Norra"
inline const PartyId kSouth{"5560000027"};  ///< and one of "Södra"

/// One person's way through a project.
struct Participant {
    PartyId source = kKommun;
    PartyId project = kNorth;
    std::string municipality = "1280";
    int month = 1;                    ///< of 2026, in which it was accepted
    int person = 0;                   ///< a number that stands for one
    std::string support_months = "";  ///< empty: not told
    std::string outcome = "";         ///< empty: not closed
    PartyId closer = {};              ///< who closes; empty: the project
    int days = 3;                     ///< from referral to acceptance
};

/// A real store and archive in a folder of their own, with keys, and messages put there as the
/// gateway keeps them. One thread.
class World {
public:
    World();
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    void add(const Participant& participant);
    /// A deviation, told by the project in a case of its own.
    void addDeviation(int month, const std::string& category, const std::string& cause,
                      const std::string& municipality);
    void addFollowUp(int month, int after, bool kept);
    /// Waits until everything is kept; fails the test when something was not.
    void settle();

    Reports& reports() { return *reports_; }
    Table table(const Request& request, const std::string& today = "2027-01-15");
    const config::Config& config() const { return config_; }
    /// A new sealing key is the active one; the first is in this state, or gone from the ring.
    void turnKey(const std::string& old_state);
    /// Opens the archive anew, as a process that starts does.
    void restart();

private:
    struct Sent;
    void keep(const CaseId& id, int place, const std::string& kind, const PartyId& from,
              const PartyId& to, Time when, const std::string& content,
              const Participant* participant = nullptr);

    std::filesystem::path folder_;
    config::Config config_;
    std::unique_ptr<security::Sealer> sealer_;
    std::unique_ptr<store::MessageStore> store_;
    std::unique_ptr<store::ReportArchive> archive_;
    std::unique_ptr<Reports> reports_;
    std::shared_ptr<Sent> sent_;
};

}  // namespace stafett::report::testing
