#include "gateway/plugin/escape.h"

#include <gtest/gtest.h>

namespace stafett::plugin {
namespace {

TEST(Escape, XmlEscapesWhereverItStands) {
    EXPECT_EQ(xml(""), "");
    EXPECT_EQ(xml("Åsa"), "Åsa");
    EXPECT_EQ(xml("<a>"), "&lt;a&gt;");
    EXPECT_EQ(xml("a&&b"), "a&amp;&amp;b");
    EXPECT_EQ(xml("\"\n\r\t"), "&quot;&#10;&#13;&#9;");
    EXPECT_EQ(xml("före\x01 efter"), "före\xEF\xBF\xBD efter");
}

TEST(Escape, JsonEscapesWhereverItStands) {
    EXPECT_EQ(json(""), R"("")");
    EXPECT_EQ(json("Åsa"), R"("Åsa")");
    EXPECT_EQ(json(R"("a\b")"), R"("\"a\\b\"")");
    EXPECT_EQ(json("\\\\"), R"("\\\\")");
    EXPECT_EQ(json("före\n\x1F"), R"("före\u000a\u001f")");
}

}  // namespace
}  // namespace stafett::plugin
