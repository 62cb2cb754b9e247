#include "coordinator/judge/store.h"

#include <algorithm>
#include <string_view>

#include "common/base/assert.h"

namespace coordinator::judge {

namespace evidence = workloads::evidence;

namespace {

std::uint64_t packed(const Partition& where) {
  return (static_cast<std::uint64_t>(where.topic) << 32) | static_cast<std::uint32_t>(where.partition);
}

}  // namespace

const evidence::ProducerInfo* Store::producer(Id id) const {
  const auto found = producers_.find(id);
  return found == producers_.end() ? nullptr : &found->second;
}

const evidence::ConsumerInfo& Store::consumer(Id id) const {
  static const evidence::ConsumerInfo strict;
  const auto found = consumers_.find(id);
  return found == consumers_.end() ? strict : found->second;
}

const evidence::TopicInfo& Store::topic(Id id) const {
  static const evidence::TopicInfo strict;
  const auto found = topics_.find(id);
  return found == topics_.end() ? strict : found->second;
}

const PartitionFacts* Store::partition(const Partition& where) const {
  const auto found = partition_index_.find({packed(where), 0});
  return found == partition_index_.end() ? nullptr : partitions[found->second].get();
}

std::int32_t Store::transaction(Id producer, std::int64_t number) const {
  const auto found = transaction_index_.find({producer, static_cast<std::uint64_t>(number)});
  return found == transaction_index_.end() ? -1 : static_cast<std::int32_t>(found->second);
}

std::int64_t Store::last_line_within(Id consumer, Id producer, std::int64_t number) const {
  const auto found =
      last_within_.find({(static_cast<std::uint64_t>(consumer) << 32) | producer, static_cast<std::uint64_t>(number)});
  return found == last_within_.end() ? 0 : found->second;
}

Stamp Store::producer_stamp(Id id, std::int64_t at) const {
  const evidence::ProducerInfo* info = producer(id);
  const bool hosted = info != nullptr && info->host != kNoId;
  return {hosted ? clock_of_host(info->host) : clock_of_producer(id), at};
}

Stamp Store::consumer_stamp(Id id, std::int64_t at) const {
  const Id host = consumer(id).host;
  return {host != kNoId ? clock_of_host(host) : clock_of_consumer(id), at};
}

PartitionFacts& Store::partition_for(const Partition& where) {
  const auto [place, fresh] =
      partition_index_.try_emplace({packed(where), 0}, static_cast<std::uint32_t>(partitions.size()));
  if (fresh) {
    partitions.push_back(std::make_unique<PartitionFacts>());
    partitions.back()->where = where;
  }
  ++partitions[place->second]->version;
  return *partitions[place->second];
}

ProducerFacts& Store::producer_for(Id id, const Partition& where) {
  const std::uint64_t actor = (1ULL << 32) | id;
  RecentFacts::Entry& recent = recent_.at(actor, where);
  if (recent.actor == actor && recent.where == where) {
    ++recent.partition->version;
    return *static_cast<ProducerFacts*>(recent.facts);
  }
  PartitionFacts& partition = partition_for(where);
  const auto [place, fresh] =
      producer_index_.try_emplace({id, packed(where)}, static_cast<std::uint32_t>(partition.producers.size()));
  if (fresh) {
    partition.producers.emplace_back();
    partition.producers.back().producer = id;
    recent_.make_room(producer_index_.size() + consumer_index_.size());
  }
  ProducerFacts& facts = partition.producers[place->second];
  recent_.at(actor, where) = {actor, where, &partition, &facts};
  return facts;
}

ConsumerFacts& Store::consumer_for(Id id, const Partition& where) {
  const std::uint64_t actor = id;
  RecentFacts::Entry& recent = recent_.at(actor, where);
  if (recent.actor == actor && recent.where == where) {
    ++recent.partition->version;
    return *static_cast<ConsumerFacts*>(recent.facts);
  }
  PartitionFacts& partition = partition_for(where);
  const auto [place, fresh] =
      consumer_index_.try_emplace({id, packed(where)}, static_cast<std::uint32_t>(partition.consumers.size()));
  if (fresh) {
    partition.consumers.emplace_back();
    partition.consumers.back().consumer = id;
    recent_.make_room(producer_index_.size() + consumer_index_.size());
  }
  ConsumerFacts& facts = partition.consumers[place->second];
  recent_.at(actor, where) = {actor, where, &partition, &facts};
  return facts;
}

TransactionFacts& Store::transaction_for(Id id, std::int64_t number) {
  ++transactions_version;
  const auto [place, fresh] = transaction_index_.try_emplace({id, static_cast<std::uint64_t>(number)},
                                                             static_cast<std::uint32_t>(transactions.size()));
  if (fresh) {
    transactions.emplace_back();
    transactions.back().producer = id;
    transactions.back().number = number;
  }
  return transactions[place->second];
}

struct Store::Filling {
  Store& store;
  std::int64_t line;

