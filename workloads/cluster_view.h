// What the cluster has said last, and the samples and gauges that come of it: whenever something changed, and once a
// second. A sample holds only what one answer told, so that a time is never given to older knowledge: one that tells
// the in-sync replicas tells the leader (-1: none), one that tells the end tells the leader epoch. Any thread.
//
// Brokers learn of a change one after another, and one that is cut off never does. Of who leads, the newest leader
// epoch is believed, whoever tells it; of who is in sync in that epoch, first the leader, and while it is silent, one
// broker.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/base/clock.h"
#include "workloads/evidence/segment_writer.h"
#include "workloads/kafka/admin.h"
#include "workloads/kafka/cluster_questions.h"

namespace workloads {

class ClusterView {
 public:
  ClusterView(evidence::SegmentWriter& evidence, const std::string& host, const std::string& observer)
      : evidence_(evidence), host_(evidence.names().intern(host)), observer_(evidence.names().intern(observer)) {}

  void tell(const kafka::ClusterState& cluster);
  // `broker` told it; kLibrary: librdkafka did, without leader epochs.
  static constexpr std::int32_t kLibrary = -1;
  void tell(std::int32_t broker, const std::vector<kafka::TopicState>& topics, common::base::Nanos at);
  void tell_ends(const std::vector<kafka::PartitionOffset>& ends, common::base::Nanos asked, common::base::Nanos at);
  void tell_starts(const std::vector<kafka::PartitionOffset>& starts, common::base::Nanos at);
  void tell_controller(std::int32_t controller, common::base::Nanos at);
  void tell_coordinator(const std::string& group, std::int32_t coordinator, common::base::Nanos at);
  void tell_transactions(const std::string& transactional_id, std::int32_t coordinator, common::base::Nanos at);
  void tell_state(const std::string& group, const kafka::GroupState& state);
  void tell_committed(const std::string& group, const std::vector<kafka::PartitionOffset>& committed,
                      common::base::Nanos at);
  void polled(bool good, common::base::Nanos at);

  std::vector<kafka::TopicPartition> partitions() const;  // of the topics that were told
  std::vector<kafka::BrokerAddress> brokers() const;
  common::base::Result<void> flush();
  void close(common::base::Nanos at);
  nlohmann::json progress() const;

 private:
  struct Place {
    kafka::PartitionState state;
    std::int32_t leader_epoch = -1;
    std::int64_t log_start = -1;
    std::int64_t end = -1;
    std::int32_t told_by = kLibrary;    // the state
    common::base::Nanos told_at = 0;    // last by that broker
    common::base::Nanos agreed_at = 0;  // last by anybody
    common::base::Nanos state_at = 0;   // of the last sample about the state ..
    common::base::Nanos end_at = 0;     // .. and about the end
    common::base::Nanos end_asked_at = 0;
  };
  struct Group {
    kafka::GroupState state;
    std::int32_t coordinator = -1;
    std::map<kafka::TopicPartition, std::int64_t> lag;
    common::base::Nanos coordinator_at = 0;
  };
  static bool believed(const Place& known, std::int32_t broker, const kafka::PartitionState& told,
                       common::base::Nanos at);
  void sample_state(const kafka::TopicPartition& where, Place& place, common::base::Nanos at);
  evidence::Partition place_of(const kafka::TopicPartition& where);
  void gauge(evidence::Id actor, const char* name, evidence::Partition where, std::int64_t value,
             common::base::Nanos at);

  mutable std::mutex mutex_;
  evidence::SegmentWriter& evidence_;
  evidence::Id host_;
  evidence::Id observer_;
  std::string cluster_id_;
  std::vector<kafka::BrokerAddress> brokers_;
  std::map<kafka::TopicPartition, Place> places_;
  std::map<std::string, Group> groups_;
  struct Transactions {
    std::int32_t coordinator = -1;
    common::base::Nanos at = 0;
  };
  std::map<std::string, Transactions> transactions_;  // by id
  std::int32_t controller_ = -1;
  common::base::Nanos controller_at_ = 0;
  std::int64_t polls_ = 0;
  std::int64_t failed_polls_ = 0;
  common::base::Nanos good_at_ = 0;
};

}  // namespace workloads
