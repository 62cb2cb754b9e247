// What is asked before a run is created, so that a request that cannot be carried out is refused and nothing is left of
// it. Injected, since neither question is the store's: properties are a client library's, which no room of the
// coordinator links, and the cluster is asked through an agent. Pure data; the functions may be called from any thread.
#pragma once

#include <functional>
#include <string>

#include "common/base/result.h"
#include "common/protocol/cluster_info.h"
#include "coordinator/fleet.h"
#include "coordinator/run_request.h"

namespace coordinator {

struct Preflight {
  // A property of a workload of that kind, "" for every client. An Error says what is wrong with it.
  std::function<common::base::Result<void>(const std::string& kind, const std::string& name, const std::string& value)>
      check_property;
  // Which cluster it is. An Error: it cannot be known, and the run would not get further.
  std::function<common::base::Result<common::protocol::ClusterInfo>(const Fleet& fleet, const RunRequest& request)>
      ask_cluster;
};

// By the fleet's first agent, which is the one that will create the topics.
common::base::Result<common::protocol::ClusterInfo> ask_cluster(const Fleet& fleet, const RunRequest& request);

// The plan of the request; an Error (configuration) tells all mistakes that can be known. The cluster is asked last,
// when nothing else is wrong. Needs a seed in the request.
common::base::Result<scenario::Plan> plan_after_preflight(const RunRequest& request, const Fleet& fleet,
                                                          const Preflight& preflight);

}  // namespace coordinator