  void control(Id consumer, const Partition& where, const ControlRun& run) const {
    store.consumer_for(consumer, where).controls.push_back(run);
  }
  void operator()(const evidence::TopicInfo& e) const {
    ++store.common_version;
    store.topics_.emplace(e.topic, e);
  }
  void operator()(const evidence::ProducerInfo& e) const {
    ++store.common_version;
    store.producers_.emplace(e.producer, e);
  }
  void operator()(const evidence::ConsumerInfo& e) const {
    ++store.common_version;
    store.consumers_.emplace(e.consumer, e);
  }
  void operator()(const evidence::Send& e) const {
    ProducerFacts& facts = store.producer_for(e.producer, e.where);
    facts.told.add(SendRun{e.sequence, e.count, e.at, e.transaction, e.key, line});
    if (e.transaction == kNoOffset) return;
    facts.transactional = true;
    store.transaction_for(e.producer, e.transaction);
  }
  void operator()(const evidence::Ack& e) const {
    store.producer_for(e.producer, e.where).told.add(AckRun{e.sequence, e.count, e.offset, e.at, line});
  }
  void operator()(const evidence::Refuse& e) const {
    store.producer_for(e.producer, e.where).outcomes.push_back({e.sequence, e.count, line, true});
  }
  void operator()(const evidence::Unknown& e) const {
    store.producer_for(e.producer, e.where).outcomes.push_back({e.sequence, e.count, line, false});
  }
  void operator()(const evidence::Input& e) const {
    auto& inputs = store.producer_for(e.producer, e.where).inputs;
    if (!inputs.empty()) {
      InputRun& last = inputs.back();
      const auto goes_on = [&last](std::int64_t from, std::int64_t to) { return to - last.count == from; };
      if (last.of == e.of && goes_on(last.sequence, e.sequence) && goes_on(last.of_offset, e.of_offset) &&
          goes_on(last.line, line)) {
        ++last.count;
        return;
      }
    }
    inputs.push_back({e.sequence, e.of, e.of_offset, line});
  }
  void operator()(const evidence::Transaction& e) const {
    TransactionFacts& facts = store.transaction_for(e.producer, e.transaction);
    if (e.state == evidence::TransactionState::committed) facts.committed = true;
    if (e.state == evidence::TransactionState::aborted) {
      facts.aborted = true;
      facts.aborted_at = e.at;
    }
    if (e.state == evidence::TransactionState::committed || e.state == evidence::TransactionState::aborted)
      facts.end_line = line;
    if (e.state != evidence::TransactionState::commit_asked) return;
    facts.commit_asked = true;
    facts.asked_line = line;
    if (e.at != kNoTime && (facts.asked_at == kNoTime || e.at < facts.asked_at)) facts.asked_at = e.at;
  }
  void operator()(const evidence::Assign& e) const {
    control(e.consumer, e.where, {ControlRun::What::assign, CommitState::asked, e.position, e.at, line});
  }
  void operator()(const evidence::Revoke& e) const {
    control(e.consumer, e.where, {ControlRun::What::revoke, CommitState::asked, kNoOffset, e.at, line});
  }
  void operator()(const evidence::Seek& e) const {
    control(e.consumer, e.where, {ControlRun::What::seek, CommitState::asked, e.offset, e.at, line});
  }
  void operator()(const evidence::Commit& e) const {
    control(e.consumer, e.where, {ControlRun::What::commit, e.state, e.offset, e.at, line});
  }
  void operator()(const evidence::Deliver& e) const {
    const DeliverRun run{e.offset,
                         e.count,
                         e.sequence,
                         e.at,
                         line,
                         e.producer,
                         e.producer == kNoId ? e.where : e.target,
                         e.leader_epoch,
                         e.within_producer,
                         e.within_transaction,
                         e.intact};
    store.consumer_for(e.consumer, e.where).deliveries.add(run, e.where);
    if (e.within_producer != kNoId) {
      ++store.transactions_version;
      store.partition_for(e.where).within = true;
      const auto actors = (static_cast<std::uint64_t>(e.consumer) << 32) | e.within_producer;
      store.last_within_[{actors, static_cast<std::uint64_t>(e.within_transaction)}] = line;
    }
    if (run.target == e.where) return;
    store.partition_for(e.where).reads_elsewhere = true;
    if (e.intact) store.partition_for(run.target).strays.push_back({e.consumer, e.where, run});
  }
  void operator()(const evidence::Audit& e) const {
    store.consumer_for(e.consumer, e.where).audits.push_back({e.start, e.end, line});
  }
  void operator()(const evidence::Sample& e) const {
    const Stamp when{e.host == kNoId ? kObserverClock : clock_of_host(e.host), e.at};
    store.partition_for(e.where).samples.push_back({when, e.log_start, e.end, e.leader_epoch, line});
  }
  void operator()(const evidence::ClockOffset& e) const {
    ++store.common_version;
    store.clocks.add(e);
  }
  void operator()(const evidence::Fault& e) const {
    ++store.common_version;
    FaultFacts& facts = store.faults[e.fault];
    facts.kind = e.kind;
    const Stamp when{e.host == kNoId ? kObserverClock : clock_of_host(e.host), e.at};
    if (e.state == evidence::FaultState::active) {
      facts.active = true;
      const std::string_view kind = store.names.text(e.kind);
      if (kind == "power-off" || kind == "wipe" || kind == "truncate") store.loses_replicas = true;
      if (!facts.active_at.told() || when.at < facts.active_at.at) facts.active_at = when;
    }
    if (e.state == evidence::FaultState::reverted) {
      facts.reverted = true;
      if (!facts.reverted_at.told() || when.at > facts.reverted_at.at) facts.reverted_at = when;
    }
  }
  void operator()(const evidence::End&) const {
    ++store.common_version;
    store.ended = true;
  }
  template <typename Other>
  void operator()(const Other&) const {}  // `run`, and what only binary evidence holds
};

void Store::add(const evidence::Event& event, std::int64_t line) {
  std::visit(Filling{*this, line}, event);
}

}  // namespace coordinator::judge
