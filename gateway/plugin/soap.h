#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/codec/tree.h"
#include "gateway/mapping/mapping.h"
#include "gateway/plugin/manifest.h"

namespace stafett::plugin {

inline constexpr std::string_view kSoapSpace = "http://schemas.xmlsoap.org/soap/envelope/";

/// Where the one element of a SOAP 1.1 Body is, with the declared headers as attributes.
/// ST-PLU-016 for what is no envelope (two elements in the Body, text beside them, a header twice),
/// -017 for a header that must be understood and is not declared. Missing headers are the caller's.
Result<codec::NodeIndex> openEnvelope(const codec::Document& document, const Envelope& envelope,
                                      mapping::Attributes& attributes);

/// A header to write: namespace, name, value.
struct SoapHeaderText {
    std::string_view space, name;
    std::string value;
};

/// A written document within an envelope, in the document's own encoding; its declaration goes
/// first.
std::string wrapEnvelope(std::string_view document, const std::vector<SoapHeaderText>& headers);

/// The value of a SOAPAction header, without its quotes.
std::string_view soapAction(std::string_view header);

}  // namespace stafett::plugin
