// kill: SIGKILL. The process cannot say goodbye: no controlled shutdown, no flush, no leave of a group.
#include <csignal>

#include "agent/faults/end_service.h"
#include "agent/faults/kinds.h"

namespace agent::faults {

MadeFault make_kill(const common::protocol::FaultSpec&, const Service& service) {
  return end_service(service, SIGKILL, std::chrono::seconds(10));
}

}  // namespace agent::faults
