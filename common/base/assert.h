// FIREDRILL_ASSERT: programmer errors end the process with one line, in every build. Never for input, I/O or Kafka.
#pragma once

namespace common::base {
[[noreturn]] void assertion_failed(const char* expression, const char* file, int line);
}

#define FIREDRILL_ASSERT(expression) \
  ((expression) ? static_cast<void>(0) : ::common::base::assertion_failed(#expression, __FILE__, __LINE__))
