#include "tests/bench/stage.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>
#include <utility>

#include "tests/bench/figures.h"

namespace stafett::bench {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using Steady = std::chrono::steady_clock;
const fs::path kSource = STAFETT_SOURCE_DIR;
const fs::path kBuild = STAFETT_BUILD_DIR;

Json readJson(const fs::path& file) {
    std::ifstream in(file);
    return Json::parse(in, nullptr, false, true);
}

void write(const fs::path& file, const std::string& text) {
    std::ofstream(file, std::ios::binary) << text;
}

std::uint16_t freePort() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(fd, reinterpret_cast<const sockaddr*>(&address), size);
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(fd);
    return ntohs(address.sin_port);
}

bool answers(std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool open =
        ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(fd);
    return open;
}

}  // namespace

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)), out_(std::exchange(other.out_, -1)) {}

Child& Child::operator=(Child&& other) noexcept {
    stop();
    pid_ = std::exchange(other.pid_, 0);
    out_ = std::exchange(other.out_, -1);
    return *this;
}

Child Child::start(const std::vector<std::string>& command, const fs::path& errors) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return {};
    std::vector<char*> arguments;
    for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    Child child;
    child.pid_ = ::fork();
    if (child.pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);  // it does not outlive the measuring
        ::dup2(ends[1], STDOUT_FILENO);
        const int log = ::open(errors.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        ::dup2(log, STDERR_FILENO);
        ::execvp(arguments[0], arguments.data());
        ::_exit(127);
    }
    ::close(ends[1]);
    child.out_ = ends[0];
    return child;
}

std::string Child::line(std::chrono::seconds within) {
    const auto end = Steady::now() + within;
    std::string text;
    for (;;) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(end - Steady::now()).count();
        pollfd wait{out_, POLLIN, 0};
        if (left <= 0 || ::poll(&wait, 1, static_cast<int>(left)) <= 0) return {};
        char c = 0;
        if (::read(out_, &c, 1) != 1) return {};
        if (c == '\n') return text;
        text += c;
    }
}

void Child::stop() {
    if (pid_ > 0) {
        ::kill(pid_, SIGTERM);
        ::waitpid(pid_, nullptr, 0);
    }
    if (out_ >= 0) ::close(out_);
    pid_ = 0;
    out_ = -1;
}

bool Child::running() const {
    siginfo_t info{};
    return pid_ > 0 &&
           ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == 0;
}

GatewayStage GatewayStage::make(const fs::path& folder, const fs::path& certificates,
                                std::uint16_t sink) {
    GatewayStage stage{folder};
    fs::remove_all(folder / "config");
    fs::create_directories(folder);
    fs::copy(kSource / "config" / "examples" / "single-node", folder / "config",
             fs::copy_options::recursive);
    const fs::path config = folder / "config";
    Json settings = readJson(config / "stafett.json");
    settings["inbox"]["port"] = 0;
    settings["admin"]["port"] = 0;
    settings["tls"]["certificate"] = (certificates / "gateway.pem").string();
    settings["tls"]["key"] = (certificates / "gateway.key").string();
    settings["tls"]["authorities"] = (certificates / "ca.pem").string();
    settings["tls"]["revocation_lists"] = {(certificates / "crl.pem").string()};
    settings["key_ring"] = (certificates / "keyring.json").string();
    settings["store"]["file"] = (folder / "stafett.db").string();
    settings["mappings"] = (kSource / "mappings").string();
    settings["plugin_folder"] = (kBuild / "plugins").string();
    settings["log"]["file"] = (folder / "stafettd.log").string();
    write(config / "stafett.json", settings.dump(2));
    Json routes = readJson(config / "routes.json");
    for (auto& door : routes.at("doors")) door["port"] = sink;
    write(config / "routes.json", routes.dump(2));
    stage.forgetStore();
    return stage;
}

void GatewayStage::forgetStore() const {
    for (const char* name : {"stafett.db", "stafett.db-wal", "stafett.db-shm", "stafettd.log"}) {
        fs::remove(folder / name);
    }
}

std::uintmax_t GatewayStage::storeBytes() const {
    std::uintmax_t sum = 0;
    for (const char* name : {"stafett.db", "stafett.db-wal"}) {
        std::error_code none;
        const auto size = fs::file_size(folder / name, none);
        if (!none) sum += size;
    }
    return sum;
}

