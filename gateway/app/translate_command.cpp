// stafett translate: one document from one dialect to another, as the gateway would, without a
// gateway.
#include <algorithm>
#include <iostream>

#include "gateway/app/commands.h"
#include "gateway/app/document.h"
#include "gateway/mapping/library.h"
#include "gateway/message/dates.h"
#include "gateway/pipeline/contents.h"
#include "gateway/pipeline/snapshot.h"
#include "gateway/pipeline/view.h"

namespace stafett::app {
namespace {

const config::Party* firstOf(const config::Config& config, const DialectId& dialect,
                             const config::Party* but) {
    for (const auto& [id, party] : config.parties) {
        if (party.dialect == dialect && &party != but) return &party;
    }
    return nullptr;
}

/// The party the document says it is from, if it speaks this dialect; else the first that does.
const config::Party* senderOf(const config::Config& config, const message::Message& message,
                              const DialectId& dialect) {
    const auto* said = config.party(PartyId{std::string(message.text("sender/party"))});
    return said != nullptr && said->dialect == dialect ? said : firstOf(config, dialect, nullptr);
}

/// The receiver the document names, if it speaks this dialect; else the first party that does.
pipeline::Receiver receiverOf(const config::Config& config, const message::Message& message,
                              const DialectId& dialect, const config::Party* sender) {
    for (const auto& item : message.items("receivers")) {
        const auto party = item.type().find("party");
        const auto function = item.type().find("function");
        const auto* said = config.party(PartyId{std::string(item.text(*party))});
        if (said == nullptr || said->dialect != dialect) continue;
        FunctionId unit{std::string(item.text(*function))};
        return {said, said->hasFunction(unit) ? unit : said->default_function, custody::Role::Lead};
    }
    const auto* party = firstOf(config, dialect, sender);
    if (party == nullptr) party = sender;
    return {party, party->default_function, custody::Role::Lead};
}

void tellLosses(const std::vector<mapping::Loss>& losses, Language language) {
    for (const auto& loss : losses) {
        std::cerr << (language == Language::Swedish ? "förlust: " : "loss: ") << info(loss.code).id
                  << " " << (loss.canonical.empty() ? loss.wire : loss.canonical) << " — "
                  << info(loss.code).what(language);
        if (!loss.because.empty()) std::cerr << " (" << loss.because.in(language) << ")";
        std::cerr << "\n";
    }
}

void tellWarnings(const Problems& warnings, Language language) {
    for (const auto& warning : warnings)
        std::cerr << (language == Language::Swedish ? "varning: " : "warning: ")
                  << describe(warning, language) << "\n";
}

/// For each field of the output: the field of the input it came from, with row, codec and table.
void tellExplanation(const mapping::Explanation& read, const mapping::Explanation& written) {
    std::cerr << "\nwhere each field came from:\n";
    for (const auto& out : written.lines) {
        if (out.to.empty()) continue;
        const auto in = std::find_if(read.lines.begin(), read.lines.end(),
                                     [&](const auto& line) { return line.to == out.from; });
        std::cerr << "  " << out.to << "\n      from " << out.from << "  [" << out.row;
        if (!out.codec.empty()) std::cerr << ", " << out.codec;
        std::cerr << "]";
        if (!out.note.empty()) std::cerr << "  " << out.note;
        if (in != read.lines.end()) {
            std::cerr << "\n      read from " << in->from << "  [" << in->row;
            if (!in->codec.empty()) std::cerr << ", " << in->codec;
            std::cerr << "]";
        }
        std::cerr << "\n";
    }
    std::cerr << "\nwhat went nowhere:\n";
    for (const auto* side : {&read, &written}) {
        for (const auto& line : side->lines) {
            if (line.to.empty())
                std::cerr << "  " << line.from << (line.row.empty() ? "" : "  [" + line.row + "]")
                          << "  " << line.note << "\n";
        }
    }
}

int refused(const Problems& problems, Language language) {
    tellProblems(problems, language);
    return kFailed;
}

const plugin::Adapter* adapterOf(const pipeline::Snapshot& snapshot, const std::string& dialect) {
    const auto* adapter = snapshot.registry.find(DialectId{dialect});
    if (adapter != nullptr) return adapter;
    std::cerr << "No plugin speaks " << dialect << ". There are:";
    for (const auto* known : snapshot.registry.all()) std::cerr << " " << known->dialect().value;
    std::cerr << "\n";
    return nullptr;
}

class Translation {
public:
    Translation(const Common& common, const TranslateArguments& arguments,
                const pipeline::Snapshot& snapshot, const plugin::Adapter& from,
                const plugin::Adapter& to)
        : common_(common), arguments_(arguments), snapshot_(snapshot), from_(from), to_(to) {}

