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

bool excused(const InputView& view, std::int32_t a, std::int32_t b) {
  const auto in_a = view.groups.find(a), in_b = view.groups.find(b);
  if (in_a == view.groups.end() || in_b == view.groups.end()) return false;
  return !in_a->second.contains(kNoId) && !in_b->second.contains(kNoId) &&
         std::none_of(in_a->second.begin(), in_a->second.end(), [&](Id group) { return in_b->second.contains(group); });
}

void judge(RunCase& run, const Partition& input, std::int64_t offset, const InputView& view,
           const std::vector<const OutputFact*>& outputs) {
  if (view.records.size() + (view.foreign ? 1 : 0) > 1) return;
  std::set<std::int32_t> accused;
  for (const OutputFact* a : outputs)
    for (const OutputFact* b : outputs)
      if (a->transaction != b->transaction && !excused(view, a->transaction, b->transaction))
        accused.insert(a->transaction);
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
