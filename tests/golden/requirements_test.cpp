// What the sources demand that a message can say (R-numbers), tried in every dialect: it is carried
// exactly, or the sender is told that it is not; it never changes in silence.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "tests/golden/dialects.h"

namespace stafett::golden {
namespace {

const std::vector<std::string> kDialects = {"employment_service", "municipality", "region",
                                            "social_insurance"};

/// A good message of the municipality's to begin from.
message::Message messageOf(const std::string& name) {
    for (const Case& one : allCases()) {
        if (one.dialect == "municipality" && one.name == name) {
            auto reading = Dialects::get().read(one);
            EXPECT_TRUE(reading.message) << name;
            return reading.message->copy();
        }
    }
    ADD_FAILURE() << "there is no case " << name;
    std::abort();
}

enum class Fate : std::uint8_t { Carried, Told, Silent };

/// What becomes of a field on its way into a dialect and out again.
Fate fateOf(const std::string& dialect, const message::Message& message, const std::string& path,
            const std::function<Json(const Json&)>& of) {
    const auto& dialects = Dialects::get();
    const auto* form = dialects.outboundForm(dialect, message);
    if (form == nullptr) return Fate::Silent;
    const auto view = viewFor(message, *form);
    const auto writing = dialects.write(dialect, view, nullptr);
    if (!writing.problems.empty()) return Fate::Told;
    const auto again = dialects.read(dialect, writing.request);
    if (!again.problems.empty()) return Fate::Silent;
    if (of(canonicalOf(view)) == of(canonicalOf(*again.message))) return Fate::Carried;
    const bool told = std::any_of(writing.losses.begin(), writing.losses.end(), [&](const auto& l) {
        return l.canonical.starts_with(path) || path.starts_with(l.canonical);
    });
    return told ? Fate::Told : Fate::Silent;
}

Json at(const Json& json, const std::string& path) {
    const auto pointer = Json::json_pointer("/" + path);
    return json.contains(pointer) ? json.at(pointer) : Json();
}

/// Every code of a set, at a path, in every dialect; how many of all were carried.
double sharedOut(const std::string& base, const std::string& path, const std::string& set) {
    std::size_t tried = 0, carried = 0;
    for (const auto& value : Dialects::get().catalogue().valueSet(set)->values) {
        auto message = messageOf(base);
        message.set(path, value.code);
        for (const auto& dialect : kDialects) {
            const auto fate =
                fateOf(dialect, message, path, [&](const Json& json) { return at(json, path); });
            EXPECT_NE(fate, Fate::Silent) << dialect << " " << path << " " << value.code;
            ++tried;
            if (fate == Fate::Carried) ++carried;
        }
    }
    return double(carried) / double(tried);
}

/// A value at a path, carried by each of these dialects.
void expectCarried(const message::Message& message, const std::string& path,
                   const std::vector<std::string>& dialects = kDialects) {
    for (const auto& dialect : dialects) {
        EXPECT_EQ(fateOf(dialect, message, path, [&](const Json& json) { return at(json, path); }),
                  Fate::Carried)
            << dialect << " " << path;
    }
}

std::vector<std::string> codesIn(const std::string& set) {
    std::vector<std::string> codes;
    for (const auto& value : Dialects::get().catalogue().valueSet(set)->values) {
        codes.push_back(value.code);
    }
    return codes;
}

void expectAll(const std::vector<std::string>& wanted, const std::string& set) {
    const auto codes = codesIn(set);
    for (const auto& code : wanted) {
        EXPECT_NE(std::find(codes.begin(), codes.end(), code), codes.end()) << set << " " << code;
    }
}

TEST(Requirements, R1_R2_EachOfTheFourRefersAndHandsOverToEachOther) {
    const auto& dialects = Dialects::get();
    for (const auto& dialect : kDialects) {
        const auto inbound = dialects.inboundForms(dialect);
        for (const char* kind : {"referral", "handover"}) {
            const auto forms = dialects.forms(dialect);
            EXPECT_TRUE(std::any_of(forms.begin(), forms.end(),
                                    [&](const auto* form) {
                                        return form->schema().kind == kind &&
                                               std::find(inbound.begin(), inbound.end(),
                                                         form->name()) != inbound.end();
                                    }))
                << dialect << " sends no " << kind;
            EXPECT_TRUE(dialects.outboundKinds(dialect).contains(kind)) << dialect;
        }
    }
}

TEST(Requirements, R4_R5_ThePlanAndTheAssessmentAreToldByAll) {
    expectCarried(messageOf("planering_R37_whole"), "steps");
    EXPECT_EQ(sharedOut("kartlaggning_resultat", "assessment/type", "assessment_type"), 1.0);
}

TEST(Requirements, R6_R13_ProgressHasItsHoursWithOneDecimal) {
    auto progress = messageOf("stegforflyttning_R6_whole");
    for (const char* hours : {"4.0", "6.5", "8.0", "12.5"}) {
        progress.set("progress/hours", hours);
        expectCarried(progress, "progress/hours");
    }
    expectCarried(progress, "progress/date");
}

TEST(Requirements, R7_ADeviationHasExactlyThreeCategories) {
    EXPECT_EQ(codesIn("deviation_category"),
              (std::vector<std::string>{"regelverk", "organisation", "bemotande"}));
    EXPECT_EQ(
        sharedOut("avvikelse_R7_regelverk_ten_hours", "deviation/category", "deviation_category"),
        1.0);
    auto deviation = messageOf("avvikelse_R7_regelverk_ten_hours");
    deviation.set("deviation/consequence", "Fick vänta tre månader på en plats.");
    expectCarried(deviation, "deviation/consequence");
}

TEST(Requirements, R8_AGoodExampleIsToldAsADeviationIs) {
    EXPECT_EQ(sharedOut("avvikelse_R8_gott_exempel", "deviation/type", "deviation_type"), 1.0);
}

TEST(Requirements, R10_AnAnswerSaysEachOfItsKinds) {
    expectAll({"accept", "decline", "ask", "supplement", "started", "status"}, "answer_type");
    EXPECT_EQ(sharedOut("svar_ja", "answer/type", "answer_type"), 1.0);
}

TEST(Requirements, R16_TheBenefitIsACode) {
    expectAll({"aktivitetsersattning", "sjukersattning", "sjukpenning", "nollplacerad",
               "ekonomiskt_bistand", "a_kassa", "ingen"},
              "benefit");
    for (const auto& code : codesIn("benefit")) {
        auto referral = messageOf("remiss_whole_in_latin1");
        const auto list = *referral.schema().root.find("benefits");
        referral.root().items(list).clear();
        auto& item = referral.root().append(list);
        item.set(*item.type().find("code"), referral.arena().keep(code));
        for (const auto& dialect : kDialects) {
            EXPECT_NE(fateOf(dialect, referral, "benefits",
                             [](const Json& json) { return at(json, "benefits/0/code"); }),
                      Fate::Silent)
                << dialect << " " << code;
        }
    }
}

TEST(Requirements, R17_TheReasonIsACode) {
    expectAll({"nollplacerad", "daglig_verksamhet_lss", "langtidssjukskriven", "langtidsarbetslos",
               "funktionsnedsattning_psykisk", "funktionsnedsattning_fysisk", "utrikesfodd",
               "nyanland", "aldrig_arbetat"},
              "reason");
    EXPECT_GE(sharedOut("remiss_whole_in_latin1", "reason/code", "reason"), 0.75);
}

TEST(Requirements, R19_TheMethodIsACode) {
    expectAll({"supported_employment", "case_management", "bostonmetoden", "forrehabilitering",
               "arbetstraning", "studier", "arbetsintegrerande_socialt_foretag"},
              "service");
    EXPECT_GE(sharedOut("remiss_whole_in_latin1", "service/code", "service"), 0.75);
}

TEST(Requirements, R20_ACertificateIsReferredTo) {
    auto referral = messageOf("remiss_whole_in_latin1");
    referral.set("certificate/ref", "0b5c1d3e-9f57-4e0a-8f31-0d6f1f6f0a11");
    for (const auto& dialect : kDialects) {
        EXPECT_NE(fateOf(dialect, referral, "certificate/ref",
                         [](const Json& json) { return at(json, "certificate/ref"); }),
                  Fate::Silent)
            << dialect;
    }
    expectCarried(referral, "certificate/ref", {"municipality", "region", "social_insurance"});
}

TEST(Requirements, R21_R41_AClosureHasItsOutcome) {
    expectAll(
        {"arbete", "studier", "overgang_af", "kommunens_ordinarie_insatser", "arbetstraning",
         "fortsatt_rehabilitering", "overgang_fk", "overgang_region", "ratt_ersattning", "annat"},
        "outcome");
    EXPECT_EQ(sharedOut("avslut_R41_ratt_ersattning", "closure/outcome", "outcome"), 1.0);
    auto closure = messageOf("avslut_R41_ratt_ersattning");
    closure.set("closure/benefit", "aktivitetsersattning");
    expectCarried(closure, "closure/benefit");
}

TEST(Requirements, R23_TimeInPublicSupportIsSaidWithTheReferral) {
    auto referral = messageOf("remiss_whole_in_latin1");
    referral.set("publicSupport/months", "40");
    expectCarried(referral, "publicSupport/months");
}

TEST(Requirements, R27_TheReceiverGetsWhatItNeedsToGoOn) {
    const auto handover = messageOf("overlamning_whole");
    for (const char* what : {"goals", "steps", "remaining", "extent/hours", "summary"}) {
        expectCarried(handover, what);
    }
    auto plan = messageOf("planering_R37_whole");
    expectCarried(plan, "steps");
}

TEST(Requirements, R29_FewFieldsAreRequiredOfAnyKind) {
    for (const auto& schema : Dialects::get().catalogue().schemas()) {
        const auto& fields = schema->root.fields;
        const auto required = std::count_if(fields.begin(), fields.end(),
                                            [](const auto& field) { return field.required; });
        EXPECT_LE(required, schema->kind == "referral" ? 8 : 12) << schema->kind;
    }
}

TEST(Requirements, R29_EveryCodeSaysInSwedishWhatToDo) {
    for (std::size_t i = 0; i < codeCount(); ++i) {
        const auto& code = info(static_cast<Code>(i));
        EXPECT_FALSE(code.what_sv.empty()) << code.id;
        EXPECT_FALSE(code.todo_sv.empty()) << code.id;
    }
}

TEST(Requirements, R39_APlacementIsOptionalAndCarried) {
    auto plan = messageOf("planering_R37_whole");
    plan.set("placement/employer", "5560360793");
    plan.set("placement/from", "2026-09-01");
    plan.set("placement/hours", "10.5");
    plan.set("placement/support", "Handledare två dagar i veckan");
    for (const char* what : {"placement/employer", "placement/from", "placement/hours"}) {
        expectCarried(plan, what);
    }
}

TEST(Requirements, R44_ARepresentativeIsAFunctionWithAMandate) {
    auto handover = messageOf("overlamning_whole");
    handover.set("representative/function", "overformyndaren");
    handover.set("representative/mandate", "god_man");
    handover.set("representative/from", "2026-01-01");
    expectCarried(handover, "representative/mandate");
    expectCarried(handover, "representative/function");
}

}  // namespace
}  // namespace stafett::golden
