#pragma once

#include <string>
#include <vector>

#include "gateway/mapping/mapping.h"
#include "gateway/pipeline/shared.h"
#include "gateway/pipeline/tickets.h"

namespace stafett::pipeline {

/// What one receiver may be told: itself as the only receiver, its own id of the case, and no
/// sensitive field that its flow does not list (each such field is a loss).
struct View {
    message::Message message;
    std::vector<mapping::Loss> withheld;
};
View viewFor(const message::Message& message, const Receiver& receiver, const policy::Flow& flow);

/// The receiver's own id of the case in the form its dialect demands: the one it has used, else one
/// reserved now. Empty when the dialect can do without and the receiver has said none.
struct ReceiverAlias {
    std::string text;
    bool reserved = false;  ///< to be kept with this message
};
Result<ReceiverAlias> aliasFor(const Shared& shared, const CaseId& case_id, const PartyId& receiver,
                               const std::string& alias_form);
/// The same for a case that this message opens: nobody can have called it anything yet.
Result<ReceiverAlias> newAliasFor(const Shared& shared, const CaseId& case_id,
                                  const PartyId& receiver, const std::string& alias_form);

/// How a receiver calls the message that another one of its case is about: by its own id when it
/// sent that one, else by ours, which it was sent. Where no message is named, the newest offer
/// between the two, else the newest of the receiver's; empty when there is none.
Result<std::string> referenceFor(const Shared& shared, const custody::CaseState& state,
                                 const std::optional<MessageId>& about, const PartyId& by,
                                 const PartyId& receiver);

/// The same for a question that a supplement names: who asked it knows it by its own id.
Result<std::string> questionFor(const Shared& shared, const MessageId& question,
                                const PartyId& receiver);

/// An alias form's text for a number: "digits:10", "prefix:MEET-".
std::string aliasText(const std::string& form, std::uint64_t number);

/// The sender's own id of a kept message.
Result<std::string> senderIdOf(const Shared& shared, const MessageId& id);

/// Names under which the columns of a message are sealed. A delivery's has its receiver in it: a
/// row that names another does not open.
std::string deliveryColumn(const DeliveryId& id, const PartyId& receiver,
                           const FunctionId& function);
/// As version 0.1.0 named it, without.
std::string firstDeliveryColumn(const DeliveryId& id);
std::string aliasColumn(const PartyId& party, const std::string& form);

}  // namespace stafett::pipeline
