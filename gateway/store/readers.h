#pragma once

#include <condition_variable>
#include <mutex>
#include <vector>

#include "gateway/store/sqlite.h"

namespace stafett::store {

/// A few read connections, each with its prepared statements, lent to one thread at a time.
class Readers {
public:
    static Result<std::unique_ptr<Readers>> open(const std::string& path, std::size_t count);

    class Lent {
    public:
        Lent(Readers& from, std::unique_ptr<Connection> connection)
            : from_(&from), connection_(std::move(connection)) {}
        Lent(Lent&&) noexcept = default;
        Lent& operator=(Lent&&) = delete;
        Lent(const Lent&) = delete;
        Lent& operator=(const Lent&) = delete;
        ~Lent() {
            if (connection_) from_->giveBack(std::move(connection_));
        }
        Connection* operator->() const { return connection_.get(); }
        Connection& operator*() const { return *connection_; }

    private:
        Readers* from_;
        std::unique_ptr<Connection> connection_;
    };

    /// Waits until one is free.
    Lent take();

private:
    void giveBack(std::unique_ptr<Connection> connection);

    std::mutex mutex_;
    std::condition_variable given_back_;
    std::vector<std::unique_ptr<Connection>> free_;
};

}  // namespace stafett::store
