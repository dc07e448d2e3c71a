// The technical answers of the four agencies, written by hand from their dialect sheets.
#include "gateway/app/simulate/agency.h"

#include <regex>

#include "gateway/base/ids.h"
#include "gateway/codec/read.h"

namespace stafett::app {
namespace {

transport::HttpResponse response(int status, std::string type, std::string body) {
    transport::HttpResponse r;
    r.status = status;
    r.headers.add("Content-Type", std::move(type));
    r.body = std::move(body);
    return r;
}

transport::HttpResponse employmentService(Manner manner) {
    const std::string type = "application/json; charset=utf-8";
    const std::string id = Uuid::make().text();
    if (manner == Manner::Accept) {
        return response(201, type, "{\"message\":\"Mottaget\",\"meddelande_id\":\"" + id + "\"}");
    }
    const std::string cause = manner == Manner::Busy ? "AF-503" : "AF-422";
    return response(manner == Manner::Busy ? 503 : 422, type,
                    "{\"error_id\":\"" + id +
                        "\",\"message\":\"Kunde inte tas emot\",\"cause\":{\"system\":\"ais\","
                        "\"code\":\"" +
                        cause + "\",\"message\":\"Kunde inte tas emot\",\"error\":[]}}");
}

/// FK answers in the namespace of what it was sent, which the SOAPAction names:
/// "urn:example:fk:samverkan:remiss:1:Remiss" gets <RemissResponse> of …:remiss:1; a public
/// contract's types are RIV-TA's.
transport::HttpResponse socialInsurance(Manner manner, const transport::HttpRequest& request) {
    const std::string action(request.headers.get("SOAPAction"));
    static const std::regex kAction("\"(urn:[A-Za-z:]+:[0-9]):([A-Za-z]+)\"");
    std::smatch named;
    if (!std::regex_match(action, named, kAction)) return response(500, "text/plain", "");
    const std::string space = named[1];
    const std::string root = named[2];
    const std::string types = space.starts_with("urn:riv:")
                                  ? "urn:riv:clinicalprocess:healthcond:certificate:3"
                                  : "urn:example:fk:samverkan:typer:1";
    std::string result = "<t:resultCode>OK</t:resultCode>";
    if (manner != Manner::Accept) {
        result =
            "<t:resultCode>ERROR</t:resultCode><t:resultText>Kunde inte tas "
            "emot</t:resultText><t:errorId>" +
            std::string(manner == Manner::Busy ? "TECHNICAL_ERROR" : "VALIDATION_ERROR") +
            "</t:errorId>";
    }
    return response(200, "text/xml; charset=utf-8",
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soap:Envelope "
                    "xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body><" +
                        root + "Response xmlns=\"" + space + "\" xmlns:t=\"" + types +
                        "\"><result>" + result + "</result></" + root +
                        "Response></soap:Body></soap:Envelope>");
}

transport::HttpResponse municipality(Manner manner) {
    const std::string type = "application/xml; charset=ISO-8859-1";
    const std::string head = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>";
    if (manner == Manner::Accept) {
        return response(
            200, type,
            head + "<Kvittens status=\"OK\"><Id>" + Uuid::make().text() + "</Id></Kvittens>");
    }
    return response(
        manner == Manner::Busy ? 503 : 422, type,
        head + "<Kvittens status=\"FEL\"><Fel kod=\"K-17\">Kunde inte tas emot</Fel></Kvittens>");
}

transport::HttpResponse region(Manner manner) {
    const std::string type = "application/fhir+json";
    if (manner == Manner::Accept) {
        return response(
            200, type,
            "{\"resourceType\":\"Bundle\",\"type\":\"message\",\"entry\":[{\"resource\":{"
            "\"resourceType\":\"MessageHeader\",\"response\":{\"identifier\":\"" +
                Uuid::make().text() + "\",\"code\":\"ok\"}}}]}");
    }
    return response(
        manner == Manner::Busy ? 503 : 422, type,
        "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":\"" +
            std::string(manner == Manner::Busy ? "transient" : "processing") + "\"}]}");
}

}  // namespace

transport::HttpResponse technicalAnswer(const std::string& dialect, Manner manner,
                                        const transport::HttpRequest& request) {
    if (dialect == "employment_service") return employmentService(manner);
    if (dialect == "social_insurance") return socialInsurance(manner, request);
    if (dialect == "municipality") return municipality(manner);
    if (dialect == "region") return region(manner);
    return response(manner == Manner::Accept ? 200
                    : manner == Manner::Busy ? 503
                                             : 422,
                    "text/plain", "");
}

}  // namespace stafett::app
