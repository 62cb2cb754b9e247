// The properties of one client, of a scenario's workload or as somebody named them, under one name each and with
// librdkafka's defaults behind them. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/protocol/workload_specs.h"
#include "coordinator/scenario/plan.h"

namespace coordinator::doctor {

enum class ClientRole { producer, consumer };

struct ClientSettings {
  std::string who;  // "workload writer", "a producer with these properties"
  ClientRole role = ClientRole::producer;
  common::protocol::Properties told;               // by the names below
  std::string get(const std::string& name) const;  // told, or the default; "" if the library has none
  std::int64_t number(const std::string& name) const;
  bool is_true(const std::string& name) const;  // as librdkafka reads it
  bool is_told(const std::string& name) const { return told.contains(name); }
};

// What the checks look at: `acks`, `delivery.timeout.ms`, ... Older names of librdkafka mean the same.
std::string one_name(const std::string& property);

// Properties as somebody named them: of a producer, of a consumer, or of both, as the names tell.
std::vector<ClientSettings> clients_with(const common::protocol::Properties& properties);
common::base::Result<std::vector<ClientSettings>> clients_of(const scenario::Plan& plan);

struct ClientDefault {
  const char* name;
  ClientRole role;
  const char* value;  // librdkafka's
};
const std::vector<ClientDefault>& client_defaults();

}  // namespace coordinator::doctor
