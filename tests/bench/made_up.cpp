#include "tests/bench/made_up.h"

#include <random>

namespace stafett::bench {

using namespace store;

namespace {

Bytes random(std::size_t size) {
    static thread_local std::mt19937_64 source{std::random_device{}()};
    Bytes bytes(size, '\0');
    for (auto& byte : bytes) byte = static_cast<char>(source());
    return bytes;
}

}  // namespace

Keep madeUp() {
    Keep keep;
    keep.id = MessageId::make();
    keep.case_id = CaseId::make();
    keep.case_state = std::string(400, 's');
    keep.holder = PartyId{"2120000142"};
    keep.holder_function = FunctionId{"intag"};
    keep.system = SystemId{"kommun-01"};
    keep.sender = PartyId{"2120000142"};
    keep.sender_function = FunctionId{"intag"};
    keep.kind = "referral";
    keep.dialect = DialectId{"municipality"};
    keep.form = FormId{"arende"};
    keep.versions = std::string(200, 'v');
    keep.received_at = SystemClock{}.now();
    keep.repeat_digest = sha256(keep.id.text());
    keep.body_digest = keep.transport_free_digest = keep.repeat_digest;
    keep.sender_id = sha256("sender" + keep.id.text());
    keep.data_key = random(90);
    keep.raw = random(800);
    keep.canonical = random(900);
    keep.receipt = std::string(600, 'r');
    for (int i = 0; i < 8; ++i) {
        keep.events.push_back({trace::Step::MappedIn, keep.received_at, {{"message", keep.id}}});
    }
    keep.aliases = {{keep.sender, "text", sha256("alias" + keep.id.text()), random(60)}};
    NewDelivery delivery;
    delivery.id = DeliveryId::make();
    delivery.receiver = PartyId{"2021002114"};
    delivery.function = FunctionId{"intag"};
    delivery.dialect = DialectId{"employment_service"};
    delivery.form = FormId{"leverantorsavrop"};
    delivery.versions = std::string(200, 'v');
    delivery.losses = "[]";
    delivery.request = random(800);
    keep.deliveries.push_back(std::move(delivery));
    return keep;
}

}  // namespace stafett::bench
