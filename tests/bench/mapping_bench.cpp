// What mapping costs: the same bytes, read with the same strict reader, and written; with and
// without the mapping between.
#include <time.h>

#include <chrono>
#include <cstdio>

#include "gateway/codec/canonical.h"
#include "gateway/codec/read.h"
#include "gateway/codec/write.h"
#include "tests/bench/figures.h"
#include "tests/golden/dialects.h"

namespace stafett::bench {
namespace {

using golden::Dialects;

constexpr codec::Encoding kLegacy[] = {codec::Encoding::Latin1, codec::Encoding::Windows1252};
const Time kNow = std::chrono::sys_days(std::chrono::year(2026) / 1 / 20) + std::chrono::hours(9);

double threadMicroseconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

double wallMicroseconds() {
    return std::chrono::duration<double, std::micro>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

/// One document in one direction. Both ways return the size of what was written, or 0.
struct Subject {
    std::string dialect, name;
    mapping::Direction direction = mapping::Direction::Read;
    Bytes input;
    codec::Format format = codec::Format::Xml;
    const mapping::Form* form = nullptr;
    mapping::Attributes attributes;                      // read
    std::shared_ptr<const message::Schema> schema = {};  // write
    PartyId receiver = {};                               // write
};

Result<codec::Document> parse(const Subject& of) {
    codec::ReadOptions options;
    if (of.format == codec::Format::Json) return codec::readJson(of.input, options);
    options.allowed = kLegacy;
    return codec::readXml(of.input, options);
}

/// What lies in a SOAP body; any other document as it is.
codec::Document unwrapped(codec::Document document) {
    if (document.root().name != "Envelope") return document;
    const auto body = document.child(0, "Body");
    auto inner = document.node(body).first_child;
    while (inner != codec::kNoNode && document.node(inner).kind != codec::NodeKind::Element) {
        inner = document.node(inner).next;
    }
    return std::move(document).subtree(inner);
}

std::size_t plain(const Subject& of) {
    const auto document = parse(of);
    return document ? codec::print(*document).size() : 0;
}

std::size_t mapRead(const Subject& of) {
    auto document = parse(of);
    if (!document) return 0;
    mapping::ReadContext context;
    context.received_at = kNow;
    context.person.today = "2026-01-20";
    context.attributes = &of.attributes;
    const auto outcome = of.form->read(unwrapped(std::move(*document)), context);
    return outcome.problems.empty() ? message::print(outcome.message).size() : 0;
}

std::size_t mapWrite(const Subject& of) {
    const auto message = codec::readCanonical(of.input, of.schema);
    if (!message) return 0;
    static const mapping::Settings kNone;
    mapping::WriteContext context;
    context.receiver = of.receiver;
    context.gateway = PartyId{"2220009902"};
    context.endpoint = "https://mottagare.example/in";
    context.now = kNow;
    context.settings = &kNone;
    const auto outcome = of.form->write(*message, context);
    return outcome.problems.empty() ? outcome.document.size() : 0;
}

std::size_t mapped(const Subject& of) {
    return of.direction == mapping::Direction::Read ? mapRead(of) : mapWrite(of);
}

struct Cost {
    double cpu = 0, wall = 0;
};

/// Median of A B A B rounds; a round is a few times the same, so that the clock is no part of it.
std::pair<Cost, Cost> measure(const Subject& of, unsigned rounds) {
    constexpr unsigned kTimes = 8;
    std::vector<double> cpu[2], wall[2];
    for (unsigned round = 0; round < rounds; ++round) {
        for (const int way : {0, 1}) {
            const double cpu_begun = threadMicroseconds(), wall_begun = wallMicroseconds();
            std::size_t written = 0;
            for (unsigned i = 0; i < kTimes; ++i) written += way == 0 ? mapped(of) : plain(of);
            if (written == 0) std::abort();  // it was tried before
            cpu[way].push_back((threadMicroseconds() - cpu_begun) / kTimes);
            wall[way].push_back((wallMicroseconds() - wall_begun) / kTimes);
        }
    }
    return {{median(cpu[0]), median(wall[0])}, {median(cpu[1]), median(wall[1])}};
}

std::optional<Subject> readSubject(const golden::Case& of) {
    const auto json = golden::Json::parse(golden::readFile(of.file("attributes.json")));
    const auto method = json.value("method", std::string("POST"));
    const auto path = json.at("path").get<std::string>();
    std::vector<std::pair<std::string, std::string>> headers;
    for (const auto& [name, value] : json.at("headers").items()) {
        headers.emplace_back(name, value.get<std::string>());
    }
    Subject subject;
    subject.dialect = of.dialect;
    subject.name = of.name;
    subject.input = golden::readFile(of.wire);
    subject.format = of.wire.extension() == ".json" ? codec::Format::Json : codec::Format::Xml;
    const auto decoded =
        Dialects::get().adapter(of.dialect).decode({method, path, {}, &headers, subject.input});
    if (!decoded) return std::nullopt;
    subject.attributes = decoded->attributes;
    for (const auto* form : Dialects::get().forms(of.dialect)) {
        if (form->name() == decoded->form.value) subject.form = form;
    }
    if (subject.form == nullptr || mapped(subject) == 0 || plain(subject) == 0) return std::nullopt;
    return subject;
}

std::optional<Subject> writeSubject(const golden::Case& of) {
    const auto reading = Dialects::get().read(of);
    if (!reading.message || !reading.problems.empty()) return std::nullopt;
    const auto* form = Dialects::get().outboundForm(of.dialect, *reading.message);
    if (form == nullptr) return std::nullopt;
    Subject subject;
    subject.dialect = of.dialect;
    subject.name = of.name;
    subject.direction = mapping::Direction::Write;
    subject.input = message::print(golden::viewFor(*reading.message, *form));
    subject.format = codec::Format::Json;
    subject.form = form;
    subject.schema = reading.message->schemaRef();
    const auto json = golden::Json::parse(subject.input);
    subject.receiver = PartyId{json.at("receivers").at(0).at("party").get<std::string>()};
    if (mapped(subject) == 0 || plain(subject) == 0) return std::nullopt;
    return subject;
}

bool isReferral(const golden::Case& of) {
    if (of.refused) return false;
    const auto json = golden::Json::parse(golden::readFile(of.file("canonical.json")));
    return json.at("message").at("kind") == "referral";
}

std::vector<Subject> subjects() {
    std::vector<Subject> all;
    for (const auto& one : golden::allCases()) {
        if (!isReferral(one)) continue;
        if (auto subject = readSubject(one)) all.push_back(std::move(*subject));
        if (auto subject = writeSubject(one)) all.push_back(std::move(*subject));
    }
    return all;
}

std::string fixed(double value, int places) {
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", places, value);
    return text;
}

}  // namespace

void measureMapping(const Effort& effort, Findings& findings) {
    const auto all = subjects();
    struct Sum {
        unsigned documents = 0;
        double with = 0, without = 0, with_wall = 0, without_wall = 0;
        double ratio() const { return without == 0 ? 0 : with / without; }
    };
    std::map<std::string, Sum> sums;
    for (const auto& subject : all) {
        const auto [with, without] = measure(subject, effort.mapping_rounds);
        const bool reads = subject.direction == mapping::Direction::Read;
        for (const std::string& key : {std::string(), std::string(reads ? "read" : "write"),
                                       subject.dialect + (reads ? " read" : " write")}) {
            Sum& sum = sums[key];
            ++sum.documents;
            sum.with += with.cpu;
            sum.without += without.cpu;
            sum.with_wall += with.wall;
            sum.without_wall += without.wall;
        }
    }
    const Sum& whole = sums[""];
    const double us = whole.with / whole.documents;
    findings.numbers["mapping_us"] = us;
    findings.numbers["mapping_ratio"] = whole.ratio();
    findings.numbers["mapping_us_wall"] = whole.with_wall / whole.documents;
    findings.numbers["mapping_documents"] = whole.documents;
    for (const char* way : {"read", "write"}) {
        findings.numbers[std::string("mapping_ratio_") + way] = sums[way].ratio();
        findings.numbers[std::string("mapping_us_") + way] = sums[way].with / sums[way].documents;
    }
    findings.table.push_back(
        {"mapping_us",
         fixed(us, 1) + " µs CPU (wall " + fixed(whole.with_wall / whole.documents, 1) + ")", "",
         true,
         "one thread's CPU, median of " + std::to_string(effort.mapping_rounds) +
             " rounds in turns; " + std::to_string(whole.documents) +
             " documents and directions of the golden referrals"});
    findings.table.push_back({"mapping_ratio", fixed(whole.ratio(), 2), "<= 1.6",
                              whole.ratio() <= 1.6,
                              "against the same bytes read strictly and printed: " +
                                  fixed(whole.without / whole.documents, 1) + " µs"});
    for (const auto& [key, sum] : sums) {
        if (key.empty()) continue;
        findings.table.push_back({"", "  " + key, "", true,
                                  fixed(sum.with / sum.documents, 1) + " against " +
                                      fixed(sum.without / sum.documents, 1) + " µs, ratio " +
                                      fixed(sum.ratio(), 2) + ", " + std::to_string(sum.documents) +
                                      " documents"});
    }
}

}  // namespace stafett::bench