GatewayStage::Started GatewayStage::start() const {
    Started started;
    const auto begun = Steady::now();
    started.child = Child::start(
        {(kBuild / "bin" / "stafettd").string(), "--config", (folder / "config").string()},
        folder / "stafettd.err");
    const std::string line = started.child.line(std::chrono::seconds(120));
    unsigned inbox = 0;
    if (std::sscanf(line.c_str(), "ready inbox=%u", &inbox) != 1) {
        std::fprintf(stderr, "stafettd did not get ready; see %s\n",
                     (folder / "stafettd.err").c_str());
        return started;
    }
    started.ready_ms = std::chrono::duration<double, std::milli>(Steady::now() - begun).count();
    started.inbox = static_cast<std::uint16_t>(inbox);
    return started;
}

NginxStarted startNginx(const fs::path& folder, const fs::path& certificates, std::uint16_t sink) {
    fs::create_directories(folder);
    NginxStarted started;
    const std::uint16_t port = freePort();
    const std::string certs = certificates.string(), here = folder.string();
    std::ostringstream conf;
    conf << "daemon off;\nworker_processes 2;\npid " << here << "/nginx.pid;\nerror_log " << here
         << "/nginx.err error;\nevents { worker_connections 512; }\nhttp {\n  access_log off;\n"
         << "  client_body_buffer_size 64k;\n";
    for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
        conf << "  " << kind << "_temp_path " << here << "/" << kind << ";\n";
    }
    conf << "  upstream sink { server 127.0.0.1:" << sink << "; keepalive 32; "
         << "keepalive_requests 10000000; }\n  server {\n    listen 127.0.0.1:" << port
         << " ssl;\n    keepalive_requests 10000000;\n    ssl_certificate " << certs
         << "/gateway.pem;\n    ssl_certificate_key " << certs
         << "/gateway.key;\n    ssl_client_certificate " << certs << "/ca.pem;\n    ssl_crl "
         << certs << "/crl.pem;\n    ssl_verify_client on;\n"
         << "    ssl_protocols TLSv1.3;\n"
         << "    ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256;\n    location / {\n"
         << "      proxy_pass https://sink;\n      proxy_http_version 1.1;\n"
         << "      proxy_set_header Connection \"\";\n      proxy_set_header Host localhost;\n"
         << "      proxy_ssl_certificate " << certs << "/gateway.pem;\n"
         << "      proxy_ssl_certificate_key " << certs << "/gateway.key;\n"
         << "      proxy_ssl_trusted_certificate " << certs << "/ca.pem;\n      proxy_ssl_crl "
         << certs << "/crl.pem;\n      proxy_ssl_verify on;\n      proxy_ssl_name localhost;\n"
         << "      proxy_ssl_protocols TLSv1.3;\n"
         << "      proxy_ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256;\n    }\n  }\n}\n";
    write(folder / "nginx.conf", conf.str());
    started.child = Child::start({"/usr/sbin/nginx", "-p", here, "-c", here + "/nginx.conf"},
                                 folder / "nginx.err");
    for (const auto end = Steady::now() + std::chrono::seconds(10);
         Steady::now() < end && started.child.running();) {
        if (answers(port)) {
            started.port = port;
            break;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    if (started.port == 0) {
        std::fprintf(stderr, "nginx did not start; see %s\n", (folder / "nginx.err").c_str());
    }
    return started;
}

bool makeCertificates(const fs::path& folder) {
    fs::create_directories(folder.parent_path());
    const std::string command = "'" + (kSource / "certs" / "make-dev-certs").string() + "' '" +
                                folder.string() + "' >/dev/null";
    return std::system(command.c_str()) == 0;
}

double residentMib(pid_t pid) {
    std::ifstream in("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("VmRSS:")) return std::strtod(line.c_str() + 6, nullptr) / 1024;
    }
    return 0;
}

double cpuSeconds(pid_t pid) {
    std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
    std::string line;
    std::getline(in, line);
    const auto name = line.rfind(')');
    if (name == std::string::npos) return 0;
    std::istringstream fields(line.substr(name + 2));
    std::string skipped;
    for (int i = 0; i < 11; ++i) fields >> skipped;
    double user = 0, system = 0;
    fields >> user >> system;
    return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double syncMilliseconds(const fs::path& folder) {
    const fs::path file = folder / "sync-probe";
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const std::string page(4096, 'x');
    std::vector<double> times;
    for (int i = 0; fd >= 0 && i < 100; ++i) {
        if (::write(fd, page.data(), page.size()) != static_cast<ssize_t>(page.size())) break;
        const auto begun = Steady::now();
        if (::fdatasync(fd) != 0) break;
        times.push_back(std::chrono::duration<double, std::milli>(Steady::now() - begun).count());
    }
    ::close(fd);
    fs::remove(file);
    return median(std::move(times));
}

std::string loadAverage() {
    std::ifstream in("/proc/loadavg");
    std::string one, five, fifteen;
    in >> one >> five >> fifteen;
    return one + " " + five + " " + fifteen;
}

}  // namespace stafett::bench
