#include "agent/fault_evidence.h"

namespace agent {

namespace evidence = workloads::evidence;

void add_happening(evidence::SegmentWriter& writer, const faults::UndoRecord& record, const std::string& host,
                   const faults::FaultHappening& happening) {
  auto& names = writer.names();
  evidence::Fault event;
  event.fault = names.intern(record.fault);
  event.kind = names.intern(record.kind);
  event.target = names.intern(record.target.empty() ? record.service : record.target);
  event.state = happening.state;
  event.at = happening.at;
  event.host = names.intern(host);
  if (!happening.proof.empty()) event.proof = names.intern(happening.proof);
  writer.add(event);
}

}  // namespace agent
