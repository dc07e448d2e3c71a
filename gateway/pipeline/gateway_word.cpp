#include "gateway/pipeline/gateway_word.h"

#include <algorithm>

#include "gateway/custody/questions.h"
#include "gateway/message/dates.h"
#include "gateway/pipeline/frame.h"
#include "gateway/pipeline/view.h"

namespace stafett::pipeline {
namespace {

std::shared_ptr<const message::Schema> schemaOf(const Snapshot& snapshot, std::string_view kind) {
    const auto& schemas = snapshot.catalogue.schemas();
    return *std::find_if(schemas.begin(), schemas.end(),
                         [&](const auto& schema) { return schema->kind == kind; });
}

std::string textOf(const Word& word, const Snapshot& snapshot, Language language) {
    if (!word.words.empty()) return word.words;
    if (word.problem) return std::string(info(*word.problem).what(language));
    const auto* set = snapshot.catalogue.valueSet("notice_code");
    const auto* value = set == nullptr ? nullptr : set->find(word.code);
    if (value == nullptr || word.due.empty()) return {};
    return language == Language::English ? value->label_en : value->label_sv;
}

struct Draft {
    message::Message message;
    const plugin::Adapter* adapter;
    const mapping::Form* form;
    FormId form_id;
};

message::Message enveloped(const Word& word, const Snapshot& snapshot, std::string_view kind,
                           const MessageId& id, const std::string& about, Time now) {
    message::Message message(schemaOf(snapshot, kind));
    message.set("message/id", id.text());
    message.set("message/senderId", id.text());
    message.set("message/kind", kind);
    message.set("message/schema", message.schema().id());
    message.set("message/created", timeText(now));
    message.set("message/receivedAt", timeText(now));
    message.set("message/refTo", about);
    message.set("case/id", word.case_id.text());
    message.set("sender/party", snapshot.config.settings.party.value);
    message.set("answerBy", word.due);
    return message;
}

void fillNotice(message::Message& notice, const Word& word, const std::string& about,
                const std::string& text, Time now) {
    notice.set("notice/code", word.code);
    notice.set("notice/about", about);
    notice.set("notice/party", word.party.value);
    notice.set("notice/at", timeText(now));
    notice.set("notice/text", text);
    if (!word.problem) return;
    auto& problem = notice.root().append(*notice.schema().root.find("problems"));
    problem.set(*problem.type().find("code"), info(*word.problem).id);
}

void fillReminder(message::Message& reminder, const Word& word, const std::string& text) {
    reminder.set("reminder/number", std::to_string(word.number));
    reminder.set("reminder/due", word.due);
    reminder.set("reminder/text", text);
}

/// In the party's form for reminders where one is due and there is one, else as a notice.
std::optional<Draft> draft(const Word& word, const Snapshot& snapshot, const config::Party& party,
                           const MessageId& id, const std::string& about, Time now) {
    const auto* adapter = snapshot.adapterOf(party);
    const auto text = textOf(word, snapshot, party.language);
    for (const std::string_view kind : {"reminder", "notice"}) {
        const bool reminds = kind == "reminder";
        if (reminds && (word.kind != Word::Kind::Reminder || !word.about)) continue;
        auto message = enveloped(word, snapshot, kind, id, about, now);
        if (reminds) {
            fillReminder(message, word, text);
        } else {
            fillNotice(message, word, about, text, now);
        }
        const auto form_id = adapter->outboundForm(message, party.settings);
        const auto* form = form_id ? snapshot.library.find(adapter->dialect(), *form_id) : nullptr;
        if (form == nullptr || !form->does(mapping::Direction::Write)) continue;
        return Draft{std::move(message), adapter, form, *form_id};
    }
    return std::nullopt;
}

Result<std::string> referenceIn(const Shared& shared, const custody::CaseState& state,
                                const Word& word) {
    if (word.about && word.called == Word::Called::ByItself) return senderIdOf(shared, *word.about);
    if (word.about && word.called == Word::Called::ByUs) return word.about->text();
    return referenceFor(shared, state, word.about, word.party, word.to);
}

/// The one copy, written and sealed.
Status writeCopy(const Shared& shared, const Snapshot& snapshot, const Draft& draft,
                 const Receiver& receiver, const security::MessageKey& key, Time now,
                 store::Keep& keep) {
    const auto& party = *receiver.party;
    ST_TRY(const auto alias, aliasFor(shared, keep.case_id, party.id, draft.form->aliasForm()));
    static const policy::Flow kNoFlow;
    View view = viewFor(draft.message, receiver, kNoFlow);
    view.message.set("case/receiver", alias.text);
    mapping::WriteContext context;
    context.receiver = party.id;
    context.receiver_function = receiver.function;
    context.gateway = snapshot.config.settings.party;
    context.now = now;
    context.settings = &party.settings;
    const auto* door = snapshot.config.door(party.id, receiver.function);
    if (door != nullptr) context.endpoint = door->url();
    auto out = draft.form->write(view.message, context);
    if (!out.problems.empty()) return tl::make_unexpected(out.problems.front());
    ST_TRY(const auto request,
           draft.adapter->encode(draft.form_id, out.document, out.attributes, party.settings));
    store::NewDelivery delivery;
    delivery.id = DeliveryId::make();
    delivery.receiver = party.id;
    delivery.function = receiver.function;
    delivery.dialect = draft.adapter->dialect();
    delivery.form = draft.form_id;
    delivery.versions = keep.versions;
    delivery.losses = "[]";
    delivery.request =
        key.seal(deliveryColumn(delivery.id, delivery.receiver, delivery.function), frame(request));
    if (door == nullptr) delivery.held = Code::AddressNoDoor;
    keep.deliveries.push_back(std::move(delivery));
    if (alias.reserved) {
        const auto& form = draft.form->aliasForm();
        keep.aliases.push_back(
            {party.id, form, shared.index.of(security::IndexPurpose::Alias, party.id, {alias.text}),
             key.seal(aliasColumn(party.id, form), alias.text)});
    }
    return {};
}

/// Whether the party must act on it, and is reminded whatever it asked for.
bool owes(const custody::CaseState& state, const custody::Obligation& obligation,
          std::string_view today) {
    if (obligation.party == obligation.to.party) return true;  // about itself
    const auto turns = custody::whoseTurn(state, today);
    return std::any_of(turns.begin(), turns.end(), [&](const custody::Turn& turn) {
        return turn.who.party == obligation.to.party && turn.about == obligation.about;
    });
}

std::uint32_t numberOf(std::string_view code) {
    return code == "reminder_soon" ? 1 : code == "overdue" ? 2 : 3;
}

}  // namespace

bool asksFor(const config::Party& party, std::string_view code) {
    return std::find(party.notices.begin(), party.notices.end(), code) != party.notices.end();
}

Result<std::optional<store::Keep>> write(const Shared& shared, const Snapshot& snapshot,
                                         const custody::CaseState& state, const Word& word,
                                         Time now) {
    const auto* party = snapshot.config.party(word.to);
    if (party == nullptr) return std::nullopt;
    const auto id = MessageId::make();
    ST_TRY(const auto about, referenceIn(shared, state, word));
    const auto drafted = draft(word, snapshot, *party, id, about, now);
    if (!drafted) return std::nullopt;  // this dialect is told nothing

    const auto key = shared.sealer.newKey(id.uuid);
    const bool known = !word.function.empty() && party->hasFunction(word.function);
    const Receiver receiver{party, known ? word.function : party->default_function,
                            custody::Role::Lead};
    store::Keep keep;
    keep.id = id;
    keep.case_id = word.case_id;
    keep.sender = snapshot.config.settings.party;
    keep.kind = drafted->message.schema().kind;
    keep.dialect = drafted->adapter->dialect();
    keep.form = drafted->form_id;
    keep.versions = snapshot.versions(*drafted->adapter, *drafted->form);
    keep.received_at = now;
    keep.repeat_digest = keep.body_digest = keep.transport_free_digest = sha256(id.text());
    keep.sender_id = shared.index.of(security::IndexPurpose::SenderId, keep.sender, {id.text()});
    keep.data_key = key.wrapped();
    keep.canonical = key.seal("canonical", message::print(drafted->message));
    ST_CHECK(writeCopy(shared, snapshot, *drafted, receiver, key, now, keep));
    trace::Fields fields = {{"receiver", word.party},
                            {"code", trace::SafeText::fromConfiguration(word.code)}};
    if (word.about) fields.emplace_back("about", *word.about);
    keep.events.push_back({trace::Step::Noticed, now, std::move(fields)});
    return keep;
}

Status say(const Shared& shared, const Snapshot& snapshot, const CaseId& case_id,
           const std::vector<custody::Obligation>& obligations, Time now, custody::CaseState& state,
           std::vector<store::Keep>& notices, std::optional<Code> because) {
    const auto today = message::stockholmDate(now);
    for (const auto& obligation : obligations) {
        const auto* party = snapshot.config.party(obligation.to.party);
        if (party == nullptr) continue;
        const bool must = owes(state, obligation, today);
        if (!must && !asksFor(*party, obligation.code)) continue;
        const bool whole = obligation.about == MessageId{};
        const Word word{.about = whole ? std::nullopt : std::optional(obligation.about),
                        .case_id = case_id,
                        .to = obligation.to.party,
                        .party = obligation.party,
                        .code = std::string(obligation.code),
                        .problem = because,
                        .kind = must ? Word::Kind::Reminder : Word::Kind::Notice,
                        .function = obligation.to.function,
                        .due = obligation.due,
                        .number = numberOf(obligation.code)};
        ST_TRY(auto notice, write(shared, snapshot, state, word, now));
        if (!notice) continue;
        custody::Act act{.message = notice->id,
                         .by = {notice->sender, {}},
                         .to = {{.who = obligation.to}},
                         .today = today};
        ST_TRY(auto counted, custody::decide(state, act));
        state = std::move(counted.state);
        notices.push_back(std::move(*notice));
    }
    return {};
}

}  // namespace stafett::pipeline
