#include "workloads/cluster_view.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace workloads {

using common::base::Nanos;
using kafka::PartitionOffset;
using kafka::TopicPartition;

namespace {

constexpr Nanos kAtLeastEvery = common::base::kSecond;
constexpr Nanos kSilent = common::base::kSecond;          // then another broker's word counts
constexpr Nanos kForgotten = 10 * common::base::kSecond;  // then an older leader epoch is a new log's

std::string text_of(const TopicPartition& where) {
  return where.topic + "-" + std::to_string(where.partition);
}

}  // namespace

evidence::Partition ClusterView::place_of(const TopicPartition& where) {
  return {evidence_.names().intern(where.topic), where.partition};
}

void ClusterView::gauge(evidence::Id actor, const char* name, evidence::Partition where, std::int64_t value, Nanos at) {
  evidence_.add(evidence::Gauge{
      .actor = actor, .name = evidence_.names().intern(name), .where = where, .at = at, .value = value});
}

void ClusterView::tell(const kafka::ClusterState& cluster) {
  const std::lock_guard lock(mutex_);
  cluster_id_ = cluster.cluster_id;
  brokers_ = cluster.brokers;
}

bool ClusterView::believed(const Place& known, std::int32_t broker, const kafka::PartitionState& told, Nanos at) {
  if (known.told_at == 0 || told.leader_epoch > known.state.leader_epoch) return true;
  // That an epoch is older and yet the truth takes a topic that was made anew: then nobody knows the newer one any
  // more.
  if (told.leader_epoch < known.state.leader_epoch) return at - known.agreed_at > kForgotten;
  return broker == known.told_by || broker == told.leader || at - known.told_at > kSilent;
}

void ClusterView::sample_state(const TopicPartition& where, Place& place, Nanos at) {
  place.state_at = at;
  evidence_.add(evidence::Sample{.where = place_of(where),
                                 .at = at,
                                 .host = host_,
                                 .leader = place.state.leader,
                                 .isr_told = true,
                                 .isr = place.state.isr});
}

void ClusterView::tell(std::int32_t broker, const std::vector<kafka::TopicState>& topics, Nanos at) {
  const std::lock_guard lock(mutex_);
  for (const kafka::TopicState& topic : topics) {
    for (const kafka::PartitionState& told : topic.partitions) {
      const TopicPartition where{topic.topic, told.partition};
      Place& place = places_[where];
      const bool same = place.told_at > 0 && place.state.leader == told.leader && place.state.isr == told.isr;
      const bool believe = believed(place, broker, told, at);
      if (same && told.leader_epoch == place.state.leader_epoch) place.agreed_at = std::max(place.agreed_at, at);
      if (!believe) continue;
      // Until when the old state was still told bounds from below when the new one began.
      if (!same && place.agreed_at > place.state_at) sample_state(where, place, place.agreed_at);
      place.state = told;
      place.told_by = broker;
      place.told_at = place.agreed_at = std::max(place.agreed_at, at);
      if (!same || place.told_at - place.state_at >= kAtLeastEvery) sample_state(where, place, place.told_at);
    }
  }
}

void ClusterView::tell_ends(const std::vector<PartitionOffset>& ends, Nanos asked, Nanos at) {
  const std::lock_guard lock(mutex_);
  for (const PartitionOffset& told : ends) {
    if (told.error != 0 || told.offset < 0) continue;  // its leader did not say: unknown stays unknown
    Place& place = places_[told.where];
    const bool same = place.end_at > 0 && place.leader_epoch == told.leader_epoch;
    place.end = told.offset;
    place.end_asked_at = asked;
    place.leader_epoch = told.leader_epoch;
    if (same && at - place.end_at < kAtLeastEvery) continue;
    place.end_at = at;
    evidence_.add(evidence::Sample{.where = place_of(told.where),
                                   .at = at,
                                   .host = host_,
                                   .end = told.offset,
                                   .leader_epoch = told.leader_epoch,
                                   .isr = {}});
  }
}

void ClusterView::tell_starts(const std::vector<PartitionOffset>& starts, Nanos at) {
  const std::lock_guard lock(mutex_);
  for (const PartitionOffset& told : starts) {
    if (told.error != 0 || told.offset < 0) continue;
    places_[told.where].log_start = told.offset;
    evidence_.add(
        evidence::Sample{.where = place_of(told.where), .at = at, .host = host_, .log_start = told.offset, .isr = {}});
  }
}

