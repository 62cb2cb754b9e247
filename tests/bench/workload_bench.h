// Firedrill's workloads beside bare librdkafka loops: same cluster, settings, process; taken in turns, so that what
// else the machine does meets all alike. Prints rates, CPU per message, ratios and bytes of evidence per message.
#pragma once

#include <cstdint>
#include <string>

namespace workloads {

struct Measured {
  double seconds = 0;
  double cpu_seconds = 0;
  std::int64_t messages = 0;
  std::int64_t evidence_bytes = 0;
};

// Bare loops: the fastest that librdkafka's API allows (batches per partition, reports polled by the sending thread;
// batch consumption), nothing made, checked or recorded per message.
Measured bare_produce(const std::string& bootstrap, const std::string& topic, int partitions, std::int64_t messages);
Measured bare_consume(const std::string& bootstrap, const std::string& topic, int partitions, std::int64_t messages);

double process_cpu_seconds();

int run_workload_bench(const std::string& bootstrap, std::int64_t messages);

}  // namespace workloads
