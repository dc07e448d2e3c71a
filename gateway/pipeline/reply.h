#pragma once

#include "gateway/pipeline/tickets.h"
#include "gateway/transport/http.h"

namespace stafett::pipeline {

/// Our outcome in the sender's own form, with Stafett-Outcome and, when accepted, Stafett-Receipt.
transport::HttpResponse sayAccepted(const Journey& journey, const std::string& message_id,
                                    const std::string& receipt, const Problems& warnings,
                                    const std::vector<NotTold>& losses);
/// Refused or busy. The refusal id stands in every form; it is empty when nothing was kept (busy).
transport::HttpResponse sayRefused(const Journey& journey, const std::string& refusal_id,
                                   const Problems& problems);

/// The outcome of a list of problems: the gravest of malformed, not allowed, conflict, content,
/// busy.
Outcome outcomeOf(const Problems& problems);
std::string_view outcomeName(Outcome outcome);

/// Clear JSON list of codes and places, for the refusal's row.
std::string problemsText(const Problems& problems, std::size_t most);

/// sv unless the caller prefers en.
Language languageOf(std::string_view accept_language, Language fallback);

}  // namespace stafett::pipeline
