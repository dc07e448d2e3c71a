#include "tests/support/running_gateway.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <iostream>
#include <thread>

namespace stafett::support {
namespace {

const std::filesystem::path kBin = std::filesystem::path(STAFETT_BUILD_DIR) / "bin";
constexpr std::chrono::seconds kPatience{60};

struct Known {
    const char *dialect, *system;
};
const std::map<std::string, Known> kAgencies = {{"af", {"employment_service", "af-system"}},
                                                {"fk", {"social_insurance", "fk-system"}},
                                                {"kommun", {"municipality", "kommun-system"}},
                                                {"region", {"region", "region-system"}}};

/// Starts a program with its outputs at these descriptors.
pid_t spawn(const std::filesystem::path& program, const std::vector<std::string>& arguments,
            int out, int err) {
    std::vector<std::string> words = {program.string()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    argv.reserve(words.size() + 1);
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const pid_t pid = ::fork();
    if (pid < 0) throw std::runtime_error("fork failed");
    if (pid == 0) {
        ::dup2(out, STDOUT_FILENO);
        ::dup2(err, STDERR_FILENO);
        ::execv(argv[0], argv.data());
        ::_exit(127);
    }
    return pid;
}

int waitFor(pid_t pid) {
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// What the first gateway of this program has proven of its mappings, so that the others need not.
class Proven {
public:
    void give(const std::filesystem::path& file) const {
        if (!text_.empty() && !std::filesystem::exists(file)) writeFile(file, text_);
    }
    void keep(const std::filesystem::path& file) {
        if (text_.empty() && std::filesystem::exists(file)) text_ = readFile(file);
    }

private:
    std::string text_;
};

int fileToWrite(const std::filesystem::path& file) {
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) throw std::runtime_error("cannot write " + file.string());
    return fd;
}

}  // namespace

bool until(const std::function<bool()>& condition, std::chrono::milliseconds within) {
    const auto deadline = Deadline::in(within);
    while (!condition()) {
        if (deadline.passed()) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
}

Ran run(const std::string& program, const std::vector<std::string>& arguments) {
    static std::atomic<int> count{0};
    const auto base = std::filesystem::path(STAFETT_BUILD_DIR) / "e2e" /
                      ("ran-" + std::to_string(::getpid()) + "-" + std::to_string(++count));
    const std::filesystem::path out_file = base.string() + ".out",
                                err_file = base.string() + ".err";
    const int out = fileToWrite(out_file);
    const int err = fileToWrite(err_file);
    Ran ran;
    ran.code = waitFor(spawn(kBin / program, arguments, out, err));
    ::close(out);
    ::close(err);
    ran.out = readFile(out_file);
    ran.err = readFile(err_file);
    std::filesystem::remove(out_file);
    std::filesystem::remove(err_file);
    return ran;
}

RunningGateway::RunningGateway(const std::string& name,
                               const std::function<void(const GatewayFolder&)>& change)
    : folder_(name) {
    if (change) change(folder_);
    start();
}

RunningGateway::~RunningGateway() {
    if (!process_ || process_->isRunning()) return;
    std::cerr << "stafettd had ended by itself\n";
}

void RunningGateway::start(const std::string& program) {
    static Proven proven;
    const auto errors = folder_.root() / "stafettd.err";
    const auto proofs = folder_.root() / "mapping-proofs.json";
    proven.give(proofs);
    auto process = app::GatewayProcess::start(kBin / program, folder_.config(), errors);
    if (!process) throw std::runtime_error("stafettd did not start: " + readFile(errors));
    process_ = std::move(*process);
    proven.keep(proofs);
    app::Common common;
    common.admin_port = folder_.adminPort();
    auto client = app::GatewayClient::connect(common);
    if (!client) throw std::runtime_error("no admin client");
    admin_ = std::make_unique<app::GatewayClient>(std::move(*client));
}

int RunningGateway::waitForEnd(std::chrono::seconds within) {
    if (!until([&] { return !process_->isRunning(); }, within)) {
        throw std::runtime_error("stafettd goes on");
    }
    const int code = process_->terminate();
    process_.reset();
    return code;
}

void RunningGateway::terminate() {
    const int code = process_->terminate();
    process_.reset();
    if (code != 0) throw std::runtime_error("stafettd ended with " + std::to_string(code));
}

void RunningGateway::kill() {
    process_->kill();
    process_.reset();
}

std::string RunningGateway::reload() {
    const auto before = readFile(folder_.log()).size();
    ::kill(process_->id(), SIGHUP);
    std::string outcome;
    const bool told = until([&] {
        const auto text = readFile(folder_.log()).substr(before);
        for (const char* word : {"reload_refused", "reloaded"}) {
            if (text.find(std::string("\"") + word + "\"") != std::string::npos) outcome = word;
        }
        return !outcome.empty();
    });
    if (!told) throw std::runtime_error("the log says nothing of a reload");
    return outcome;
}

app::Agency& RunningGateway::agency(const std::string& name) {
    auto& agency = agencies_[name];
    if (!agency) {
        const auto& known = kAgencies.at(name);
        auto opened = app::Agency::open({.name = name,
                                         .dialect = known.dialect,
                                         .host = "localhost",
                                         .port = folder_.agencyPort(name),
                                         .certificates = folder_.certificates(),
                                         .system = known.system});
        if (!opened) throw std::runtime_error("cannot open agency " + name);
        agency = std::move(*opened);
    }
    return *agency;
}

std::unique_ptr<app::Agency> RunningGateway::handOver(const std::string& name) {
    agency(name);
    return std::move(agencies_.at(name));
}

app::Agency& RunningGateway::stranger(const std::string& system) {
    auto& agency = agencies_["stranger:" + system];
    if (!agency) {
        auto opened = app::Agency::open({.name = system,
                                         .dialect = "",
                                         .host = "localhost",
                                         .port = 0,
                                         .certificates = folder_.certificates(),
                                         .system = system});
        if (!opened) throw std::runtime_error("cannot open " + system);
        agency = std::move(*opened);
    }
    return *agency;
}

Result<transport::HttpResponse> RunningGateway::trySend(const std::string& name,
                                                        transport::HttpRequest request) {
    return agencies_.at(name)->post("localhost", folder_.inboxPort(), std::move(request));
}

transport::HttpResponse RunningGateway::send(const std::string& name,
                                             transport::HttpRequest request) {
    agency(name);
    auto answer = trySend(name, std::move(request));
    if (!answer) {
        throw std::runtime_error("no answer: " + describe(answer.error(), Language::English));
    }
    return std::move(*answer);
}

Json RunningGateway::admin(const std::string& path, const std::string& query) {
    auto json = admin_->get(path, query);
    if (!json) {
        throw std::runtime_error(path + ": " + describe(json.error(), Language::English));
    }
    return std::move(*json);
}

transport::HttpResponse RunningGateway::askAdmin(transport::HttpRequest request) const {
    const auto courier = transport::Courier::start({}, {});
    if (!courier) throw std::runtime_error("no courier");
    const auto path = request.path;
    auto answer =
        (*courier)->exchange({"admin", "127.0.0.1", folder_.adminPort()}, std::move(request));
    if (!answer) throw std::runtime_error(path + ": no answer");
    return std::move(*answer);
}

std::string RunningGateway::metrics() const {
    transport::HttpRequest request;
    request.method = "GET";
    request.path = "/metrics";
    return askAdmin(std::move(request)).body;
}

Json RunningGateway::story(const std::string& id, const std::function<bool(const Json&)>& holds) {
    Json told;
    const bool came = until([&] {
        told = admin("/v1/trace/" + id);
        return holds(told);
    });
    if (!came) throw std::runtime_error("the story does not become so: " + told.dump(1));
    return told;
}

Ran RunningGateway::stafett(std::vector<std::string> arguments) const {
    arguments.push_back("--admin");
    arguments.push_back(std::to_string(folder_.adminPort()));
    return run("stafett", arguments);
}

}  // namespace stafett::support
