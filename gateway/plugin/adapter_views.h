#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/plugin/adapter_call.h"

/// Part of adapter.h: what each function of a plugin is shown. All views live as long as the call.
namespace stafett::plugin {

/// A document that the gateway has read strictly. Paths: names parted by '/', "@name" for an XML
/// attribute, "name[2]" counted from 0; "" is the root. Names without prefix, in any namespace.
class DocumentView {
public:
    explicit DocumentView(const Call& call) : call_(&call) {}

    /// The text at the first place that fits; empty when there is none.
    std::string_view value(std::string_view path) const { return call_->look(STAFETT_TEXT, path); }
    bool has(std::string_view path) const { return count(path) > 0; }
    /// How many there are beside each other under the last name (JSON: items of the array).
    int count(std::string_view path) const { return call_->count(STAFETT_COUNT, path); }
    std::string_view rootName() const { return call_->look(STAFETT_NAME, {}); }
    std::string_view rootSpace() const { return call_->look(STAFETT_SPACE, {}); }

private:
    const Call* call_;
};

/// interpret(): what the receiver answered.
class Answer : public DocumentView {
public:
    using Raw = stafett_answer;
    Answer(const Call& call, const Raw& raw)
        : DocumentView(call),
          status(static_cast<int>(raw.http_status)),
          our_id(view(raw.our_id)),
          form(view(raw.form)),
          has_document(raw.has_document != 0) {}

    bool ok() const { return status >= 200 && status < 300; }
    /// A SOAP 1.1 Fault; the envelope is taken off where the manifest declares one.
    bool isFault() const { return has_document && rootName() == "Fault"; }

    int status;
    std::string_view our_id;  ///< the message id that stands in what was sent
    std::string_view form;
    bool has_document;  ///< false: the answer was empty, or could not be read strictly
};

/// One problem, warning or loss.
struct Line {
    std::string_view code;   ///< ST-… or the plugin's own
    std::string_view place;  ///< the sender's wire path; may be empty
    std::string_view text;   ///< what happened, and what to do, in the language asked for
    bool warning = false;
};

/// reply(): our outcome, to be said in the sender's own form.
struct Reply {
    using Raw = stafett_reply;
    Reply(const Call&, const Raw& raw)
        : outcome(static_cast<stafett_outcome>(raw.outcome)),
          status(static_cast<int>(raw.http_status)),
          english(raw.english != 0),
          id(view(raw.id)),
          sender_id(view(raw.sender_id)),
          case_own(view(raw.case_own)),
          receipt(view(raw.receipt)),
          code(view(raw.code)),
          text(view(raw.text)),
          time(view(raw.time)),
          form(view(raw.form)),
          count(raw.problem_count),
          retry_after(raw.retry_after) {
        const char* at = reinterpret_cast<const char*>(raw.lines);
        for (std::size_t i = 0; i < raw.line_count; ++i) {
            const auto& line = *reinterpret_cast<const stafett_line*>(at);
            lines.push_back(
                {view(line.code), view(line.place), view(line.text), line.warning != 0});
            at += line.struct_size;
        }
    }

    bool accepted() const { return outcome == STAFETT_ACCEPTED; }
    /// The Swedish or the English of two texts.
    std::string_view say(std::string_view sv, std::string_view en) const {
        return english ? en : sv;
    }

    stafett_outcome outcome;
    int status;  ///< what the gateway itself would answer: 200 422 403 409 400 404 405 413 415 503
                 ///< …
    bool english;
    std::string_view id;         ///< message id when accepted, refusal id when refused
    std::string_view sender_id;  ///< the sender's own id, where it could be read
    std::string_view case_own;   ///< the sender's own case id, where it could be read
    std::string_view receipt;    ///< the gateway sends it as Stafett-Receipt itself
    std::string_view code;       ///< the first problem's; empty when accepted
    std::string_view text;       ///< what that code says, in the language asked for
    std::string_view time;       ///< 2026-01-01T12:00:00Z
    std::string_view form;       ///< when known
    std::vector<Line> lines;     ///< at most 50
    std::size_t count;           ///< problems in all
    unsigned retry_after;        ///< seconds, when busy; the gateway sends Retry-After itself
};

/// decode(): a request whose declared form, document and attributes the gateway has already found;
/// the function changes what the manifest cannot say. The document is the whole one, with envelope.
class Request : public DocumentView {
public:
    using Raw = stafett_request;
    Request(const Call& call, const Raw& raw)
        : DocumentView(call),
          method(view(raw.method)),
          path(view(raw.path)),
          form(view(raw.form)) {}

    std::string_view method, path;
    std::string_view form;  ///< as the manifest's guards say; empty when none fits
};

/// encode(): a request to a receiver as the manifest makes it; what is written replaces the body.
struct Outgoing {
    using Raw = stafett_outgoing;
    Outgoing(const Call&, const Raw& raw)
        : method(view(raw.method)),
          path(view(raw.path)),
          form(view(raw.form)),
          body(view(raw.body)) {}

    std::string_view method, path, form, body;
};

/// check(): a document of a known form.
class CheckedDocument : public DocumentView {
public:
    using Raw = stafett_document;
    CheckedDocument(const Call& call, const Raw& raw) : DocumentView(call), form(view(raw.form)) {}

    std::string_view form;
};

}  // namespace stafett::plugin
