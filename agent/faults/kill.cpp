// kill: SIGKILL. The process cannot say goodbye: no controlled shutdown, no flush, no leave of a group.
#include <csignal>

#include "agent/faults/end_service.h"
#include "agent/faults/kinds.h"

namespace agent::faults {

MadeFault make_kill(const FaultOrder& order) {
  return end_service(*order.service, SIGKILL, std::chrono::seconds(10));
}

}  // namespace agent::faults
