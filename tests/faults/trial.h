#pragma once

#include <cstdint>
#include <string>

#include "tests/faults/load.h"

// What the tests that end a gateway under load have in common.
namespace stafett::faults {

/// Configures a gateway for a load: notices are the gateway's own and nobody holds a receipt for
/// one, so there are none.
void prepare(const support::GatewayFolder& folder);

/// Ends the load, and judges its books as soon as nothing is lost, or when there has been time
/// enough for it to arrive. What the load complains of is broken too.
Verdict judgementOf(Load& load);

/// Prints what came of it, behind `what` was done. The exit code: 0 when every promise was kept and
/// enough was sent to say so.
int tell(const Verdict& verdict, const std::string& what, std::size_t least_messages);

/// The program: a seed by argument or chance, how many times by the environment or else `times`.
int program(int count, char** arguments, const char* variable, unsigned times,
            int (*test)(std::uint64_t seed, unsigned times));

}  // namespace stafett::faults
