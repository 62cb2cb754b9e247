#include "coordinator/report/explain.h"

#include <algorithm>

#include "coordinator/report/explain_weights.h"

namespace coordinator::report {
namespace evidence = workloads::evidence;
using common::base::Nanos;
using evidence::Event;
using evidence::kNoId;
using evidence::kNoOffset;
using evidence::kNoTime;

namespace {

constexpr std::size_t kMostFacts = 64;  // kept; far more than are shown

// The offsets whose neighbours are worth seeing.
std::vector<std::int64_t> places_of(const judge::Finding& finding) {
  std::vector<std::int64_t> places;
  for (const auto& run : finding.offsets) places.push_back(run.offset);
  // Of a stretch, its end too, if it is not in sight from its begin.
  if (places.size() == 1 && finding.offsets[0].count > 4) places.push_back(places[0] + finding.offsets[0].count - 1);
  return places;
}

template <typename T>
const T* as(const Event& event) {
  return std::get_if<T>(&event);
}

}  // namespace

Explainer::Explainer(const judge::Finding& finding, const evidence::Names& names)
    : finding_(finding), names_(names), readings_(finding.where, places_of(finding)) {
  for (const auto& one : finding.transactions) transactions_.emplace(one.producer, one.transaction);
}

void Explainer::note(const Event& event, std::int64_t line, int weight) {
  const bool known = std::any_of(facts_.begin(), facts_.end(), [line](const Fact& fact) { return fact.line == line; });
  if (!known && facts_.size() < kMostFacts) facts_.push_back({event, line, weight});
}

// The first message of the finding's first two runs: what holds for them holds for the rest.
bool Explainer::is_wanted(Id producer, evidence::Partition where, std::int64_t sequence, std::int64_t count) const {
  for (std::size_t i = 0; i < std::min<std::size_t>(2, finding_.messages.size()); ++i) {
    const auto& run = finding_.messages[i];
    // A misrouted one was sent elsewhere, the outputs of one input anywhere.
    const bool anywhere = finding_.kind == judge::Kind::misrouted || finding_.kind == judge::Kind::processed_twice;
    if (run.producer == producer && (anywhere || where == finding_.where) && sequence <= run.sequence &&
        run.sequence < sequence + count)
      return true;
  }
  return false;
}

void Explainer::of_message(const Event& event, std::int64_t line) {
  std::visit(
      [&](const auto& one) {
        if constexpr (
            requires { one.producer, one.where, one.sequence, one.count; } && !requires { one.consumer; }) {
          if (is_wanted(one.producer, one.where, one.sequence, one.count)) note(event, line, kMessage);
        } else if constexpr (std::is_same_v<std::decay_t<decltype(one)>, evidence::Input>) {
          if (is_wanted(one.producer, one.where, one.sequence, 1)) note(event, line, kMessage);
        }
      },
      event);
  if (const auto* send = as<evidence::Send>(event); send != nullptr && send->transaction != kNoOffset &&
                                                    is_wanted(send->producer, send->where, send->sequence, send->count))
    transactions_.emplace(send->producer, send->transaction);
  if (const auto* ack = as<evidence::Ack>(event);
      ack != nullptr && acked_at_ == kNoTime && is_wanted(ack->producer, ack->where, ack->sequence, ack->count))
    acked_at_ = time_of(event);
}

void Explainer::of_delivery(const evidence::Deliver& deliver, std::int64_t line) {
  if (deliver.where != finding_.where || finding_.offsets.empty()) return;
  const std::int64_t offset = finding_.offsets.front().offset;
  const bool there = deliver.offset <= offset && offset < deliver.offset + deliver.count;
  if (there && deliver.within_producer != kNoId)
    transactions_.emplace(deliver.within_producer, deliver.within_transaction);
  // What was skipped or jumped over has no delivery: the one beyond it is the moment.
  const bool beyond = deliver.offset > offset && read_line_ == 0;
  if (finding_.consumer == deliver.consumer && (there || beyond)) {
    read_at_ = clocks_.of_actor(deliver.consumer, deliver.at);
    read_line_ = line;
  }
}

void Explainer::first(const Event& event, std::int64_t line) {
  if (const auto* clock = as<evidence::ClockOffset>(event)) clocks_.add(*clock);
  if (const auto* info = as<evidence::ProducerInfo>(event)) clocks_.place(info->producer, info->host);
  if (const auto* info = as<evidence::ConsumerInfo>(event)) {
    clocks_.place(info->consumer, info->host);
    group_of_[info->consumer] = info->group;
  }
  if (as<evidence::Fault>(event) != nullptr && faults_.size() < kMostFacts) faults_.push_back({event, line, kFault});
  readings_.add(event, line);
  of_message(event, line);
  const auto* deliver = as<evidence::Deliver>(event);
  if (deliver != nullptr) of_delivery(*deliver, line);
  const auto& witnesses = finding_.witnesses;
  if (std::binary_search(witnesses.begin(), witnesses.end(), line) &&
      (deliver == nullptr || !readings_.tells(*deliver)))
    note(event, line, kWitness);
  const Nanos at = time_of(event);
  if (at != kNoTime) first_at_ = first_at_ == kNoTime ? at : std::min(first_at_, at);
}

Nanos Explainer::time_of(const Event& event) const {
  return std::visit(
      [this](const auto& one) -> Nanos {
        if constexpr (!requires { one.at; })
          return kNoTime;
        else if constexpr (requires { one.host; })
          return clocks_.on_host(one.host, one.at);
        else if constexpr (requires { one.consumer; })
          return clocks_.of_actor(one.consumer, one.at);
        else if constexpr (requires { one.producer; })
          return clocks_.of_actor(one.producer, one.at);
        else
          return kNoTime;  // stands in no history
      },
      event);
}

Nanos Explainer::moment() const {
  if (moment_) return *moment_;
  if (finding_.consumer != kNoId && read_at_ != kNoTime) return read_at_;
  if (acked_at_ != kNoTime) return acked_at_;
  for (const Fact& fact : facts_)
    if (time_of(fact.event) != kNoTime) return time_of(fact.event);
  const auto [reader, at] = readings_.last_handed();
  return clocks_.of_actor(reader, at);
}

// The reader of the finding and the members of its group.
bool Explainer::concerns(Id consumer) const {
  if (finding_.consumer == kNoId) return false;
  if (consumer == finding_.consumer) return true;
  const auto own = group_of_.find(finding_.consumer);
  const auto other = group_of_.find(consumer);
  return own != group_of_.end() && other != group_of_.end() && own->second != kNoId && own->second == other->second;
}

void Explainer::of_reader(const Event& event, std::int64_t line) {
  const auto keep = [&](std::optional<Fact>& last) { last = Fact{event, line, kOwner}; };
  std::visit(
      [&](const auto& one) {
        using E = std::decay_t<decltype(one)>;
        if constexpr (requires { one.consumer, one.where, one.at; } && !std::is_same_v<E, evidence::Deliver>) {
          if (one.where != finding_.where || !concerns(one.consumer)) return;
          const Nanos at = time_of(event), now = moment();
          const bool own = one.consumer == finding_.consumer;
          // Its own lines stand in order even without times; those of others do not.
          const bool before = at != kNoTime && now != kNoTime ? at <= now : own && line < read_line_;
          Owned& owned = owned_[one.consumer];
          if constexpr (std::is_same_v<E, evidence::Assign>) {
            if (before) keep(owned.assign);
          } else if constexpr (std::is_same_v<E, evidence::Seek>) {
            if (before) keep(owned.moved);
          } else if constexpr (std::is_same_v<E, evidence::Commit>) {
            if (before && one.state != evidence::CommitState::asked) keep(owned.commit);
          } else if constexpr (std::is_same_v<E, evidence::Revoke>) {
            if (before || !owned.revoke) keep(owned.revoke);
          }
        }
      },
      event);
}

void Explainer::of_cluster(const evidence::Sample& sample, std::int64_t line) {
  if (sample.where != finding_.where) return;
  const Nanos at = time_of(sample), now = moment();
  if (at == kNoTime || now == kNoTime) return;
  const Fact fact{sample, line, kLeader};
  if (at <= now && sample.leader >= 0) leader_ = fact;
  if (at <= now && sample.leader_epoch != evidence::kNoEpoch) epoch_ = fact;
  const bool changed = leader_ && sample.leader >= 0 && as<evidence::Sample>(leader_->event)->leader != sample.leader;
  if (at > now && changed && !next_leader_) next_leader_ = Fact{sample, line, kNextLeader};
}

void Explainer::second(const Event& event, std::int64_t line) {
  if (!moment_) moment_ = moment();
  if (const auto* one = as<evidence::Transaction>(event);
      one != nullptr && transactions_.contains({one->producer, one->transaction}))
    note(event, line, kTransaction);
  if (const auto* sample = as<evidence::Sample>(event)) of_cluster(*sample, line);
  of_reader(event, line);
}

}  // namespace coordinator::report
