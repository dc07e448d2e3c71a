// stafett: the command for agency IT, admins and people who trace messages.
#include <CLI/CLI.hpp>
#include <iostream>

#include "gateway/app/commands.h"

namespace stafett::app {
namespace {

/// Runs what was chosen once the whole command line is read; CLI11 reports what is wrong with it.
class Chosen {
public:
    template <class Run>
    void on(CLI::App* command, Run run) {
        command->callback([this, run] { code_ = run(); });
    }
    template <class Run>
    void run(Run run) {
        code_ = run();
    }
    int code() const { return code_; }

private:
    int code_ = kDone;
};

struct Options {
    Common common;
    std::string language = "en";
    TranslateArguments translate;
    PolicyArguments policy;
    std::vector<std::string> files;
    TryArguments tried;
    SearchArguments search;
    CasesArguments cases;
    bool for_participant = false;
    SimulateArguments simulate;
    PlayArguments play;
    SendArguments send;
    ReportArguments report;
    std::string id, name, because;
    std::uint32_t batch = 200;
    std::filesystem::path file;
};

void addConfiguration(CLI::App& app, Options& o, Chosen& chosen) {
    auto* check_command =
        app.add_subcommand("check", "Check a configuration whole, as the gateway would load it");
    check_command->add_option("DIR", o.common.config, "the configuration folder");
    chosen.on(check_command, [&o] { return check(o.common); });

    auto* keys_command =
        app.add_subcommand("keys", "The key ring: its keys, and how many messages each seals");
    keys_command->add_option("--admin", o.common.admin_port,
                             "port of the gateway's admin listener");
    auto* public_command = keys_command->add_subcommand(
        "public", "The public keys that receipts are verified with (JWKS)");
    public_command->add_option("--config", o.common.config, "the configuration folder");
    chosen.on(public_command, [&o] { return keysPublic(o.common); });
    auto* rewrap_command = keys_command->add_subcommand(
        "rewrap", "Wrap every message's data key under the active key, while the gateway runs");
    rewrap_command->add_option("--batch", o.batch, "messages a step")->check(CLI::Range(1, 2000));
    rewrap_command->add_option("--admin", o.common.admin_port,
                               "port of the gateway's admin listener");
    chosen.on(rewrap_command, [&o] { return keysRewrap(o.common, o.batch); });
    keys_command->callback([&o, &chosen, keys_command] {
        if (keys_command->get_subcommands().empty()) chosen.run([&o] { return keys(o.common); });
    });

    auto* explain_command =
        app.add_subcommand("explain", "What a code means and what to do, in Swedish and English");
    explain_command->add_option("CODE", o.id, "ST-MAP-014")->required();
    chosen.on(explain_command, [&o] { return explainCode(o.common, o.id); });
}

void addMapping(CLI::App& app, Options& o, Chosen& chosen) {
    auto* translate_command = app.add_subcommand(
        "translate",
        "Translate a document from one dialect to another; losses go to standard error");
    translate_command->add_option("--from", o.translate.from, "the sender's dialect")->required();
    translate_command->add_option("--to", o.translate.to, "the receiver's dialect")->required();
    translate_command->add_option("--form", o.translate.form,
                                  "the sender's form (default: found out)");
    translate_command->add_option("--attr", o.translate.attributes,
                                  "NAME=VALUE: a header, a file name");
    translate_command->add_option("--config", o.common.config, "the configuration folder");
    translate_command->add_flag("--explain", o.translate.explain,
                                "say where each field came from and went");
    translate_command->add_flag("--wire", o.translate.wire, "with the receiver's envelope");
    translate_command->add_option("FILE", o.translate.file, "the document")->required();
    chosen.on(translate_command, [&o] { return translate(o.common, o.translate); });

    auto* mapping = app.add_subcommand("mapping", "Check, test and try mappings");
    mapping->require_subcommand(1);
    auto* check_command =
        mapping->add_subcommand("check", "Everything wrong with mappings, with file, line and row");
    check_command->add_option(
        "FILES", o.files,
        "mapping files, or folders of them (default: all of the configuration's)");
    check_command->add_option("--config", o.common.config, "the configuration folder");
    chosen.on(check_command, [&o] { return mappingCheck(o.common, o.files); });
    auto* test_command = mapping->add_subcommand("test", "Run the tests beside mappings");
    test_command->add_option(
        "FILES", o.files,
        "mapping files, or folders of them (default: all of the configuration's)");
    test_command->add_option("--config", o.common.config, "the configuration folder");
    chosen.on(test_command, [&o] { return mappingTest(o.common, o.files); });
    auto* try_command =
        mapping->add_subcommand("try", "Read a document with a mapping, and write it back");
    try_command->add_option("MAPPING", o.tried.mapping, "the mapping file")->required();
    try_command->add_option("DOCUMENT", o.tried.document,
                            "the document (default: the first test beside the mapping)");
    try_command->add_option("--attr", o.tried.attributes, "NAME=VALUE: a header, a file name");
    try_command->add_option("--config", o.common.config,
                            "the configuration folder, for the party's settings");
    try_command->add_flag("--explain", o.tried.explain, "say where each field came from and went");
    try_command->add_flag("--watch", o.tried.watch, "again whenever a file changes");
    chosen.on(try_command, [&o] { return mappingTry(o.common, o.tried); });
}

void addPolicy(CLI::App& app, Options& o, Chosen& chosen) {
    auto* policy = app.add_subcommand("policy", "Ask who may send what to whom");
    policy->require_subcommand(1);
    auto* explain = policy->add_subcommand(
        "explain", "Which flow decides and why others do not, and which rules speak");
    explain->add_option("--from", o.policy.from, "the sender's organisationsnummer")->required();
    explain->add_option("--to", o.policy.to, "the receiver's organisationsnummer")->required();
    explain->add_option("--kind", o.policy.kind, "referral, handover, answer, …")->required();
    explain->add_option("--date", o.policy.date, "YYYY-MM-DD (default: today)");
    explain->add_option("--municipality", o.policy.municipality,
                        "the person's kommunkod (default: the sender's own)");
    explain->add_option("--hours", o.policy.hours, "hours a week, for the rules: 8.0");
    explain->add_option("--config", o.common.config, "the configuration folder");
    chosen.on(explain, [&o] { return policyExplain(o.common, o.policy); });
}

void addPlugin(CLI::App& app, Options& o, Chosen& chosen) {
    auto* plugin = app.add_subcommand("plugin", "Make and check plugins");
    plugin->require_subcommand(1);
    auto* new_command =
        plugin->add_subcommand("new", "Make a new dialect that builds and passes its tests");
    new_command->add_option("NAME", o.name, "the dialect's name, lower snake")->required();
    chosen.on(new_command, [&o] { return pluginNew(o.common, o.name); });
    auto* check_command = plugin->add_subcommand(
        "check", "The conformance kit: load a plugin as the gateway does and try it");
    check_command->add_option("FILE", o.file, "the plugin's .so")->required();
    chosen.on(check_command, [&o] { return pluginCheck(o.common, o.file); });
}

void addTracing(CLI::App& app, Options& o, Chosen& chosen) {
    auto* trace_command = app.add_subcommand(
        "trace", "The whole story of a message, refusal or case, in plain words");
    trace_command
        ->add_option("ID", o.id,
                     "a message's, refusal's, case's or delivery's id, or the sender's own")
        ->required();
    chosen.on(trace_command, [&o] { return traceId(o.common, o.id); });
    auto* case_command = app.add_subcommand("case", "The whole story of one case");
    case_command->add_option("ID", o.id, "the case's id, or any message's of it")->required();
    case_command->add_flag("--for-participant", o.for_participant,
                           "the participant's page, in plain Swedish");
    chosen.on(case_command, [&o] {
        return o.for_participant ? caseForParticipant(o.common, o.id) : traceId(o.common, o.id);
    });
    auto* cases_command = app.add_subcommand("cases", "Who holds which case, and who owes what");
    cases_command->add_flag("--between-chairs", o.cases.between_chairs,
                            "those that nobody answers for in time, longest first");
    cases_command->add_option("--holder", o.cases.holder, "organisationsnummer of who holds it");
    cases_command->add_option("--party", o.cases.party, "of anybody who has a part in it");
    cases_command->add_option("--state", o.cases.state, "open, closed")
        ->check(CLI::IsMember({"open", "closed"}));
    cases_command->add_option("--after", o.cases.after,
                              "the next page: what the last one ended with");
    cases_command->add_option("--limit", o.cases.limit, "rows a page")->check(CLI::Range(1, 500));
    chosen.on(cases_command, [&o] { return cases(o.common, o.cases); });
    auto* search_command = app.add_subcommand("search", "Find messages");
    search_command->add_option("--id", o.search.id, "the sender's own id");
    search_command->add_option("--case", o.search.case_id, "a case's id");
    search_command->add_option("--party", o.search.party,
                               "organisationsnummer of sender or receiver");
    search_command->add_option("--kind", o.search.kind, "referral, handover, answer, notice, …");
    search_command->add_option("--state", o.search.state, "of any delivery of the message")
        ->check(CLI::IsMember({"waiting", "delivered", "held", "skipped", "withdrawn"}));
    search_command->add_option("--from", o.search.from,
                               "from this day or time (YYYY-MM-DD or UTC time)");
    search_command->add_option("--to", o.search.to, "before this day or time");
    search_command->add_option("--after", o.search.after,
                               "the next page: what the last one ended with");
    search_command->add_option("--limit", o.search.limit, "rows a page")->check(CLI::Range(1, 500));
    chosen.on(search_command, [&o] { return search(o.common, o.search); });
    for (auto* command : {trace_command, case_command, cases_command, search_command}) {
        command->add_option("--admin", o.common.admin_port,
                            "port of the gateway's admin listener (default: found by itself)");
    }
}

void addSimulation(CLI::App& app, Options& o, Chosen& chosen) {
    auto* simulate_command = app.add_subcommand(
        "simulate", "Play a conversation between simulated agencies through a running gateway");
    simulate_command->add_option("--config", o.common.config, "the configuration folder");
    simulate_command->add_option("--script", o.simulate.script, "the conversation")->required();
    simulate_command->add_option("--admin", o.common.admin_port,
                                 "port of the gateway's admin listener");
    simulate_command->add_option("--inbox", o.simulate.inbox_port, "port of the gateway's inbox");
    simulate_command->add_flag("--stay", o.simulate.stay,
                               "go on answering when the script is done");
    chosen.on(simulate_command, [&o] { return simulate(o.common, o.simulate); });

    auto* play_command = app.add_subcommand(
        "play",
        "Play a scenario to its end on a gateway of its own, and show the baton on its way");
    play_command
        ->add_option("SCENARIO", o.play.scenario, "its folder, or its name under config/examples")
        ->required();
    play_command->add_option("--config", o.common.config,
                             "the configuration (default: the scenario's own)");
    play_command->add_option("--participants", o.play.participants, "at once, each with own ids")
        ->check(CLI::Range(1, 10'000));
    play_command->add_option("--speed", o.play.speed, "the gateway's seconds to one of the world's")
        ->check(CLI::Range(0.001, 1e7));
    play_command->add_flag("--keep", o.play.keep, "leave the gateway up when the play is over");
    chosen.on(play_command, [&o] { return play(o.common, o.play); });

    auto* send_command =
        app.add_subcommand("send", "Post a document to the gateway as an agency's system");
    send_command->add_option("--as", o.send.system, "the system: af-system, fk-system, …")
        ->required();
    send_command
        ->add_option("--path", o.send.path, "the dialect's path: /arende, /v1/leverantorsavrop, …")
        ->required();
    send_command->add_option("--header", o.send.headers, "\"Name: value\"");
    send_command->add_option("--config", o.common.config, "the configuration folder");
    send_command->add_option("--inbox", o.send.inbox_port, "port of the gateway's inbox");
    send_command->add_option("FILE", o.send.file, "the document")->required();
    chosen.on(send_command, [&o] { return sendDocument(o.common, o.send); });
}

void addOperating(CLI::App& app, Options& o, Chosen& chosen) {
    auto* delivery = app.add_subcommand("delivery", "Send a held delivery on, or take it out");
    delivery->require_subcommand(1);
    auto* release_command = delivery->add_subcommand(
        "release", "Try a held delivery again now, with the same bytes and id");
    chosen.on(release_command, [&o] { return deliveryRelease(o.common, o.id); });
    auto* skip_command =
        delivery->add_subcommand("skip", "Never deliver it: those behind it in the case go on");
    skip_command->add_option("--because", o.because, "why; it stands in the trace")
        ->required()
        ->check(CLI::IsMember(
            {"receiver_has_it", "told_otherwise", "wrong_receiver", "no_longer_relevant"}));
    chosen.on(skip_command, [&o] { return deliverySkip(o.common, o.id, o.because); });
    for (auto* command : {release_command, skip_command}) {
        command->add_option("ID", o.id, "the delivery's id, as stafett trace shows it")->required();
        command->add_option("--admin", o.common.admin_port, "port of the gateway's admin listener");
    }
}

void addFollowUp(CLI::App& app, Options& o, Chosen& chosen) {
    auto* report_command = app.add_subcommand(
        "report", "Numbers of follow-up over closed months; none of them tells of one to four");
    report_command->add_option("NAME", o.report.report, "which one (default: all there are)");
    report_command->add_option("--from", o.report.from,
                               "the first month, YYYY-MM (default: twelve months back)");
    report_command->add_option("--to", o.report.to, "the last month (default: the last closed)");
    report_command->add_option("--by", o.report.by, "split by this: sf, municipality, source, …");
    report_command->add_flag("--csv", o.report.csv, "as CSV");
    report_command->add_option("--svg", o.report.svg, "write a picture of it to this file");
    report_command->add_option("--admin", o.common.admin_port,
                               "port of the gateway's admin listener");
    auto* import_command = report_command->add_subcommand(
        "import", "Take in what participants have said, as an evaluator's CSV");
    import_command->add_option("FILE", o.file, "the CSV (docs/reports.md)")->required();
    import_command->add_option("--admin", o.common.admin_port,
                               "port of the gateway's admin listener");
    chosen.on(import_command, [&o] { return reportImport(o.common, o.file); });
    report_command->callback([&o, &chosen, report_command] {
        if (report_command->get_subcommands().empty()) {
            chosen.run([&o] { return report(o.common, o.report); });
        }
    });
}

/// What is wrong when a word stands where a command should; CLI11 only says that one is missing.
std::string wrongCommand(const CLI::App& app) {
    const CLI::App* at = &app;
    while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
    if (at->get_require_subcommand_min() == 0) return {};
    for (const auto& word : app.remaining(true)) {
        if (word.starts_with('-')) continue;
        std::vector<std::string> known;
        for (const auto* command : at->get_subcommands({})) known.push_back(command->get_name());
        const auto near = nearest(word, known);
        return "There is no command " + word +
               (near.empty() ? "" : "; did you mean " + near + "?") +
               "\nRun with --help for more information.\n";
    }
    return {};
}

}  // namespace
}  // namespace stafett::app

int main(int count, char** arguments) {
    using namespace stafett::app;
    CLI::App app("Stafett: a gateway between agencies. The baton is always in exactly one hand.",
                 "stafett");
    app.require_subcommand(1);
    app.fallthrough();
    app.set_version_flag("--version", "0.1.0");
    Options options;
    Chosen chosen;
    app.add_flag("--json", options.common.json, "machine-readable output");
    app.add_option("--lang", options.language, "sv or en")->check(CLI::IsMember({"sv", "en"}));
    app.parse_complete_callback([&options] {
        options.common.language =
            options.language == "sv" ? stafett::Language::Swedish : stafett::Language::English;
    });
    addConfiguration(app, options, chosen);
    addMapping(app, options, chosen);
    addPolicy(app, options, chosen);
    addPlugin(app, options, chosen);
    addTracing(app, options, chosen);
    addSimulation(app, options, chosen);
    addOperating(app, options, chosen);
    addFollowUp(app, options, chosen);
    try {
        app.parse(count, arguments);
    } catch (const CLI::ParseError& e) {
        if (const auto wrong = wrongCommand(app); !wrong.empty()) {
            std::cerr << wrong;
            return kUsage;
        }
        return app.exit(e) == 0 ? kDone : kUsage;
    }
    return chosen.code();
}
