// The rows of the catalogue, a file per group. Private to common/protocol.
#pragma once

#include <span>

#include "common/protocol/fault_catalogue.h"

namespace common::protocol {

std::span<const FaultDescription> process_faults();

}  // namespace common::protocol