    int run() {
        const auto document =
            readDocument(from_, mapping::contentPlaces(snapshot_.library, from_.dialect()),
                         arguments_.file, arguments_.form, arguments_.attributes);
        if (!document) return refused({document.error()}, common_.language);
        const auto* decoded = &document->decoded;
        contents_ = document->contents;
        read_form_ = snapshot_.library.find(from_.dialect(), decoded->form);
        auto read = read_form_->read(decoded->document, readContext(*decoded));
        mark(read.message);
        Problems problems = std::move(read.problems);
        for (auto& problem : pipeline::checkContents(
                 snapshot_.config.settings.attachments, contents_,
                 MessageId::parse(read.message.text("message/id")).value_or(MessageId{}),
                 read.message, problems)) {
            problems.push_back(std::move(problem));
        }
        for (auto& problem : validated(read.message, problems))
            problems.push_back(std::move(problem));
        const bool broken = breaksOwnRules(*decoded, problems);
        if (broken || !problems.empty()) return refused(problems, common_.language);
        tellWarnings(read.warnings, common_.language);
        return write(read.message, read.residue);
    }

private:
    /// The sender's dialect has rules of its own: tells what they say in the words of its manifest,
    /// and whether the document may not pass. What has no words there goes to `problems`.
    bool breaksOwnRules(const plugin::Decoded& decoded, Problems& problems) const {
        bool broken = false;
        for (auto& rule : from_.check(decoded.form, decoded.document)) {
            const auto own = from_.explain(rule.place().row, common_.language);
            if (own) {
                std::cerr << (own->warning ? "warning: " : "") << rule.place().row << " ["
                          << rule.place().path << "] " << own->what << "\n    " << own->todo
                          << "\n";
                broken = broken || !own->warning;
            } else {
                problems.push_back(std::move(rule));
            }
        }
        return broken;
    }

    mapping::ReadContext readContext(const plugin::Decoded& decoded) {
        const auto& persons = snapshot_.config.settings.persons;
        sender_ = firstOf(snapshot_.config, from_.dialect(), nullptr);
        mapping::ReadContext context;
        if (sender_ != nullptr) {
            context.sender = sender_->id;
            context.settings = &sender_->settings;
        }
        context.received_at = now_;
        context.attributes = &decoded.attributes;
        context.person = {persons.interim, persons.reserve, persons.check_digits, today_};
        context.explanation = arguments_.explain ? &read_ : nullptr;
        return context;
    }

    void mark(message::Message& message) {
        sender_ = senderOf(snapshot_.config, message, from_.dialect());
        message.set("message/id", MessageId::make().text());
        message.set("message/kind", message.schema().kind);
        message.set("message/schema", message.schema().id());
        message.set("message/receivedAt", timeText(now_));
        message.set("case/id", CaseId::make().text());
        if (message.text("message/senderId").empty())
            message.set("message/senderId", "sha256:none");
        if (sender_ != nullptr) message.set("sender/party", sender_->id.value);
        receiver_ = receiverOf(snapshot_.config, message, to_.dialect(), sender_);
    }

