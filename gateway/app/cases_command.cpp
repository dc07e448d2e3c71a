// stafett cases and case: who holds what, who owes an answer, and the whole story of one.
#include <Poco/URI.h>

#include <iostream>

#include "gateway/app/gateway_client.h"
#include "gateway/app/tell.h"
#include "gateway/app/tell_case.h"

namespace stafett::app {
namespace {

int failed(const Error& error, const Common& common) {
    tellProblems({error}, common.language);
    return error.code() == Code::CliUsage ? kUsage : kFailed;
}

std::string queryOf(const CasesArguments& a) {
    Poco::URI uri("/");
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty()) uri.addQueryParameter(name, value);
    };
    add("holder", a.holder);
    add("party", a.party);
    add("state", a.state);
    add("after", a.after);
    add("between_chairs", a.between_chairs ? "true" : "");
    add("limit", std::to_string(a.limit));
    return uri.getRawQuery();
}

}  // namespace

int cases(const Common& common, const CasesArguments& arguments) {
    auto client = GatewayClient::connect(common);
    if (!client) return failed(client.error(), common);
    const auto page = client->get("/v1/cases", queryOf(arguments));
    if (!page) return failed(page.error(), common);
    if (common.json) {
        std::cout << page->dump(2) << "\n";
    } else {
        tellCases(std::cout, *page, Words(common.language));
    }
    return kDone;
}

int caseForParticipant(const Common& common, const std::string& id) {
    auto client = GatewayClient::connect(common);
    if (!client) return failed(client.error(), common);
    if (!Uuid::parse(id)) {
        return failed(Error(Code::CliUsage, Place{.path = "ID", .hint = "the case's own id"}),
                      common);
    }
    const auto page = client->get("/v1/participant/" + id);
    if (!page) return failed(page.error(), common);
    if (common.json) {
        std::cout << page->dump(2) << "\n";
    } else {
        tellParticipant(std::cout, *page);
    }
    return kDone;
}

}  // namespace stafett::app
