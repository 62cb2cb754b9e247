#include "workloads/evidence/segment_reader.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <unistd.h>
#include <utility>
#include <vector>

#include "workloads/evidence/frame_reader.h"
#include "workloads/evidence/record_decoder.h"
#include "workloads/evidence/reservations.h"
#include "workloads/evidence/segment_restore.h"

namespace workloads::evidence {
namespace base = common::base;
namespace {

constexpr std::size_t kPortion = std::size_t{256} * 1024;

base::Error damaged(std::int64_t at, const std::string& how) {
  return base::fail(base::ErrorKind::configuration, "evidence is damaged at byte " + std::to_string(at) + ": " + how);
}

// Hands the bytes of a file to feed(bytes, count) -> Result<void>, portion by portion.
template <typename Feed>
base::Result<void> read_portions(const std::string& path, Feed&& feed) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return base::fail(errno == ENOENT ? base::ErrorKind::not_found : base::ErrorKind::infrastructure,
                      "cannot open " + path + ": " + std::strerror(errno));
  std::vector<char> portion(kPortion);
  base::Result<void> result;
  ssize_t n = 1;
  while (n > 0 && result) {
    n = ::read(fd, portion.data(), portion.size());
    if (n > 0) result = feed(portion.data(), static_cast<std::size_t>(n));
    if (n < 0 && errno == EINTR)
      n = 1;
    else if (n < 0)
      result = base::fail(base::ErrorKind::infrastructure, "cannot read " + path + ": " + std::strerror(errno));
  }
  ::close(fd);
  return result;
}

// Frames, then records: what a decoder and a restored writer have in common.
class Decoding {
 public:
  explicit Decoding(Names& names) : records_(names) {}

  template <typename Sink>
  base::Result<void> feed(const char* bytes, std::size_t count, Sink&& sink) {
    frames_.feed(bytes, count);
    std::string_view payload;
    while (true) {
      const auto found = frames_.next(payload);
      if (!found) return found.error();
      if (!*found) return {};
      ++facts_.segments;
      const char* problem = records_.payload(payload, [&](const Event& event) {
        note(event);
        sink(event);
      });
      if (problem != nullptr)
        return damaged(frames_.payload_start() + static_cast<std::int64_t>(records_.position()), problem);
    }
  }

  base::Result<FileFacts> finish() {
    if (frames_.tail_holds_frame())
      return damaged(frames_.intact_bytes(), "a frame whose length is wrong: whole frames follow it");
    facts_.intact_bytes = frames_.intact_bytes();
    facts_.torn_tail = frames_.has_tail();
    return facts_;
  }

  const RecordDecoder& records() const { return records_; }

 private:
  void note(const Event& event) {
    if (std::holds_alternative<ProducerInfo>(event) || std::holds_alternative<ConsumerInfo>(event))
      facts_.closed = false;
    if (std::holds_alternative<Close>(event) || std::holds_alternative<End>(event)) facts_.closed = true;
  }

  FrameReader frames_;
  RecordDecoder records_;
  FileFacts facts_;
};

}  // namespace

struct SegmentDecoder::State {
  State(Names& names, EventSink to) : decoding(names), sink(std::move(to)) {}
  Decoding decoding;
  Reservations reservations;
  EventSink sink;
  std::optional<base::Error> error;
};

SegmentDecoder::SegmentDecoder(Names& names, EventSink sink)
    : state_(std::make_unique<State>(names, std::move(sink))) {}
SegmentDecoder::~SegmentDecoder() = default;

base::Result<void> SegmentDecoder::feed(const char* bytes, std::size_t count) {
  if (state_->error) return *state_->error;
  auto result = state_->decoding.feed(bytes, count, [this](const Event& event) {
    state_->reservations.see(event);
    state_->sink(event);
  });
  if (!result) state_->error = result.error();
  return result;
}

base::Result<FileFacts> SegmentDecoder::finish() {
  if (state_->error) return *state_->error;
  auto facts = state_->decoding.finish();
  if (facts) state_->reservations.emit_open(state_->sink);
  return facts;
}

base::Result<FileFacts> read_segments(const std::string& path, Names& names, const EventSink& sink) {
  SegmentDecoder decoder(names, sink);
  base::Result<FileFacts> facts = FileFacts{};
  const auto read = read_portions(path, [&](const char* bytes, std::size_t count) {
    auto fed = decoder.feed(bytes, count);
    return fed ? fed : base::Result<void>(base::context(fed.error(), path));
  });
  if (!read) return read.error();
  facts = decoder.finish();
  if (!facts) return base::context(facts.error(), path);
  return facts;
}

base::Result<Restored> restore_segments(const std::string& path) {
  Restored restored;
  Decoding decoding(restored.names);
  const auto read = read_portions(
      path, [&](const char* bytes, std::size_t count) { return decoding.feed(bytes, count, [](const Event&) {}); });
  if (!read) return base::context(read.error(), path);
  const auto facts = decoding.finish();
  if (!facts) return base::context(facts.error(), path);
  if (decoding.records().names_declared() != restored.names.size())
    return base::fail(base::ErrorKind::configuration,
                      path + ": a name is declared twice; the file cannot be continued");
  restored.facts = *facts;
  restored.streams = decoding.records().streams();
  return restored;
}

}  // namespace workloads::evidence
