#include "tests/faults/load.h"

namespace stafett::faults {
namespace {

using support::Changes;
using support::Names;

constexpr int kSenders = 8;
constexpr std::size_t kRemembered = 20;
const std::map<std::string, std::string> kPartyOf = {
    {"2021002114", "af"}, {"2021005521", "fk"}, {"2120001124", "kommun"}, {"2321000255", "region"}};
const std::map<std::string, std::string> kReceivers = {{"af", "employment_service"},
                                                       {"fk", "social_insurance"},
                                                       {"kommun", "municipality"},
                                                       {"region", "region"}};
constexpr std::chrono::seconds kArrivesWithin{120};

/// Försäkringskassan's answer with another amne than "takes over".
Changes insuranceSays(const std::string& code, const std::string& system) {
    return {{"<t:code>OVERTAR</t:code><t:codeSystem>urn:example:fk:samverkan:amne</t:codeSystem>"
             "<t:displayName>Tar över</t:displayName>",
             "<t:code>" + code + "</t:code><t:codeSystem>" + system + "</t:codeSystem>"},
            {"<overtagandeFrom>${today}</overtagandeFrom>", ""}};
}

Changes municipalitySays(const std::string& code) {
    return {{"<Besked>JA</Besked>", "<Besked>" + code + "</Besked><Text>Mer om det.</Text>"},
            {"<TarÖverFrån>${today}</TarÖverFrån>", ""},
            {" Id=\"${kommun-id}\"", ""}};
}

}  // namespace

Load::Load(support::RunningGateway& gateway, std::uint64_t seed) : gateway_(gateway) {
    for (const auto& [agency, dialect] : kReceivers) gateway_.agency(agency);
    for (int i = 0; i < kSenders; ++i) {
        threads_.emplace_back([this, i, seed] {
            Sender sender{std::mt19937_64(seed + static_cast<std::uint64_t>(i) + 1), {}};
            run(std::move(sender), static_cast<Begins>(i % 3));
        });
    }
}

Load::~Load() {
    given_up_ = true;
    finish();
}

void Load::goOn() { up_.notify_all(); }

void Load::finish() {
    stopping_ = true;
    for (auto& thread : threads_) {
        if (thread.joinable()) thread.join();
    }
}

void Load::run(Sender sender, Begins begins) {
    while (!stopping_) {
        switch (begins) {
            case Begins::Municipality:
                municipalityToInsurance(sender);
                break;
            case Begins::Region:
                regionToMunicipality(sender);
                break;
            case Begins::RegionToEmployment:
                regionToEmployment(sender);
                break;
        }
    }
}

void Load::municipalityToInsurance(Sender& sender) {
    const std::string own = "urn:example:fk:samverkan:amne";
    Names names;
    const auto answer = [&](const Changes& changes) {
        names.set("uuid:fk-svar", Uuid::make().text());
        return send(sender, "fk", names.get("uuid:fk-svar"),
                    documentRequest("fk-svar-tar-over.xml", names, changes));
    };
    names.set("fk-fick", send(sender, "kommun", names.get("uuid:remiss"),
                              documentRequest("remiss.xml", names)));
    names.set("kommun-fick",
              answer(insuranceSays("KOMPLT", "ffa59d8f-8d7e-46ae-ac9e-31804e8e8499")));
    auto supplement = municipalitySays("KOMPL");
    supplement.emplace_back("232100-0255", "202100-5521");
    send(sender, "kommun", names.get("uuid:kommun-svar"),
         documentRequest("kommun-svar-ja.xml", names, supplement));
    answer({});
    answer(insuranceSays("PABORJAD", own));
    answer(insuranceSays("LAGE", own));
}

void Load::regionToMunicipality(Sender& sender) {
    Names names;
    const auto answer = [&](const Changes& changes) {
        names.set("uuid:kommun-svar", Uuid::make().text());
        return send(sender, "kommun", names.get("uuid:kommun-svar"),
                    documentRequest("kommun-svar-ja.xml", names, changes));
    };
    names.set("kommun-fick", send(sender, "region", names.get("uuid:regionremiss"),
                                  documentRequest("region-remiss.json", names)));
    answer({{" Id=\"${kommun-id}\"", ""}});
    answer(municipalitySays("STARTAT"));
    answer(municipalitySays("LÄGE"));
}

/// Arbetsförmedlingen answers with the number the gateway gave it, so it waits for the handover.
void Load::regionToEmployment(Sender& sender) {
    Names names;
    const auto handover = send(sender, "region", names.get("uuid:overlamning"),
                               documentRequest("region-overlamning.json", names));
    const auto came = gateway_.agency("af").claim(
        "/v1/slutredovisning", {handover}, [](const auto&) { return true; },
        Deadline::in(kArrivesWithin));
    if (!came) {
        const std::lock_guard lock(mutex_);
        complaints_.push_back("af waited in vain for " + handover);
        stopping_ = true;
        return;
    }
    names.set("af-fick", handover);
    names.set("af-referens", support::Json::parse(came->request.body).at("genomforande_referens"));
    const auto tell = [&](const char* document) {
        names.set("uuid:tracking", Uuid::make().text());
        return send(sender, "af", names.get("uuid:tracking"), documentRequest(document, names));
    };
    tell("af-overtagande.json");
    names.set("fk-fick-overlamning", tell("af-slutredovisning.json"));
    send(sender, "fk", names.get("uuid:fk-nej"), documentRequest("fk-svar-avbojer.xml", names));
}

std::string Load::send(Sender& sender, const std::string& agency, const std::string& sender_id,
                       const transport::HttpRequest& request) {
    std::string id;
    while ((id = sendOnce(agency, sender_id, request)).empty() && !given_up_) waitABit();
    sender.sent.push_back({agency, {sender_id, request}});
    if (sender.sent.size() > kRemembered) sender.sent.pop_front();
    // Now and then an old one again, as a sender does whose own books were cut off.
    if (sender.random() % 6 == 0) {
        const auto& [who, old] = sender.sent[sender.random() % sender.sent.size()];
        while (sendOnce(who, old.first, old.second).empty() && !given_up_) waitABit();
    }
    return id;
}

/// Nothing when the sender must try again.
std::string Load::sendOnce(const std::string& agency, const std::string& sender_id,
                           const transport::HttpRequest& request) {
    {
        const std::lock_guard lock(mutex_);
        books_.attempted.push_back(sender_id);
    }
    const auto answer = gateway_.trySend(agency, request);
    if (!answer || answer->headers.get("Stafett-Outcome") == "busy") return {};
    const std::lock_guard lock(mutex_);
    if (answer->headers.get("Stafett-Outcome") != "accepted") {
        complaints_.push_back(agency + " was told " +
                              std::string(answer->headers.get("Stafett-Outcome")) + " " +
                              std::to_string(answer->status) + ": " + answer->body);
        stopping_ = true;
        return "refused";
    }
    Promise promise;
    promise.sender = agency;
    promise.sender_id = sender_id;
    promise.receipt = answer->headers.get("Stafett-Receipt");
    const auto claims = support::claimsOf(promise.receipt);
    promise.message = claims.at("mid").get<std::string>();
    promise.case_id = claims.at("case").get<std::string>();
    promise.place = claims.at("seq").get<std::uint64_t>();
    for (const auto& receiver : claims.at("rcv")) {
        const auto party = receiver.get<std::string>();
        promise.receivers.push_back(kPartyOf.at(party.substr(0, party.find('/'))));
    }
    books_.promises.push_back(promise);
    return promise.message;
}

void Load::waitABit() {
    std::unique_lock lock(mutex_);
    up_.wait_for(lock, std::chrono::milliseconds(100));
}

const Books& Load::books() {
    for (const auto& [name, dialect] : kReceivers) {
        const auto arrivals = gateway_.agency(name).arrivals(read_[name]);
        read_[name] += arrivals.size();
        const std::lock_guard lock(mutex_);
        for (const auto& arrival : arrivals) {
            if (arrival.treated == app::Manner::Busy) continue;
            const auto id = support::messageIdOf(dialect, arrival.request);
            books_.came.push_back({name, id.value_or("no id"), arrival.digest});
        }
    }
    return books_;
}

std::vector<Promise> Load::promises() const {
    const std::lock_guard lock(mutex_);
    return books_.promises;
}

std::vector<std::string> Load::complaints() const {
    const std::lock_guard lock(mutex_);
    return complaints_;
}

}  // namespace stafett::faults
