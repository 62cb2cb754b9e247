// The table of workloads: a new one is one file and one row.
#include <array>

#include "workloads/audit.h"
#include "workloads/consume.h"
#include "workloads/kafka/names.h"
#include "workloads/observe.h"
#include "workloads/produce.h"
#include "workloads/topics.h"
#include "workloads/transact.h"
#include "workloads/workload.h"

namespace workloads {

namespace {
constexpr std::array kKinds = {
    WorkloadKind{"produce", "sends numbered messages, at a rate or flat out", &make_produce},
    WorkloadKind{"consume", "reads by group or by hand, and commits what it has processed", &make_consume},
    WorkloadKind{"transact", "sends in transactions, or makes what it reads into something else exactly once",
                 &make_transact},
    WorkloadKind{"audit", "reads all that there is, which alone proves absence", &make_audit},
    WorkloadKind{"observe", "records what the cluster says of itself", &make_observe},
    WorkloadKind{"topics", "creates or removes topics and tells what they are", &make_topics},
};
}  // namespace

common::base::Result<void> Workload::happen(const common::protocol::TaskEvent& event) {
  return common::base::fail(common::base::ErrorKind::configuration,
                            "`" + event.event + "` is for workloads that produce, consume or transact");
}

std::span<const WorkloadKind> workload_kinds() {
  return kKinds;
}

const WorkloadKind* find_workload(std::string_view name) {
  for (const WorkloadKind& kind : kKinds)
    if (kind.name == name) return &kind;
  return nullptr;
}

std::string librdkafka_version() {
  return kafka::library_version();
}

}  // namespace workloads
