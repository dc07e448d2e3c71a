// stafett keys: the ring and what rests on it; turning the key that wraps messages' data keys.
#include <unistd.h>

#include <iomanip>
#include <iostream>

#include "gateway/app/gateway_client.h"
#include "gateway/config/config.h"
#include "gateway/security/key_ring.h"
#include "gateway/security/sign.h"

namespace stafett::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kBar = 30;

int failed(const Common& common, const Error& error) {
    tellProblems({error}, common.language);
    return error.code() == Code::CliUsage ? kUsage : kFailed;
}

/// What the sealing keys are: the active one, how many messages there are, and how many data keys
/// rest on others.
struct Standing {
    std::string active;
    std::uint64_t messages = 0, others = 0;
};

Result<Standing> standing(GatewayClient& client) {
    ST_TRY(const auto answer, client.get("/v1/keys"));
    Standing found;
    for (const auto& key : answer.at("keys")) {
        if (key.at("use") != "seal") continue;
        const auto messages = key.at("messages").get<std::uint64_t>();
        found.messages += messages;
        if (key.at("state") == "active") {
            found.active = key.at("id").get<std::string>();
        } else {
            found.others += messages + (key.at("reports").get<bool>() ? 1 : 0);
        }
    }
    return found;
}

/// A line that is drawn over again on a terminal; nothing elsewhere.
class Bar {
public:
    explicit Bar(std::uint64_t whole) : whole_(whole), drawn_(::isatty(STDERR_FILENO) == 1) {}
    ~Bar() {
        if (drawn_) std::cerr << "\n";
    }
    Bar(const Bar&) = delete;
    Bar& operator=(const Bar&) = delete;
    void show(std::uint64_t done) const {
        if (!drawn_) return;
        const auto part = whole_ == 0 ? 1.0 : double(std::min(done, whole_)) / double(whole_);
        const auto filled = static_cast<std::size_t>(part * kBar);
        std::cerr << "\r[" << std::string(filled, '#') << std::string(kBar - filled, '.') << "] "
                  << done << "/" << whole_ << std::flush;
    }

private:
    std::uint64_t whole_;
    bool drawn_;
};

}  // namespace

int keys(const Common& common) {
    auto client = GatewayClient::connect(common);
    if (!client) return failed(common, client.error());
    const auto answer = client->get("/v1/keys");
    if (!answer) return failed(common, answer.error());
    if (common.json) {
        std::cout << answer->dump(2) << "\n";
        return kDone;
    }
    const bool sv = common.language == Language::Swedish;
    const auto line = [](const std::string& id, const std::string& use, const std::string& state,
                         const std::string& messages, const std::string& reports) {
        std::cout << std::left << std::setw(24) << id << std::setw(8) << use << std::setw(12)
                  << state << std::right << std::setw(11) << messages;
        std::cout << (reports.empty() ? "" : "  ") << reports << "\n";
    };
    line("id", sv ? "till" : "use", sv ? "läge" : "state", sv ? "meddelanden" : "messages",
         sv ? "rapporter" : "reports");
    for (const auto& key : answer->at("keys")) {
        const bool seals = key.contains("messages");
        line(key.at("id"), key.at("use"), key.at("state"), seals ? key.at("messages").dump() : "",
             seals && key.at("reports").get<bool>() ? (sv ? "ja" : "yes") : "");
    }
    return kDone;
}

int keysPublic(const Common& common) {
    const auto config = config::load(configFolder(common));
    if (!config) {
        tellProblems(config.error(), common.language);
        return kConfiguration;
    }
    const auto ring = security::KeyRing::load(config->settings.key_ring.string());
    if (!ring) {
        tellProblems(ring.error(), common.language);
        return kConfiguration;
    }
    std::cout << security::Verifier(*ring).jwks() << "\n";
    return kDone;
}

/// A step at a time, each whole by itself: cut short anywhere, the next run goes on with what is
/// left.
int keysRewrap(const Common& common, std::uint32_t batch) {
    auto client = GatewayClient::connect(common);
    if (!client) return failed(common, client.error());
    const auto before = standing(*client);
    if (!before) return failed(common, before.error());
    std::uint64_t looked_at = 0;
    std::uint64_t rewrapped = 0;
    std::uint64_t damaged = 0;
    {
        const Bar bar(before->messages);
        Json step = {{"after", 0}, {"batch", batch}};
        while (true) {
            const auto answer = client->post("/v1/keys/rewrap", step);
            if (!answer) return failed(common, answer.error());
            looked_at += answer->at("looked_at").get<std::uint64_t>();
            rewrapped += answer->at("rewrapped").get<std::uint64_t>();
            damaged += answer->at("damaged").get<std::uint64_t>();
            bar.show(looked_at);
            if (!answer->contains("after")) break;
            step["after"] = answer->at("after");
        }
    }
    const auto after = standing(*client);
    if (!after) return failed(common, after.error());
    const bool sv = common.language == Language::Swedish;
    if (common.json) {
        std::cout << Json{{"active", after->active},
                          {"rewrapped", rewrapped},
                          {"damaged", damaged},
                          {"left", after->others}}
                         .dump(2)
                  << "\n";
    } else if (after->others == 0) {
        std::cout << rewrapped << (sv ? " datanycklar är nu under " : " data keys are now under ")
                  << after->active
                  << (sv ? "; ingen annan förseglingsnyckel behövs längre.\n"
                         : "; no other sealing key is needed any more.\n");
    } else {
        std::cout << rewrapped << (sv ? " omlindade, " : " wrapped anew, ") << after->others
                  << (sv ? " kvar under andra nycklar, " : " left under other keys, ") << damaged
                  << (sv ? " kan inte öppnas (loggen: rewrap_failed).\n"
                         : " that cannot be opened (the log: rewrap_failed).\n");
    }
    return after->others == 0 ? kDone : kFailed;
}

}  // namespace stafett::app
