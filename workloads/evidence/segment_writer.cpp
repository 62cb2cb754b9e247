#include "workloads/evidence/segment_writer.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "common/base/assert.h"
#include "workloads/evidence/record_encoder.h"
#include "workloads/evidence/segment_restore.h"
#include "workloads/evidence/wire_format.h"

namespace workloads::evidence {
namespace base = common::base;
namespace {

constexpr std::size_t kFrameFull = std::size_t{256} * 1024;  // a frame that is longer takes no further record
constexpr std::size_t kWaitingBound = 8u << 20;              // of bytes that could not be written
constexpr std::size_t kLongestName = std::size_t{64} * 1024;

base::Error system_error(const std::string& doing, const std::string& path) {
  return base::fail(base::ErrorKind::infrastructure, "cannot " + doing + " " + path + ": " + std::strerror(errno));
}

class Writer final : public SegmentWriter {
 public:
  // fd -1: to nowhere.
  Writer(std::string path, int fd, std::int64_t written) : path_(std::move(path)), fd_(fd), written_(written) {}
  Writer(std::string path, int fd, Restored restored)
      : path_(std::move(path)),
        fd_(fd),
        written_(restored.facts.intact_bytes),
        names_(std::move(restored.names)),
        declared_(names_.size()),
        encoder_(waiting_, std::move(restored.streams)) {}
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() override {
    (void)flush();  // what was added before an early return is still evidence
    close_file();
  }

  Names& names() override { return names_; }
  std::size_t open_bytes() const override { return waiting_.size(); }
  std::int64_t written_bytes() const override { return written_; }

  void add(const Event& event) override {
    FIREDRILL_ASSERT(!closed_);
    if (!refused_.empty()) return;
    if (waiting_.size() > kWaitingBound) {
      refused_ = "evidence is incomplete: " + path_ + " could not be written while " + std::to_string(waiting_.size()) +
                 " bytes waited; later events were refused";
      return;
    }
    if (frame_ends_.empty() || frame_ends_.back() != kOpen || waiting_.size() - frame_start() > kFrameFull)
      open_frame();
    for (; declared_ < names_.size(); ++declared_) {
      const std::string& text = names_.text(static_cast<Id>(declared_));
      if (text.size() > kLongestName) {
        refused_ = "evidence is incomplete: a name of " + std::to_string(text.size()) + " bytes does not fit";
        return;
      }
      encoder_.name(text);
      if (waiting_.size() - frame_start() > kFrameFull) open_frame();
    }
    encoder_.event(event);
  }

  base::Result<void> flush() override {
    if (!waiting_.empty()) {
      seal();
      if (auto written = write_waiting(); !written) return written;
    }
    if (!refused_.empty()) return base::fail(base::ErrorKind::limit, refused_);
    return {};
  }

  base::Result<void> close() override {
    auto flushed = flush();
    if (!waiting_.empty() || fd_ < 0) return flushed;
    if (::fsync(fd_) != 0) return system_error("sync", path_);
    close_file();
    closed_ = true;
    return flushed;
  }

 private:
  std::size_t frame_start() const { return frame_ends_.size() < 2 ? 0 : frame_ends_[frame_ends_.size() - 2]; }

  // waiting_ holds the bytes as they will stand in the file. A sealed frame never changes again: when writing it failed
  // half-way, somebody may have read that half, and must find the same bytes when the rest follows.
  void open_frame() {
    seal();
    frame_ends_.push_back(kOpen);
    waiting_.append(wire::kFrameHeaderSize, '\0');
  }

  void seal() {
    if (frame_ends_.empty() || frame_ends_.back() != kOpen) return;
    const std::size_t start = frame_start();
    const std::size_t size = waiting_.size() - start - wire::kFrameHeaderSize;
    FIREDRILL_ASSERT(size <= wire::kLargestPayload);
    const char* payload = waiting_.data() + start + wire::kFrameHeaderSize;
    wire::write_frame_header(waiting_.data() + start, payload, static_cast<std::uint32_t>(size));
    frame_ends_.back() = waiting_.size();
  }

  base::Result<void> write_waiting() {
    std::size_t done = 0;
    int error = 0;
    while (done < waiting_.size() && error == 0) {
      const ssize_t n = fd_ < 0 ? static_cast<ssize_t>(waiting_.size() - done)
                                : ::pwrite(fd_, waiting_.data() + done, waiting_.size() - done,
                                           written_ + static_cast<std::int64_t>(done));
      if (n > 0) done += static_cast<std::size_t>(n);
      if (n < 0 && errno != EINTR) error = errno;
      if (n == 0) error = ENOSPC;
    }
    drop_written(done);
    if (error == 0) return {};
    // A part of a frame is no evidence. If even cutting fails, the next flush writes over it.
    if (::ftruncate(fd_, written_) != 0) error = errno;
    errno = error;
    return system_error("write", path_);
  }

  void drop_written(std::size_t done) {
    const auto first_left = std::upper_bound(frame_ends_.begin(), frame_ends_.end(), done);
    const std::size_t whole = first_left == frame_ends_.begin() ? 0 : *std::prev(first_left);
    frame_ends_.erase(frame_ends_.begin(), first_left);
    for (auto& end : frame_ends_) end -= whole;
    waiting_.erase(0, whole);
    written_ += static_cast<std::int64_t>(whole);
  }

  void close_file() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

  const std::string path_;
  int fd_;
  std::atomic<std::int64_t> written_;
  Names names_;
  std::size_t declared_ = 0;  // names that the file, or what waits, declares
  std::string waiting_;
  static constexpr std::size_t kOpen = 0;
  std::vector<std::size_t> frame_ends_;  // in waiting_; kOpen: the last one, until it is sealed
  RecordEncoder encoder_{waiting_};
  std::string refused_;
  bool closed_ = false;
};

base::Result<void> write_file_header(int fd, const std::string& path) {
  char header[wire::kHeaderSize];
  wire::write_header(header);
  if (::pwrite(fd, header, sizeof header, 0) == static_cast<ssize_t>(sizeof header)) return {};
  return system_error("write", path);
}

}  // namespace

base::Result<std::unique_ptr<SegmentWriter>> SegmentWriter::create(const std::string& path) {
  const int fd = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0644);
  if (fd < 0 && errno == EEXIST)
    return base::fail(base::ErrorKind::conflict,
                      "evidence " + path + " exists; an incarnation never writes another one's");
  if (fd < 0) return system_error("create", path);
  if (auto header = write_file_header(fd, path); !header) {
    ::close(fd);
    ::unlink(path.c_str());
    return header.error();
  }
  return std::unique_ptr<SegmentWriter>(new Writer(path, fd, wire::kHeaderSize));
}

base::Result<std::unique_ptr<SegmentWriter>> SegmentWriter::append(const std::string& path) {
  auto restored = restore_segments(path);
  if (!restored) return restored.error();
  const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) return system_error("open", path);
  auto whole = base::Result<void>();
  if (::ftruncate(fd, restored->facts.intact_bytes) != 0) whole = system_error("cut the torn tail of", path);
  if (whole && restored->facts.intact_bytes == 0) {
    whole = write_file_header(fd, path);
    restored->facts.intact_bytes = wire::kHeaderSize;
  }
  if (!whole) {
    ::close(fd);
    return whole.error();
  }
  return std::unique_ptr<SegmentWriter>(new Writer(path, fd, std::move(*restored)));
}

std::unique_ptr<SegmentWriter> SegmentWriter::to_nowhere() {
  return std::make_unique<Writer>("nowhere", -1, wire::kHeaderSize);
}

}  // namespace workloads::evidence
