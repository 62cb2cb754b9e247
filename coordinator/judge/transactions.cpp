#include "coordinator/judge/transactions.h"

#include "coordinator/judge/store.h"

namespace coordinator::judge {

std::vector<TransactionState> told_ends(const Store& store) {
  std::vector<TransactionState> states;
  states.reserve(store.transactions.size());
  for (const TransactionFacts& facts : store.transactions) {
    TransactionState state;
    if (facts.committed) {
      state.end = TransactionEnd::committed;
    } else if (facts.aborted && !facts.commit_asked) {
      state.end = TransactionEnd::aborted;
    }
    states.push_back(state);
  }
  return states;
}

}  // namespace coordinator::judge
