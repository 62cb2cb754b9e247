#include "coordinator/scenario/plan_text.h"

#include <cmath>

#include <nlohmann/json.hpp>

#include "common/base/units.h"

namespace coordinator::scenario {

using common::base::duration_text;
using common::base::kMillisecond;
using common::base::kSecond;
using common::base::Nanos;

namespace {

// Stop and start of a service may each take this long before the fault counts as failed (agent/faults/service.h).
constexpr Nanos kLongestRevert = 120 * kSecond;

// A client finds the cluster, takes over its transactional id (30 s) and has its partitions, in a group whose sessions
// (45 s of the new protocol, unless the broker says otherwise) may have to end first.
constexpr Nanos kLongestReturn = 90 * kSecond;
constexpr Nanos kLongestLeave = 15 * kSecond;  // of a group
constexpr Nanos kLongestPurge = 5 * kSecond;   // of what a producer has not sent when its time is over

std::string text(const WaitStep& step) {
  return "wait " + duration_text(step.duration);
}

std::string text(const GateStep& step) {
  return "until " + step.condition + ", within " + duration_text(step.deadline);
}

std::string text(const HoldStep& step) {
  return "hold until somebody says go to " + step.name + ", within " + duration_text(step.deadline);
}

std::string text(const EventStep& step) {
  const bool still = step.event == "pause";
  return step.name + ": " + step.event + " the client of " + step.task +
         (step.duration > 0 ? (still ? " for " : ", away for ") + duration_text(step.duration) : "");
}

bool reverts_at_once(const FaultStep& step) {
  const auto* row = common::protocol::describe_fault(step.kind);
  return row != nullptr && row->reverts_at_once;
}

std::string text(const FaultStep& step) {
  std::string result = step.name + ": " + step.kind;
  for (const auto& [name, words] : step.parameters) {
    result += (result.ends_with(step.kind) ? " (" : ", ") + name;
    for (std::size_t i = 0; i < words.size(); ++i) result += (i == 0 ? " " : ", ") + words[i];
  }
  if (!step.parameters.empty()) result += ")";
  if (!step.target.empty()) result += " " + step.target;
  result += " for " + duration_text(step.duration) + (reverts_at_once(step) ? " at most" : "");
  if (step.background) result += ", in the background";
  if (step.allow == "unavailable") result += "; partitions may become unavailable";
  if (step.allow == "data_loss") result += "; data may be lost";
  return result;
}

Nanos longest_of(const WaitStep& step, const Plan& /*plan*/) {
  return step.duration;
}
Nanos longest_of(const GateStep& step, const Plan& /*plan*/) {
  return step.deadline;
}
Nanos longest_of(const HoldStep& step, const Plan& /*plan*/) {
  return step.deadline;
}
// How long the client of a task may need to end, and then to be let in again (workloads/*_incarnation.cpp).
Nanos longest_end(const PlannedWorkload& workload, const std::string& event) {
  const nlohmann::json none = nlohmann::json::object();
  const auto parsed = common::base::parse_json(workload.spec);
  const nlohmann::json spec = parsed ? *parsed : none;
  const auto ms = [](const nlohmann::json& object, const char* name, std::int64_t otherwise) {
    return object.value(name, otherwise) * kMillisecond;
  };
  const common::protocol::TransactSpec standard;
  Nanos sum = 0;
  // A transaction that is ending is not interrupted: its reports are waited for, then the answer of the cluster.
  if (workload.kind == "transact") sum += 2 * ms(spec.value("transaction", none), "timeout_ms", standard.timeout_ms);
  if (event == "pause") return sum;
  if (workload.sends()) sum += kLongestPurge;
  if (workload.kind == "produce") {
    if (event != "kill") sum += ms(spec, "drain_ms", standard.produce.drain_ms);
    sum += ms(spec, "delivery_timeout_ms", standard.produce.delivery_timeout_ms);  // it is back once a broker has acked
  }
  if (!workload.reads()) return sum;
  if (event != "kill") return sum + kLongestLeave;
  const nlohmann::json reading = workload.kind == "consume" ? spec : spec.value("input", none);
  return sum + ms(reading, "session_timeout_ms", standard.consume.session_timeout_ms);  // the group is not told
}

Nanos longest_of(const EventStep& step, const Plan& plan) {
  Nanos sum = step.duration + kLongestReturn;
  for (const PlannedWorkload& workload : plan.workloads)
    if (workload.task == step.task) sum += longest_end(workload, step.event);
  return sum;
}
Nanos longest_of(const FaultStep& step, const Plan& /*plan*/) {
  return step.duration + kLongestRevert;
}

// At least this long: gates may open at once.
Nanos shortest(const Plan& plan) {
  Nanos sum = 0;
  for (const PlannedPhase& phase : plan.phases)
    for (const Step& step : phase.steps) {
      if (const auto* wait = std::get_if<WaitStep>(&step)) sum += wait->duration;
      if (const auto* event = std::get_if<EventStep>(&step)) sum += event->duration;
      if (const auto* fault = std::get_if<FaultStep>(&step);
          fault != nullptr && !fault->background && !reverts_at_once(*fault))
        sum += fault->duration;
    }
  return sum;
}

std::string workload_text(const PlannedWorkload& workload) {
  const auto spec = nlohmann::json::parse(workload.spec);
  std::string result = "  " + workload.task + "  " + workload.kind;
  if (workload.reads()) result += " from " + workload.topic_read();
  if (workload.sends()) result += " to " + workload.topic;
  if (workload.kind == "transact") {
    const double share = spec["transaction"].value("abort_share", 0.0);
    if (workload.processes()) result += ", group " + workload.group + " (" + spec["input"].value("protocol", "") + ")";
    if (!workload.processes()) result += ", " + common::base::rate_text(spec.value("rate", 0.0));
    result += ", up to " + std::to_string(spec["transaction"].value("messages", 0)) + " records a transaction, " +
              std::to_string(std::lround(share * 100)) + "% aborted";
  } else if (workload.kind == "produce") {
    const double rate = spec.value("rate", 0.0);
    result += rate > 0 ? ", " + common::base::rate_text(rate) : ", flat out";
    result += ", acks " + spec.value("acks", "all") + (spec.value("idempotence", false) ? ", idempotent" : "");
  } else if (workload.kind == "consume") {
    result += workload.group.empty() ? ", by hand"
                                     : ", group " + workload.group + " (" + spec.value("protocol", "") + "), commit " +
                                           spec.value("commit", "");
  }
  return result + "\n";
}

std::string expectations_text(const char* title, const std::vector<Expectation>& expectations) {
  std::string result;
  for (const Expectation& expectation : expectations)
    result += std::string(result.empty() ? title : "          ") + expectation.text + "\n";
  return result;
}

}  // namespace

std::string step_text(const Step& step) {
  return std::visit([](const auto& one) { return text(one); }, step);
}

Nanos longest(const Plan& plan, const Step& step) {
  return std::visit([&](const auto& one) { return longest_of(one, plan); }, step);
}

Nanos longest(const Plan& plan) {
  Nanos sum = plan.drain_deadline + plan.audit_deadline;
  for (const PlannedPhase& phase : plan.phases)
    for (const Step& step : phase.steps) sum += longest(plan, step);
  return sum;
}

std::string plan_text(const Plan& plan) {
  std::string result = plan.scenario + "  run " + plan.run + "  seed " + std::to_string(plan.seed) + "\n";
  if (!plan.description.empty()) result += plan.description + "\n";
  if (!plan.parameters.empty()) {
    result += "\nparameters\n";
    for (const auto& [name, value] : plan.parameters) result += "  " + name + " = " + value + "\n";
  }
  result += "\ntopics\n";
  for (const auto& topic : plan.topics) {
    result += "  " + topic.name + "  " + std::to_string(topic.partitions) + " partitions, " +
              std::to_string(topic.replication_factor) + " replicas";
    for (const auto& [key, value] : topic.config) result += ", " + key + "=" + value;
    result += "\n";
  }
  result += "\nworkloads (readers first; the cluster is observed throughout)\n";
  for (const PlannedWorkload& workload : plan.workloads) result += workload_text(workload);
  result += "\nphases\n";
  for (const PlannedPhase& phase : plan.phases) {
    result += "  " + phase.name + "\n";
    for (const Step& step : phase.steps) result += "    " + step_text(step) + "\n";
  }
  result += "  drain   producers stop, readers reach the end, within " + duration_text(plan.drain_deadline) + "\n";
  result +=
      "  audit   every partition is read from start to end, within " + duration_text(plan.audit_deadline) + "\n\n";
  if (plan.stop_on_violation) result += "stop on   a violation: the phases end as soon as one is proved\n";
  result += expectations_text("expect    ", plan.expectations);
  result += expectations_text("valid if  ", plan.validity);
  for (const Waiver& waiver : plan.waivers) result += "waived    " + waiver.finding + ": " + waiver.because + "\n";
  const Nanos least = shortest(plan);
  return result + "\nlasts     " + (least > 0 ? "at least " + duration_text(least) + ", " : "") + "at most " +
         duration_text(longest(plan)) + "\n";
}

}  // namespace coordinator::scenario
