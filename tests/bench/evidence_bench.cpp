// What recording costs: ns per message and per run, and bytes of evidence per message in three ways of use.
#include <array>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "common/base/random.h"
#include "workloads/evidence/crc32c.h"
#include "workloads/evidence/histogram.h"
#include "workloads/evidence/message.h"
#include "workloads/evidence/segment_writer.h"

namespace workloads::evidence {
namespace {

void crc32c_of_100_bytes(benchmark::State& state) {
  const std::string bytes(100, 'x');
  for (auto _ : state) benchmark::DoNotOptimize(crc32c(bytes.data(), bytes.size()));
}
BENCHMARK(crc32c_of_100_bytes);

void write_identity_of_100_bytes(benchmark::State& state) {
  std::string value(100, 'x');
  Identity identity{.run = 1, .producer = 2, .topic = 3};
  for (auto _ : state) {
    ++identity.sequence;
    write_identity(identity, "", value.data(), value.size());
    benchmark::DoNotOptimize(value.data());
    benchmark::ClobberMemory();
  }
}
BENCHMARK(write_identity_of_100_bytes);

void read_identity_of_100_bytes(benchmark::State& state) {
  std::string value(100, 'x');
  write_identity({.run = 1, .producer = 2, .topic = 3, .sequence = 9}, "", value.data(), value.size());
  Identity identity;
  for (auto _ : state) benchmark::DoNotOptimize(read_identity("", value, identity));
}
BENCHMARK(read_identity_of_100_bytes);

void histogram_record(benchmark::State& state) {
  common::base::Random random(1);
  std::array<std::int64_t, 1024> latencies;
  for (auto& ns : latencies) ns = static_cast<std::int64_t>(random.exponential(5e6));
  Histogram histogram;
  std::size_t i = 0;
  for (auto _ : state) histogram.record(latencies[i++ % latencies.size()]);
  benchmark::DoNotOptimize(histogram.count());
}
BENCHMARK(histogram_record);

// A producer or a consumer of 6 partitions for 60 s as the workloads record it: batches join while they follow each
// other for at most `run_ms`; evidence is flushed every 250 ms; one histogram a second.
class Recorded {
 public:
  Recorded(std::int64_t rate, std::int64_t batch_ms, std::int64_t run_ms)
      : per_run_(std::max<std::int64_t>(1, rate * std::max(batch_ms, run_ms) / 1000 / kPartitions)),
        runs_(60'000 / std::max(batch_ms, run_ms)),
        run_ns_(std::max(batch_ms, run_ms) * 1'000'000) {}

  template <typename AddRun>
  double bytes_per_message(AddRun add_run) {
    auto writer = SegmentWriter::to_nowhere();
    Names& names = writer->names();
    const Id actor = names.intern("writer-1#1");
    const Id topic = names.intern("orders");
    const Id metric = names.intern("ack");
    std::int64_t flushed_at = 0, second = 0, last_reserved = 0;
    Histogram latency;
    for (std::int64_t run = 0; run < runs_; ++run) {
      for (std::int32_t p = 0; p < kPartitions; ++p) {
        const std::int64_t at = run * run_ns_ + p * (run_ns_ / kPartitions) + jitter();
        add_run(*writer, actor, Partition{topic, p}, run * per_run_, per_run_, at, jitter());
        for (std::int64_t i = 0; i < std::min<std::int64_t>(per_run_, 1000); ++i)
          latency.record(static_cast<std::int64_t>(3e6 + random_.exponential(2e6)));
      }
      if (run * per_run_ >= last_reserved) {
        last_reserved += 1 << 13;
        for (std::int32_t p = 0; p < kPartitions; ++p)
          writer->add(Reserve{.producer = actor, .where = {topic, p}, .sequence = last_reserved, .count = 1 << 13});
        (void)writer->flush();
      }
      if (run * run_ns_ / 1'000'000'000 != second) {
        writer->add(Latency{.actor = actor, .metric = metric, .second = second, .buckets = latency.buckets()});
        second = run * run_ns_ / 1'000'000'000;
        latency.clear();
      }
      if (run * run_ns_ - flushed_at >= 250'000'000) {
        (void)writer->flush();
        flushed_at = run * run_ns_;
      }
    }
    (void)writer->close();
    return static_cast<double>(writer->written_bytes()) / static_cast<double>(runs_ * kPartitions * per_run_);
  }

 private:
  static constexpr std::int32_t kPartitions = 6;
  std::int64_t jitter() { return static_cast<std::int64_t>(random_.below(900'000)); }
  common::base::Random random_{1};
  std::int64_t per_run_;
  std::int64_t runs_;
  std::int64_t run_ns_;
};

void produced(SegmentWriter& writer, Id actor, Partition where, std::int64_t first, std::int64_t count, std::int64_t at,
              std::int64_t span) {
  writer.add(Send{.producer = actor, .where = where, .sequence = first, .count = count, .at = at});
  writer.add(Ack{.producer = actor,
                 .where = where,
                 .sequence = first,
                 .offset = first,
                 .count = count,
                 .at = at + span + 2'000'000,
                 .span = span});
}
void consumed(SegmentWriter& writer, Id actor, Partition where, std::int64_t first, std::int64_t count, std::int64_t at,
              std::int64_t span) {
  writer.add(Deliver{.consumer = actor,
                     .where = where,
                     .offset = first,
                     .count = count,
                     .producer = actor,
                     .sequence = first,
                     .target = where,
                     .at = at + span,
                     .span = span,
                     .leader_epoch = 3});
}

// Arguments: messages/s, ms of a batch, ms for which batches join.
void bytes_per_message_produced(benchmark::State& state) {
  double bytes = 0;
  for (auto _ : state) bytes = Recorded(state.range(0), state.range(1), state.range(2)).bytes_per_message(produced);
  state.counters["bytes/message"] = bytes;
}
BENCHMARK(bytes_per_message_produced)
    ->Args({300'000, 10, 0})
    ->Args({300'000, 10, 100})
    ->Args({1'000, 5, 100})
    ->Args({1'000, 5, 0})
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

void bytes_per_message_consumed(benchmark::State& state) {
  double bytes = 0;
  for (auto _ : state) bytes = Recorded(state.range(0), state.range(1), state.range(2)).bytes_per_message(consumed);
  state.counters["bytes/message"] = bytes;
}
BENCHMARK(bytes_per_message_consumed)
    ->Args({300'000, 10, 0})
    ->Args({300'000, 10, 100})
    ->Args({1'000, 5, 100})
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

void encode_a_run(benchmark::State& state) {
  auto writer = SegmentWriter::to_nowhere();
  const Id actor = writer->names().intern("p");
  const Id topic = writer->names().intern("orders");
  std::int64_t i = 0;
  for (auto _ : state) {
    ++i;
    writer->add(Ack{.producer = actor,
                    .where = {topic, static_cast<std::int32_t>(i % 6)},
                    .sequence = i / 6 * 500,
                    .offset = i / 6 * 500,
                    .count = 500,
                    .at = i * 300'000,
                    .span = 200'000});
    if (writer->open_bytes() > 64 * 1024) (void)writer->flush();
  }
}
BENCHMARK(encode_a_run);

}  // namespace
}  // namespace workloads::evidence
