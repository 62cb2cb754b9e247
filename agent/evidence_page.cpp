#include "agent/evidence_page.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>

#include "common/base/descriptor.h"

namespace agent {

namespace base = common::base;

base::Result<std::string> read_page(const std::string& path, std::int64_t offset, std::int64_t limit,
                                    std::int64_t end) {
  std::string page(
      static_cast<std::size_t>(std::clamp<std::int64_t>(std::min(limit, end - offset), 0, kLargestPageBytes)), '\0');
  if (page.empty()) return page;
  const auto failed = [&] {
    return base::fail(base::ErrorKind::infrastructure, "cannot read " + path + ": " + std::strerror(errno));
  };
  const base::Descriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return failed();
  std::size_t done = 0;
  while (done < page.size()) {
    const ssize_t n = pread(fd.get(), page.data() + done, page.size() - done, offset + static_cast<std::int64_t>(done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed();
    if (n == 0) return base::fail(base::ErrorKind::infrastructure, path + " is shorter than it was");
    done += static_cast<std::size_t>(n);
  }
  return page;
}

}  // namespace agent
