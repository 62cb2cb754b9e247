// restart: SIGTERM, or SIGKILL if `hard`, and started again at once; reverted when the new process answers.
#include <csignal>

#include "agent/faults/end_service.h"
#include "agent/faults/kinds.h"

namespace agent::faults {

MadeFault make_restart(const FaultOrder& order) {
  return end_service(*order.service, order.parameters.flag("hard") ? SIGKILL : SIGTERM, order.service->stop_timeout);
}

}  // namespace agent::faults
