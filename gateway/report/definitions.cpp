#include "gateway/report/definitions.h"

#include <algorithm>
#include <array>

namespace stafett::report {
namespace {

constexpr std::array<std::string_view, kPopulations> kNames = {
    "participation", "outcome",      "takeover",         "deviation",
    "follow_up",     "conversation", "caseworker_change"};

std::vector<Margin> collect(Population population) {
    std::vector<Margin> margins;
    for (const auto& definition : definitions()) {
        if (definition.population != population) continue;
        margins.push_back({"", definition.column});
        for (const auto by : definition.by) margins.push_back({by, definition.column});
    }
    std::sort(margins.begin(), margins.end());
    margins.erase(std::unique(margins.begin(), margins.end()), margins.end());
    return margins;
}

const std::map<std::string_view, std::vector<Value>>& allValues() {
    static const std::map<std::string_view, std::vector<Value>> kValues = {
        {"enrolment", {{"first", {"Personer", "Persons"}}, {"again", {"Åter", "Again"}}}},
        {"support_time",
         {{"under_1", {"Under 1 år", "Under 1 year"}},
          {"from_1_to_3", {"1–3 år", "1–3 years"}},
          {"over_3", {"Över 3 år", "Over 3 years"}},
          {"unknown", {"Okänd", "Unknown"}}}},
        {"outcome",
         {{"arbete", {"Arbete", "Work"}},
          {"studier", {"Studier", "Studies"}},
          {"overgang_af", {"Till Arbetsförmedlingen", "To the Employment Service"}},
          {"kommunens_ordinarie_insatser",
           {"Kommunens ordinarie insatser", "The municipality's ordinary measures"}},
          {"arbetstraning", {"Arbetsträning", "Work training"}},
          {"fortsatt_rehabilitering", {"Fortsatt rehabilitering", "Continued rehabilitation"}},
          {"overgang_fk", {"Till Försäkringskassan", "To the Social Insurance Agency"}},
          {"overgang_region", {"Till regionen", "To the region"}},
          {"ratt_ersattning", {"Rätt ersättning", "The right benefit"}},
          {"avbrutet", {"Avbrutet", "Interrupted"}},
          {"felregistrering", {"Felregistrering", "Registered by mistake"}},
          {"annat", {"Annat", "Other"}}}},
        {"target",
         {{"work_or_studies", {"Arbete eller studier", "Work or studies"}},
          {"ordinary",
           {"AF eller kommunens ordinarie insatser",
            "The Employment Service or the municipality's ordinary measures"}},
          {"other", {"Annat", "Other"}}}},
        {"source",
         {{"employment_service", {"Arbetsförmedlingen", "Employment Service"}},
          {"social_insurance", {"Försäkringskassan", "Social Insurance Agency"}},
          {"municipality", {"Kommun", "Municipality"}},
          {"region", {"Region", "Region"}},
          {"insats", {"Insats", "Project"}}}},
        {"category",
         {{"regelverk", {"Regelverk", "Rules"}},
          {"organisation", {"Organisation", "Organisation"}},
          {"bemotande", {"Bemötande", "Treatment"}}}},
        {"type",
         {{"deviation", {"Avvikelse", "Deviation"}},
          {"good_example", {"Gott exempel", "Good example"}}}},
        {"kept",
         {{"3_kept", {"Kvar efter 3 mån", "Kept after 3 months"}},
          {"3_lost", {"Inte kvar efter 3 mån", "Lost after 3 months"}},
          {"6_kept", {"Kvar efter 6 mån", "Kept after 6 months"}},
          {"6_lost", {"Inte kvar efter 6 mån", "Lost after 6 months"}},
          {"12_kept", {"Kvar efter 12 mån", "Kept after 12 months"}},
          {"12_lost", {"Inte kvar efter 12 mån", "Lost after 12 months"}}}},
    };
    return kValues;
}

}  // namespace

std::string_view name(Population population) {
    return kNames.at(static_cast<std::size_t>(population));
}

std::string_view Event::value(std::string_view variable) const {
    const auto found = values.find(variable);
    return found == values.end() ? std::string_view("unknown") : std::string_view(found->second);
}

const std::vector<Definition>& definitions() {
    using P = Population;
    static const std::vector<Definition> kDefinitions = {
        {.id = "deltagare",
         .title = {"Deltagare", "Participants"},
         .population = P::Participation,
         .column = "enrolment",
         .by = {"insats", "sf", "concept", "municipality", "county", "source"}},
        {.id = "forsorjning",
         .title = {"Tid i offentlig försörjning", "Time in public support"},
         .population = P::Participation,
         .column = "support_time",
         .by = {"sf"}},
        {.id = "utfall",
         .title = {"Utfall vid avslut", "Outcomes at closure"},
         .population = P::Outcome,
         .column = "outcome",
         .by = {"sf"}},
        {.id = "mal",
         .title = {"Utfall mot målen", "Outcomes against the targets"},
         .population = P::Outcome,
         .column = "target",
         .by = {"insats", "sf", "concept", "municipality"},
         .targets = true},
        {.id = "overtagande",
         .title = {"Från erbjudande till övertagande", "From offer to takeover"},
         .population = P::Takeover,
         .column = "",
         .by = {"pair", "receiver_municipality"},
         .days = true},
        {.id = "avvikelser",
         .title = {"Avvikelser och goda exempel", "Deviations and good examples"},
         .population = P::Deviation,
         .column = "category",
         .by = {"type", "cause", "county", "municipality"}},
        {.id = "uppfoljning",
         .title = {"Arbete eller studier efter avslut", "Work or studies after closure"},
         .population = P::FollowUp,
         .column = "kept",
         .by = {"sf"}},
        {.id = "samtal",
         .title = {"Samtal mellan funktioner", "Conversations between functions"},
         .population = P::Conversation,
         .column = "",
         .by = {"functions"}},
        {.id = "handlaggarbyten",
         .title = {"Byten av handläggare", "Changes of caseworker"},
         .population = P::CaseworkerChange,
         .column = "",
         .by = {"party"}},
    };
    return kDefinitions;
}

const Definition* find(std::string_view id) {
    const auto& all = definitions();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Definition& d) { return d.id == id; });
    return found == all.end() ? nullptr : &*found;
}

