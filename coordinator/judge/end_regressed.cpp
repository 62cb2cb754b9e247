// end-regressed: the end, or the log start, of a sample is below that of the one clock-safely before: offsets from the
// new to the old; not over offsets that are lost or vanished. An end that goes back is loss by the topic alone; a log
// start that goes back is never allowed.
#include "coordinator/judge/partition_case.h"
#include "coordinator/judge/samples.h"

namespace coordinator::judge {

namespace {

template <typename Number>
void find_falls(PartitionCase& c, Severity severity, Number number) {
  for (const SamplePair& pair : falling_samples(c, number)) {
    const std::int64_t from = number(*pair.after), to = number(*pair.before);
    if (c.view.lost.intersects(from, to)) continue;
    Finding finding;
    finding.kind = Kind::end_regressed;
    finding.severity = severity;
    finding.where = c.view.where;
    finding.offsets = {{from, to - from}};
    finding.witnesses = {pair.before->line, pair.after->line};
    c.run.out.add(std::move(finding), {pair.after->when});
  }
}

}  // namespace

void find_end_regressed(PartitionCase& c) {
  c.view.lost.settle();
  find_falls(c, topic_may_lose(c.run, *c.view.topic) ? Severity::allowed : Severity::violation,
             [](const SampleLine& s) { return s.end; });
  find_falls(c, Severity::violation, [](const SampleLine& s) { return s.log_start; });
}

}  // namespace coordinator::judge
