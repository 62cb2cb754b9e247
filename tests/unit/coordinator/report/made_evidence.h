// Evidence made by hand for tests of the report: one host, one topic `orders`, times in ms. `measure()` runs both
// passes.
#pragma once

#include <string>
#include <vector>

#include "coordinator/report/measure.h"
#include "coordinator/report/timeline.h"
#include "workloads/evidence/histogram.h"
#include "workloads/evidence/names.h"

namespace coordinator::report {

constexpr common::base::Nanos ms(std::int64_t value) {
  return value * common::base::kMillisecond;
}

struct MadeEvidence {
  workloads::evidence::Names names;
  std::vector<workloads::evidence::Event> events;

  workloads::evidence::Id id(const std::string& text) { return names.intern(text); }
  workloads::evidence::Partition at(std::int32_t partition) { return {id("orders"), partition}; }
  template <typename E>
  void add(E event) {
    events.emplace_back(std::move(event));
  }

  void topic(std::int32_t partitions) {
    workloads::evidence::TopicInfo info;
    info.topic = id("orders");
    info.partitions = partitions;
    add(info);
  }
  void phase(const std::string& name, std::int64_t at_ms) { add(workloads::evidence::Phase{id(name), ms(at_ms)}); }
  void producer(const std::string& name, const std::string& host = "h1") {
    workloads::evidence::ProducerInfo info;
    info.producer = id(name);
    info.host = id(host);
    add(info);
  }
  void consumer(const std::string& name, const std::string& group, const std::string& host = "h1") {
    workloads::evidence::ConsumerInfo info;
    info.consumer = id(name);
    info.host = id(host);
    if (!group.empty()) info.group = id(group);
    add(info);
  }
  void fault(const std::string& name, workloads::evidence::FaultState state, std::int64_t at_ms,
             const std::string& proof = "") {
    workloads::evidence::Fault fault;
    fault.fault = id(name);
    fault.kind = id("kill");
    fault.target = id("leader of orders-0");
    fault.state = state;
    fault.at = ms(at_ms);
    fault.host = id("h1");
    if (!proof.empty()) fault.proof = id(proof);
    add(fault);
  }
  void send(const std::string& who, std::int32_t partition, std::int64_t sequence, std::int64_t at_ms,
            std::int64_t count = 1) {
    workloads::evidence::Send send;
    send.producer = id(who);
    send.where = at(partition);
    send.sequence = sequence;
    send.count = count;
    send.at = ms(at_ms);
    add(send);
  }
  void ack(const std::string& who, std::int32_t partition, std::int64_t sequence, std::int64_t at_ms,
           std::int64_t count = 1, std::int64_t span_ms = 0) {
    workloads::evidence::Ack ack;
    ack.producer = id(who);
    ack.where = at(partition);
    ack.sequence = ack.offset = sequence;
    ack.count = count;
    ack.at = ms(at_ms);
    ack.span = ms(span_ms);
    add(ack);
  }
  void deliver(const std::string& who, std::int32_t partition, std::int64_t offset, std::int64_t at_ms,
               std::int64_t count = 1) {
    workloads::evidence::Deliver deliver;
    deliver.consumer = id(who);
    deliver.where = deliver.target = at(partition);
    deliver.offset = deliver.sequence = offset;
    deliver.count = count;
    deliver.producer = id("p1");
    deliver.at = ms(at_ms);
    add(deliver);
  }
  void sample(std::int32_t partition, std::int64_t at_ms, std::int32_t leader, std::vector<std::int32_t> isr) {
    workloads::evidence::Sample sample;
    sample.where = at(partition);
    sample.at = ms(at_ms);
    sample.host = id("h1");
    sample.leader = leader;
    sample.isr_told = true;
    sample.isr = std::move(isr);
    add(sample);
  }
  void controller(std::int64_t at_ms, std::int64_t broker) {
    add(workloads::evidence::Gauge{id("observe"), id("controller"), {}, ms(at_ms), broker});
  }
  void lag(const std::string& group, std::int32_t partition, std::int64_t at_ms, std::int64_t value) {
    add(workloads::evidence::Gauge{id(group), id("lag"), at(partition), ms(at_ms), value});
  }
  void latency(const std::string& who, const std::string& metric, std::int64_t second, std::int64_t value_ms,
               std::int64_t count, const std::string& peer = "") {
    workloads::evidence::Histogram histogram;
    histogram.record(ms(value_ms), count);
    workloads::evidence::Latency latency;
    latency.actor = id(who);
    latency.metric = id(metric);
    if (!peer.empty()) latency.peer = id(peer);
    latency.second = second;
    latency.buckets = histogram.buckets();
    add(latency);
  }

  Measurements measure() {
    Timeline timeline(names);
    for (const auto& event : events) timeline.add(event);
    timeline.finish();
    Measure measure(names, timeline);
    for (const auto& event : events) measure.add(event);
    return measure.result();
  }
};

}  // namespace coordinator::report
