#pragma once

#include <cstdint>
#include <memory>

#include "gateway/message/message.h"

namespace stafett::message {

/// A made-up valid message, the same for the same seed: what the round-trip law and the tests are
/// tried on. Every optional field is there in about half of all messages, every code of a value set
/// comes up, lists hold one to many items with distinct keys, and text is awkward: åäö, markup,
/// quotes, characters outside Latin-1, line ends (only where texts are long), lengths up to the
/// limit. Personal numbers are made of random digits: personnummer, samordningsnummer, now and then
/// a reserve or LMA number (never interim: they are off by default). Periods do not end before they
/// begin, phone and e-mail look like such, extent/source goes with extent/hours, and no time is in
/// the hour that comes twice. Codes with a validity period are not used while others exist.
/// Many threads; a few microseconds each.
Message sample(const std::shared_ptr<const Schema>& schema, const Catalogue& catalogue,
               std::uint64_t seed);

}  // namespace stafett::message
