#include "coordinator/evidence_pull.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "workloads/evidence/segment_reader.h"

namespace coordinator {

using common::base::ErrorKind;
using common::base::fail;
using common::base::Result;

namespace {
constexpr std::int64_t kPageBytes = 1 << 20;
constexpr int kAttempts = 3;

common::base::Error io_error(const std::string& doing, const std::string& path) {
  return fail(ErrorKind::infrastructure, "cannot " + doing + " " + path + ": " + std::strerror(errno));
}
}  // namespace

Result<EvidencePull> EvidencePull::open(std::string task_id, std::string path) {
  std::int64_t bytes = 0;
  struct stat facts {};
  if (::stat(path.c_str(), &facts) == 0 && facts.st_size > 0) {
    workloads::evidence::Names names;
    const auto read = workloads::evidence::read_segments(path, names, [](const workloads::evidence::Event&) {});
    if (read.has_error()) return read.error();
    bytes = read->intact_bytes;
  }
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return io_error("open", path);
  EvidencePull pull(std::move(task_id), path, file, bytes);
  if (::ftruncate(file, bytes) != 0 || ::lseek(file, bytes, SEEK_SET) < 0) return io_error("cut", path);
  return pull;
}

EvidencePull::EvidencePull(std::string task_id, std::string path, int file, std::int64_t bytes)
    : task_id_(std::move(task_id)), path_(std::move(path)), file_(file), bytes_(bytes) {}

EvidencePull::EvidencePull(EvidencePull&& other) noexcept
    : task_id_(std::move(other.task_id_)),
      path_(std::move(other.path_)),
      file_(std::exchange(other.file_, -1)),
      bytes_(other.bytes_) {}

EvidencePull::~EvidencePull() {
  if (file_ >= 0) ::close(file_);
}

Result<PullResult> EvidencePull::pull(AgentClient& agent, int pages) {
  int damaged = 0;
  while (pages > 0) {
    const auto page = agent.evidence(task_id_, bytes_, kPageBytes);
    if (page.has_error()) {
      if (!agent.answered()) return PullResult{false, true};
      // An answer that is no page: the agent refused (it lost the file), or the page is damaged, which may pass.
      if (page.error().kind == ErrorKind::infrastructure && ++damaged < kAttempts) continue;
      return page.error();
    }
    damaged = 0;
    if (!page->bytes.empty()) {
      const auto written = append(page->bytes);
      if (written.has_error()) return written.error();
    }
    if (bytes_ >= page->end) return PullResult{page->complete, false};
    if (page->bytes.empty()) return PullResult{};
    --pages;
  }
  return PullResult{};
}

Result<void> EvidencePull::append(const std::string& bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = ::write(file_, bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      const auto error = io_error("write evidence to", path_);
      // The page counts as a whole or not at all; what was there stays.
      if (::ftruncate(file_, bytes_) == 0) ::lseek(file_, bytes_, SEEK_SET);
      return error;
    }
    done += static_cast<std::size_t>(count);
  }
  bytes_ += static_cast<std::int64_t>(bytes.size());
  return {};
}

}  // namespace coordinator
