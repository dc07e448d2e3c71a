// A case in words, for people, in Swedish and English; and the names of its states.
#include "gateway/custody/names.h"
#include "gateway/custody/questions.h"

namespace stafett::custody {
namespace {

std::string said(Language language, std::string_view sv, std::string_view en,
                 std::string_view date = {}) {
    std::string text(language == Language::Swedish ? sv : en);
    if (!date.empty()) (text += ' ') += date;
    return text;
}

std::string lateness(const Offer& o, Language language) {
    if (!o.told.escalated.empty())
        return said(language, ", eskalerad", ", escalated on", o.told.escalated);
    if (o.told.reminded > o.dates.answer_by) return said(language, ", försenad", ", overdue");
    return {};
}

}  // namespace

std::string describe(const Offer& o, Language language) {
    switch (o.state) {
        case OfferState::Offered:
            return said(language, "erbjuden, svar senast", "offered, answer by",
                        o.dates.answer_by) +
                   lateness(o, language);
        case OfferState::SupplementAsked:
            return said(language, "komplettering begärd, svar senast",
                        "supplement asked, answer by", o.dates.answer_by) +
                   lateness(o, language);
        case OfferState::Accepted:
            if (o.takes_over.empty()) return said(language, "accepterad", "accepted");
            return said(language, "accepterad, tar över", "accepted, takes over on", o.takes_over);
        case OfferState::Declined:
            return said(language, "avböjd", "declined");
        case OfferState::Withdrawn:
            return said(language, "återtagen", "withdrawn");
        case OfferState::Started:
            return said(language, "påbörjad", "started");
    }
    return {};
}

std::string describe(const Gap& gap, Language language) {
    switch (gap.why) {
        case Gap::Why::Overdue:
            return said(language, "svar skulle ha kommit senast", "an answer was due by",
                        gap.since) +
                   (gap.escalated ? said(language, ", eskalerat", ", escalated") : std::string());
        case Gap::Why::ExitNear:
            return said(language, "ingen är tillfrågad inför det planerade avslutet",
                        "nobody has been asked before the planned exit on", gap.since);
        case Gap::Why::PartyEnded:
            return said(language, "den som har ärendet har upphört", "the holder's period is over");
    }
    return {};
}

std::string describe(const Turn& turn, Language language) {
    const bool dated = !turn.by.empty();
    switch (turn.owes) {
        case Turn::Owes::Answer:
            return said(language, "ska svara senast", "must answer by", turn.by);
        case Turn::Owes::Supplement:
            return said(language, "ska komplettera senast", "must supplement by", turn.by);
        case Turn::Owes::Booking:
            return said(
                language, dated ? "ska boka kartläggningen senast" : "ska boka kartläggningen",
                dated ? "must book the assessment by" : "must book the assessment", turn.by);
        case Turn::Owes::NewReceiver:
            return said(language, "ska välja en ny mottagare eller avsluta",
                        "must name a new receiver, or close");
        case Turn::Owes::Closure:
            return said(language, "ska avsluta, eller inhämta ett nytt samtycke",
                        "must close, or obtain a new consent");
        case Turn::Owes::FollowUp:
            return said(language, "ska följa upp sedan", "must follow up since", turn.by);
    }
    return {};
}

std::string_view name(OfferState state) { return nameOf(state); }
std::string_view name(Gap::Why why) { return nameOf(why); }
std::string_view name(Turn::Owes owes) { return nameOf(owes); }
std::string_view name(StepReached reached) { return nameOf(reached); }
std::string_view name(Consents::State state) { return nameOf(state); }
std::string_view name(Assessment::State state) { return nameOf(state); }

}  // namespace stafett::custody
