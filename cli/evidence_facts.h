// What one evidence file holds, as lines for people: `firedrill evidence show`. Pure but for reading the file.
#pragma once

#include <string>

#include "common/base/result.h"

namespace cli {

common::base::Result<std::string> evidence_facts(const std::string& path);

}  // namespace cli
