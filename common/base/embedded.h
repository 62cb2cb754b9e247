// A file that was compiled into the executable (cmake/firedrill_embed.cmake), so that copying the one file `firedrill`
// to a host is enough. Constant; any thread.
#pragma once

#include <cstddef>

namespace common::base {

struct EmbeddedFile {
  const char* name;  // "FOLDER/FILE"; null behind the last
  const unsigned char* bytes;
  std::size_t size;
};

}  // namespace common::base
