// For what is expected to happen, on a machine however busy.
#pragma once

#include <chrono>

namespace agent::faults {

inline constexpr std::chrono::milliseconds kLong{10'000};

}  // namespace agent::faults
