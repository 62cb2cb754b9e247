// The configurations of a run, as its evidence tells them.
#include "coordinator/report/actor_checks.h"
#include "coordinator/report/promised.h"

namespace coordinator::report {

namespace evidence = workloads::evidence;

namespace {

// Faults that take away what a broker had stored (docs/history.md, "Severity").
bool destroys(const std::string& kind) {
  return kind == "power-off" || kind == "wipe" || kind == "truncate";
}

}  // namespace

void SetupFinder::add(const evidence::Event& event) {
  if (const auto* topic = std::get_if<evidence::TopicInfo>(&event)) {
    topics_[topic->topic] = *topic;
  } else if (const auto* producer = std::get_if<evidence::ProducerInfo>(&event)) {
    producers_[producer->producer] = *producer;
  } else if (const auto* consumer = std::get_if<evidence::ConsumerInfo>(&event)) {
    consumers_[consumer->consumer] = *consumer;
  } else if (const auto* send = std::get_if<evidence::Send>(&event)) {
    sent_.emplace(send->producer, send->where.topic);
  } else if (const auto* deliver = std::get_if<evidence::Deliver>(&event)) {
    read_.emplace(deliver->consumer, deliver->where.topic);
  } else if (const auto* audit = std::get_if<evidence::Audit>(&event)) {
    auditors_.insert(audit->consumer);
  } else if (const auto* fault = std::get_if<evidence::Fault>(&event)) {
    copies_destroyed_ =
        copies_destroyed_ || (fault->state == evidence::FaultState::active && destroys(names_.text(fault->kind)));
  }
}

Setup SetupFinder::of_consumer(const evidence::ConsumerInfo& consumer) const {
  Setup setup;
  const std::string name = without_incarnation(names_.text(consumer.consumer));
  setup.group = consumer.group != evidence::kNoId;
  setup.who = setup.group ? names_.text(consumer.group) : name;
  setup.configuration.isolation = consumer.isolation;
  setup.configuration.reset = consumer.reset;
  for (const auto& [task, mode] : commits_)
    if (name == task || name.ends_with("." + task)) setup.configuration.commit = mode;
  return setup;
}

std::vector<Setup> SetupFinder::take() {
  std::map<std::pair<std::string, std::string>, Setup> all;  // incarnations and members of one kind are one
  const auto keep = [&](Setup setup, Id topic) {
    if (const auto info = topics_.find(topic); info != topics_.end()) {
      setup.configuration.replication_factor = info->second.replication_factor;
      setup.configuration.min_insync_replicas = info->second.min_insync_replicas;
      setup.configuration.unclean_leader_election = info->second.unclean_leader_election;
    }
    setup.configuration.copies_destroyed = copies_destroyed_;
    setup.topic = names_.text(topic);
    all.emplace(std::pair((setup.producer ? "p " : "c ") + setup.who, setup.topic), setup);
  };
  for (const auto& [who, topic] : sent_) {
    const auto info = producers_.find(who);
    Setup setup;
    setup.producer = true;
    setup.who = without_incarnation(names_.text(who));
    if (info != producers_.end()) {
      setup.configuration.acks = info->second.acks;
      setup.configuration.idempotence = info->second.idempotence;
      setup.configuration.max_in_flight = info->second.max_in_flight;
      setup.configuration.transactions = info->second.transactional_id != evidence::kNoId;
    }
    keep(std::move(setup), topic);
  }
  for (const auto& [who, topic] : read_)
    if (const auto info = consumers_.find(who); info != consumers_.end() && !auditors_.contains(who))
      keep(of_consumer(info->second), topic);
  std::vector<Setup> setups;
  for (auto& [key, setup] : all) setups.push_back(std::move(setup));
  return setups;
}

}  // namespace coordinator::report
