// stop: SIGTERM. A broker moves its leaders away first (controlled shutdown), which may take up to the service's
// stop_timeout.
#include <csignal>

#include "agent/faults/end_service.h"
#include "agent/faults/kinds.h"

namespace agent::faults {

MadeFault make_stop(const common::protocol::FaultSpec&, const Service& service) {
  return end_service(service, SIGTERM, service.stop_timeout);
}

}  // namespace agent::faults
