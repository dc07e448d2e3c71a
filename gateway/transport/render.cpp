#include "gateway/transport/render.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

#include "gateway/transport/grammar.h"
#include "gateway/transport/target.h"

namespace stafett::transport {
namespace {

std::string_view reason(int status) {
    switch (status) {
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 202:
            return "Accepted";
        case 204:
            return "No Content";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 411:
            return "Length Required";
        case 413:
            return "Content Too Large";
        case 414:
            return "URI Too Long";
        case 415:
            return "Unsupported Media Type";
        case 417:
            return "Expectation Failed";
        case 421:
            return "Misdirected Request";
        case 422:
            return "Unprocessable Content";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 501:
            return "Not Implemented";
        case 503:
            return "Service Unavailable";
        case 505:
            return "HTTP Version Not Supported";
        default:
            return "";
    }
}

/// Ours to write, whatever the message says.
bool isFramingField(std::string_view name) {
    constexpr std::array<std::string_view, 7> kNames{
        "Content-Length", "Transfer-Encoding", "Connection", "Date",
        "Host",           "Keep-Alive",        "Upgrade"};
    return std::any_of(kNames.begin(), kNames.end(),
                       [&](std::string_view known) { return sameName(name, known); });
}

bool areSafe(const Headers& headers) {
    return std::all_of(headers.all().begin(), headers.all().end(), [](const auto& field) {
        return isToken(field.first) && isFieldValue(field.second);
    });
}

void append(std::string& out, std::size_t number) {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

void appendFields(std::string& out, const Headers& headers) {
    for (const auto& [name, value] : headers.all()) {
        if (isFramingField(name)) continue;
        out.append(name).append(": ").append(value).append("\r\n");
    }
}

/// "Date: ..." made once a second and thread.
std::string_view dateLine() {
    thread_local std::time_t made = -1;
    thread_local std::array<char, 48> line{};
    thread_local std::size_t length = 0;
    const auto now = std::time(nullptr);
    if (now != made) {
        std::tm parts{};
        gmtime_r(&now, &parts);
        length =
            std::strftime(line.data(), line.size(), "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts);
        made = now;
    }
    return {line.data(), length};
}

}  // namespace

bool renderResponse(std::string& out, const HttpResponse& response, After after, BodySent body) {
    if (response.status < 200 || response.status > 599 || !areSafe(response.headers)) return false;
    const bool has_body = response.status != 204 && response.status != 304;
    out.append("HTTP/1.1 ");
    append(out, static_cast<std::size_t>(response.status));
    out.append(" ").append(reason(response.status)).append("\r\n");
    out.append(dateLine());
    appendFields(out, response.headers);
    if (has_body) {
        out.append("Content-Length: ");
        append(out, response.source ? response.source->size() : response.body.size());
        out.append("\r\n");
    }
    if (after == After::Close) out.append("Connection: close\r\n");
    out.append("\r\n");
    if (has_body && body == BodySent::Yes && !response.source) out.append(response.body);
    return true;
}

bool renderRequest(std::string& out, const HttpRequest& request, std::string_view host) {
    if (!isToken(request.method) || request.path.empty() || request.path.front() != '/' ||
        !isQuery(request.query) || !isHost(host) || !areSafe(request.headers)) {
        return false;
    }
    out.append(request.method).append(" ");
    appendEncodedPath(out, request.path);
    if (!request.query.empty()) out.append("?").append(request.query);
    out.append(" HTTP/1.1\r\nHost: ").append(host).append("\r\n");
    appendFields(out, request.headers);
    const bool needs_length =
        request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
    if (needs_length || !request.body.empty() || request.source) {
        out.append("Content-Length: ");
        append(out, request.source ? request.source->size() : request.body.size());
        out.append("\r\n");
    }
    out.append("\r\n");
    if (!request.source) out.append(request.body);
    return true;
}

}  // namespace stafett::transport
