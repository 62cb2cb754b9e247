#include "common/base/assert.h"

#include <cstdio>
#include <cstdlib>

#include "common/base/result.h"

namespace common::base {

void assertion_failed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "firedrill: this is a bug: %s does not hold (%s:%d)\n", expression, file, line);
  std::abort();
}

void throw_error(const Error& error) {
  std::fprintf(stderr, "firedrill: this is a bug: an unchecked error: %s\n", error.what.c_str());
  std::abort();
}

}  // namespace common::base
