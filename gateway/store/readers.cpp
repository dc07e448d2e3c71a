#include "gateway/store/readers.h"

namespace stafett::store {

Result<std::unique_ptr<Readers>> Readers::open(const std::string& path, std::size_t count) {
    auto readers = std::make_unique<Readers>();
    for (std::size_t i = 0; i < count; ++i) {
        ST_TRY(Connection connection, Connection::open(path, Connection::Access::ReadOnly));
        readers->free_.push_back(std::make_unique<Connection>(std::move(connection)));
    }
    return readers;
}

Readers::Lent Readers::take() {
    std::unique_lock lock(mutex_);
    given_back_.wait(lock, [this] { return !free_.empty(); });
    auto connection = std::move(free_.back());
    free_.pop_back();
    return {*this, std::move(connection)};
}

void Readers::giveBack(std::unique_ptr<Connection> connection) {
    {
        const std::lock_guard lock(mutex_);
        free_.push_back(std::move(connection));
    }
    given_back_.notify_one();
}

}  // namespace stafett::store
