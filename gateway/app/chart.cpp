#include "gateway/app/chart.h"

#include <algorithm>
#include <array>
#include <vector>

namespace stafett::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kWidth = 960, kLabels = 260, kMargin = 24, kBar = 22, kGap = 12, kNumbers = 60;
constexpr int kTitle = 64, kLegendLine = 22;

// Told apart in print and by the colour-blind (Okabe and Ito, 2008), then lighter ones of the same.
constexpr std::array<const char*, 12> kColours = {"#0072B2", "#E69F00", "#009E73", "#D55E00",
                                                  "#56B4E9", "#CC79A7", "#F0E442", "#999999",
                                                  "#80B9D9", "#F3CF80", "#80CFB9", "#EBAF80"};

std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else
            out += c;
    }
    return out;
}

std::uint64_t numberOf(const Json& value) {
    return value.is_null() ? 0 : value.get<std::uint64_t>();
}

/// The lines of the picture, put one under the other.
class Picture {
public:
    Picture(const Json& report, Language language)
        : report_(report), language_(language == Language::Swedish ? "sv" : "en") {
        for (const auto& row : report.at("rows")) rows_.push_back(&row);
        if (rows_.empty()) rows_.push_back(&report.at("total"));
        for (const auto* row : rows_) most_ = std::max(most_, numberOf(row->at("n")));
    }

    std::string draw() {
        heading();
        for (const auto* row : rows_) bar(*row);
        legend();
        const auto size = "0 0 " + std::to_string(kWidth) + " " + std::to_string(y_ + kMargin);
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"" + size +
               "\" role=\"img\" aria-labelledby=\"t d\" font-family=\"sans-serif\" "
               "font-size=\"13\">\n" +
               body_ + "</svg>\n";
    }

private:
    std::string word(const Json& label) const { return label.at(language_).get<std::string>(); }

    std::string titleText() const {
        std::string text = word(report_.at("title")) + " " + report_.at("from").get<std::string>() +
                           " – " + report_.at("to").get<std::string>();
        if (!report_.at("by").get<std::string>().empty()) {
            text += ", " + word(report_.at("by_label"));
        }
        return text;
    }

    void text(int x, int y, const std::string& what, const std::string& more = {}) {
        body_ += "<text x=\"" + std::to_string(x) + "\" y=\"" + std::to_string(y) + "\"" + more +
                 ">" + escaped(what) + "</text>\n";
    }
    void box(int x, int y, int width, int height, const char* colour) {
        body_ += "<rect x=\"" + std::to_string(x) + "\" y=\"" + std::to_string(y) + "\" width=\"" +
                 std::to_string(width) + "\" height=\"" + std::to_string(height) + "\" fill=\"" +
                 colour + "\"/>\n";
    }

    void heading() {
        body_ += "<title id=\"t\">" + escaped(titleText()) + "</title>\n<desc id=\"d\">";
        for (const auto* row : rows_) {
            body_ += escaped(labelOf(*row)) + ": " +
                     (row->at("n").is_null() ? "–" : row->at("n").dump()) + ". ";
        }
        body_ += "</desc>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n";
        text(kMargin, 36, titleText(), " font-size=\"18\" font-weight=\"bold\"");
        y_ = kTitle;
    }

    std::string labelOf(const Json& row) const {
        if (row.contains("label")) return word(row.at("label"));
        return language_ == "sv" ? "Alla" : "All";
    }

    int widthOf(std::uint64_t n) const {
        const auto room = static_cast<std::uint64_t>(kWidth - kLabels - kMargin - kNumbers);
        return most_ == 0 ? 0 : static_cast<int>(n * room / most_);
    }

    void bar(const Json& row) {
        text(kLabels - 8, y_ + 16, labelOf(row), " text-anchor=\"end\"");
        int x = kLabels;
        if (row.contains("cells")) {
            for (std::size_t i = 0; i < row.at("cells").size(); ++i) {
                const int width = widthOf(numberOf(row.at("cells")[i]));
                if (width > 0) box(x, y_, width, kBar, kColours.at(i % kColours.size()));
                x += width;
            }
        } else {
            x += widthOf(numberOf(row.at("n")));
            if (x > kLabels) box(kLabels, y_, x - kLabels, kBar, kColours.front());
        }
        text(x + 6, y_ + 16, row.at("n").is_null() ? "–" : row.at("n").dump());
        y_ += kBar + kGap;
    }

    void legend() {
        y_ += kGap;
        for (std::size_t i = 0; i < report_.at("columns").size(); ++i) {
            box(kLabels, y_, 14, 14, kColours.at(i % kColours.size()));
            text(kLabels + 22, y_ + 12, word(report_.at("columns")[i].at("label")));
            y_ += kLegendLine;
        }
        text(kLabels, y_ + 12,
             language_ == "sv" ? "–: färre än fem, eller ingen." : "–: fewer than five, or none.",
             " fill=\"#555\"");
        y_ += kLegendLine;
    }

    const Json& report_;
    std::string language_;
    std::vector<const Json*> rows_;
    std::uint64_t most_ = 0;
    std::string body_;
    int y_ = 0;
};

}  // namespace

std::string chart(const Json& report, Language language) {
    return Picture(report, language).draw();
}

}  // namespace stafett::app
