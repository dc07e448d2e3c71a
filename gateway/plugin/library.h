#pragma once

#include <string>

#include "gateway/base/result.h"
#include "gateway/plugin/abi.h"
#include "gateway/plugin/sealed_file.h"

namespace stafett::plugin {

/// Loads a plugin's library for the life of the process (the same bytes once) and reads what it
/// exports, shorter structs of older plugins filled with null. Errors: ST-PLU-007 it cannot be
/// loaded or lacks a symbol, -001 it exports none, -002 it is newer, -003 its struct is cut, -006
/// its manifest cannot be reached. Constructors of the library run within: judge the digest first.
/// `file` stands in places.
Result<stafett_plugin> loadLibrary(SealedFile sealed, const std::string& file);

}  // namespace stafett::plugin
