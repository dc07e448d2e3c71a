// stafett trace, case and search: what became of messages, in plain words.
#include <Poco/URI.h>

#include <iostream>

#include "gateway/app/gateway_client.h"
#include "gateway/app/tell.h"
#include "gateway/base/ids.h"

namespace stafett::app {
namespace {

int failed(const Error& error, const Common& common) {
    tellProblems({error}, common.language);
    return error.outcome() == Outcome::Usage && error.code() == Code::CliUsage ? kUsage : kFailed;
}

/// The ids that a word means: itself when it is one of ours, else those of a sender's own id.
Result<std::vector<std::string>> meant(GatewayClient& client, const std::string& word) {
    if (Uuid::parse(word)) {
        const auto story = client.get("/v1/trace/" + word);
        if (story) return std::vector<std::string>{word};
        if (story.error().code() != Code::StoreNotFound) return tl::make_unexpected(story.error());
    }
    ST_TRY(const auto found, client.post("/v1/find", {{"sender_id", word}}));
    std::vector<std::string> ids;
    for (const auto& id : found.at("messages")) ids.push_back(id.get<std::string>());
    if (ids.empty()) return tl::make_unexpected(Error(Code::StoreNotFound));
    return ids;
}

std::string queryOf(const SearchArguments& a) {
    Poco::URI uri("/");
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty()) uri.addQueryParameter(name, value);
    };
    add("party", a.party);
    add("kind", a.kind);
    add("state", a.state);
    add("case", a.case_id);
    add("from", a.from);
    add("to", a.to);
    add("after", a.after);
    add("limit", std::to_string(a.limit));
    return uri.getRawQuery();
}

}  // namespace

int traceId(const Common& common, const std::string& id) {
    auto client = GatewayClient::connect(common);
    if (!client) return failed(client.error(), common);
    const auto ids = meant(*client, id);
    if (!ids) return failed(ids.error(), common);
    for (const auto& one : *ids) {
        const auto story = client->get("/v1/trace/" + one);
        if (!story) return failed(story.error(), common);
        if (common.json) {
            std::cout << story->dump(2) << "\n";
        } else {
            tellStory(std::cout, *story, common.language);
        }
    }
    return kDone;
}

int search(const Common& common, const SearchArguments& arguments) {
    auto client = GatewayClient::connect(common);
    if (!client) return failed(client.error(), common);
    if (!arguments.id.empty()) return traceId(common, arguments.id);
    const auto found = client->get("/v1/search", queryOf(arguments));
    if (!found) return failed(found.error(), common);
    if (common.json) {
        std::cout << found->dump(2) << "\n";
    } else {
        tellFound(std::cout, *found, common.language);
    }
    return kDone;
}

}  // namespace stafett::app
