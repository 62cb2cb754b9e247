// epoch-regressed: in one ownership, at a higher offset a lower leader epoch than that of the delivery before: message
// and offset of the later. Or two samples, clock-safely ordered: no messages, no offsets.
#include "coordinator/judge/partition_case.h"
#include "coordinator/judge/samples.h"

namespace coordinator::judge {

namespace {

void accuse(PartitionCase& c, const Reader& reader, const Delivery& before, const Delivery& d) {
  Finding finding;
  finding.kind = Kind::epoch_regressed;
  finding.where = c.view.where;
  finding.consumer = reader.consumer;
  if (d.source != kForeign) finding.messages = {{c.source(d.source).producer, d.sequence, 1}};
  finding.offsets = {{d.offset, 1}};
  finding.witnesses = {before.line, d.line};
  c.run.out.add(std::move(finding), {reader.stamp(d)}, true);
}

}  // namespace

void find_epoch_regressed(PartitionCase& c) {
  for (const Reader& reader : c.view.readers) {
    const Delivery* before = nullptr;
    for (const Delivery& d : reader.deliveries) {
      if (!d.intact || d.leader_epoch == kNoEpoch) continue;  // against the last one that tells an epoch
      if (before != nullptr && before->ownership == d.ownership && d.leader_epoch < before->leader_epoch &&
          d.offset >= before->end())
        accuse(c, reader, *before, d);
      before = &d;
    }
  }
  for (const SamplePair& pair :
       falling_samples(c, [](const SampleLine& s) { return static_cast<std::int64_t>(s.leader_epoch); })) {
    Finding finding;
    finding.kind = Kind::epoch_regressed;
    finding.where = c.view.where;
    finding.witnesses = {pair.before->line, pair.after->line};
    c.run.out.add(std::move(finding), {pair.after->when}, pair.before->when.clock == pair.after->when.clock);
  }
}

}  // namespace coordinator::judge
