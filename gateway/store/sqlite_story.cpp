// Everything there is to tell about an id, without content.
#include "gateway/store/rows.h"
#include "gateway/store/sqlite_store.h"

#include <algorithm>

namespace stafett::store {
namespace {

constexpr char kCaseOf[] =
    "SELECT case_id FROM message WHERE id = ?1 UNION ALL "
    "SELECT case_id FROM delivery WHERE id = ?1 UNION ALL "
    "SELECT id FROM case_file WHERE id = ?1 LIMIT 1";
constexpr char kCase[] = "SELECT version, state FROM case_file WHERE id = ?";
constexpr char kMessages[] =
    "SELECT m.id, m.seq, m.sender, m.sender_function, m.kind, m.dialect, m.form, "
    "coalesce(v.text, m.versions), m.received_at, m.receipt, m.events FROM message AS m "
    "LEFT JOIN version_text AS v ON v.n = m.versions_n WHERE m.case_id = ? ORDER BY m.seq";
constexpr char kEvents[] = "SELECT seq, events FROM event WHERE case_id = ? ORDER BY seq, n";
constexpr char kDeliveries[] =
    "SELECT d.seq, d.id, d.receiver, d.function, d.dialect, d.form, d.state, d.attempts, d.code, "
    "d.due, coalesce(v.text, p.versions), p.losses FROM delivery AS d "
    "JOIN parcel AS p ON p.n = d.parcel LEFT JOIN version_text AS v ON v.n = p.versions_n "
    "WHERE d.case_id = ? ORDER BY d.receiver, d.seq, d.parcel";
constexpr char kRefusal[] =
    "SELECT id, at, system, sender, dialect, form, body_digest, sender_id, problems, count, events "
    "FROM refusal WHERE id = ?";

Result<std::optional<CaseId>> caseOf(Connection& reader, const Uuid& id) {
    Cursor row = reader.query(kCaseOf, id);
    ST_TRY(const bool found, row.next());
    return found ? std::optional(row.id<CaseTag>(0)) : std::nullopt;
}

Result<std::optional<Story>> refusalStory(Connection& reader, const Uuid& id) {
    Cursor row = reader.query(kRefusal, id);
    ST_TRY(const bool found, row.next());
    if (!found) return std::nullopt;
    Refusal refusal;
    refusal.id = row.id<RefusalTag>(0);
    refusal.at = row.time(1);
    refusal.system = row.name<SystemTag>(2);
    refusal.sender = row.name<PartyTag>(3);
    refusal.dialect = row.name<DialectTag>(4);
    refusal.form = row.name<FormTag>(5);
    refusal.body_digest = row.digest(6);
    if (!row.isNull(7)) refusal.sender_id = row.digest(7);
    refusal.problems = row.text(8);
    refusal.count = static_cast<std::uint32_t>(row.integer(9));
    Story story;
    story.refusal = std::move(refusal);
    story.refusal_events = lines(row.text(10));
    return story;
}

Status addMessages(Connection& reader, const CaseId& id, Story& story) {
    Cursor row = reader.query(kMessages, id);
    while (true) {
        ST_TRY(const bool found, row.next());
        if (!found) return {};
        StoryMessage message;
        message.id = row.id<MessageTag>(0);
        message.case_id = id;
        message.seq = static_cast<std::uint64_t>(row.integer(1));
        message.sender = row.name<PartyTag>(2);
        message.sender_function = row.name<FunctionTag>(3);
        message.kind = row.text(4);
        message.dialect = row.name<DialectTag>(5);
        message.form = row.name<FormTag>(6);
        message.versions = row.text(7);
        message.received_at = row.time(8);
        message.receipt = row.text(9);
        message.events = lines(row.text(10));
        story.messages.push_back(std::move(message));
    }
}

/// Messages stand in the order of their places, with gaps: a date that came has taken one.
StoryMessage* messageAt(Story& story, std::int64_t seq) {
    const auto place = static_cast<std::uint64_t>(seq);
    const auto found = std::lower_bound(
        story.messages.begin(), story.messages.end(), place,
        [](const StoryMessage& message, std::uint64_t wanted) { return message.seq < wanted; });
    const bool there = found != story.messages.end() && found->seq == place;
    return there ? &*found : nullptr;
}

Status addEvents(Connection& reader, const CaseId& id, Story& story) {
    Cursor row = reader.query(kEvents, id);
    while (true) {
        ST_TRY(const bool found, row.next());
        if (!found) return {};
        StoryMessage* message = messageAt(story, row.integer(0));
        if (message == nullptr) continue;
        for (auto& line : lines(row.text(1))) message->events.push_back(std::move(line));
    }
}

StoryDelivery deliveryOf(const Cursor& row) {
    StoryDelivery delivery;
    delivery.id = row.id<DeliveryTag>(1);
    delivery.receiver = row.name<PartyTag>(2);
    delivery.function = row.name<FunctionTag>(3);
    delivery.dialect = row.name<DialectTag>(4);
    delivery.form = row.name<FormTag>(5);
    delivery.state = static_cast<DeliveryState>(row.integer(6));
    delivery.attempts = static_cast<std::uint32_t>(row.integer(7));
    if (!row.isNull(8)) delivery.code = findCode(row.text(8));
    if (!row.isNull(9)) delivery.next = row.time(9);
    delivery.versions = row.text(10);
    delivery.losses = row.text(11);
    return delivery;
}

Status addDeliveries(Connection& reader, const CaseId& id, Story& story) {
    Cursor row = reader.query(kDeliveries, id);
    PartyId receiver;
    bool held_before = false;
    while (true) {
        ST_TRY(const bool found, row.next());
        if (!found) return {};
        StoryDelivery delivery = deliveryOf(row);
        if (delivery.receiver != receiver) held_before = false;
        receiver = delivery.receiver;
        if (delivery.state == DeliveryState::Waiting && held_before) {
            delivery.code = Code::DeliverBlocked;
        }
        held_before = held_before || delivery.state == DeliveryState::Held;
        if (StoryMessage* message = messageAt(story, row.integer(0))) {
            message->deliveries.push_back(std::move(delivery));
        }
    }
}

}  // namespace

Result<std::optional<Story>> SqliteStore::story(const Uuid& id) {
    const auto reader = readers_->take();
    ST_TRY(const auto case_id, caseOf(*reader, id));
    if (!case_id) return refusalStory(*reader, id);
    // One look at the store: what is told fits together.
    ST_CHECK(reader->run("BEGIN"));
    const auto read = [&]() -> Result<std::optional<Story>> {
        Story story;
        Cursor row = reader->query(kCase, *case_id);
        ST_TRY(const bool found, row.next());
        if (found) {
            story.case_row =
                CaseRow{*case_id, static_cast<std::uint64_t>(row.integer(0)), row.text(1)};
        }
        ST_CHECK(addMessages(*reader, *case_id, story));
        ST_CHECK(addEvents(*reader, *case_id, story));
        ST_CHECK(addDeliveries(*reader, *case_id, story));
        return story;
    };
    auto story = read();
    ST_CHECK(reader->run("ROLLBACK"));
    return story;
}

}  // namespace stafett::store
