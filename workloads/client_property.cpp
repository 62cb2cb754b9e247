#include "workloads/client_property.h"

#include <set>

#include "workloads/kafka/conf.h"

namespace workloads {

using common::base::ErrorKind;
using common::base::fail;
using common::base::Result;

namespace {

const std::set<std::string> kEvidenceDependsOn = {"delivery.report.only.error", "transactional.id"};
const std::set<std::string> kTransactionDecides = {"acks",
                                                   "enable.idempotence",
                                                   "transaction.timeout.ms",
                                                   "group.id",
                                                   "isolation.level",
                                                   "enable.auto.commit",
                                                   "enable.auto.offset.store"};
const std::set<std::string> kFieldDecides = {"group.id", "isolation.level", "auto.offset.reset", "enable.auto.commit",
                                             "enable.auto.offset.store"};

}  // namespace

Result<void> check_may_choose(std::string_view kind, const std::string& name) {
  if (kind == "application") return {};
  const auto refuse = [&](const char* why) {
    return fail(ErrorKind::configuration, "client property `" + name + "` cannot be chosen: " + why);
  };
  if (kind != "consume" && kEvidenceDependsOn.contains(name)) return refuse("the evidence depends on it");
  if (kind == "transact" && kTransactionDecides.contains(name)) return refuse("the transactions depend on it");
  if (name == "enable.partition.eof") return refuse("the evidence depends on it");
  if (kind == "consume" && kFieldDecides.contains(name)) return refuse("the field of the spec decides it");
  return {};
}

Result<void> check_client_property(std::string_view kind, const std::string& name, const std::string& value) {
  if (auto chosen = check_may_choose(kind, name); !chosen) return chosen;
  if (name == "plugin.library.paths") return {};  // to set it is to load the plugin, here and now
  auto conf = kafka::Conf::create("127.0.0.1:1", {});
  if (!conf) return conf.error();
  return conf->set(name, value);
}

}  // namespace workloads
