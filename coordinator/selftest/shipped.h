// The clean evidence of real runs that is compiled into the executable (coordinator/selftest/evidence). Any thread.
#pragma once

#include <vector>

#include "common/base/result.h"
#include "coordinator/selftest/recording.h"

namespace coordinator::selftest {

// By name. An error is a bug of the build: what is embedded does not read.
common::base::Result<std::vector<Recording>> shipped_recordings();

}  // namespace coordinator::selftest
