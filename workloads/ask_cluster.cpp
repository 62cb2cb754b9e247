#include "workloads/ask_cluster.h"

#include "workloads/kafka/admin.h"

namespace workloads {

using common::base::ErrorKind;
using common::base::fail;
using common::base::Result;
using common::protocol::ClusterInfo;

Result<ClusterInfo> ask_cluster(const common::protocol::ClusterAccess& access, common::base::Nanos patience) {
  auto conf = kafka::Conf::create(access.bootstrap, access.client);
  if (!conf) return conf.error();
  kafka::NoListener listener;
  auto client = kafka::Client::create(kafka::Role::producer, std::move(*conf), listener, nullptr);
  if (!client) return client.error();
  const auto told = kafka::Admin(**client).describe_cluster(patience);
  if (!told) {
    (*client)->serve();
    const std::string reason = (*client)->last_problem();
    return fail(ErrorKind::unreachable,
                "no broker answers at " + access.bootstrap + ": " + (reason.empty() ? told.error().what : reason));
  }
  ClusterInfo info;
  info.cluster_id = told->cluster_id;
  for (const auto& broker : told->brokers) info.brokers.push_back(broker.id);
  return info;
}

}  // namespace workloads
