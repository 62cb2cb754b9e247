// processed-twice: committed messages of two transactions with one `input`, unless it was delivered within them in
// different groups, or two records were delivered at that offset of the input. Topic, partition, offsets: of the input;
// messages: the outputs.
#include <algorithm>
#include <map>
#include <set>

#include "coordinator/judge/partition_case.h"

namespace coordinator::judge {

namespace {

struct InputView {
  std::map<std::int32_t, std::set<Id>> groups;  // by transaction: those in which the input was delivered within it
  std::set<std::pair<std::pair<Id, Partition>, std::int64_t>> records;  // ids at that offset
  bool foreign = false;
};

// One walk over the readers of the input's partition for all offsets that are asked.
void look(const Store& store, const Partition& input, std::map<std::int64_t, InputView>& offsets) {
  const PartitionFacts* facts = store.partition(input);
  if (facts == nullptr) return;
  for (const ConsumerFacts& consumer : facts->consumers) {
    const Id group = store.consumer(consumer.consumer).group;
    consumer.deliveries.each(input, [&](const DeliverRun& d) {
      if (!d.intact) return;
      for (auto i = offsets.lower_bound(d.offset); i != offsets.end() && i->first < d.offset + d.count; ++i) {
        if (d.producer == kNoId) {
          i->second.foreign = true;
        } else {
          i->second.records.insert({{d.producer, d.target}, d.sequence + (i->first - d.offset)});
        }
        if (d.within_producer == kNoId) continue;
        const std::int32_t within = store.transaction(d.within_producer, d.within_transaction);
        if (within >= 0) i->second.groups[within].insert(group);
      }
    });
  }
}

// Two transactions are excused if each was delivered the input in groups only, and in no common one. Those that are
// not excused with some other:
std::set<std::int32_t> not_excused(const InputView& view, const std::set<std::int32_t>& transactions) {
  std::set<std::int32_t> accused;
  std::map<Id, std::vector<std::int32_t>> by_group;
  bool inexcusable = false;
  for (const std::int32_t transaction : transactions) {
    const auto groups = view.groups.find(transaction);
    inexcusable = inexcusable || groups == view.groups.end() || groups->second.contains(kNoId);
    if (groups == view.groups.end()) continue;
    for (const Id group : groups->second) by_group[group].push_back(transaction);
  }
  if (inexcusable && transactions.size() > 1) return transactions;
  for (const auto& [group, sharing] : by_group)
    if (sharing.size() > 1) accused.insert(sharing.begin(), sharing.end());
  return accused;
}

void judge(RunCase& run, const Partition& input, std::int64_t offset, const InputView& view,
           const std::vector<const OutputFact*>& outputs) {
  if (view.records.size() + (view.foreign ? 1 : 0) > 1) return;
  std::set<std::int32_t> transactions;
  for (const OutputFact* output : outputs) transactions.insert(output->transaction);
  const std::set<std::int32_t> accused = not_excused(view, transactions);
  if (accused.empty()) return;
  Finding finding;
  finding.kind = Kind::processed_twice;
  finding.where = input;
  finding.offsets = {{offset, 1}};
  for (const OutputFact* output : outputs) {
    if (!accused.contains(output->transaction)) continue;
    finding.messages.push_back({output->producer, output->sequence, 1});
    finding.witnesses.push_back(output->line);
  }
  run.out.add(std::move(finding));
}

}  // namespace

void collect_outputs(PartitionCase& c) {
  for (const ProducerFacts& facts : c.view.facts->producers) {
    if (facts.inputs.empty()) continue;
    for (const Source& source : c.view.sources) {
      if (!source.here || source.producer != facts.producer) continue;
      for (const InputRun& input : facts.inputs) {
        const Piece* piece = source.piece_of(input.sequence);
        if (piece == nullptr || piece->transaction < 0 || piece->outcome != Outcome::acked) continue;
        c.run.outputs.push_back(
            {input.of, input.of_offset, source.producer, input.sequence, piece->transaction, input.line});
      }
    }
  }
}

void find_processed_twice(RunCase& run) {
  std::map<std::pair<Partition, std::int64_t>, std::vector<const OutputFact*>> by_input;
  for (const OutputFact& output : run.outputs) by_input[{output.input, output.input_offset}].push_back(&output);
  std::erase_if(by_input, [](const auto& entry) {
    return std::all_of(entry.second.begin(), entry.second.end(),
                       [&](const OutputFact* o) { return o->transaction == entry.second.front()->transaction; });
  });
  std::map<Partition, std::map<std::int64_t, InputView>> views;
  for (const auto& [input, outputs] : by_input) views[input.first][input.second];
  for (auto& [partition, offsets] : views) look(run.store, partition, offsets);
  for (auto& [input, outputs] : by_input) {
    const auto& names = run.store.names;
    std::sort(outputs.begin(), outputs.end(), [&](const OutputFact* a, const OutputFact* b) {
      const int order = names.text(a->producer).compare(names.text(b->producer));
      return order != 0 ? order < 0 : a->sequence != b->sequence ? a->sequence < b->sequence : a->line < b->line;
    });
    judge(run, input.first, input.second, views[input.first][input.second], outputs);
  }
}

}  // namespace coordinator::judge
