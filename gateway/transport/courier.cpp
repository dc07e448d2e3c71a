#include "gateway/transport/courier.h"

#include <algorithm>
#include <future>
#include <thread>
#include <utility>

#include "gateway/base/workers.h"
#include "gateway/transport/courier_engine.h"

namespace stafett::transport {
namespace {

class PooledCourier final : public Courier {
public:
    PooledCourier(std::shared_ptr<CourierEngine> engine, const config::Courier& settings)
        : engine_(std::move(engine)),
          workers_(std::max(settings.workers, 1U), settings.stand_ins,
                   [engine = engine_] { engine->work(); }),
          watcher_([engine = engine_] { engine->watch(); }) {}
    ~PooledCourier() override { stop(); }

    void send(const Destination& destination, HttpRequest request, Done done) override {
        engine_->send(destination, std::move(request), std::move(done));
    }

    void stop() override {
        if (!watcher_.joinable()) return;
        engine_->stop();
        watcher_.join();
        engine_->stopWorkers();
        workers_.join();
    }
    unsigned kept() const override { return workers_.kept(); }

private:
    std::shared_ptr<CourierEngine> engine_;
    Workers workers_;
    std::thread watcher_;  ///< the last: it uses all of the above
};

}  // namespace

Result<std::unique_ptr<Courier>> Courier::start(const config::Courier& settings,
                                                security::ContextSource context) {
    ignoreBrokenPipes();
    auto engine = std::make_shared<CourierEngine>(settings, std::move(context));
    if (!engine->ready()) return tl::make_unexpected(Error(Code::DeliverUnreachable));
    return std::make_unique<PooledCourier>(std::move(engine), settings);
}

Result<HttpResponse> Courier::exchange(const Destination& destination, HttpRequest request) {
    std::promise<Result<HttpResponse>> promise;
    auto answer = promise.get_future();
    send(destination, std::move(request),
         [&promise](Result<HttpResponse> result) { promise.set_value(std::move(result)); });
    return answer.get();
}

}  // namespace stafett::transport
