// What librdkafka's statistics tell (its STATISTICS.md). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace workloads::kafka {

// Messages that a producer has handed to brokers, each as often as it was sent (`txmsgs`). nullopt: not told.
std::optional<std::int64_t> messages_transmitted(std::string_view statistics_json);

}  // namespace workloads::kafka
