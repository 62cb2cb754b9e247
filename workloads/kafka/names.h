// librdkafka's error codes and delivery statuses as text, its version, and the check that the library that runs is not
// older than the headers that we were built with. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"

namespace workloads::kafka {

std::string library_version();  // "2.15.1"

// The symbolic name without prefix: "_MSG_TIMED_OUT", "NOT_LEADER_OR_FOLLOWER".
const char* error_name(int code);
const char* error_text(int code);

inline constexpr int kQueueFull = -184;   // RD_KAFKA_RESP_ERR__QUEUE_FULL, asserted in names.cpp
inline constexpr int kFatal = -150;       // RD_KAFKA_RESP_ERR__FATAL
inline constexpr int kNoBrokerUp = -187;  // RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN

enum class Persisted { no, possibly, yes };  // librdkafka's delivery status: evidence, never an outcome
const char* status_name(Persisted status);   // "NOT_PERSISTED"

// A distribution's old shared library under new headers reports fixed bugs as Kafka's faults.
common::base::Result<void> check_library();

}  // namespace workloads::kafka