    Problems validated(const message::Message& message, const Problems& read) const {
        const auto& persons = snapshot_.config.settings.persons;
        auto problems =
            message::validate(message, snapshot_.catalogue,
                              {persons.interim, persons.reserve, !persons.check_digits}, today_);
        std::erase_if(problems, [&](const Error& problem) {
            return problem.place().path.starts_with("receivers") ||
                   (!read.empty() && problem.code() == Code::MapMissing);
        });
        return problems;
    }

    int write(const message::Message& message, const mapping::Residue& residue) {
        if (receiver_.party == nullptr) {
            std::cerr << "The configuration has no party that speaks " << to_.dialect().value
                      << "\n";
            return kFailed;
        }
        const auto form_id = to_.outboundForm(message, receiver_.party->settings);
        const auto* form = form_id ? snapshot_.library.find(to_.dialect(), *form_id) : nullptr;
        if (form == nullptr) return refused({Error(Code::MapNoForm)}, common_.language);
        static const policy::Flow kEverything = [] {
            policy::Flow flow;
            flow.sensitive = {"*"};
            return flow;
        }();
        auto view = pipeline::viewFor(message, receiver_, kEverything);
        if (form->aliasForm() == "uuid") {
            view.message.set("case/receiver", message.text("case/id"));
        } else if (!form->aliasForm().empty() && form->aliasForm() != "text") {
            view.message.set("case/receiver", pipeline::aliasText(form->aliasForm(), 1));
        }
        mapping::WriteContext context;
        context.receiver = receiver_.party->id;
        context.receiver_function = receiver_.function;
        context.gateway = snapshot_.config.settings.party;
        const auto* door = snapshot_.config.door(receiver_.party->id, receiver_.function);
        context.endpoint = door == nullptr ? "https://localhost" : door->url();
        context.now = now_;
        context.settings = &receiver_.party->settings;
        context.residue = form == read_form_ ? &residue : nullptr;
        context.explanation = arguments_.explain ? &written_ : nullptr;
        const auto out = form->write(view.message, context);
        if (!out.problems.empty()) return refused(out.problems, common_.language);
        const int printed = print(*form_id, out);
        tellWarnings(out.warnings, common_.language);
        tellLosses(out.losses, common_.language);
        if (form != read_form_) {
            for (const auto& [path, text] : residue.fields) {
                tellLosses({{Code::MapLossResidue, {}, path, {}}}, common_.language);
            }
        }
        if (arguments_.explain) tellExplanation(read_, written_);
        return printed;
    }

    int print(const FormId& form, const mapping::WriteOutcome& out) const {
        if (!arguments_.wire) {
            std::cout << codec::withContents(out.document, contents_) << "\n";
            return kDone;
        }
        const auto wire = to_.encode(form, out.document, out.attributes, receiver_.party->settings);
        if (!wire) return refused({wire.error()}, common_.language);
        std::cout << codec::withContents(wire->body, contents_) << "\n";
        return kDone;
    }

    const Common& common_;
    const TranslateArguments& arguments_;
    const pipeline::Snapshot& snapshot_;
    const plugin::Adapter& from_;
    const plugin::Adapter& to_;
    const Time now_ = SystemClock().now();
    const std::string today_ = message::stockholmDate(now_);
    const config::Party* sender_ = nullptr;
    const mapping::Form* read_form_ = nullptr;
    std::vector<codec::CutContent> contents_;
    pipeline::Receiver receiver_;
    mapping::Explanation read_, written_;
};

}  // namespace

int translate(const Common& common, const TranslateArguments& arguments) {
    mapping::LoadOptions options;
    options.law_messages = 0;  // `mapping check` proves; this only translates
    const auto snapshot = pipeline::loadSnapshot(configFolder(common), options);
    if (!snapshot) {
        tellProblems(snapshot.error(), common.language);
        return kConfiguration;
    }
    const auto* from = adapterOf(**snapshot, arguments.from);
    const auto* to = adapterOf(**snapshot, arguments.to);
    if (from == nullptr || to == nullptr) return kUsage;
    return Translation(common, arguments, **snapshot, *from, *to).run();
}

}  // namespace stafett::app
