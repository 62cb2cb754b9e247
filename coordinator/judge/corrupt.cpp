// corrupt: delivered with `intact` false. Nothing but that: its id is not believed, and what was acked at its offset is
// not lost. Once per record, whoever was handed it.
#include "coordinator/judge/partition_case.h"

namespace coordinator::judge {

void find_corrupt(PartitionCase& c) {
  std::vector<LogRun> broken;
  for (const Reader& reader : c.view.readers) {
    if (reader.corrupt.empty()) continue;
    for (const Delivery& d : reader.deliveries)
      if (!d.intact) broken.push_back({d.offset, d.count, d.sequence, d.source});
  }
  normalize(broken);
  for (const LogRun& run : broken) {
    Record r;
    r.kind = Kind::corrupt;
    r.where = c.view.where;
    if (run.source != kForeign) {
      r.producer = c.source(run.source).producer;
      r.target = c.source(run.source).target;
    }
    r.sequence = run.sequence;
    r.count = run.count;
    r.offsets = {run.offset};
    Stamp when;
    const Reader* by = nullptr;
    if (const Delivery* d = c.witnesses.handed(c.view, run.source, run.offset, by, false)) {
      r.witnesses = {d->line};
      when = by->stamp(*d);
    }
    c.run.out.add(std::move(r), {when}, true);
  }
}

}  // namespace coordinator::judge
