// stafett mapping try: a document read by a mapping, shown, and written back.
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "gateway/app/commands.h"
#include "gateway/app/file_watch.h"
#include "gateway/app/mapping_files.h"
#include "gateway/app/show.h"
#include "gateway/app/trial_input.h"
#include "gateway/codec/canonical.h"
#include "gateway/codec/read.h"
#include "gateway/codec/write.h"
#include "gateway/config/config.h"
#include "gateway/mapping/library.h"
#include "gateway/mapping/report.h"
#include "gateway/message/dates.h"

namespace stafett::app {
namespace {

namespace fs = std::filesystem;
using mapping::Direction;

constexpr std::string_view kMadeUpId = "00000000-0000-7000-8000-000000000001";

Result<codec::Document> parsed(std::string_view bytes, codec::Format format) {
    constexpr codec::Encoding kAllowed[] = {codec::Encoding::Latin1, codec::Encoding::Windows1252};
    const codec::ReadOptions options{.limits = {}, .allowed = kAllowed};
    if (format == codec::Format::Json) return codec::readJson(bytes, options);
    ST_TRY(auto document, codec::readXml(bytes, options));
    if (document.root().name != "Envelope") return document;
    const auto body = document.child(0, "Body");
    if (body == codec::kNoNode) return document;
    for (auto at = document.node(body).first_child; at != codec::kNoNode;
         at = document.node(at).next) {
        if (document.node(at).kind == codec::NodeKind::Element)
            return std::move(document).subtree(at);
    }
    return document;
}

/// For comparing: members of JSON objects in one order, since theirs means nothing.
std::string comparable(const std::string& document, codec::Format format) {
    if (format == codec::Format::Xml) return indented(document, format);
    return nlohmann::json::parse(document, nullptr, false)
        .dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// One reading and writing back, told to a person.
class Trial {
public:
    Trial(const Common& common, const TryArguments& arguments)
        : common_(common), arguments_(arguments), file_(mappingOf(arguments.mapping)) {}

    int run() {
        const auto catalogue = message::Catalogue::load(canonicalFor(common_, file_));
        if (!catalogue) return findings(catalogue.error());
        mapping::LoadOptions options;
        options.law_messages = 0;  // `mapping check` proves; this only tries
        const auto form = mapping::loadForm(file_, *catalogue, options);
        if (!form) return findings(form.error());
        const auto input = trialInput(common_, arguments_, **form);
        if (!input) {
            tellProblems({input.error()}, common_.language);
            return input.error().code() == Code::CliUsage ? kUsage : kFailed;
        }
        std::cout << paint_.head((*form)->dialect() + "/" + (*form)->name()) << " "
                  << (*form)->version() << ", " << (*form)->schema().id() << "\n"
                  << w("document: ", "dokument: ") << input->from << "\n";
        return (*form)->does(Direction::Read) ? readAndBack(**form, *input)
                                              : writeOnly(**form, *input);
    }

private:
    const char* w(const char* en, const char* sv) const {
        return common_.language == Language::Swedish ? sv : en;
    }
    void heading(const char* en, const char* sv) const {
        std::cout << "\n" << paint_.head(w(en, sv)) << "\n";
    }
    int findings(const Problems& problems) const {
        mapping::checkReport(std::cout, problems, common_.language);
        return kConfiguration;
    }
    void tell(const Problems& problems, const Problems& warnings) const {
        for (const auto& one : problems) {
            std::cout << paint_.bad(w("refused: ", "avvisas: ")) << describe(one, common_.language)
                      << "\n         " << one.info().todo(common_.language) << "\n";
        }
        for (const auto& one : warnings) {
            std::cout << paint_.odd(w("warning: ", "varning: ")) << describe(one, common_.language)
                      << "\n";
        }
    }
    void explain(const mapping::Explanation& explanation) const {
        if (!arguments_.explain) return;
        std::cout << "\n";
        mapping::explainReport(std::cout, explanation, common_.language);
    }

    int readAndBack(const mapping::Form& form, const TrialInput& input) {
        heading("read", "läst");
        // Contents of attachments are shown as their marks, as the mapping sees them.
        const auto cut = codec::cutContents(input.document, form.format(), form.contents().inside,
                                            config::Attachments{}.content);
        const auto document = parsed(cut.body, form.format());
        if (!document) {
            tell({document.error()}, {});
            return kFailed;
        }
        mapping::Explanation explanation;
        mapping::ReadContext context;
        context.sender = input.party;
        context.received_at = now_;
        context.settings = &input.settings;
        context.attributes = &input.attributes;
        context.person.today = message::stockholmDate(now_);
        if (arguments_.explain) context.explanation = &explanation;
        auto read = form.read(*document, context);
        if (read.problems.empty()) {
            std::cout << indented(message::print(read.message), codec::Format::Json) << "\n";
        }
        tell(read.problems, read.warnings);
        for (const auto& [path, text] : read.residue.fields) {
            std::cout << paint_.odd(w("kept:    ", "behålls: ")) << path << " = " << text
                      << w("  (for the same dialect only)", "  (endast till samma dialekt)")
                      << "\n";
        }
        explain(explanation);
        if (!read.problems.empty()) return kFailed;
        if (!form.does(Direction::Write)) {
            std::cout << "\n" << w("This form is only read.", "Denna form läses bara.") << "\n";
            return kDone;
        }
        turn(read.message);
        const std::string before = codec::print(*document);
        return write(form, input, read.message, &read.residue, &before);
    }

    /// As if the message went back to whoever sent it: its ids are theirs again.
    static void turn(message::Message& message) {
        const std::string id(message.text("message/senderId"));
        const std::string sender(message.text("case/sender"));
        const std::string receiver(message.text("case/receiver"));
        message.set("message/id", id.empty() ? kMadeUpId : id);
        message.set("case/sender", receiver);
        message.set("case/receiver", sender);
    }

    int writeOnly(const mapping::Form& form, const TrialInput& input) {
        const auto catalogue = message::Catalogue::load(canonicalFor(common_, file_));
        std::shared_ptr<const message::Schema> schema;
        for (const auto& one : catalogue->schemas()) {
            if (one->id() == form.schema().id()) schema = one;
        }
        auto message = codec::readCanonical(input.document, schema);
        if (!message) {
            tell({message.error()}, {});
            std::cout << w("This form is only written: the document is a canonical message.",
                           "Denna form skrivs bara: dokumentet är ett kanoniskt meddelande.")
                      << "\n";
            return kFailed;
        }
        if (message->text("message/id").empty()) message->set("message/id", kMadeUpId);
        return write(form, input, *message, nullptr, nullptr);
    }

    int write(const mapping::Form& form, const TrialInput& input, const message::Message& message,
              const mapping::Residue* residue, const std::string* before) {
        heading(before == nullptr ? "written" : "written back",
                before == nullptr ? "skrivet" : "skrivet tillbaka");
        mapping::Explanation explanation;
        const auto out = form.write(message, writeContext(input, message, residue, explanation));
        if (out.problems.empty()) show(form, out, before);
        tell(out.problems, out.warnings);
        if (!out.losses.empty()) {
            std::cout << "\n" << paint_.odd(w("losses:", "går inte med:")) << "\n";
            mapping::lossReport(std::cout, out.losses, common_.language);
        }
        explain(explanation);
        return out.problems.empty() ? kDone : kFailed;
    }

    mapping::WriteContext writeContext(const TrialInput& input, const message::Message& message,
                                       const mapping::Residue* residue,
                                       mapping::Explanation& explanation) const {
        mapping::WriteContext context;
        context.receiver = input.party;
        const auto& receivers = message.items("receivers");
        if (!receivers.empty()) {
            const auto& first = receivers.front();
            if (const auto field = first.type().find("function"))
                context.receiver_function = FunctionId{std::string(first.text(*field))};
            if (const auto field = first.type().find("party"); field && input.party.value.empty())
                context.receiver = PartyId{std::string(first.text(*field))};
        }
        context.gateway = PartyId{"5565594230"};
        context.endpoint = "https://receiver.example.org/in";
        context.now = now_;
        context.settings = &input.settings;
        context.residue = residue;
        if (arguments_.explain) context.explanation = &explanation;
        return context;
    }

    void show(const mapping::Form& form, const mapping::WriteOutcome& out,
              const std::string* before) const {
        for (const auto& [name, value] : out.attributes.all()) {
            std::cout << "attr:" << name << " = " << value << "\n";
        }
        const auto document = parsed(out.document, form.format());
        const std::string after = document ? codec::print(*document) : out.document;
        std::cout << indented(after, form.format()) << "\n";
        if (before == nullptr) return;
        const auto wanted = comparable(*before, form.format());
        const auto found = comparable(after, form.format());
        if (wanted == found) {
            std::cout << paint_.good(w("the same as the document", "samma som dokumentet")) << "\n";
            return;
        }
        std::cout << "\n"
                  << paint_.odd(w("differs from the document (- read, + written):",
                                  "skiljer sig från dokumentet (- läst, + skrivet):"))
                  << "\n";
        showDifference(std::cout, paint_, wanted, found);
    }

    const Common& common_;
    const TryArguments& arguments_;
    const fs::path file_;
    const Paint paint_{1};
    const Time now_ = SystemClock().now();
};

/// Where a change means that the trial may come out otherwise.
std::set<fs::path> watchedFolders(const Common& common, const TryArguments& arguments) {
    const auto dialect = mappingOf(arguments.mapping).parent_path();
    const auto canonical = canonicalFor(common, mappingOf(arguments.mapping));
    std::set<fs::path> folders = {dialect, dialect / "codes", canonical, canonical / "codes"};
    if (!arguments.document.empty()) folders.insert(fs::absolute(arguments.document).parent_path());
    return folders;
}

}  // namespace

int mappingTry(const Common& common, const TryArguments& arguments) {
    if (const auto there = isThere(mappingOf(arguments.mapping)); !there) {
        tellProblems({there.error()}, common.language);
        return kUsage;
    }
    if (!arguments.watch) return Trial(common, arguments).run();
    auto watch = FileWatch::open(watchedFolders(common, arguments));
    if (!watch) {
        tellProblems({watch.error()}, common.language);
        return kFailed;
    }
    const bool swedish = common.language == Language::Swedish;
    for (;;) {
        if (Paint(1).terminal()) std::cout << "\033[2J\033[H";
        Trial(common, arguments).run();
        std::cout << "\n"
                  << (swedish ? "Väntar på ändringar; Ctrl-C avslutar."
                              : "Waiting for changes; Ctrl-C ends.")
                  << std::endl;
        if (watch->wait() == FileWatch::Woken::Ended) return kDone;
        std::cout << "\n";
    }
}

}  // namespace stafett::app
