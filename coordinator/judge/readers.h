// What one consumer did on one partition: its ownerships, what it passed, its commits with their answers
// (docs/history.md, sections 2 and 3). A delivery before any `assign`, or after a `revoke`, opens an ownership of its
// own.
#pragma once

#include <functional>

#include "coordinator/judge/view.h"

namespace coordinator::judge {

// Gives the index of the source of (producer, target) in the view.
using SourceOf = std::function<std::int32_t(Id producer, const Partition& target)>;

Reader build_reader(const Store& store, const std::vector<TransactionState>& transactions, const Partition& where,
                    const ConsumerFacts& facts, std::int32_t index, const SourceOf& source_of);

}  // namespace coordinator::judge