void ClusterView::tell_controller(std::int32_t controller, Nanos at) {
  const std::lock_guard lock(mutex_);
  const bool same = controller == controller_;
  controller_ = controller;
  if (controller < 0 || (same && at - controller_at_ < kAtLeastEvery)) return;
  controller_at_ = at;
  gauge(observer_, "controller", {}, controller, at);
}

void ClusterView::tell_coordinator(const std::string& group, std::int32_t coordinator, Nanos at) {
  const std::lock_guard lock(mutex_);
  Group& known = groups_[group];
  const bool same = known.coordinator == coordinator;
  known.coordinator = coordinator;
  if (coordinator < 0 || (same && at - known.coordinator_at < kAtLeastEvery)) return;
  known.coordinator_at = at;
  gauge(evidence_.names().intern(group), "coordinator", {}, coordinator, at);
}

void ClusterView::tell_transactions(const std::string& transactional_id, std::int32_t coordinator, Nanos at) {
  const std::lock_guard lock(mutex_);
  Transactions& known = transactions_[transactional_id];
  const bool same = known.coordinator == coordinator;
  known.coordinator = coordinator;
  if (coordinator < 0 || (same && at - known.at < kAtLeastEvery)) return;
  known.at = at;
  gauge(evidence_.names().intern(transactional_id), "coordinator", {}, coordinator, at);
}

void ClusterView::tell_state(const std::string& group, const kafka::GroupState& state) {
  const std::lock_guard lock(mutex_);
  groups_[group].state = state;
}

void ClusterView::tell_committed(const std::string& group, const std::vector<PartitionOffset>& committed, Nanos at) {
  const std::lock_guard lock(mutex_);
  Group& known = groups_[group];
  for (const PartitionOffset& told : committed) {
    const auto place = places_.find(told.where);
    if (told.error != 0 || place == places_.end() || place->second.end < 0) continue;
    // Nothing committed yet: everything that is there is still to be read.
    const std::int64_t from = told.offset >= 0 ? told.offset : place->second.log_start;
    if (from < 0) continue;
    const std::int64_t lag = std::max<std::int64_t>(0, place->second.end - from);
    known.lag[told.where] = lag;
    gauge(evidence_.names().intern(group), "lag", place_of(told.where), lag, at);
  }
}

void ClusterView::polled(bool good, Nanos at) {
  const std::lock_guard lock(mutex_);
  ++polls_;
  if (good) good_at_ = std::max(good_at_, at);
  if (!good) ++failed_polls_;
}

std::vector<TopicPartition> ClusterView::partitions() const {
  const std::lock_guard lock(mutex_);
  std::vector<TopicPartition> all;
  for (const auto& [where, place] : places_) all.push_back(where);
  return all;
}

std::vector<kafka::BrokerAddress> ClusterView::brokers() const {
  const std::lock_guard lock(mutex_);
  return brokers_;
}

common::base::Result<void> ClusterView::flush() {
  const std::lock_guard lock(mutex_);
  return evidence_.flush();
}

void ClusterView::close(Nanos at) {
  const std::lock_guard lock(mutex_);
  evidence_.add(evidence::Close{.actor = observer_, .at = at});
}

nlohmann::json ClusterView::progress() const {
  const std::lock_guard lock(mutex_);
  nlohmann::json partitions = nlohmann::json::object();
  for (const auto& [where, place] : places_)
    partitions[text_of(where)] = {
        {"leader", place.state.leader},      {"epoch", place.leader_epoch},  {"isr", place.state.isr},
        {"replicas", place.state.replicas},  {"log_start", place.log_start}, {"end", place.end},
        {"end_asked_at", place.end_asked_at}};
  nlohmann::json groups = nlohmann::json::object();
  for (const auto& [name, group] : groups_) {
    nlohmann::json lag = nlohmann::json::object();
    for (const auto& [where, behind] : group.lag) lag[text_of(where)] = behind;
    groups[name] = {{"coordinator", group.coordinator},
                    {"state", group.state.state},
                    {"members", group.state.members},
                    {"lag", std::move(lag)}};
  }
  nlohmann::json transactions = nlohmann::json::object();
  for (const auto& [id, known] : transactions_) transactions[id] = {{"coordinator", known.coordinator}};
  nlohmann::json brokers = nlohmann::json::array();
  for (const kafka::BrokerAddress& broker : brokers_) brokers.push_back(broker.id);
  return {{"cluster_id", cluster_id_},
          {"controller", controller_},
          {"brokers", brokers},
          {"partitions", std::move(partitions)},
          {"groups", std::move(groups)},
          {"transactions", std::move(transactions)},
          {"polls", polls_},
          {"failed_polls", failed_polls_},
          {"at", good_at_}};
}

}  // namespace workloads
