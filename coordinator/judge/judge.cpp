#include "coordinator/judge/judge.h"

#include "coordinator/judge/partition_case.h"
#include "coordinator/judge/verdict.h"

namespace coordinator::judge {

Judge::Judge(const workloads::evidence::Names& names) : store_(std::make_unique<Store>(names)) {}
Judge::~Judge() = default;

void Judge::add(const workloads::evidence::Event& event, std::int64_t line) {
  store_->add(event, line);
}

JudgeResult Judge::result() const {
  RunCase run{*store_, told_ends(*store_), Accusations(*store_), {}, {}, {}, {}, store_->loses_replicas};
  std::vector<std::int32_t> source_of_producer(store_->names.size(), -1);
  if (!run.transactions.empty())
    for (const auto& partition : store_->partitions) prove_transactions(run, *partition, source_of_producer);
  for (const auto& partition : store_->partitions) judge_partition(run, *partition, source_of_producer);
  find_processed_twice(run);
  find_read_cycles(run);
  return pronounce(run);
}

}  // namespace coordinator::judge
