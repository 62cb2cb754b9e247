// `bench` runs the benchmarks that need nothing; `bench --bootstrap HOST:PORT [--messages N]` compares Firedrill's
// workloads with bare librdkafka loops against that cluster.
#include <cstdlib>
#include <cstring>

#include <benchmark/benchmark.h>

#include "tests/bench/workload_bench.h"

int main(int argc, char** argv) {
  const char* bootstrap = nullptr;
  long long messages = 2'000'000;
  for (int i = 1; i + 1 < argc; ++i) {
    if (std::strcmp(argv[i], "--bootstrap") == 0) bootstrap = argv[i + 1];
    if (std::strcmp(argv[i], "--messages") == 0) messages = std::atoll(argv[i + 1]);
  }
  if (bootstrap != nullptr) return workloads::run_workload_bench(bootstrap, messages);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