const std::vector<Value>& valuesOf(std::string_view variable) {
    static const std::vector<Value> kNone;
    const auto found = allValues().find(variable);
    return found == allValues().end() ? kNone : found->second;
}

Label labelOf(std::string_view variable) {
    static const std::map<std::string_view, Label> kLabels = {
        {"insats", {"Insats", "Project"}},
        {"sf", {"Samordningsförbund", "Coordination association"}},
        {"concept", {"Koncept", "Concept"}},
        {"municipality", {"Kommun", "Municipality"}},
        {"county", {"Län", "County"}},
        {"source", {"Inremittent", "Referral source"}},
        {"pair", {"Från och till", "From and to"}},
        {"receiver_municipality", {"Mottagare och kommun", "Receiver and municipality"}},
        {"type", {"Slag", "Type"}},
        {"cause", {"Orsak", "Cause"}},
        {"functions", {"Funktioner", "Functions"}},
        {"party", {"Part", "Party"}},
    };
    const auto found = kLabels.find(variable);
    return found == kLabels.end() ? Label{"Alla", "All"} : found->second;
}

const std::vector<Margin>& marginsOf(Population population) {
    static const auto kMargins = [] {
        std::array<std::vector<Margin>, kPopulations> all;
        for (std::size_t i = 0; i < all.size(); ++i) all[i] = collect(static_cast<Population>(i));
        return all;
    }();
    return kMargins.at(static_cast<std::size_t>(population));
}

}  // namespace stafett::report
