#include "coordinator/judge/judge.h"

#include <algorithm>
#include <string_view>

#include "coordinator/judge/partition_case.h"
#include "coordinator/judge/verdict.h"

namespace coordinator::judge {

namespace {

// A killed process loses no acked data; these destroy what a replica had.
bool loses_replicas(const Store& store) {
  return std::any_of(store.faults.begin(), store.faults.end(), [&](const auto& entry) {
    const std::string_view kind = store.names.text(entry.second.kind);
    return entry.second.active && (kind == "power-off" || kind == "wipe" || kind == "truncate");
  });
}

}  // namespace

Judge::Judge(const workloads::evidence::Names& names) : store_(std::make_unique<Store>(names)) {}
Judge::~Judge() = default;

void Judge::add(const workloads::evidence::Event& event, std::int64_t line) {
  store_->add(event, line);
}

JudgeResult Judge::result() const {
  RunCase run{*store_, told_ends(*store_), Accusations(*store_), {}, {}, {}, {}, loses_replicas(*store_)};
  std::vector<std::int32_t> source_of_producer(store_->names.size(), -1);
  if (!run.transactions.empty())
    for (const auto& partition : store_->partitions) prove_transactions(run, *partition, source_of_producer);
  for (const auto& partition : store_->partitions) judge_partition(run, *partition, source_of_producer);
  find_processed_twice(run);
  find_read_cycles(run);
  return pronounce(run);
}

}  // namespace coordinator::judge
