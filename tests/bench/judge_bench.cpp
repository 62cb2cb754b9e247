// How fast the judge is and what it needs: synthetic evidence of a clean day (20 producers x 200 partitions, batches of
// about 100, every message read three times: a group's member, a second group's, an audit), given to Judge::add run by
// run. Prints messages/s and the peak of resident memory, of this process, so run it alone: --benchmark_filter=judge.
#include <chrono>
#include <cstdint>
#include <string>
#include <sys/resource.h>
#include <vector>

#include <benchmark/benchmark.h>

#include "common/base/random.h"
#include "coordinator/judge/judge.h"

namespace {

using namespace workloads::evidence;
using Clock = std::chrono::steady_clock;

constexpr int kProducers = 20, kPartitions = 200;

struct Batch {
  std::uint8_t producer;
  std::int64_t sequence, offset, count;
};

class Day {
 public:
  Day(coordinator::judge::Judge& judge, Names& names) : judge_(judge) {
    const Id topic = names.intern("orders");
    add(TopicInfo{topic, kPartitions, 3, 2, false, false});
    for (int p = 0; p < kProducers; ++p) {
      producers_.push_back(names.intern("p" + std::to_string(p)));
      ProducerInfo info;
      info.producer = producers_.back();
      info.host = names.intern("host-" + std::to_string(p % 3));
      add(info);
    }
    for (int r = 0; r < 3; ++r) {
      ConsumerInfo info;
      info.consumer = names.intern("c" + std::to_string(r));
      info.host = names.intern("host-" + std::to_string(r));
      if (r < 2) info.group = names.intern("g" + std::to_string(r));
      readers_.push_back(info.consumer);
      add(info);
      for (std::int32_t i = 0; i < kPartitions; ++i) add(Assign{info.consumer, {topic, i}, 0, kNoTime});
    }
    topic_ = topic;
  }

  void live(std::int64_t messages) {
    for (std::int64_t done = 0; done < messages;) {
      for (std::int32_t i = 0; i < kPartitions && done < messages; ++i) {
        const auto p = static_cast<std::size_t>(random_.below(kProducers));
        const std::int64_t count = 80 + static_cast<std::int64_t>(random_.below(41));
        std::int64_t& sequence = next_[p * kPartitions + static_cast<std::size_t>(i)];
        batch(producers_[p], {topic_, i}, sequence, end_[static_cast<std::size_t>(i)], count, at_ += 10'000);
        sequence += count;
        end_[static_cast<std::size_t>(i)] += count;
        done += count;
      }
    }
  }
  void finish() {
    for (std::int32_t i = 0; i < kPartitions; ++i)
      add(Audit{readers_[2], {topic_, i}, 0, end_[static_cast<std::size_t>(i)]});
    add(End{});
  }

 private:
  void add(const Event& event) { judge_.add(event, ++line_); }
  void batch(Id producer, const Partition& where, std::int64_t sequence, std::int64_t offset, std::int64_t count,
             std::int64_t at) {
    Send send;
    send.producer = producer;
    send.where = where;
    send.sequence = sequence;
    send.count = count;
    send.at = at;
    add(send);
    add(Ack{producer, where, sequence, offset, count, at + 3'000'000, 0});
    for (const Id reader : readers_) {
      Deliver deliver;
      deliver.consumer = reader;
      deliver.where = deliver.target = where;
      deliver.offset = offset;
      deliver.count = count;
      deliver.producer = producer;
      deliver.sequence = sequence;
      deliver.at = at + 8'000'000;
      deliver.leader_epoch = 1;
      add(deliver);
    }
  }

  coordinator::judge::Judge& judge_;
  std::vector<Id> producers_, readers_;
  Id topic_ = kNoId;
  std::int64_t line_ = 0, at_ = 1'000'000'000;
  common::base::Random random_{7};
  std::vector<std::int64_t> next_ = std::vector<std::int64_t>(kProducers * kPartitions, 0);
  std::vector<std::int64_t> end_ = std::vector<std::int64_t>(kPartitions, 0);
};

void judge_clean_day(benchmark::State& state) {
  for (auto _ : state) {
    Names names;
    coordinator::judge::Judge judge(names);
    const auto begin = Clock::now();
    Day day(judge, names);
    day.live(state.range(0));
    day.finish();
    const auto added = Clock::now();
    const auto result = judge.result();
    state.counters["add_s"] = std::chrono::duration<double>(added - begin).count();
    state.counters["result_s"] = std::chrono::duration<double>(Clock::now() - added).count();
    if (result.verdict != coordinator::judge::Verdict::pass) state.SkipWithError("the clean day did not pass");
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  state.counters["messages/s"] =
      benchmark::Counter(static_cast<double>(state.range(0)), benchmark::Counter::kIsIterationInvariantRate);
  state.counters["peak_MB"] = static_cast<double>(usage.ru_maxrss) / 1024;
}
BENCHMARK(judge_clean_day)->Arg(100'000'000)->Arg(1'000'000'000)->Unit(benchmark::kMillisecond)->Iterations(1);

// Asked twenty times while evidence comes for every partition: what the last answer took, of all that came by then.
void judge_asked_while_it_comes(benchmark::State& state) {
  for (auto _ : state) {
    Names names;
    coordinator::judge::Judge judge(names);
    Day day(judge, names);
    for (int i = 0; i < 20; ++i) {
      day.live(state.range(0) / 20);
      const auto begin = Clock::now();
      const auto result = judge.so_far();
      state.counters["last_answer_ms"] = std::chrono::duration<double>(Clock::now() - begin).count() * 1000;
      if (!result.findings.empty()) state.SkipWithError("the clean day was accused");
    }
  }
}
BENCHMARK(judge_asked_while_it_comes)->Arg(10'000'000)->Arg(100'000'000)->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
