#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "gateway/base/result.h"

// The commands of `stafett`, one file each; stafett.cpp reads the command line and calls them. Each
// returns the process's exit code: 0 done, 1 refused or failed, 64 usage, 78 configuration.
namespace stafett::app {

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 64;
inline constexpr int kConfiguration = 78;

/// What every command may be told.
struct Common {
    Language language = Language::English;
    bool json = false;
    std::filesystem::path config;  ///< a configuration folder; empty = found by itself
    std::uint16_t admin_port = 0;  ///< of a running gateway; 0 = found by itself
};

/// The folder given, else STAFETT_CONFIG, else var/run/config, else config/examples/single-node.
std::filesystem::path configFolder(const Common& common);

/// Prints problems one a line to standard error, and what to do.
void tellProblems(const Problems& problems, Language language);

/// Takes out what is told already, word for word.
void tellEachOnce(Problems& problems);

/// Waits for SIGTERM or SIGINT, for a command that stays up.
void waitToBeStopped();

int check(const Common& common);

struct TranslateArguments {
    std::string from, to, form;
    std::vector<std::string> attributes;  ///< NAME=VALUE
    std::filesystem::path file;
    bool explain = false;
    bool wire = false;  ///< with the receiver's envelope
};
int translate(const Common& common, const TranslateArguments& arguments);

struct PolicyArguments {
    std::string from, to, kind;
    std::string date;          ///< YYYY-MM-DD; empty = today
    std::string municipality;  ///< the person's kommunkod; empty = the sender's own
    std::string hours;         ///< a week, for the rules
};
int policyExplain(const Common& common, const PolicyArguments& arguments);

int mappingCheck(const Common& common, const std::vector<std::string>& files);
int mappingTest(const Common& common, const std::vector<std::string>& files);
struct TryArguments {
    std::filesystem::path mapping, document;
    std::vector<std::string> attributes;
    bool explain = false;
    bool watch = false;
};
int mappingTry(const Common& common, const TryArguments& arguments);

int pluginNew(const Common& common, const std::string& name);
int pluginCheck(const Common& common, const std::filesystem::path& file);

struct CasesArguments {
    std::string holder, party, state, after;
    bool between_chairs = false;
    unsigned limit = 50;
};
int cases(const Common& common, const CasesArguments& arguments);
int caseForParticipant(const Common& common, const std::string& id);

int traceId(const Common& common, const std::string& id);
struct SearchArguments {
    std::string id, party, kind, state, case_id, from, to, after;
    unsigned limit = 50;
};
int search(const Common& common, const SearchArguments& arguments);

int deliveryRelease(const Common& common, const std::string& id);
int deliverySkip(const Common& common, const std::string& id, const std::string& because);

struct SimulateArguments {
    std::filesystem::path script;
    std::uint16_t inbox_port = 0;  ///< of the gateway; 0 = as configured
    bool stay = false;             ///< the agencies go on answering when the script is done
};
int simulate(const Common& common, const SimulateArguments& arguments);
struct PlayArguments {
    std::string scenario;          ///< a folder, or the name of one under config/examples
    std::size_t participants = 0;  ///< 0 = as many as the script says
    double speed = 1.0;            ///< the gateway's seconds to one of the world's
    bool keep = false;             ///< the gateway stays up when the play is over
};
int play(const Common& common, const PlayArguments& arguments);
struct SendArguments {
    std::string system, path;
    std::vector<std::string> headers;  ///< "Name: value"
    std::filesystem::path file;
    std::uint16_t inbox_port = 0;
};
int sendDocument(const Common& common, const SendArguments& arguments);

struct ReportArguments {
    std::string report;    ///< empty: which there are
    std::string from, to;  ///< YYYY-MM; empty: the twelve months that closed last
    std::string by;
    bool csv = false;
    std::filesystem::path svg;  ///< where a picture of it is written
};
int report(const Common& common, const ReportArguments& arguments);
int reportImport(const Common& common, const std::filesystem::path& file);

int keys(const Common& common);
int keysPublic(const Common& common);
int keysRewrap(const Common& common, std::uint32_t batch);
int explainCode(const Common& common, const std::string& code);

}  // namespace stafett::app
