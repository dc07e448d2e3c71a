#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <Poco/Net/IPAddress.h>

namespace stafett::transport {

/// Finds the addresses of hosts, on threads of its own: a name server that does not answer holds
/// up no connection. What was found is remembered for a minute. Safe to call from many threads.
class Resolver {
public:
    using Addresses = std::vector<Poco::Net::IPAddress>;
    using Found = std::function<void(Addresses)>;  ///< empty: there is no such host

    Resolver();
    /// Does not wait for name servers: a `found` may still be called a little later.
    ~Resolver();

    /// Calls `found` at once when the host is an address or is remembered, else from a thread of
    /// the resolver's.
    void find(const std::string& host, Found found);

private:
    struct Shared;
    static void work(const std::shared_ptr<Shared>& shared);

    std::shared_ptr<Shared> shared_;
};

}  // namespace stafett::transport
