#include "coordinator/judge/parts.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "coordinator/judge/clean.h"
#include "coordinator/judge/finding_list.h"

namespace coordinator::judge {

namespace {

constexpr std::size_t kRunsWorthAThread = 20'000;

std::size_t runs_of(const PartitionFacts& facts) {
  std::size_t runs = facts.samples.size();
  for (const ProducerFacts& p : facts.producers) runs += p.told.sends() + p.told.acks() + p.outcomes.size();
  for (const ConsumerFacts& c : facts.consumers) runs += c.deliveries.size() + c.controls.size();
  return runs;
}

}  // namespace

bool Parts::touches_transactions(const PartitionFacts& facts) const {
  return facts.within || !facts.strays.empty() ||
         std::any_of(facts.producers.begin(), facts.producers.end(),
                     [](const ProducerFacts& p) { return p.transactional; });
}

Parts::Basis Parts::basis_of(const PartitionFacts& facts, bool so_far, bool holes) const {
  return {facts.version, store_.common_version, touches_transactions(facts) ? transactions_version_ : 0, so_far, holes};
}

// Work(partition, scratch), on as many threads as are worth it.
template <typename Work>
void Parts::each(const std::vector<std::size_t>& partitions, Work work) {
  std::size_t runs = 0;
  for (const std::size_t i : partitions) runs += runs_of(*store_.partitions[i]);
  std::atomic<std::size_t> next{0};
  const auto take = [&] {
    std::vector<std::int32_t> source_of_producer(store_.names.size(), -1);
    for (std::size_t i = next++; i < partitions.size(); i = next++) work(partitions[i], source_of_producer);
  };
  const std::size_t most =
      std::min<std::size_t>({std::clamp(std::thread::hardware_concurrency(), 1U, threads_),
                             1 + runs / kRunsWorthAThread, std::max<std::size_t>(1, partitions.size())});
  std::exception_ptr failed;  // that there is no memory is for the caller, and not for one of these threads, to end at
  std::mutex mutex;
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < most; ++i)
    others.emplace_back([&] {
      try {
        take();
      } catch (...) {
        const std::lock_guard lock(mutex);
        failed = std::current_exception();
      }
    });
  take();
  others.clear();
  if (failed) std::rethrow_exception(failed);
}

void Parts::refresh_transactions() {
  std::vector<TransactionState> states = told_ends(store_);
  proved_.resize(store_.partitions.size());
  std::vector<std::size_t> stale;
  for (std::size_t i = 0; i < proved_.size() && !states.empty(); ++i) {
    const PartitionFacts& facts = *store_.partitions[i];
    const Basis basis{facts.version, store_.common_version, 0, false, false};
    if (proved_[i].basis != basis && touches_transactions(facts)) stale.push_back(i);
    proved_[i].basis = basis;
  }
  each(stale, [&](std::size_t i, std::vector<std::int32_t>& scratch) {
    proved_[i].proofs = prove_transactions(store_, states, *store_.partitions[i], scratch);
  });
  for (const Proved& proved : proved_) {
    for (const TransactionProof& proof : proved.proofs) {
      TransactionState& state = states[proof.transaction];
      state.delivered = true;
      const bool asked = store_.transactions[proof.transaction].commit_asked;
      if (proof.committed_read && asked && state.end == TransactionEnd::unknown) state.end = TransactionEnd::committed;
    }
  }
  if (states != transactions_ || told_version_ != store_.transactions_version) ++transactions_version_;
  told_version_ = store_.transactions_version;
  transactions_ = std::move(states);
}

void Parts::judge(std::size_t partition, const Basis& basis, std::vector<std::int32_t>& source_of_producer) {
  RunCase run{store_, transactions_, basis.so_far, Accusations(store_, basis.so_far), {}, {}, {}, {}, basis.holes};
  const PartitionFacts& facts = *store_.partitions[partition];
  if (!judge_clean(run, facts, source_of_producer)) judge_partition(run, facts, source_of_producer);
  Part& part = parts_[partition];
  part = {};
  part.findings = run.out.settle();
  part.left_out = run.out.left_out();
  part.books = run.books;
  part.imbalances = std::move(run.imbalances);
  part.outputs = std::move(run.outputs);
  part.reads = std::move(run.reads);
}

void Parts::refresh(bool so_far, bool holes) {
  refresh_transactions();
  parts_.resize(store_.partitions.size());
  bases_.resize(parts_.size());
  std::vector<std::size_t> stale;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const PartitionFacts& facts = *store_.partitions[i];
    const Basis basis = basis_of(facts, so_far, holes);
    // What was sent elsewhere is known from the facts of another partition.
    if (bases_[i] != basis || facts.reads_elsewhere) stale.push_back(i);
    bases_[i] = basis;
  }
  each(stale, [&](std::size_t i, std::vector<std::int32_t>& scratch) { judge(i, bases_[i], scratch); });
}

}  // namespace coordinator::judge
