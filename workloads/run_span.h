// A run of evidence is cut when it would span more than this, so that the one time it bears stays true.
#pragma once

#include "common/base/clock.h"

namespace workloads {
inline constexpr common::base::Nanos kRunSpan = 50 * common::base::kMillisecond;
}
