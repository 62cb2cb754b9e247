// restart: SIGTERM, or SIGKILL if `hard`, and started again at once; reverted when the new process answers.
#include <csignal>

#include "agent/faults/end_service.h"
#include "agent/faults/kinds.h"

namespace agent::faults {

MadeFault make_restart(const common::protocol::FaultSpec& spec, const Service& service) {
  return end_service(service, spec.hard ? SIGKILL : SIGTERM, service.stop_timeout);
}

}  // namespace agent::faults
