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

// Of which offsets of one partition two transactions made records. `outputs`: by offset.
class Contested {
 public:
  void add(const OutputFact& output) {
    // Of all that began before, only how far that of the same and that of another transaction reach matters.
    const std::int64_t end = output.input_offset + output.count;
    offsets_.add(output.input_offset,
                 std::min(end, output.transaction == farthest_.transaction ? other_ : farthest_.end));
    if (output.transaction == farthest_.transaction) {
      farthest_.end = std::max(farthest_.end, end);
    } else if (end > farthest_.end) {
      other_ = farthest_.end;
      farthest_ = {output.transaction, end};
    } else {
      other_ = std::max(other_, end);
    }
  }
  const IntervalSet& settled() {
    offsets_.settle();
    return offsets_;
  }

 private:
  struct Reach {
    std::int32_t transaction = -1;
    std::int64_t end = 0;
  };
  Reach farthest_;
  std::int64_t other_ = 0;  // how far some other transaction than the farthest reaches
  IntervalSet offsets_;
};

// One by one, those whose input another transaction processed, too.
std::vector<OutputFact> contested_outputs(std::vector<OutputFact>& outputs) {
  std::sort(outputs.begin(), outputs.end(), [](const OutputFact& a, const OutputFact& b) {
    return a.input != b.input ? a.input < b.input : a.input_offset < b.input_offset;
  });
  std::vector<OutputFact> found;
  for (std::size_t begin = 0, end = 0; begin < outputs.size(); begin = end) {
    Contested contested;
    for (; end < outputs.size() && outputs[end].input == outputs[begin].input; ++end) contested.add(outputs[end]);
    const IntervalSet& offsets = contested.settled();
    if (offsets.empty()) continue;
    for (std::size_t i = begin; i < end; ++i) {
      const OutputFact& run = outputs[i];
      offsets.cut(run.input_offset, run.input_offset + run.count, [&](std::int64_t from, std::int64_t to, bool twice) {
        for (std::int64_t at = from - run.input_offset; twice && at < to - run.input_offset; ++at)
          found.push_back(
              {run.input, run.input_offset + at, run.producer, run.sequence + at, run.transaction, run.line + at, 1});
      });
    }
  }
  return found;
}

}  // namespace

void collect_outputs(PartitionCase& c) {
  for (const ProducerFacts& facts : c.view.facts->producers) {
    if (facts.inputs.empty()) continue;
    for (const Source& source : c.view.sources) {
      if (!source.here || source.producer != facts.producer) continue;
      for (const InputRun& input : facts.inputs)
        for (std::int64_t at = 0, to = 0; at < input.count; at = to) {
          const Piece* piece = source.piece_of(input.sequence + at);
          to = piece == nullptr ? at + 1 : std::min(input.count, piece->end() - input.sequence);
          if (piece == nullptr || piece->transaction < 0 || piece->outcome != Outcome::acked) continue;
          c.run.outputs.push_back({input.of, input.of_offset + at, source.producer, input.sequence + at,
                                   piece->transaction, input.line + at, to - at});
        }
    }
  }
}

void find_processed_twice(RunCase& run) {
  const std::vector<OutputFact> contested = contested_outputs(run.outputs);
  std::map<std::pair<Partition, std::int64_t>, std::vector<const OutputFact*>> by_input;
  for (const OutputFact& output : contested) by_input[{output.input, output.input_offset}].push_back(&output);
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
