// What a party sends as files: each whole one goes the way of any message and is answered by a
// file beside it.
#include <algorithm>
#include <future>

#include "gateway/message/dates.h"
#include "gateway/pipeline/file_drop.h"
#include "gateway/pipeline/reply.h"

namespace stafett::pipeline {
namespace {

constexpr const char* kTaken = "tagna";
constexpr const char* kDamaged = "skadade";
constexpr std::string_view kReceipt = ".kvittens";

/// What we write there ourselves.
bool isOurs(std::string_view name) { return name.find(kReceipt) != std::string_view::npos; }

std::string receiptName(const std::string& file, const transport::HttpResponse& answer) {
    const auto type = answer.headers.get("Content-Type");
    const bool json = type.find("json") != std::string_view::npos;
    return transport::plainName(file) + std::string(kReceipt) + (json ? ".json" : ".xml");
}

std::string headOf(const transport::HttpResponse& answer) {
    std::string head = "Status: " + std::to_string(answer.status) + "\n";
    for (const auto& [name, value] : answer.headers.all()) head.append(name + ": " + value + "\n");
    return head;
}

/// For whoever opens the folder: why, and what to do; nothing of what the file says.
std::string reasonText(const transport::HttpResponse& answer) {
    const auto& row = info(Code::DropDamaged);
    std::string text = std::string(row.id) + "\n";
    for (const auto language : {Language::Swedish, Language::English}) {
        text.append(row.what(language)).append(". ").append(row.todo(language)).append("\n");
    }
    return text.append("Stafett-Outcome: ")
        .append(answer.headers.get("Stafett-Outcome"))
        .append("\n");
}

SystemId systemOf(const config::Door& door) { return SystemId{"folder:" + door.id}; }

bool isDamaged(const transport::HttpResponse& answer) {
    return answer.headers.get("Stafett-Outcome") == "malformed";
}

}  // namespace

Status FileDrop::readFolder(Worker& worker, const std::shared_ptr<const Snapshot>& snapshot,
                            const config::Door& door) {
    ST_TRY(const auto folder, transport::DropFolder::open(door.in));
    ST_TRY(const auto files, folder.look());
    auto& seen = worker.seen[door.id];
    std::map<std::string, Sighting> now;
    Status result;
    for (const auto& file : files) {
        if (isOurs(file.name)) continue;
        const auto before = seen.find(file.name);
        const bool same = before != seen.end() && before->second.file == file;
        auto& sighting = now[file.name];
        sighting = same ? std::move(before->second) : Sighting{.file = file};
        if (!same || stopping()) continue;  // it may still grow: looked at again the next time
        const auto done = takeOne(folder, snapshot, door, sighting);
        if (!done) result = done;  // it stays; the others need not wait for it
        if (done && sighting.answer) now.erase(file.name);
    }
    seen = std::move(now);
    return result;
}

/// Answers it and puts it away, or leaves it as it is for the next look.
Status FileDrop::takeOne(const transport::DropFolder& folder,
                         const std::shared_ptr<const Snapshot>& snapshot, const config::Door& door,
                         Sighting& sighting) {
    if (!sighting.answer) {
        ST_TRY(auto answer, readFile(folder, snapshot, door, sighting.file));
        if (!answer || answer->headers.get("Stafett-Outcome") == "busy") return {};
        sighting.answer = std::move(answer);
    }
    return finish(folder, sighting);
}

/// The answer to one file, whatever it is; nothing when it is another than was seen. An error: the
/// folder is in the way.
Result<std::optional<transport::HttpResponse>> FileDrop::readFile(
    const transport::DropFolder& folder, const std::shared_ptr<const Snapshot>& snapshot,
    const config::Door& door, const transport::SeenFile& file) {
    const auto most = snapshot->config.settings.file_drop.file;
    if (!file.ordinary || !transport::isPlainName(file.name)) {
        return refuse(snapshot, door, Error(Code::DropDamaged));
    }
    if (file.size > most) return refuse(snapshot, door, Error(Code::HttpTooLarge));
    ST_TRY(auto content, folder.read(file));
    if (!content) return std::nullopt;
    return askInbox(door, std::move(*content));
}

/// Answers beside it, then puts it away. Done again after a crash it comes out the same.
Status FileDrop::finish(const transport::DropFolder& folder, const Sighting& sighting) {
    const auto& file = sighting.file;
    const auto& answer = *sighting.answer;
    const bool damaged = isDamaged(answer);
    ST_TRY(const auto away, folder.inner(damaged ? kDamaged : kTaken));
    const auto receipt = receiptName(file.name, answer);
    ST_CHECK(folder.write(transport::plainName(file.name) + std::string(kReceipt) + ".head",
                          headOf(answer)));
    ST_CHECK(folder.write(receipt, answer.body));
    ST_TRY(const auto name, folder.moveTo(away, file));
    if (!damaged || name.empty()) return {};
    return away.write(name + ".orsak.txt", reasonText(answer));
}

transport::HttpResponse FileDrop::askInbox(const config::Door& door, Bytes content) {
    transport::RawRequest request;
    request.peer = {.system = systemOf(door), .parties = {door.party}, .certificate = "folder"};
    request.http.method = "POST";
    request.http.path = door.route;
    request.http.headers.add("Content-Type", door.content_type);
    request.http.body = std::move(content);
    request.received_at = shared_.clock.now();
    std::promise<transport::HttpResponse> answered;
    auto answer = answered.get_future();
    inbox_.take(std::move(request),
                transport::Responder([&answered](transport::HttpResponse response) {
                    answered.set_value(std::move(response));
                }));
    return answer.get();
}

/// A file nobody reads: its refusal is kept, and said in the sender's own form.
transport::HttpResponse FileDrop::refuse(const std::shared_ptr<const Snapshot>& snapshot,
                                         const config::Door& door, const Error& error) {
    const auto* party = snapshot->config.party(door.party);
    Journey journey;
    journey.snapshot = snapshot;
    journey.now = shared_.clock.now();
    journey.today = message::stockholmDate(journey.now);
    journey.sender = party;
    journey.language = party->language;
    journey.adapter = snapshot->adapterOf(*party);
    const Problems problems = {error};
    journey.note(trace::Step::Refused,
                 {{"code", error.code()}, {"door", trace::SafeText::fromConfiguration(door.id)}});
    store::Refusal refusal;
    refusal.id = RefusalId::make();
    refusal.at = journey.now;
    refusal.system = systemOf(door);
    refusal.sender = door.party;
    refusal.dialect = party->dialect;
    refusal.body_digest = sha256("");  // nothing of it was read
    refusal.problems = problemsText(problems, problems.size());
    refusal.count = 1;
    refusal.events = journey.events;
    const auto id = refusal.id;
    shared_.log.warn("refused",
                     {{"refusal", id}, {"system", refusal.system}, {"code", error.code()}});
    std::promise<Status> kept;
    auto end = kept.get_future();
    shared_.store.refuse(std::move(refusal),
                         [&kept](const Status& status) { kept.set_value(status); });
    const auto status = end.get();
    if (!status) return sayRefused(journey, {}, {status.error()});
    return sayRefused(journey, id.text(), problems);
}

}  // namespace stafett::pipeline
