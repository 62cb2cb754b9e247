// reordered: take one producer's ids of a partition in order of sequence, each with its lowest known offset: each
// neighbouring pair whose offset falls. If one of them may be lost, only if one reader was delivered both in rising
// offsets, in one ownership, without seek or step back between. What a consumer does excuses no producer. Allowed
// without idempotence, if max_in_flight > 1 or nobody passed all offsets below the lower one (a lower copy may stand
// there).
#include <algorithm>

#include "coordinator/judge/order.h"

namespace coordinator::judge {

namespace {

bool somebody_passed_below(const View& view, std::int64_t offset) {
  if (view.audited && view.audit_start == 0) return true;
  return std::any_of(view.readers.begin(), view.readers.end(),
                     [offset](const Reader& reader) { return offset == 0 || reader.passed.covers(0, offset + 1); });
}

void accuse(PartitionCase& c, const Source& source, const LogRun& first, const LogRun& second) {
  const auto* info = c.run.store.producer(source.producer);
  Finding finding;
  finding.kind = Kind::reordered;
  finding.where = c.view.where;
  finding.messages = {{source.producer, first.sequence, 1}, {source.producer, second.sequence, 1}};
  if (first.offset == second.offset + 1) {
    finding.offsets = {{second.offset, 2}};
  } else {
    finding.offsets = {{second.offset, 1}, {first.offset, 1}};
  }
  const bool pipelined = info == nullptr || info->max_in_flight > 1;
  if (!source.idempotent && (pipelined || !somebody_passed_below(c.view, second.offset)))
    finding.severity = Severity::allowed;
  Stamp when;
  for (const LogRun* run : {&first, &second}) {
    const Piece* piece = source.piece_of(run->sequence);
    finding.witnesses.push_back(source.send_line(*piece));
    finding.witnesses.push_back(source.ack_line(*piece));
    when = c.view.ack_stamp(c.run.store, source, *piece);
  }
  c.run.out.add(std::move(finding), {when});
}

}  // namespace

void find_reordered(PartitionCase& c) {
  for (std::size_t s = 0; s < c.view.sources.size(); ++s) {
    const Source& source = c.view.sources[s];
    if (!source.here) continue;
    const std::vector<LogRun> runs = lowest_offsets(c.view, static_cast<std::int32_t>(s));
    for (std::size_t i = 1; i < runs.size(); ++i) {
      const LogRun last{runs[i - 1].end() - 1, 1, runs[i - 1].sequence + runs[i - 1].count - 1, runs[i - 1].source};
      const LogRun next{runs[i].offset, 1, runs[i].sequence, runs[i].source};
      if (next.offset >= last.offset) continue;
      if (source.may_be_lost && !one_reader_saw(c, next, last)) continue;
      accuse(c, source, last, next);
    }
  }
}

}  // namespace coordinator::judge
