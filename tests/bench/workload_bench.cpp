#include "tests/bench/workload_bench.h"

#include <cstdio>
#include <cstdlib>
#include <thread>
#include <variant>

#include <nlohmann/json.hpp>

#include "common/base/clock.h"
#include "tests/temporary_folder.h"
#include "workloads/workload.h"

namespace workloads {

namespace {

using common::base::Nanos;

constexpr int kPartitions = 6;
constexpr int kRounds = 3;

// Passes evidence on and remembers when the last record was delivered, which is when the reading was done.
class Timed final : public evidence::SegmentWriter {
 public:
  explicit Timed(std::unique_ptr<evidence::SegmentWriter> to) : to_(std::move(to)) {}
  evidence::Names& names() override { return to_->names(); }
  void add(const evidence::Event& event) override {
    if (const auto* deliver = std::get_if<evidence::Deliver>(&event))
      last_delivery = std::max(last_delivery, deliver->at);
    to_->add(event);
  }
  common::base::Result<void> flush() override { return to_->flush(); }
  common::base::Result<void> close() override { return to_->close(); }
  std::size_t open_bytes() const override { return to_->open_bytes(); }
  std::int64_t written_bytes() const override { return to_->written_bytes(); }

  Nanos last_delivery = 0;

 private:
  std::unique_ptr<evidence::SegmentWriter> to_;
};

[[noreturn]] void give_up(const std::string& what) {
  std::fprintf(stderr, "bench: %s\n", what.c_str());
  std::exit(1);
}

class Bench {
 public:
  explicit Bench(std::string bootstrap) : bootstrap_(std::move(bootstrap)) {}
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  const std::string& bootstrap() const { return bootstrap_; }
  nlohmann::json cluster() const { return {{"bootstrap", bootstrap_}}; }

  // Until it is done by itself, or (`until` > 0) has delivered so many. To a file, or to nowhere.
  Measured run(const std::string& kind, const nlohmann::json& spec, bool to_file, std::int64_t until) {
    auto writer =
        to_file ? evidence::SegmentWriter::create(folder_ / (std::to_string(++files_) + ".fde"))
                : common::base::Result<std::unique_ptr<evidence::SegmentWriter>>(evidence::SegmentWriter::to_nowhere());
    if (!writer) give_up(writer.error().what);
    Timed timed(std::move(*writer));
    const WorkloadContext context{.task = "bench",
                                  .run = "bench",
                                  .host = "bench",
                                  .evidence = timed,
                                  .clock = common::base::SteadyClock::instance()};
    auto workload = find_workload(kind)->make(spec, context);
    if (!workload) give_up(workload.error().what);
    const double cpu = process_cpu_seconds();
    const Nanos began = common::base::steady_now();
    common::base::Result<void> result;
    std::jthread thread([&](std::stop_token stop) { result = (*workload)->run(stop); });
    while (until > 0 && (*workload)->progress()["delivered"].get<std::int64_t>() < until)
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    if (until > 0) thread.request_stop();
    thread.join();
    const Nanos ended = until > 0 ? timed.last_delivery : common::base::steady_now();
    if (!result) give_up(result.error().what);
    if (!timed.close()) give_up("the evidence could not be written");
    const auto progress = (*workload)->progress();
    return {.seconds = static_cast<double>(ended - began) * 1e-9,
            .cpu_seconds = process_cpu_seconds() - cpu,
            .messages = until > 0 ? until : progress.value("acked", std::int64_t{0}),
            .evidence_bytes = timed.written_bytes()};
  }

 private:
  std::string bootstrap_;
  const tests::TemporaryFolder folder_;
  int files_ = 0;
};

void add(Measured& sum, const Measured& one) {
  sum.seconds += one.seconds;
  sum.cpu_seconds += one.cpu_seconds;
  sum.messages += one.messages;
  sum.evidence_bytes += one.evidence_bytes;
}

void print(const char* name, const Measured& measured, const Measured& bare) {
  const auto messages = static_cast<double>(measured.messages);
  const double rate = messages / measured.seconds;
  const double bare_rate = static_cast<double>(bare.messages) / bare.seconds;
  const double cpu = measured.cpu_seconds / messages;
  const double bare_cpu = bare.cpu_seconds / static_cast<double>(bare.messages);
  std::printf("%-30s %10.0f/s %8.0f ns CPU/message   rate x%.2f   CPU x%.2f", name, rate, cpu * 1e9, rate / bare_rate,
              cpu / bare_cpu);
  if (measured.evidence_bytes > 0)
    std::printf("   %.4f B evidence/message", static_cast<double>(measured.evidence_bytes) / messages);
  std::printf("\n");
  std::fflush(stdout);
}

}  // namespace

int run_workload_bench(const std::string& bootstrap, std::int64_t messages) {
  Bench bench(bootstrap);
  const std::string topic = "bench-" + std::to_string(common::base::wall_now());
  const nlohmann::json topics = {
      {"cluster", bench.cluster()},
      {"topics",
       {{{"name", topic}, {"partitions", kPartitions}, {"replication_factor", 1}},
        {{"name", topic + "-bare"}, {"partitions", kPartitions}, {"replication_factor", 1}}}}};
  bench.run("topics", topics, false, 0);
  std::printf("%lld messages of 100 B, %d partitions, acks=all, idempotent, %d rounds in turn\n",
              static_cast<long long>(messages), kPartitions, kRounds);
  const nlohmann::json produce = {
      {"cluster", bench.cluster()}, {"topic", topic}, {"partitions", kPartitions}, {"max_messages", messages}};
  Measured bare, ours, nowhere;
  bare_produce(bootstrap, topic + "-bare", kPartitions, messages / 4);  // the broker's code is warm for all alike
  for (int round = 0; round < kRounds; ++round) {
    add(bare, bare_produce(bootstrap, topic + "-bare", kPartitions, messages));
    add(ours, bench.run("produce", produce, true, 0));
    add(nowhere, bench.run("produce", produce, false, 0));
  }
  print("produce: bare librdkafka", bare, bare);
  print("produce: firedrill", ours, bare);
  print("produce: evidence to nowhere", nowhere, bare);
  const std::int64_t all = 2 * kRounds * messages;
  const nlohmann::json consume = {{"cluster", bench.cluster()}, {"topic", topic}};
  Measured read_bare, read, read_nowhere;
  for (int round = 0; round < kRounds; ++round) {
    add(read_bare, bare_consume(bootstrap, topic, kPartitions, all));
    add(read, bench.run("consume", consume, true, all));
    add(read_nowhere, bench.run("consume", consume, false, all));
  }
  print("consume: bare librdkafka", read_bare, read_bare);
  print("consume: firedrill", read, read_bare);
  print("consume: evidence to nowhere", read_nowhere, read_bare);
  nlohmann::json remove = topics;
  remove["remove"] = true;
  bench.run("topics", remove, false, 0);
  return 0;
}

}  // namespace workloads
