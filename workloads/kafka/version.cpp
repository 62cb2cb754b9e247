#include <string>

#include "workloads/workload.h"

#include <librdkafka/rdkafka.h>

namespace workloads {
std::string librdkafka_version() {
  return rd_kafka_version_str();
}
}  // namespace workloads
