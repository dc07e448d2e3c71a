#include <cstdlib>

#include "gateway/plugin/loaded_adapter.h"

using namespace stafett;

namespace {

constexpr std::string_view kManifest = R"({
  "plugin": "fuzz", "version": "1.0.0", "dialect": "fuzz", "status": "alpha",
  "title": { "sv": "f", "en": "f" },
  "read": { "format": "xml", "encodings": ["ISO-8859-1", "Windows-1252"] },
  "envelope": { "format": "soap11", "headers": {
    "To": { "namespace": "urn:riv:itintegration:registry:1", "name": "LogicalAddress" } } },
  "inbound": [ { "path": "/", "content_types": ["text/xml"], "forms": [
    { "form": "a", "when": { "root": "A" } }, { "form": "b", "when": { "root": "B", "path": "t[1]/@k", "is": "1" } } ] } ],
  "outbound": [ { "kind": "referral", "form": "a", "path": "/", "content_type": "text/xml" } ]
})";

std::shared_ptr<const plugin::LoadedAdapter> adapter() {
    static const auto made = plugin::LoadedAdapter::make(
        {.struct_size = sizeof(stafett_plugin),
         .abi_minor = 0,
         .reserved = 0,
         .manifest = {kManifest.data(), kManifest.size()},
         .open = nullptr,
         .close = nullptr,
         .decode = nullptr,
         .encode = nullptr,
         .reply = nullptr,
         .interpret = nullptr,
         .check = nullptr},
        {}, std::make_shared<plugin::Watch>(std::chrono::seconds(60)), "fuzz");
    if (!made) std::abort();
    return *made;
}

}  // namespace

/// Any bytes as a SOAP request and as a receiver's answer: what comes out of the envelope is one
/// whole document that stands alone, and is never delivered when it is a Fault.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const plugin::Headers headers = {{"Content-Type", "text/xml"}};
    const auto decoded = adapter()->decode({"POST", "/", "", &headers, bytes});
    const auto said = adapter()->interpret({200, &headers, bytes, "0198c0de", "a"});
    if (!decoded) return 0;
    const auto& document = decoded->document;
    if (document.root().parent != codec::kNoNode || document.root().next != codec::kNoNode)
        std::abort();
    for (codec::NodeIndex i = 1; i < document.size(); ++i) {
        if (document.node(i).parent >= i) std::abort();
        if (document.node(i).next != codec::kNoNode && document.node(i).next >= document.size())
            std::abort();
        if (document.node(i).next != codec::kNoNode &&
            document.node(document.node(i).next).parent != document.node(i).parent)
            std::abort();
    }
    if (document.root().name != "A" && document.root().name != "B") std::abort();
    if (said.fate != plugin::Fate::Delivered) std::abort();  // 200 and no Fault
    return 0;
}
