#pragma once

#include <string>

#include "files.h"
#include "gateway/security/key_ring.h"

namespace stafett::security::testing {

/// Rings over the keys of the test certificates: what each test is about, its name says.
inline const std::string kRing = R"({"keys": [
  {"id": "seal-1", "use": "seal", "state": "active", "key": "keys/seal-1.key"},
  {"id": "index-1", "use": "index", "state": "active", "key": "keys/index-1.key"},
  {"id": "sign-1", "use": "sign", "state": "active", "key": "keys/sign-1.key"}]})";

/// The same after every key was turned: the first of each is old.
inline const std::string kTurned = R"({"keys": [
  {"id": "seal-1", "use": "seal", "state": "old", "key": "keys/seal-1.key"},
  {"id": "seal-2", "use": "seal", "state": "active", "key": "keys/seal-2.key"},
  {"id": "index-1", "use": "index", "state": "old", "key": "keys/index-1.key"},
  {"id": "index-2", "use": "index", "state": "active", "key": "keys/index-2.key"},
  {"id": "sign-1", "use": "sign", "state": "old", "public": "keys/sign-1.pub"},
  {"id": "sign-2", "use": "sign", "state": "active", "key": "keys/sign-2.key"}]})";

/// And after the first of each was destroyed.
inline const std::string kDestroyed = R"({"keys": [
  {"id": "seal-1", "use": "seal", "state": "destroyed"},
  {"id": "seal-2", "use": "seal", "state": "active", "key": "keys/seal-2.key"},
  {"id": "index-1", "use": "index", "state": "destroyed"},
  {"id": "index-2", "use": "index", "state": "active", "key": "keys/index-2.key"},
  {"id": "sign-1", "use": "sign", "state": "destroyed"},
  {"id": "sign-2", "use": "sign", "state": "active", "key": "keys/sign-2.key"}]})";

/// Loads a ring whose file lies beside the folder `keys` of the test certificates.
Checked<KeyRing> loadRing(const std::string& text);
KeyRing ring(const std::string& text = kRing);

}  // namespace stafett::security::testing
