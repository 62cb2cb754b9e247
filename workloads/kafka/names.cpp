#include "workloads/kafka/names.h"

#include <librdkafka/rdkafka.h>

namespace workloads::kafka {

static_assert(kQueueFull == RD_KAFKA_RESP_ERR__QUEUE_FULL);
static_assert(kFatal == RD_KAFKA_RESP_ERR__FATAL);
static_assert(kNoBrokerUp == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN);

std::string library_version() {
  return rd_kafka_version_str();
}

const char* error_name(int code) {
  return rd_kafka_err2name(static_cast<rd_kafka_resp_err_t>(code));
}

const char* error_text(int code) {
  return rd_kafka_err2str(static_cast<rd_kafka_resp_err_t>(code));
}

const char* status_name(Persisted status) {
  constexpr const char* kNames[] = {"NOT_PERSISTED", "POSSIBLY_PERSISTED", "PERSISTED"};
  return kNames[static_cast<int>(status)];
}

common::base::Result<void> check_library() {
  if (rd_kafka_version() >= RD_KAFKA_VERSION) return {};
  return common::base::fail(common::base::ErrorKind::infrastructure,
                            std::string("librdkafka ") + rd_kafka_version_str() +
                                " is loaded, which is older than the one that Firedrill was built with");
}

}  // namespace workloads::kafka
