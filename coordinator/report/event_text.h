// One line of evidence in words. Pure.
#pragma once

#include <string>

#include "workloads/evidence/event.h"
#include "workloads/evidence/names.h"

namespace coordinator::report {

// Who did it: the producer, the consumer, the fault; "cluster" for what the cluster said; "" for anything else.
std::string who(const workloads::evidence::Event& event, const workloads::evidence::Names& names);
// "acked #17..19 @40..42", "commit of 43 confirmed"; "" for what `explain` has no use for.
std::string what(const workloads::evidence::Event& event, const workloads::evidence::Names& names);

std::string range_text(std::int64_t first, std::int64_t count);  // "17", "17..19"

}  // namespace coordinator::report
