#pragma once

#include <string>
#include <vector>

namespace stafett::transport::test {

/// A request that must be refused (trust 4 and H1-H15). A second request hides behind each.
struct Hostile {
    std::string name;
    std::string bytes;
    int status;
    bool ends = false;  ///< the client ends its half after these bytes
};

const std::vector<Hostile>& hostileRequests();

/// The request that hides: when it runs, the framing was broken.
inline const std::string kHidden = "GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n";

}  // namespace stafett::transport::test
