// stop: SIGTERM. A broker moves its leaders away first (controlled shutdown), which may take up to the service's
// stop_timeout.
#include <csignal>

#include "agent/faults/end_service.h"
#include "agent/faults/kinds.h"

namespace agent::faults {

MadeFault make_stop(const FaultOrder& order) {
  return end_service(*order.service, SIGTERM, order.service->stop_timeout);
}

}  // namespace agent::faults
