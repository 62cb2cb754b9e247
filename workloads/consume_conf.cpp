#include "workloads/consume_conf.h"

#include "workloads/client_property.h"

namespace workloads {

using common::base::Result;
using kafka::Conf;

namespace {

// With librdkafka's defaults a full prefetch queue sleeps for a second and a verifier looks like a slow Kafka.
const std::map<std::string, std::string> kFast = {
    {"queued.min.messages", "1000000"}, {"queued.max.messages.kbytes", "65536"},
    {"fetch.queue.backoff.ms", "5"},    {"fetch.error.backoff.ms", "50"},
    {"fetch.wait.max.ms", "100"},
};

Result<void> join_group(Conf& conf, const common::protocol::ConsumeSpec& spec) {
  if (!spec.instance_id.empty())
    if (auto set = conf.set("group.instance.id", spec.instance_id); !set) return set;
  if (spec.protocol == "consumer") return conf.set("group.protocol", "consumer");  // its session is the broker's to say
  return conf.set({{"group.protocol", "classic"},
                   {"partition.assignment.strategy", spec.assignor},
                   {"session.timeout.ms", std::to_string(spec.session_timeout_ms)}});
}

}  // namespace

Result<Conf> conf_of(const common::protocol::ConsumeSpec& spec, const std::string& group) {
  auto conf = Conf::create(spec.cluster.bootstrap, spec.cluster.client);
  if (!conf) return conf;
  const char* by_library = spec.commit == "auto" ? "true" : "false";
  const std::map<std::string, std::string> fields = {
      {"group.id", group},
      {"isolation.level", spec.isolation},
      {"auto.offset.reset", spec.reset},
      {"enable.auto.commit", by_library},
      {"enable.auto.offset.store", by_library},
      {"auto.commit.interval.ms", std::to_string(spec.commit_interval_ms)},
      {"enable.partition.eof", "true"},  // tells that markers of transactions at the end were passed
  };
  if (auto set = conf->set(kFast); !set) return set.error();
  if (auto set = conf->set(fields); !set) return set.error();
  if (auto set = join_group(*conf, spec); !set) return set.error();
  for (const auto& [name, value] : spec.properties)
    if (auto chosen = check_may_choose("consume", name); !chosen) return chosen.error();
  if (auto set = conf->set(spec.properties); !set) return set.error();
  return conf;
}

Result<Conf> conf_of(const common::protocol::AuditSpec& spec, const std::string& group) {
  auto conf = Conf::create(spec.cluster.bootstrap, spec.cluster.client);
  if (!conf) return conf;
  if (auto set = conf->set(kFast); !set) return set.error();
  const std::map<std::string, std::string> fields = {
      {"group.id", group},
      {"isolation.level", "read_committed"},
      {"auto.offset.reset", "error"},  // a silent reset would hide what is missing
      {"enable.auto.commit", "false"},
      {"enable.auto.offset.store", "false"},
      {"enable.partition.eof", "true"},
  };
  if (auto set = conf->set(fields); !set) return set.error();
  return conf;
}

}  // namespace workloads
