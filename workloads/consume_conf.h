// The configuration of readers: how a group or a truth reader is set up. Pure.
#pragma once

#include <string>

#include "common/base/result.h"
#include "common/protocol/workload_specs.h"
#include "workloads/kafka/conf.h"

namespace workloads {

common::base::Result<kafka::Conf> conf_of(const common::protocol::ConsumeSpec& spec, const std::string& group);
common::base::Result<kafka::Conf> conf_of(const common::protocol::AuditSpec& spec, const std::string& group);

}  // namespace workloads
