#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/config/security.h"
#include "gateway/security/peer.h"

namespace stafett::security {

/// Loads key, certificate, authorities and revocation lists, and knows the systems that may call.
/// TLS 1.2 and 1.3 with Mozilla's intermediate suites, security level 2, no resumption, no
/// renegotiation, no compression, whatever OPENSSL_CONF says. A client must show a certificate for
/// clientAuth and digitalSignature that is no authority's and not revoked: the handshake judges it.
///
/// All problems at once, each with its file: TlsKeyUnreadable, TlsRevocation (a list is missing for
/// an authority, stale or badly signed), and ConfigDuplicate or ConfigType for a system's entry.
/// A reload makes a new context; on failure the old one stands.
Checked<std::shared_ptr<const Context>> serverContext(
    const config::TlsSettings& settings, const std::vector<config::SystemEntry>& systems);

/// The same for calling others: judges the other side's certificate for serverAuth. identify()
/// gives its fingerprint, and no system. The host is judged where expectHost() was called.
Checked<std::shared_ptr<const Context>> clientContext(const config::TlsSettings& settings);

/// Before a handshake as client: it fails unless the certificate names this host (or IP address) in
/// its SAN, exactly. Also sends the name (SNI).
Status expectHost(SSL* ssl, std::string_view host);

/// Why a handshake failed, as a code for log and trace: TlsRevocation, or TlsRefused. The place's
/// row says what was wrong in OpenSSL's own words.
Error whyRefused(const SSL* ssl);

}  // namespace stafett::security
