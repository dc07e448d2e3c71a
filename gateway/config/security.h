#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gateway/base/ids.h"

namespace stafett::config {

/// What is asked of revocation lists. `Off` belongs to the `dev` profile alone.
enum class Revocation : std::uint8_t { Require, Off };

/// One side of mutual TLS. Paths are as the process can open them.
struct TlsSettings {
    std::string certificate = {};  ///< PEM file: our certificate first, then its intermediates
    /// Our private key, PEM: a file (mode 0400, ours), `env:NAME` or `fd:N`.
    std::string key = {};
    std::string authorities = {};                    ///< PEM file: every authority we trust
    std::vector<std::string> revocation_lists = {};  ///< PEM files: one or more CRLs each
    Revocation revocation = Revocation::Require;
    int warn_days = 30;      ///< before a certificate ends
    int warn_list_days = 2;  ///< before a revocation list does
};

/// A system that holds a certificate, and whom it may act for. A certificate is this system's when
/// its SAN has the URI `urn:stafett:system:<system>`, or one of `dns`, or when its SHA-256 is one
/// of `fingerprints`. Where fingerprints are given, no other certificate will do.
struct SystemEntry {
    SystemId system = {};
    std::vector<std::string> dns = {};           ///< exact names, no wildcards
    std::vector<std::string> fingerprints = {};  ///< SHA-256 of the certificate, 64 hex digits
    std::vector<PartyId> parties = {};
    std::string valid_from = {};  ///< YYYY-MM-DD in Stockholm, that day included; empty = always
    std::string valid_to = {};    ///< the same; empty = until further notice
};

}  // namespace stafett::config
