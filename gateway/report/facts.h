#pragma once

#include <functional>
#include <vector>

#include "gateway/config/config.h"
#include "gateway/report/definitions.h"
#include "gateway/security/seal.h"
#include "gateway/store/message_store.h"

namespace stafett::report {

/// What there is to count in a case, read from its messages. One thread.
class Facts {
public:
    /// Whether a person takes part for the first time; asked once for each participation.
    using IsFirst = std::function<Result<bool>(const Digest& person)>;

    Facts(store::MessageStore& store, const security::Sealer& sealer, const config::Config& config,
          IsFirst is_first)
        : store_(store), sealer_(sealer), config_(config), is_first_(std::move(is_first)) {}

    /// What happened in the case in [from, to); what went before is read to understand it.
    Result<std::vector<Event>> of(const CaseId& id, Time from, Time to) const;

private:
    store::MessageStore& store_;
    const security::Sealer& sealer_;
    const config::Config& config_;
    IsFirst is_first_;
};

}  // namespace stafett::report
