// The configuration of one client. A wrong property is an Error that names it; the value of a secret is never printed.
// Owned by whoever builds a client; used on one thread.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "common/base/result.h"

struct rd_kafka_conf_s;

namespace workloads::kafka {

class Conf {
 public:
  // What every client of ours has: bootstrap, no telemetry, and then the properties of the cluster's access.
  static common::base::Result<Conf> create(const std::string& bootstrap,
                                           const std::map<std::string, std::string>& properties);

  // One that does not exist is told with the nearest name that does.
  common::base::Result<void> set(const std::string& name, const std::string& value);
  common::base::Result<void> set(const std::map<std::string, std::string>& properties);
  std::string get(const std::string& name) const;          // as it stands now; "" if it is not set
  std::int64_t get_number(const std::string& name) const;  // of a numeric property

  rd_kafka_conf_s* native() const { return conf_.get(); }
  rd_kafka_conf_s* release() { return conf_.release(); }  // rd_kafka_new takes it over when it succeeds

 private:
  struct Destroy {
    void operator()(rd_kafka_conf_s* conf) const;
  };
  Conf();
  std::unique_ptr<rd_kafka_conf_s, Destroy> conf_;
};

}  // namespace workloads::kafka
