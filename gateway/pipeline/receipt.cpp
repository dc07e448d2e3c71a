#include "gateway/pipeline/receipt.h"

#include "gateway/codec/write.h"

namespace stafett::pipeline {
namespace {

class Claims {
public:
    Claims& text(std::string_view name, std::string_view value) {
        key(name);
        codec::appendJsonString(json_, value);
        return *this;
    }
    Claims& number(std::string_view name, std::uint64_t value) {
        key(name);
        json_ += std::to_string(value);
        return *this;
    }
    Claims& texts(std::string_view name, const std::vector<Receiver>& receivers) {
        key(name);
        json_ += '[';
        for (const auto& receiver : receivers) {
            if (json_.back() != '[') json_ += ',';
            codec::appendJsonString(json_,
                                    receiver.party->id.value + "/" + receiver.function.value);
        }
        json_ += ']';
        return *this;
    }
    std::string finish() { return std::move(json_) + "}"; }

private:
    void key(std::string_view name) {
        json_ += json_.size() == 1 ? "" : ",";
        codec::appendJsonString(json_, name);
        json_ += ':';
    }
    std::string json_ = "{";
};

}  // namespace

std::string receiptFor(const Shared& shared, const MessageFacts& facts, std::uint64_t seq,
                       Told told, const Journey& journey) {
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(journey.now.time_since_epoch()).count();
    const std::string mapping =
        facts.form->dialect() + "/" + facts.form->name() + "@" + facts.form->version();
    // The sender's own id may be anything, a personal number too: it stands only as its keyed hash
    // unless it is an id that cannot be one.
    const auto sender_id = facts.message.text("message/senderId");
    const bool plain = Uuid::parse(sender_id).has_value() || sender_id.starts_with("sha256:");
    Claims claims;
    claims.text("iss", journey.snapshot->config.settings.party.value)
        .number("iat", static_cast<std::uint64_t>(seconds))
        .text("mid", facts.id.text())
        .text("smid", plain ? std::string(sender_id) : "hmac:" + journey.marks.sender_id->hex())
        .text("sub", facts.sender->id.value)
        .text("kind", facts.message.schema().kind)
        .text("case", facts.case_id.text())
        .text("dig", journey.marks.body.hex())
        .text("form", facts.form->name())
        .text("map", mapping)
        .texts("rcv", facts.receivers)
        .number("loss", told.losses)
        .number("warn", told.warnings)
        .number("seq", seq);
    return shared.signer.sign(claims.finish());
}

}  // namespace stafett::pipeline
