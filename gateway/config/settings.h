#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "gateway/base/ids.h"
#include "gateway/config/delivery.h"
#include "gateway/config/security.h"
#include "gateway/config/transport.h"

namespace stafett::config {

/// `Dev` leaves out what only production demands: plugin digests, revocation lists.
enum class Profile : std::uint8_t { Dev, Production };

struct PluginEntry {
    std::filesystem::path file;
    std::string sha256;  ///< hex; may be empty in the dev profile only
};

/// A clock of its own for rehearsals, in the dev profile alone.
struct Rehearsal {
    std::string start;   ///< UTC, "now", or empty: no rehearsal, the world's clock
    double speed = 1.0;  ///< its seconds to one of the world's
};

/// Which personal numbers are taken (domain 3.1).
struct Persons {
    bool interim = false;
    bool reserve = true;
    bool check_digits = true;
};

/// What a message may carry as attachments.
struct Attachments {
    std::uint64_t content = 23U << 20;  ///< bytes of one, as they are before base64
    std::uint32_t count = 20;           ///< of one message
    std::vector<std::string> media_types = {"application/pdf", "image/png", "image/jpeg",
                                            "text/plain"};
};

/// What follow-up is measured against (the goals of the MIA project).
struct Targets {
    std::uint32_t participants = 2500;
    double work_or_studies = 0.30;
    double ordinary = 0.40;  ///< to AF or the municipality's ordinary measures
};

/// stafett.json. Every option has a default; paths are relative to the folder it stands in.
struct Settings {
    Profile profile = Profile::Production;
    PartyId party;     ///< the gateway's own organisationsnummer: it sends notices
    std::string name;  ///< for people
    Listener inbox;
    Listener admin;
    Courier courier;
    TlsSettings tls;
    std::filesystem::path key_ring;
    std::filesystem::path store;
    std::uint32_t store_group = 64;
    std::chrono::microseconds store_linger{2000};
    std::uint32_t store_queue = 4096;
    std::filesystem::path mappings;
    /// Where a plugin named without a folder lies; default: ../plugins beside this program.
    std::filesystem::path plugin_folder;
    std::vector<PluginEntry> plugins;
    Delivery delivery;
    Mailbox mailbox;
    FileDrop file_drop;
    Attachments attachments;
    Persons persons;
    Rehearsal clock;
    Targets targets;
    std::uint32_t problems = 50;  ///< told at once, of a count
    std::uint32_t in_work = 512;  ///< messages in the pipeline at once; more is busy
    std::string log_level = "info";
    std::filesystem::path log_file;  ///< empty = standard error
    std::vector<SystemEntry> systems;
};

}  // namespace stafett::config
