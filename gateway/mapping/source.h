#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/codec/read.h"
#include "gateway/codec/write.h"
#include "gateway/mapping/findings.h"
#include "gateway/mapping/located_json.h"
#include "gateway/mapping/mapping.h"
#include "gateway/mapping/source_row.h"

namespace stafett::mapping {

struct SourceAnchors {
    std::string in, body, id, type;
    std::vector<std::pair<std::string, std::string>> of;  ///< name, type; in order
    RowPlace at;
};

enum class Empty : std::uint8_t { Absent, Error, Text };

/// A mapping file with its includes, before it is compiled.
struct Source {
    std::filesystem::path file;
    std::string label;  ///< as findings name the file
    std::string dialect, form, version, canonical;
    bool reads = true, writes = true;
    codec::Format format = codec::Format::Xml;
    codec::Encoding encoding = codec::Encoding::Utf8;
    codec::Unencodable unencodable = codec::Unencodable::CharacterReference;
    std::string root;
    std::vector<std::pair<std::string, std::string>> namespaces;  ///< prefix, uri
    std::string schema;                                           ///< path of an XSD
    Empty empty = Empty::Absent;
    std::vector<std::string> insignificant;
    std::optional<SourceAnchors> anchors;
    std::vector<SourceRow> rows;
    std::vector<CannotCarry> cannot_carry;
    RowPlace at;
    std::vector<std::string> texts;  ///< the bytes of every file it was read from, for the digest
};

/// Reads a mapping file and what it includes. What can be read is returned even when there are
/// findings; nothing when the file itself is no JSON object.
std::optional<Source> readSource(const std::filesystem::path& file, Findings& findings);

/// Reads the rows of a JSON array (row_reader.cpp).
std::vector<SourceRow> readRows(const Json& rows, const std::string& file, Findings& findings);
std::vector<CannotCarry> readCannotCarry(const Json& list, const std::string& file,
                                         Findings& findings);

/// A whole file; ST-CHK-001 when it cannot be read. At most 1 MiB.
Result<std::string> readFile(const std::filesystem::path& file);
/// "; did you mean reason.json?" for a file that is not there; empty when none is near.
std::string nearestFile(const std::filesystem::path& missing);
/// "municipality/remiss.map.json" of any path.
std::string fileLabel(const std::filesystem::path& file);

}  // namespace stafett::mapping
