#include "coordinator/live_judge.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <new>
#include <unistd.h>
#include <utility>
#include <vector>

#include "common/base/clock.h"

namespace coordinator {

namespace evidence = workloads::evidence;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

namespace {
constexpr std::size_t kPortion = std::size_t{256} * 1024;
constexpr int kRestForWork = 3;  // times as long as it worked, so that the workloads keep their cores
}  // namespace

struct LiveJudge::Followed {
  Followed(evidence::Names& names, evidence::EventSink sink) : decoder(names, std::move(sink)) {}
  std::int64_t read = 0;  // bytes
  evidence::SegmentDecoder decoder;
};

LiveJudge::LiveJudge(std::string folder, std::set<std::string> waived, std::chrono::milliseconds pause,
                     std::function<void()> judged)
    : folder_(std::move(folder)), waived_(std::move(waived)), pause_(pause), judged_(std::move(judged)) {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

LiveJudge::~LiveJudge() {
  thread_.request_stop();
  thread_.join();
}

report::LiveFindings LiveJudge::findings() const {
  const std::lock_guard lock(mutex_);
  return findings_;
}

void LiveJudge::run(const std::stop_token& stop) {
  while (!stop.stop_requested() && !failed_) {
    const auto began = Clock::now();
    try {
      if (read_more() && !failed_) tell();
    } catch (const std::bad_alloc&) {  // it would end the whole process, and the verdict does without the findings
      give_up("no memory to judge it while it goes on");
    }
    const auto rest = std::max<Clock::duration>(pause_, kRestForWork * (Clock::now() - began));
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, rest, [] { return false; });
  }
}

void LiveJudge::give_up(const std::string& why) {
  failed_ = true;
  {
    const std::lock_guard lock(mutex_);
    findings_.problem = why;
  }
  judged_();
}

bool LiveJudge::read_more() {
  bool more = false;
  std::error_code error;
  for (fs::directory_iterator entry(folder_, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->path().extension() != ".fde") continue;
    auto& file = files_[entry->path().filename().string()];
    if (!file)
      file = std::make_unique<Followed>(names_, [this](const evidence::Event& event) {
        // That nothing is missing is said before the last page of another file may have been read.
        if (!std::holds_alternative<evidence::End>(event)) judge_.add(event, ++line_);
      });
    more = read_more(*file, entry->path().string()) || more;
    if (failed_) return true;
  }
  if (error) give_up("cannot read " + folder_ + ": " + error.message());
  return more;
}

bool LiveJudge::read_more(Followed& file, const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;  // it was there a moment ago; if it stays away, the verdict will tell
  std::vector<char> portion(kPortion);
  const std::int64_t before = file.read;
  for (;;) {
    const ssize_t n = ::pread(fd, portion.data(), portion.size(), file.read);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) give_up("cannot read " + path + ": " + std::strerror(errno));
    if (n <= 0) break;
    file.read += n;
    const auto fed = file.decoder.feed(portion.data(), static_cast<std::size_t>(n));
    if (fed.has_error()) give_up(path + ": " + fed.error().what);
    if (failed_) break;
  }
  ::close(fd);
  return file.read > before;
}

void LiveJudge::tell() {
  const auto as_of = common::base::steady_now();
  auto found = report::live_findings(judge_.so_far(), names_, waived_, as_of);
  {
    const std::lock_guard lock(mutex_);
    findings_ = std::move(found);
  }
  judged_();
}

}  // namespace coordinator
