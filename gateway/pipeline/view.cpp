#include "gateway/pipeline/view.h"

#include <algorithm>
#include <charconv>

#include "gateway/codec/read.h"

namespace stafett::pipeline {
Result<std::string> senderIdOf(const Shared& shared, const MessageId& id) {
    ST_TRY(const auto kept, shared.store.canonicalOf(id));
    if (!kept) return tl::make_unexpected(Error(Code::StoreNotFound));
    ST_TRY(const auto key, shared.sealer.openKey(id.uuid, kept->data_key));
    ST_TRY(const auto canonical, key.open("canonical", kept->bytes));
    codec::ReadOptions options;
    options.limits.bytes = std::max<std::size_t>(canonical.size(), 1);
    ST_TRY(const auto document, codec::readJson(canonical, options));
    const auto message = document.child(0, "message");
    if (message == codec::kNoNode) return tl::make_unexpected(Error(Code::StoreDamaged));
    const auto sender_id = document.child(message, "senderId");
    if (sender_id == codec::kNoNode) return tl::make_unexpected(Error(Code::StoreDamaged));
    return std::string(document.node(sender_id).text);
}

View viewFor(const message::Message& message, const Receiver& receiver, const policy::Flow& flow) {
    View view{message.copy(), {}};
    auto& root = view.message.root();
    const auto& schema = view.message.schema().root;
    for (const auto field : policy::withheld(message, flow)) {
        view.withheld.push_back({.code = Code::MapLossSensitive,
                                 .canonical = schema.fields[field].path,
                                 .wire = {},
                                 .because = {"flow " + flow.id, "flöde " + flow.id}});
        root.clear(field);
    }
    const auto list = schema.find("receivers");
    root.items(*list).clear();
    const auto& type = *schema.fields[*list].item;
    auto& item = root.append(*list);
    item.set(*type.find("party"), view.message.arena().keep(receiver.party->id.value));
    item.set(*type.find("function"), view.message.arena().keep(receiver.function.value));
    item.set(*type.find("role"), receiver.role == custody::Role::Lead ? "lead" : "part");
    return view;
}

std::string aliasText(const std::string& form, std::uint64_t number) {
    if (form.starts_with("digits:")) {
        unsigned digits = 0;
        std::from_chars(form.data() + 7, form.data() + form.size(), digits);
        std::uint64_t first = 1;
        for (unsigned i = 1; i < digits; ++i) first *= 10;
        return std::to_string(first + number);  // never a leading zero: some hold it as a number
    }
    if (form.starts_with("prefix:")) return form.substr(7) + std::to_string(number);
    return std::to_string(number);
}

Result<ReceiverAlias> aliasFor(const Shared& shared, const CaseId& case_id, const PartyId& receiver,
                               const std::string& alias_form) {
    const std::string form = alias_form.empty() ? "text" : alias_form;
    ST_TRY(const auto known, shared.store.aliasOf(case_id, receiver, form));
    if (known) {
        ST_TRY(const auto key, shared.sealer.openKey(known->message.uuid, known->data_key));
        ST_TRY(auto text, key.open(aliasColumn(receiver, form), known->sealed));
        return ReceiverAlias{std::move(text), false};
    }
    return newAliasFor(shared, case_id, receiver, alias_form);
}

Result<ReceiverAlias> newAliasFor(const Shared& shared, const CaseId& case_id,
                                  const PartyId& receiver, const std::string& form) {
    if (form.empty() || form == "text") return ReceiverAlias{};
    if (form == "uuid") return ReceiverAlias{case_id.text(), true};
    ST_TRY(const auto number, shared.store.reserve(receiver, form));
    return ReceiverAlias{aliasText(form, number), true};
}

namespace {

bool isBetween(const custody::Offer& offer, const PartyId& a, const PartyId& b) {
    return (offer.from.party == a && offer.to.party == b) ||
           (offer.from.party == b && offer.to.party == a);
}

struct Referred {
    MessageId message;
    PartyId sender;
};

std::optional<Referred> referredTo(const custody::CaseState& state,
                                   const std::optional<MessageId>& about, const PartyId& by,
                                   const PartyId& receiver) {
    std::optional<Referred> found;
    for (const auto& assessment : state.assessments) {
        if (about && assessment.message == *about) return Referred{*about, assessment.from.party};
    }
    for (const auto& offer : state.offers) {
        const bool theirs = offer.from.party == receiver || offer.to.party == receiver;
        const bool meant = about ? offer.message == *about : isBetween(offer, by, receiver);
        if (meant) found = Referred{offer.message, offer.from.party};
        if (!about && !found && theirs) found = Referred{offer.message, offer.from.party};
    }
    return found;
}

}  // namespace

Result<std::string> referenceFor(const Shared& shared, const custody::CaseState& state,
                                 const std::optional<MessageId>& about, const PartyId& by,
                                 const PartyId& receiver) {
    const auto found = referredTo(state, about, by, receiver);
    if (!found) return about ? about->text() : std::string();
    if (found->sender != receiver) return found->message.text();
    return senderIdOf(shared, found->message);
}

Result<std::string> questionFor(const Shared& shared, const MessageId& question,
                                const PartyId& receiver) {
    ST_TRY(const auto sent, shared.store.findSentTo(question, receiver));
    if (sent && sent->sender != receiver) return question.text();
    return senderIdOf(shared, question);
}

std::string deliveryColumn(const DeliveryId& id, const PartyId& receiver,
                           const FunctionId& function) {
    return "delivery/" + id.text() + "/" + receiver.value + "/" + function.value;
}

std::string firstDeliveryColumn(const DeliveryId& id) { return "delivery/" + id.text(); }

std::string aliasColumn(const PartyId& party, const std::string& form) {
    return "alias/" + party.value + "/" + form;
}

}  // namespace stafett::pipeline
