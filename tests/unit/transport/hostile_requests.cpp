#include "tests/unit/transport/hostile_requests.h"

namespace stafett::transport::test {
namespace {

const std::string kHost = "Host: localhost\r\n";
const std::string kPost = "POST /in HTTP/1.1\r\n" + kHost;
const std::string kChunked = kPost + "Transfer-Encoding: chunked\r\n\r\n";

std::string withLength(const std::string& length) {
    return kPost + "Content-Length: " + length + "\r\n\r\nabc" + kHidden;
}
std::string withCoding(const std::string& line) {
    return kPost + line + "\r\n\r\n3\r\nabc\r\n0\r\n\r\n" + kHidden;
}
std::string withField(const std::string& field) {
    return "GET /in HTTP/1.1\r\n" + kHost + field + "\r\n\r\n" + kHidden;
}
std::string withTarget(const std::string& target) {
    return "GET " + target + " HTTP/1.1\r\n" + kHost + "\r\n" + kHidden;
}
std::string withMethod(const std::string& method) {
    return method + " /in HTTP/1.1\r\n" + kHost + "Content-Length: 0\r\n\r\n" + kHidden;
}

std::vector<Hostile> lengths() {
    return {
        {"LengthAndChunks", withCoding("Content-Length: 3\r\nTransfer-Encoding: chunked"), 400},
        {"ChunksAndLength", withCoding("Transfer-Encoding: chunked\r\nContent-Length: 3"), 400},
        {"TwoLengths", withLength("3\r\nContent-Length: 4"), 400},
        {"TwoEqualLengths", withLength("3\r\nContent-Length: 3"), 400},
        {"LengthList", withLength("3, 3"), 400},
        {"LengthSigned", withLength("+3"), 400},
        {"LengthNegative", withLength("-1"), 400},
        {"LengthEmpty", withLength(""), 400},
        {"LengthComma", withLength("1,0"), 400},
        {"LengthHex", withLength("0x3"), 400},
        {"LengthTail", withLength("3abc"), 400},
        {"LengthTwentyDigits", withLength("00000000000000000003"), 400},
        {"LengthMissing", kPost + "\r\n", 411},
        {"LengthOverLimit", kPost + "Content-Length: 1048577\r\n\r\n", 413},
        {"ShortBody", kPost + "Content-Length: 10\r\n\r\nabc", 400, true},
    };
}

std::vector<Hostile> codings() {
    return {
        {"CodingSpaceBeforeColon", withCoding("Transfer-Encoding : chunked"), 400},
        {"CodingTab", withCoding("Transfer-Encoding:\tchunked"), 400},
        {"CodingTrailingTab", withCoding("Transfer-Encoding: chunked\t"), 400},
        {"CodingVerticalTab", withCoding("Transfer-Encoding: \vchunked"), 400},
        {"CodingCase", withCoding("Transfer-Encoding: Chunked"), 400},
        {"CodingUnknown", withCoding("Transfer-Encoding: xchunked"), 400},
        {"CodingList", withCoding("Transfer-Encoding: gzip, chunked"), 400},
        {"CodingIdentityList", withCoding("Transfer-Encoding: identity, chunked"), 400},
        {"CodingQuoted", withCoding("Transfer-Encoding: \"chunked\""), 400},
        {"CodingEmpty", withCoding("Transfer-Encoding: "), 400},
        {"CodingTwice", withCoding("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
         400},
        {"CodingFolded", withCoding("Transfer-Encoding:\r\n chunked"), 400},
        {"ChunkNotHex", kChunked + "ZZ\r\nabc\r\n0\r\n\r\n" + kHidden, 400},
        {"ChunkPrefixed", kChunked + "0x3\r\nabc\r\n0\r\n\r\n" + kHidden, 400},
        {"ChunkSigned", kChunked + "-3\r\nabc\r\n0\r\n\r\n" + kHidden, 400},
        {"ChunkHuge", kChunked + "100000003\r\nabc\r\n0\r\n\r\n" + kHidden, 413},
        {"ChunkOverflow", kChunked + "10000000000000003\r\nabc\r\n0\r\n\r\n" + kHidden, 400},
        {"ChunkBareLineEnd", kChunked + "3\nabc\r\n0\r\n\r\n" + kHidden, 400},
        {"ChunkNoLineEndAfter", kChunked + "3\r\nabc0\r\n\r\n" + kHidden, 400},
        {"ChunkLongerThanSaid", kChunked + "2\r\nabc\r\n0\r\n\r\n" + kHidden, 400},
        {"ChunkExtensionLong", kChunked + "3;" + std::string(300, 'x') + "\r\nabc\r\n0\r\n\r\n",
         400},
        {"ChunkExtensionEndless", kChunked + "3;" + std::string(9000, 'x'), 400},
        {"ChunkExtensionBareLineEnd", kChunked + "3;a\nb\r\nabc\r\n0\r\n\r\n" + kHidden, 400},
        {"ChunkExtensionQuotedOverItsLine",
         kChunked + "3;a=\"\r\nabc\r\n3;b=\"\r\nabc\r\n0\r\n\r\n" + kHidden, 400},
        {"ChunkExtensionQuoteLeftOpen", kChunked + "3;a=\"\r\nabc\r\n0\r\n\r\n" + kHidden, 400},
        {"LastChunkQuoteLeftOpen", kChunked + "0;a=\"\r\n\r\n" + kHidden, 400},
        {"ChunkSpace", kChunked + "3 x\r\nabc\r\n0\r\n\r\n" + kHidden, 400},
        {"CutChunk", kChunked + "5\r\nabc", 400, true},
        {"NoLastChunk", kChunked + "3\r\nabc\r\n", 400, true},
        {"TrailerWithoutColon", kChunked + "0\r\nnonsense\r\n\r\n" + kHidden, 400},
        {"TrailersTooLong",
         kChunked + "0\r\nA: " + std::string(1500, 'x') + "\r\nB: " + std::string(1500, 'x') +
             "\r\n\r\n" + kHidden,
         400},
        {"TrailerEndless", kChunked + "0\r\n" + std::string(9000, 'x'), 400},
    };
}

std::vector<Hostile> heads() {
    std::string many;
    for (int i = 0; i < 100; ++i) many += "X-F" + std::to_string(i) + ": 1\r\n";
    const std::string version = "GET /in HTTP/";
    return {
        {"NoHost", "GET /in HTTP/1.1\r\n\r\n" + kHidden, 400},
        {"TwoHosts", withField("Host: localhost"), 400},
        {"EmptyHost", "GET /in HTTP/1.1\r\nHost:\r\n\r\n" + kHidden, 400},
        {"HostWithUser", "GET /in HTTP/1.1\r\nHost: a@localhost\r\n\r\n" + kHidden, 400},
        {"HostWithPath", "GET /in HTTP/1.1\r\nHost: localhost/x\r\n\r\n" + kHidden, 400},
        {"HostList", "GET /in HTTP/1.1\r\nHost: localhost, other\r\n\r\n" + kHidden, 400},
        {"HostOfAnother", "GET /in HTTP/1.1\r\nHost: other.example\r\n\r\n" + kHidden, 421},
        {"BareLineEnds", "GET /in HTTP/1.1\nHost: localhost\n\n" + kHidden, 400},
        {"BareLineEndInOneField", withField("X-A: b\nX-C: d"), 400},
        {"BareReturn", withField("X-A: b\rX-C: d"), 400},
        {"Folded", withField("X-A: b\r\n c"), 400},
        {"FoldedFirst", "GET /in HTTP/1.1\r\n " + kHost + "\r\n" + kHidden, 400},
        {"NoColon", withField("nonsense"), 400},
        {"SpaceInName", withField("X A: b"), 400},
        {"EmptyName", withField(": b"), 400},
        {"Nul", withField(std::string("X-A: b\0c", 8)), 400},
        {"Control", withField("X-A: b\x01"), 400},
        {"Delete", withField("X-A: b\x7f"), 400},
        {"EncodedWord", withField("X-A: =?utf-8?B?DQo=?="), 400},
        {"VersionNine", version + "9.9\r\n" + kHost + "\r\n", 505},
        {"VersionOneZero", version + "1.0\r\n" + kHost + "\r\n" + kHidden, 505},
        {"VersionTwo", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
        {"VersionNone", "GET /in\r\n", 400},
        {"VersionOdd", version + "1.1x\r\n" + kHost + "\r\n", 400},
        {"VersionLowerCase", "GET /in http/1.1\r\n" + kHost + "\r\n", 400},
        {"TwoSpaces", "GET  /in HTTP/1.1\r\n" + kHost + "\r\n" + kHidden, 400},
        {"OddMethod", withMethod("G@T"), 400},
        {"UnknownMethod", withMethod("FETCH"), 501},
        {"Trace", withMethod("TRACE"), 405},
        {"Connect", "CONNECT localhost:1 HTTP/1.1\r\n" + kHost + "\r\n" + kHidden, 501},
        {"ExpectOther", withField("Expect: a-miracle"), 417},
        {"Gzip", kPost + "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", 415},
        {"TooManyFields", withField(many), 431},
        {"LongValue", withField("X-A: " + std::string(8193, 'x')), 431},
        {"LongHead",
         withField("X-A: " + std::string(8000, 'x') + "\r\nX-B: " + std::string(8000, 'x') +
                   "\r\nX-C: " + std::string(8000, 'x')),
         431},
        {"EndlessField", kPost + "X-A: " + std::string(17000, 'x'), 431},
        {"TlsHello", std::string("\x16\x03\x01\x02\x00\x01\x00", 7), 400},
    };
}

std::vector<Hostile> targets() {
    return {
        {"LongTarget", withTarget("/" + std::string(8192, 'x')), 414},
        {"LongMethod", std::string(9000, 'M') + " / HTTP/1.1\r\n" + kHost + "\r\n", 414},
        {"EndlessTarget", "GET /" + std::string(17000, 'x'), 414},
        {"OtherHostsUri", withTarget("http://other.example/in"), 421},
        {"OtherScheme", withTarget("ftp://localhost/in"), 400},
        {"Asterisk", withTarget("*"), 400},
        {"Relative", withTarget("in"), 400},
        {"DotDot", withTarget("/a/../in"), 400},
        {"DotDotAtEnd", withTarget("/a/.."), 400},
        {"Dot", withTarget("/./in"), 400},
        {"EncodedDots", withTarget("/a/%2e%2e/in"), 400},
        {"EncodedHalfDots", withTarget("/a/.%2E/in"), 400},
        {"EncodedNul", withTarget("/in%00.xml"), 400},
        {"EncodedLineEnd", withTarget("/in%0d%0aX-A:%20b"), 400},
        {"EncodedSlash", withTarget("/a%2fin"), 400},
        {"EncodedBackslash", withTarget("/a%5cin"), 400},
        {"Backslash", withTarget("/a\\in"), 400},
        {"DoublyEncoded", withTarget("/a/%252e%252e/in"), 400},
        {"Parameter", withTarget("/in;a=b"), 400},
        {"EncodedParameter", withTarget("/in%3Ba=b"), 400},
        {"EmptySegment", withTarget("//other.example/in"), 400},
        {"HalfEscape", withTarget("/in%2"), 400},
        {"NoEscape", withTarget("/in%zz"), 400},
        {"NotUtf8", withTarget("/in%ff"), 400},
        {"RawByte", withTarget("/in\xc3\xa5"), 400},
        {"Fragment", withTarget("/in#part"), 400},
        {"QueryNul", withTarget("/in?a=%00"), 400},
        {"QueryQuote", withTarget("/in?a=\"b\""), 400},
    };
}

}  // namespace

const std::vector<Hostile>& hostileRequests() {
    static const std::vector<Hostile> all = [] {
        std::vector<Hostile> rows;
        for (const auto& part : {lengths(), codings(), heads(), targets()}) {
            rows.insert(rows.end(), part.begin(), part.end());
        }
        return rows;
    }();
    return all;
}

}  // namespace stafett::transport::test
