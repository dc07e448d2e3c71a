#include <iterator>

#include "gateway/message/json_text.h"
#include "gateway/pipeline/consent.h"
#include "gateway/pipeline/contents.h"
#include "gateway/pipeline/frame.h"
#include "gateway/pipeline/gateway_word.h"
#include "gateway/pipeline/receipt.h"
#include "gateway/pipeline/stages.h"
#include "gateway/pipeline/view.h"

namespace stafett::pipeline {
namespace {

std::string lossesText(const std::vector<mapping::Loss>& losses) {
    std::string json = "[";
    const auto say = [&json](std::string_view before, std::string_view value) {
        json += before;
        message::appendJsonString(json, value);
    };
    for (const auto& loss : losses) {
        if (json.size() > 1) json += ',';
        say(R"({"code":)", info(loss.code).id);
        say(R"(,"canonical":)", loss.canonical);
        if (!loss.wire.empty()) say(R"(,"wire":)", loss.wire);
        if (!loss.because.empty()) say(R"(,"because":)", loss.because.english);
        if (!loss.because.swedish.empty()) say(R"(,"because_sv":)", loss.because.swedish);
        json += '}';
    }
    return json += ']';
}

std::string residueText(const mapping::Residue& residue) {
    std::string json = "[";
    for (const auto& [path, text] : residue.fields) {
        json += json.size() > 1 ? ",[" : "[";
        message::appendJsonString(json, path);
        json += ',';
        message::appendJsonString(json, text);
        json += ']';
    }
    return json += ']';
}

/// The problem as the sender should read it: whose rule it is.
Error namedAfter(Error problem, const Receiver& receiver) {
    problem.place().row = "receiver " + receiver.party->id.value +
                          (problem.place().row.empty() ? "" : ": " + problem.place().row);
    return problem;
}

/// What writing for one receiver needs beside the message.
struct Sheet {
    const Shared& shared;
    const MessageFacts& facts;
    const security::MessageKey& key;
    Journey& journey;
};

/// How this receiver calls what the message is about; an offer stands for itself.
Result<std::string> referenceIn(const Sheet& sheet, const Receiver& receiver) {
    const auto& facts = sheet.facts;
    const auto kind = facts.act.kind;
    const bool offers = kind == custody::Act::Kind::Refer || kind == custody::Act::Kind::HandOver;
    if (offers || !facts.before) return std::string();
    if (facts.question) return questionFor(sheet.shared, *facts.question, receiver.party->id);
    return referenceFor(sheet.shared, *facts.before, facts.act.about, facts.sender->id,
                        receiver.party->id);
}

/// One receiver's copy, whole, or why it cannot be told.
Checked<store::NewDelivery> writeFor(const Sheet& sheet, const Receiver& receiver,
                                     const policy::Flow& flow, WrittenFacts& written) {
    const auto& snapshot = *sheet.journey.snapshot;
    const auto* adapter = snapshot.adapterOf(*receiver.party);
    // By what this receiver may be told: a form made for a field that is withheld is not chosen.
    View view = viewFor(sheet.facts.message, receiver, flow);
    const auto form_id = adapter->outboundForm(view.message, receiver.party->settings);
    const auto* form = form_id ? snapshot.library.find(adapter->dialect(), *form_id) : nullptr;
    if (form == nullptr || !form->does(mapping::Direction::Write)) {
        return tl::make_unexpected(Problems{namedAfter(Error(Code::MapNoForm), receiver)});
    }
    const auto find = sheet.facts.case_row ? aliasFor : newAliasFor;
    const auto alias =
        find(sheet.shared, sheet.facts.case_id, receiver.party->id, form->aliasForm());
    if (!alias) return tl::make_unexpected(Problems{alias.error()});
    const auto reference = referenceIn(sheet, receiver);
    if (!reference) return tl::make_unexpected(Problems{reference.error()});

    view.message.set("case/receiver", alias->text);
    view.message.set("message/refTo", *reference);
    const auto* door = snapshot.config.door(receiver.party->id, receiver.function);
    mapping::WriteContext context;
    context.receiver = receiver.party->id;
    context.receiver_function = receiver.function;
    context.gateway = snapshot.config.settings.party;
    context.content_word = sheet.facts.id.text();
    context.endpoint = door == nullptr ? std::string() : door->url();
    context.now = sheet.journey.now;
    context.settings = &receiver.party->settings;
    const bool same_form = form == sheet.facts.form;  // another form has other places
    context.residue = same_form ? &sheet.facts.residue : nullptr;
    auto out = form->write(view.message, context);
    if (!out.problems.empty()) {
        Problems problems;
        for (auto& problem : out.problems)
            problems.push_back(namedAfter(std::move(problem), receiver));
        return tl::make_unexpected(std::move(problems));
    }
    if (!view.withheld.empty()) written.left_out.push_back(receiver.party->id);
    std::move(view.withheld.begin(), view.withheld.end(), std::back_inserter(out.losses));
    if (!same_form) {
        for (const auto& [path, text] : sheet.facts.residue.fields) {
            out.losses.push_back({.code = Code::MapLossResidue,
                                  .canonical = {},
                                  .wire = path,
                                  .because = {"the sender's own field", "avsändarens eget fält"}});
        }
    }
    store::NewDelivery delivery;
    delivery.id = DeliveryId::make();
    delivery.receiver = receiver.party->id;
    delivery.function = receiver.function;
    delivery.dialect = adapter->dialect();
    delivery.form = *form_id;
    delivery.versions = snapshot.versions(*adapter, *form);
    delivery.losses = lossesText(out.losses);
    delivery.loss_count = static_cast<std::uint32_t>(out.losses.size());
    auto request =
        adapter->encode(*form_id, out.document, out.attributes, receiver.party->settings);
    plugin::WireMessage wire;
    if (request) {
        wire = std::move(*request);
    } else {
        // Ours to mend, not the sender's: accepted, and held until an operator has seen it.
        delivery.held = request.error().code();
        wire.body = std::move(out.document);
    }
    if (door == nullptr) delivery.held = Code::AddressNoDoor;
    const auto splices = spliceContents(sheet.journey, sheet.facts.id, wire.body);
    if (!splices) return tl::make_unexpected(Problems{splices.error()});
    delivery.request = sheet.key.seal(
        deliveryColumn(delivery.id, delivery.receiver, delivery.function), frame(wire, *splices));
    if (form->contents().by_reference && !view.message.items("attachments").empty()) {
        for (auto& one : written.keep.attachments) one.fetched_by.push_back(delivery.id);
    }
    if (alias->reserved) {
        const std::string& alias_form = form->aliasForm();
        written.keep.aliases.push_back(
            {receiver.party->id, alias_form,
             sheet.shared.index.of(security::IndexPurpose::Alias, receiver.party->id,
                                   {alias->text}),
             sheet.key.seal(aliasColumn(receiver.party->id, alias_form), alias->text)});
    }
    trace::Fields fields = {
        {"receiver", receiver.party->id},
        {"function", receiver.function},
        {"delivery", delivery.id},
        {"mapping", trace::SafeText::fromConfiguration(form->dialect() + "/" + form->name() + "@" +
                                                       form->version())},
        {"losses", out.losses.size()}};
    if (delivery.held) fields.emplace_back("held", *delivery.held);
    sheet.journey.note(trace::Step::MappedOut, std::move(fields));
    for (auto& loss : out.losses) {
        written.losses.push_back({receiver.party->id, std::move(loss)});
    }
    for (auto& warning : out.warnings) {
        written.warnings.push_back(namedAfter(std::move(warning), receiver));
    }
    return delivery;
}

/// The sender's own id of the case, learnt from this message.
void learnAlias(const Sheet& sheet, WrittenFacts& written) {
    const auto own = sheet.facts.message.text("case/sender");
    if (own.empty()) return;
    const std::string form =
        sheet.facts.form->aliasForm().empty() ? "text" : sheet.facts.form->aliasForm();
    const auto& party = sheet.facts.sender->id;
    written.keep.aliases.push_back(
        {party, form, sheet.shared.index.of(security::IndexPurpose::Alias, party, {own}),
         sheet.key.seal(aliasColumn(party, form), own)});
}

/// The case after the message and what the gateway says because of it.
Status moveCase(const Sheet& sheet, const TakenFacts& taken, store::Keep& keep) {
    const auto& facts = sheet.facts;
    const auto& snapshot = *sheet.journey.snapshot;
    keep.case_id = facts.case_id;
    keep.case_version = taken.case_version;
    auto state = taken.decision.state;
    std::optional<Code> because;
    if (facts.act.kind == custody::Act::Kind::WithdrawConsent) because = Code::DeliverConsent;
    ST_CHECK(say(sheet.shared, snapshot, facts.case_id, taken.decision.obligations,
                 sheet.journey.now, state, keep.notices, because));
    fill(keep, facts.before, state, snapshot.config, sheet.journey.today);
    for (const auto& copy : taken.decision.take_back) {
        keep.take_back.push_back({copy.message, copy.from.party, because});
    }
    const auto municipality = facts.message.text("person/municipality");
    if (!municipality.empty()) {
        keep.municipality = municipality;
    } else if (!facts.before) {
        keep.municipality = facts.sender->municipality;
    }
    return {};
}

void fillKeep(const Sheet& sheet, const TakenFacts& taken, WrittenFacts& written) {
    const auto& facts = sheet.facts;
    auto& keep = written.keep;
    keep.id = facts.id;
    keep.system = facts.system;
    keep.sender = facts.sender->id;
    keep.sender_function = facts.act.by.function;
    keep.kind = facts.message.schema().kind;
    keep.dialect = facts.adapter->dialect();
    keep.form = FormId{facts.form->name()};
    keep.versions = sheet.journey.snapshot->versions(*facts.adapter, *facts.form);
    keep.received_at = sheet.journey.now;
    const Marks& marks = sheet.journey.marks;
    keep.repeat_digest = *marks.repeat;
    keep.body_digest = marks.body;
    keep.transport_free_digest = marks.transport_free;
    keep.sender_id = *marks.sender_id;
    if (const auto person = facts.message.text("person/id"); !person.empty()) {
        keep.person = sheet.shared.index.of(security::IndexPurpose::Person, {}, {person});
    }
    keep.data_key = sheet.key.wrapped();
    keep.raw = sheet.key.seal("raw", sheet.journey.raw.http.body);
    keep.canonical = sheet.key.seal("canonical", message::print(facts.message));
    keep.consent = taken.of.told;
    // What a later message of the case without a reference of its own rests on.
    keep.rests_on = taken.of.consent;
    if (keep.consent && keep.consent->act == store::NewConsent::Act::Given) {
        keep.rests_on = keep.consent->ref;
    }
    if (!facts.residue.empty())
        keep.residue = sheet.key.seal("residue", residueText(facts.residue));
}

}  // namespace

Checked<Written> WriteOut::operator()(Taken ticket, Journey& journey) const {
    TakenFacts taken = std::move(ticket).release();
    auto& facts = taken.of.of;
    // One key, however often the case moves meanwhile: contents are sealed under it but once.
    if (!journey.key) {
        journey.key =
            std::make_shared<const security::MessageKey>(shared_.sealer.newKey(facts.id.uuid));
    }
    const auto& key = *journey.key;
    WrittenFacts written{
        .keep = {}, .losses = {}, .left_out = {}, .warnings = facts.warnings, .again = {}};
    const Sheet sheet{shared_, facts, key, journey};
    written.keep.attachments = attachmentsOf(journey, facts.message);
    Problems problems;
    for (std::size_t i = 0; i < facts.receivers.size(); ++i) {
        auto delivery = writeFor(sheet, facts.receivers[i], *taken.of.flows[i], written);
        if (delivery) {
            delivery->consent = restsOn(taken.of, *taken.of.flows[i]);
            if (delivery->consent) delivery->consent_to = facts.message.text("consent/validTo");
            written.keep.deliveries.push_back(std::move(*delivery));
        } else {
            std::move(delivery.error().begin(), delivery.error().end(),
                      std::back_inserter(problems));
        }
    }
    if (!problems.empty()) return tl::make_unexpected(std::move(problems));
    learnAlias(sheet, written);
    fillKeep(sheet, taken, written);
    if (auto moved = moveCase(sheet, taken, written.keep); !moved) {
        return tl::make_unexpected(Problems{moved.error()});
    }
    const auto place = taken.decision.state.version;
    written.keep.receipt =
        receiptFor(shared_, facts, place,
                   {.losses = written.losses.size(), .warnings = written.warnings.size()}, journey);
    journey.note(trace::Step::Kept, {{"place", place},
                                     {"receivers", facts.receivers.size()},
                                     {"losses", written.losses.size()}});
    written.again = std::move(taken.of);
    return Written(std::move(written));
}

}  // namespace stafett::pipeline
