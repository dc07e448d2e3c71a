#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "gateway/pipeline/settle.h"
#include "gateway/transport/drop_folder.h"

namespace stafett::pipeline {

/// The door of those whose systems read and write files (docs/mailbox.md). What they are sent is
/// written under the delivery's id, and settled when it is on the disk: a crash between writes the
/// same file again. What they send goes the way of any message, and is answered by a file. One
/// thread a party, so that a folder that hangs holds up nobody else.
class FileDrop {
public:
    FileDrop(const Shared& shared, SnapshotSource snapshot, Notices& notices,
             transport::Inbox& inbox);
    ~FileDrop();
    FileDrop(const FileDrop&) = delete;
    FileDrop& operator=(const FileDrop&) = delete;

    /// Doors may be new: the configuration was read again.
    void refresh();
    /// Deliveries may be due: the store says so after a commit.
    void wake();
    /// Finishes the file each thread is at, and begins no other.
    void drain();

private:
    enum class Side : std::uint8_t { Out, In };  ///< of a door
    /// A file of a folder, from when it was first seen until it is gone from there.
    struct Sighting {
        transport::SeenFile file;
        std::optional<transport::HttpResponse> answer = {};  ///< kept; only the moving is left
    };
    struct Worker {
        PartyId party;
        std::map<std::string, std::map<std::string, Sighting>> seen = {};  ///< by door, by name
        std::set<std::pair<std::string, Side>> failing = {};  ///< doors and their sides
        bool due = true;
        std::thread thread = {};
    };

    void run(Worker& worker);
    bool stopping();

    void writeAll(Worker& worker, const Snapshot& snapshot);
    void writeOne(Worker& worker, const Snapshot& snapshot, const store::Lease& lease);
    Status putDown(const config::Door& door, const store::Lease& lease);

    Status readFolder(Worker& worker, const std::shared_ptr<const Snapshot>& snapshot,
                      const config::Door& door);
    Status takeOne(const transport::DropFolder& folder,
                   const std::shared_ptr<const Snapshot>& snapshot, const config::Door& door,
                   Sighting& sighting);
    Result<std::optional<transport::HttpResponse>> readFile(
        const transport::DropFolder& folder, const std::shared_ptr<const Snapshot>& snapshot,
        const config::Door& door, const transport::SeenFile& file);
    Status finish(const transport::DropFolder& folder, const Sighting& sighting);
    transport::HttpResponse askInbox(const config::Door& door, Bytes content);
    transport::HttpResponse refuse(const std::shared_ptr<const Snapshot>& snapshot,
                                   const config::Door& door, const Error& error);
    void tellFolder(Worker& worker, const config::Door& door, Side side, const Status& done);

    const Shared& shared_;
    SnapshotSource snapshot_;
    transport::Inbox& inbox_;
    Settling settling_;

    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::map<PartyId, std::unique_ptr<Worker>> workers_;
};

}  // namespace stafett::pipeline
