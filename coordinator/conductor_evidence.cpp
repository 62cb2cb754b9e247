#include "coordinator/conductor_evidence.h"

#include <filesystem>

#include "common/base/assert.h"
#include "workloads/evidence/segment_reader.h"

namespace coordinator {

using common::base::Result;
namespace evidence = workloads::evidence;

namespace {
std::string fault_key(const std::string& name, evidence::FaultState state) {
  return "fault " + name + " " + std::to_string(static_cast<int>(state));
}
std::string clock_key(const std::string& host, const ClockEstimate& estimate) {
  return "clock " + host + " " + std::to_string(estimate.offset) + " " + std::to_string(estimate.error);
}
}  // namespace

Result<ConductorEvidence> ConductorEvidence::open(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    auto writer = evidence::SegmentWriter::create(path);
    if (writer.has_error()) return writer.error();
    return ConductorEvidence(std::move(*writer));
  }
  evidence::Names names;
  std::vector<evidence::Event> before;
  const auto facts =
      evidence::read_segments(path, names, [&](const evidence::Event& event) { before.push_back(event); });
  if (facts.has_error()) return facts.error();
  auto writer = evidence::SegmentWriter::append(path);
  if (writer.has_error()) return writer.error();
  ConductorEvidence reopened(std::move(*writer));
  for (const auto& event : before) reopened.remember(event, names);
  return reopened;
}

void ConductorEvidence::remember(const evidence::Event& event, const evidence::Names& names) {
  if (std::holds_alternative<evidence::RunStart>(event)) started_ = true;
  if (std::holds_alternative<evidence::End>(event)) ended_ = true;
  if (const auto* topic = std::get_if<evidence::TopicInfo>(&event)) known_.insert("topic " + names.text(topic->topic));
  if (const auto* phase = std::get_if<evidence::Phase>(&event)) known_.insert("phase " + names.text(phase->name));
  if (const auto* fault = std::get_if<evidence::Fault>(&event))
    known_.insert(fault_key(names.text(fault->fault), fault->state));
  if (const auto* clock = std::get_if<evidence::ClockOffset>(&event))
    known_.insert(clock_key(names.text(clock->host), {clock->offset_ns, clock->error_ns}));
}

void ConductorEvidence::add(const evidence::Event& event) {
  FIREDRILL_ASSERT(!ended_);
  writer_->add(event);
}

void ConductorEvidence::run(const std::string& run) {
  if (started_) return;
  add(evidence::RunStart{run});
  started_ = true;
}

void ConductorEvidence::topic(const TopicFacts& facts) {
  if (!known_.insert("topic " + facts.name).second) return;
  add(evidence::TopicInfo{
      id(facts.name), static_cast<std::int32_t>(facts.partitions), static_cast<std::int32_t>(facts.replication_factor),
      static_cast<std::int32_t>(facts.min_insync_replicas), facts.unclean_leader_election, facts.compact});
}

void ConductorEvidence::phase(const std::string& name, Nanos at) {
  if (!known_.insert("phase " + name).second) return;
  add(evidence::Phase{id(name), at});
}

void ConductorEvidence::clock(const std::string& host, const ClockEstimate& estimate) {
  if (!known_.insert(clock_key(host, estimate)).second) return;
  add(evidence::ClockOffset{id(host), estimate.offset, estimate.error});
}

void ConductorEvidence::fault(const std::string& name, const std::string& kind, const std::string& target,
                              evidence::FaultState state, Nanos at, const std::string& host, const std::string& proof) {
  if (!known_.insert(fault_key(name, state)).second) return;
  add(evidence::Fault{id(name), id(kind), id(target), state, at, id(host),
                      proof.empty() ? evidence::kNoId : id(proof)});
}

Result<void> ConductorEvidence::flush() {
  return writer_->flush();
}

Result<void> ConductorEvidence::end() {
  if (ended_) return {};
  add(evidence::End{});
  ended_ = true;
  return writer_->close();
}

}  // namespace coordinator
