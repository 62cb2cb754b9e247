// corrupt: delivered with `intact` false. Nothing but that: its id is not believed, and what was acked at its offset is not
// lost. Once per record, whoever was handed it.
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
    for (const Reader& reader : c.view.readers) {
      if (!reader.corrupt.contains(run.offset)) continue;
      for (const Delivery& d : reader.deliveries) {
        if (d.intact || d.offset > run.offset || run.offset >= d.end()) continue;
        r.witnesses.push_back(d.line);
        when = reader.stamp(d);
        break;
      }
    }
    c.run.out.add(std::move(r), {when});
  }
}

}  // namespace coordinator::judge
