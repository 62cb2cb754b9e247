#include "coordinator/blast_radius.h"

namespace coordinator {

using common::base::ErrorKind;
using common::base::fail;
using common::base::Result;

namespace {

Result<void> check_partition(const std::string& name, const PartitionView& view, std::int64_t min_insync,
                             const BlastRadius& planned) {
  std::int64_t left = 0;
  bool hit = false;
  for (const auto node : view.isr) {
    if (node == planned.node) hit = true;
    if (node != planned.node && planned.broken.count(node) == 0) ++left;
  }
  if (!hit) return {};  // it leads and holds nothing there that the others rely on
  if (left < min_insync) {
    return fail(ErrorKind::conflict, name + " would have " + std::to_string(left) +
                                         " in-sync replicas, min.insync.replicas is " + std::to_string(min_insync));
  }
  if (view.isr.size() < view.replicas.size()) {
    return fail(ErrorKind::conflict, name + " has only " + std::to_string(view.isr.size()) + " of " +
                                         std::to_string(view.replicas.size()) + " replicas in sync already");
  }
  return {};
}

}  // namespace

Result<void> check_blast_radius(const BlastRadius& planned, const Observation& seen) {
  for (const auto& [topic, min_insync] : planned.min_insync_replicas) {
    for (const auto& [index, view] : partitions_of(seen, topic)) {
      auto checked = check_partition(topic + "-" + std::to_string(index), view, min_insync, planned);
      if (checked.has_error()) return checked;
    }
  }
  return {};
}

}  // namespace coordinator
