#include <algorithm>
#include <iterator>

#include "gateway/message/dates.h"
#include "gateway/pipeline/act.h"
#include "gateway/pipeline/address.h"
#include "gateway/pipeline/contents.h"
#include "gateway/pipeline/stages.h"

namespace stafett::pipeline {
namespace {

void append(Problems& to, Problems from) {
    std::move(from.begin(), from.end(), std::back_inserter(to));
}

mapping::ReadContext contextOf(const DocumentFacts& document, const Journey& journey) {
    const auto& persons = journey.snapshot->config.settings.persons;
    const auto* sender = document.sender.parties.front();
    mapping::ReadContext context;
    if (document.sender.parties.size() == 1) context.sender = sender->id;
    context.received_at = journey.now;
    context.settings = &sender->settings;
    context.attributes = &document.decoded.attributes;
    context.transport_free = true;
    context.person = {.interim = persons.interim,
                      .reserve = persons.reserve,
                      .check_digits = persons.check_digits,
                      .today = journey.today};
    return context;
}

/// The party that speaks: the one the document names, if the system may speak for it.
Result<const config::Party*> speaker(const message::Message& message, const SenderFacts& sender) {
    const auto said = message.text("sender/party");
    if (said.empty() && sender.parties.size() == 1) return sender.parties.front();
    const auto found =
        std::find_if(sender.parties.begin(), sender.parties.end(),
                     [&](const config::Party* party) { return party->id.value == said; });
    if (found == sender.parties.end()) {
        return tl::make_unexpected(Error(Code::TlsNotForParty, Place{.path = "sender/party"}));
    }
    return *found;
}

/// Our own marks on a message that was just read.
void mark(MessageFacts& facts, const Journey& journey) {
    auto& message = facts.message;
    message.set("message/id", facts.id.text());
    message.set("message/kind", message.schema().kind);
    message.set("message/schema", message.schema().id());
    message.set("message/receivedAt", timeText(journey.now));
    message.set("sender/party", facts.sender->id.value);
    if (message.text("sender/function").empty() ||
        !facts.sender->hasFunction(FunctionId{std::string(message.text("sender/function"))})) {
        message.set("sender/function", facts.sender->default_function.value);
    }
    if (message.text("message/senderId").empty()) {
        message.set("message/senderId", "sha256:" + journey.marks.body.hex());
    }
}

void noteAttachments(const message::Message& message, Journey& journey) {
    for (const auto& one : attachmentsOf(journey, message)) {
        journey.note(trace::Step::Attached,
                     {{"attachment", one.id},
                      {"media_type", trace::SafeText::foreignCode(one.media_type)},
                      {"bytes", one.size}});
    }
}

Problems validated(const MessageFacts& facts, const Problems& read, const Journey& journey) {
    const auto& persons = journey.snapshot->config.settings.persons;
    auto problems = message::validate(facts.message, journey.snapshot->catalogue,
                                      {.interim_numbers = persons.interim,
                                       .reserve_numbers = persons.reserve,
                                       .test_numbers = !persons.check_digits},
                                      journey.today);
    // What could not be read is absent now: the reader has said so, with the sender's own place.
    if (!read.empty()) {
        std::erase_if(problems, [](const Error& e) { return e.code() == Code::MapMissing; });
    }
    // Whoever holds a case that all others have left may still end it: there is nobody to be told.
    if (facts.before && facts.receivers.empty()) {
        std::erase_if(problems, [](const Error& e) { return e.place().path == "receivers"; });
    }
    return problems;
}

/// Its act, its case, its receivers.
Problems belongs(const Shared& shared, MessageFacts& facts, Journey& journey) {
    auto problems = prepareAct(facts, journey);
    if (problems.empty()) problems = findCase(shared, facts, journey);
    if (problems.empty()) problems = findReceivers(facts, journey);
    return problems;
}

}  // namespace

Checked<ValidMessage> Understand::operator()(WireDocument document, Journey& journey) const {
    DocumentFacts facts = std::move(document).release();
    auto outcome = facts.form->read(facts.decoded.document, contextOf(facts, journey));
    Problems problems = std::move(outcome.problems);
    for (auto& rule : facts.sender.adapter->check(facts.decoded.form, facts.decoded.document)) {
        auto& list = rule.outcome() == Outcome::Warning ? outcome.warnings : problems;
        list.push_back(std::move(rule));
    }

    auto sender = speaker(outcome.message, facts.sender);
    if (!sender) return tl::make_unexpected(Problems{sender.error()});
    journey.sender = *sender;
    MessageFacts found{.system = facts.sender.system,
                       .adapter = facts.sender.adapter,
                       .form = facts.form,
                       .sender = *sender,
                       .message = std::move(outcome.message),
                       .residue = std::move(outcome.residue),
                       .warnings = std::move(outcome.warnings),
                       .id = MessageId::make(),
                       .case_id = CaseId::make(),
                       .case_row = {},
                       .act = {},
                       .question = {},
                       .receivers = {}};
    journey.marks.transport_free = sha256(outcome.transport_free);
    mark(found, journey);
    journey.sender_id = std::string(found.message.text("message/senderId"));
    journey.case_own = std::string(found.message.text("case/sender"));
    // A new revision of a message of the sender's is a message of its own: known by its whole name,
    // as AF writes it (<id>_<n>), not taken for the first one with other content.
    const auto revision = found.message.text("message/revision");
    const std::string known_as =
        revision.empty() ? journey.sender_id : journey.sender_id + "_" + std::string(revision);
    journey.marks.sender_id =
        shared_.index.of(security::IndexPurpose::SenderId, found.sender->id, {known_as});
    journey.note(trace::Step::MappedIn,
                 {{"mapping", trace::SafeText::fromConfiguration(found.form->dialect() + "/" +
                                                                 found.form->name() + "@" +
                                                                 found.form->version())},
                  {"problems", problems.size()},
                  {"warnings", found.warnings.size()},
                  {"kept_fields", found.residue.fields.size()}});

    append(problems, checkContents(journey.snapshot->config.settings.attachments,
                                   contentsOf(journey), found.id, found.message, problems));
    if (problems.empty()) noteAttachments(found.message, journey);
    auto lost = belongs(shared_, found, journey);
    const bool forbidden = !lost.empty() && lost.front().outcome() == Outcome::Conflict;
    if (forbidden && problems.empty()) return tl::make_unexpected(std::move(lost));
    append(problems, std::move(lost));
    found.message.set("case/id", found.case_id.text());
    append(problems, validated(found, problems, journey));
    if (!problems.empty()) return tl::make_unexpected(std::move(problems));
    return ValidMessage(std::move(found));
}

}  // namespace stafett::pipeline
