// The ledger of one source: its lines, overlaid into pieces of equal fate (docs/history.md, section 2). Of two sends or
// two outcomes of one id the first counts, and an ack counts before a refuse, a refuse before an unknown; what does not
// balance is told with its line.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "coordinator/judge/view.h"

namespace coordinator::judge {

struct Imbalance {
  std::int64_t line = 0;
  const char* what = "";
};

// Unpacks `facts` into source.sends .. unknowns and overlays them into source.pieces. `holes`: lines may be missing, so
// the end of a transaction does not answer its records: one of them may have been refused.
void build_ledger(const Store& store, const std::vector<TransactionState>& transactions, const ProducerFacts& facts,
                  bool holes, Source& source, std::vector<Imbalance>& imbalances);

}  // namespace coordinator::judge
