// JSON parts that several workload specs share. Used only by the .cpp files of this folder. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "common/protocol/workload_specs.h"

namespace common::protocol {

inline constexpr std::int64_t kLongestMs = 366LL * 24 * 3600 * 1000;  // a year and a day: longer is a mistake

nlohmann::json to_json(const ClusterAccess& access);
// `problems` is the list that `fields` writes to.
void read_cluster(base::Fields& fields, base::Problems& problems, ClusterAccess& out);  // field `cluster`, required
void read_topic(base::Fields& fields, base::Problems& problems, std::string_view name, std::string& out);  // required

// All fields of a producer, its cluster and topic included.
void read_produce(base::Fields& fields, base::Problems& problems, ProduceSpec& out);
// How a member of a group reads: what a consumer and a processor's input have in common.
void read_membership(base::Fields& fields, ConsumeSpec& out);

// What Kafka accepts as a topic's name; a wrong one is a problem of field `name`.
void check_topic(base::Fields& fields, std::string_view name, const std::string& topic);

}  // namespace common::protocol
