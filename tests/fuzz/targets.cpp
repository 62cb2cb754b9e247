#include "tests/fuzz/targets.h"

#include <algorithm>
#include <sstream>
#include <string>

#include <nlohmann/json.hpp>

#include "common/base/json_text.h"
#include "common/base/units.h"
#include "coordinator/judge/salvage.h"
#include "coordinator/scenario/condition.h"
#include "coordinator/scenario/expectation.h"
#include "coordinator/scenario/scenario.h"
#include "workloads/evidence/history_reader.h"
#include "workloads/evidence/history_writer.h"
#include "workloads/evidence/segment_reader.h"
#include "workloads/evidence/wire_format.h"

namespace fuzz {
namespace evidence = workloads::evidence;
namespace judge = coordinator::judge;
using evidence::Event;
using evidence::Names;

namespace {

// So that a mutated frame is read, and not only refused for its checksum.
std::string with_right_checksums(std::string_view bytes) {
  namespace wire = evidence::wire;
  std::string file(bytes);
  std::size_t at = wire::kHeaderSize;
  while (at + wire::kFrameHeaderSize < file.size()) {
    const std::size_t rest = file.size() - at - wire::kFrameHeaderSize;
    const auto length =
        std::min<std::size_t>({evidence::load<std::uint32_t>(file.data() + at + 4), rest, wire::kLargestPayload});
    if (length == 0) break;
    wire::write_frame_header(file.data() + at, file.data() + at + wire::kFrameHeaderSize,
                             static_cast<std::uint32_t>(length));
    at += wire::kFrameHeaderSize + length;
  }
  return file;
}

void read_segment(std::string_view bytes) {
  Names names;
  evidence::HistoryWriter writer(names);
  judge::Judge judge(names);
  std::string text;
  std::int64_t line = 0;
  evidence::SegmentDecoder decoder(names, [&](const Event& event) {
    text.clear();
    writer.append(event, text);
    if (evidence::stands_in_history(event)) judge.add(event, ++line);
  });
  // In two portions, as pages come, and judged as the live judge and the verdict do.
  const std::size_t half = bytes.size() / 2;
  if (decoder.feed(bytes.data(), half)) {
    (void)judge.so_far();
    if (decoder.feed(bytes.data() + half, bytes.size() - half)) (void)decoder.finish();
  }
  (void)common::base::json_text(to_json(judge.so_far(), names));
  (void)common::base::json_text(to_json(judge.result(), names));
}

}  // namespace

void history(std::string_view bytes) {
  {
    Names names;
    judge::Judge judge(names);
    std::istringstream in{std::string(bytes)};
    const auto read =
        evidence::read_history(in, names, [&judge](const Event& event, std::int64_t line) { judge.add(event, line); });
    if (read) (void)common::base::json_text(to_json(judge.result(), names));
  }
  Names names;
  judge::Judge judge(names);
  std::istringstream in{std::string(bytes)};
  bool holes = false;
  (void)evidence::salvage_history(
      in, names, [&judge](const Event& event, std::int64_t line) { judge.add(event, line); },
      [&holes](const common::base::Error&) { holes = true; });
  (void)common::base::json_text(to_json(judge_salvaged(judge, {}, holes), names));
}

void segment(std::string_view bytes) {
  read_segment(bytes);
  read_segment(with_right_checksums(bytes));
}

void scenario(std::string_view bytes) {
  const auto read = coordinator::scenario::parse_scenario(bytes, "fuzz.yaml");
  if (!read) return;
  coordinator::scenario::ClusterFacts cluster;
  cluster.brokers = {1, 2, 3};
  const auto plan = coordinator::scenario::make_plan(*read, {}, cluster, "run-1", 1);
  if (plan) (void)common::base::json_text(to_json(*plan));
}

void expression(std::string_view bytes) {
  (void)coordinator::scenario::parse_expectation(bytes);
  (void)coordinator::scenario::parse_condition(bytes);
  (void)common::base::parse_duration(bytes);
  (void)common::base::parse_bytes(bytes);
  (void)common::base::parse_rate(bytes);
  (void)common::base::parse_count(bytes);
}

}  // namespace fuzz
