#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/transport/http.h"
#include "tests/support/gateway_folder.h"

namespace stafett::support {

/// Names in a document, `${name}`, and what stands for them. `${uuid:…}` and `${int:…}` that are
/// not said are made, once a set; `${now}` and its kin are the clock's.
class Names {
public:
    Names();
    Names& set(const std::string& name, const std::string& value);
    std::string get(const std::string& name);
    std::string fill(std::string text);

private:
    std::map<std::string, std::string> values_;
};

/// In the text, every `from` by `to`; throws std::runtime_error when there is none.
std::string replaced(std::string text, const std::string& from, const std::string& to);

/// A document of config/examples/single-node/documents, filled, with `changes` made, in its
/// declared encoding, and the headers its agency sends. AF's tracking id is `${uuid:tracking}`.
using Changes = std::vector<std::pair<std::string, std::string>>;
transport::HttpRequest documentRequest(const std::string& file, Names& names,
                                       const Changes& changes = {});

/// A golden case of plugins/<dialect>/cases as the request it came in.
transport::HttpRequest goldenRequest(const std::string& dialect, const std::string& name,
                                     const Changes& changes = {});

/// What a receipt claims; its signature is not looked at.
Json claimsOf(std::string_view receipt);
Json claimsOf(const transport::HttpResponse& response);

/// The message id that a document of this dialect carries.
std::optional<std::string> messageIdOf(const std::string& dialect,
                                       const transport::HttpRequest& request);
/// The text at a path (gateway/app/simulate/wire_path.h) of a document.
std::optional<std::string> fieldOf(const std::string& body, const std::string& path);

}  // namespace stafett::support
