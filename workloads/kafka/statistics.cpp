#include "workloads/kafka/statistics.h"

#include <nlohmann/json.hpp>

namespace workloads::kafka {

std::optional<std::int64_t> messages_transmitted(std::string_view statistics_json) {
  const auto statistics = nlohmann::json::parse(statistics_json, nullptr, false);
  if (!statistics.is_object()) return std::nullopt;
  const auto told = statistics.find("txmsgs");
  if (told == statistics.end() || !told->is_number_integer()) return std::nullopt;
  return told->get<std::int64_t>();
}

}  // namespace workloads::kafka
