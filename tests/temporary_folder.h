// A folder of a test's own, gone with it and with everything in it.
#pragma once

#include "common/base/temporary_folder.h"

namespace tests {

class TemporaryFolder : public common::base::TemporaryFolder {
 public:
  TemporaryFolder() : common::base::TemporaryFolder("firedrill-test") {
    if (path().empty()) std::abort();
  }
  std::string operator/(const std::string& name) const { return path() + "/" + name; }
};

}  // namespace tests
