#include <nlohmann/json.hpp>

#include "common/base/json_fields.h"
#include "coordinator/scenario/plan.h"

namespace coordinator::scenario {

using common::base::Fields;
using common::base::Problems;
using common::base::Result;
using nlohmann::json;

namespace {

json to_json(const WaitStep& step) {
  return {{"wait_ns", step.duration}};
}

json to_json(const GateStep& step) {
  return {{"until", step.condition}, {"within_ns", step.deadline}};
}

json to_json(const HoldStep& step) {
  return {{"hold", step.name}, {"within_ns", step.deadline}};
}

json to_json(const EventStep& step) {
  return {{"event", step.event}, {"name", step.name}, {"task", step.task}, {"for_ns", step.duration}};
}

json to_json(const FaultStep& step) {
  return {{"fault", step.name},
          {"kind", step.kind},
          {"target", step.target},
          {"for_ns", step.duration},
          {"background", step.background},
          {"allow", step.allow},
          {"parameters", common::protocol::words_json(step.parameters)}};
}

json texts(const std::vector<Expectation>& expectations) {
  json list = json::array();
  for (const Expectation& expectation : expectations) list.push_back(expectation.text);
  return list;
}

// The items of a list field, each as an object; what is no object is a problem.
template <typename Read>
void each(Fields& fields, std::string_view name, Problems& problems, Read read) {
  const json* list = fields.array(name, true);
  if (list == nullptr) return;
  for (std::size_t i = 0; i < list->size(); ++i) {
    Fields item((*list)[i], fields.path_of(name) + "[" + std::to_string(i) + "]", problems);
    read(item);
    item.finish();
  }
}

Step step_from(Fields& fields, Problems& problems) {
  if (fields.has("wait_ns")) {
    WaitStep step;
    fields.required("wait_ns", step.duration, 0);
    return step;
  }
  if (fields.has("until")) {
    GateStep step;
    fields.required("until", step.condition);
    fields.required("within_ns", step.deadline, 0);
    return step;
  }
  if (fields.has("hold")) {
    HoldStep step;
    fields.required("hold", step.name);
    fields.required("within_ns", step.deadline, 0);
    return step;
  }
  if (fields.has("event")) {
    EventStep step;
    fields.required("event", step.event);
    fields.required("name", step.name);
    fields.required("task", step.task);
    fields.required("for_ns", step.duration, 0);
    return step;
  }
  FaultStep step;
  fields.required("fault", step.name);
  fields.required("kind", step.kind);
  fields.required("target", step.target);
  fields.required("for_ns", step.duration, 1);
  fields.required("background", step.background);
  fields.optional("allow", step.allow);
  if (const json* words = fields.object("parameters", false))
    step.parameters = common::protocol::words_from(*words, fields.path_of("parameters"), problems);
  return step;
}

std::vector<Expectation> expectations_from(Fields& fields, std::string_view name, const Plan& plan) {
  std::vector<std::string> texts;
  fields.required(name, texts);
  std::vector<Expectation> expectations;
  for (const std::string& text : texts) {
    auto expectation = parse_expectation(text);
    if (!expectation) {
      fields.problem(name, expectation.error().what);
      continue;
    }
    if (const auto placed = place(*expectation, plan); !placed) fields.problem(name, placed.error().what);
    expectations.push_back(std::move(*expectation));
  }
  return expectations;
}

}  // namespace

json to_json(const Plan& plan) {
  json result = {{"format", 1},
                 {"run", plan.run},
                 {"scenario", plan.scenario},
                 {"description", plan.description},
                 {"seed", std::to_string(plan.seed)},  // 64 bits: more than a JSON number holds everywhere
                 {"parameters", plan.parameters},
                 {"topics", json::array()},
                 {"workloads", json::array()},
                 {"phases", json::array()},
                 {"drain_within_ns", plan.drain_deadline},
                 {"audit_within_ns", plan.audit_deadline},
                 {"stop_on", plan.stop_on_violation ? "violation" : "nothing"},
                 {"expect", texts(plan.expectations)},
                 {"valid_if", texts(plan.validity)},
                 {"waive", json::array()}};
  for (const auto& topic : plan.topics)
    result["topics"].push_back({{"name", topic.name},
                                {"partitions", topic.partitions},
                                {"replication_factor", topic.replication_factor},
                                {"config", topic.config}});
  for (const auto& workload : plan.workloads)
    result["workloads"].push_back({{"task", workload.task},
                                   {"kind", workload.kind},
                                   {"topic", workload.topic},
                                   {"group", workload.group},
                                   {"input", workload.input},
                                   {"spec", json::parse(workload.spec)}});
  for (const Waiver& waiver : plan.waivers)
    result["waive"].push_back({{"finding", waiver.finding}, {"because", waiver.because}});
  for (const auto& phase : plan.phases) {
    json steps = json::array();
    for (const Step& step : phase.steps)
      steps.push_back(std::visit([](const auto& one) { return to_json(one); }, step));
    result["phases"].push_back({{"name", phase.name}, {"steps", std::move(steps)}});
  }
  return result;
}

Result<Plan> plan_from(const json& document) {
  Plan plan;
  Problems problems;
  Fields fields(document, "", problems);
  std::int64_t format = 0;
  std::string seed;
  fields.required("format", format, 1, 1);
  fields.required("run", plan.run);
  fields.required("scenario", plan.scenario);
  fields.optional("description", plan.description);
  fields.required("seed", seed);
  if (seed.empty() || seed.size() > 20 || seed.find_first_not_of("0123456789") != std::string::npos)
    fields.problem("seed", "must be a number in a text");
  else
    plan.seed = std::strtoull(seed.c_str(), nullptr, 10);
  fields.optional("parameters", plan.parameters);
  each(fields, "topics", problems, [&](Fields& item) {
    auto& topic = plan.topics.emplace_back();
    item.required("name", topic.name);
    item.required("partitions", topic.partitions, 1);
    item.required("replication_factor", topic.replication_factor, 1);
    item.optional("config", topic.config);
  });
  each(fields, "workloads", problems, [&](Fields& item) {
    auto& workload = plan.workloads.emplace_back();
    item.required("task", workload.task);
    item.required("kind", workload.kind);
    item.required("topic", workload.topic);
    item.optional("group", workload.group);
    item.optional("input", workload.input);
    if (const json* spec = item.object("spec", true); spec != nullptr) workload.spec = spec->dump();
  });
  each(fields, "phases", problems, [&](Fields& item) {
    auto& phase = plan.phases.emplace_back();
    item.required("name", phase.name);
    each(item, "steps", problems, [&](Fields& step) { phase.steps.push_back(step_from(step, problems)); });
  });
  fields.required("drain_within_ns", plan.drain_deadline, 0);
  fields.required("audit_within_ns", plan.audit_deadline, 0);
  std::string stop_on = "nothing";
  fields.optional("stop_on", stop_on, {"nothing", "violation"});
  plan.stop_on_violation = stop_on == "violation";
  plan.expectations = expectations_from(fields, "expect", plan);
  plan.validity = expectations_from(fields, "valid_if", plan);
  if (fields.has("waive"))  // plans of before have none
    each(fields, "waive", problems, [&](Fields& item) {
      Waiver& waiver = plan.waivers.emplace_back();
      item.required("finding", waiver.finding);
      item.required("because", waiver.because);
    });
  fields.finish();
  if (!problems.empty()) return common::base::to_error(problems);
  return plan;
}

}  // namespace coordinator::scenario
