#include "coordinator/scenario/make_plan.h"

#include <algorithm>
#include <set>

#include "common/base/json_fields.h"
#include "coordinator/scenario/sections.h"

namespace coordinator::scenario {

using common::base::ErrorKind;
using common::base::fail;
using common::base::kSecond;
using common::base::Nanos;
using common::base::Random;
using common::base::Result;

namespace {

// `drain: {within: 60s}`
Nanos read_deadline(Section& scenario, std::string_view name, Nanos otherwise) {
  const Node* node = scenario.map(name);
  if (node == nullptr) return otherwise;
  Section section(*node, "`" + std::string(name) + "`", scenario.reading());
  const Nanos within = section.duration("within", required);
  section.finish();
  return within;
}

// At its own column, where the text stands in the file as it was read.
void mistake_in(const Node& node, const std::string& text, const Misread& misread, Reading& reading) {
  Node at = node;
  const bool verbatim = text == node.text && text.find_first_of("\n\"'\\") == std::string::npos;
  if (verbatim) at.column += static_cast<int>(misread.at) + (node.quoted ? 1 : 0);
  reading.mistake(at, verbatim
                          ? misread.what
                          : misread.what + " (character " + std::to_string(misread.at + 1) + " of `" + text + "`)");
}

std::vector<Expectation> read_expectations(Section& scenario, std::string_view name, const Plan& plan) {
  std::vector<Expectation> expectations;
  const Node* list = scenario.list(name);
  if (list == nullptr) return expectations;
  Reading& reading = scenario.reading();
  for (const Node& node : list->items) {
    if (node.kind != Node::Kind::scalar) {
      reading.mistake(node, "an expectation is a text like `lost == 0`");
      continue;
    }
    const std::string text = reading.filled(node);
    auto expectation = parse_expectation(text);
    if (!expectation) {
      mistake_in(node, text, expectation.error(), reading);
      continue;
    }
    if (const auto placed = place(*expectation, plan); !placed) mistake_in(node, text, placed.error(), reading);
    expectations.push_back(*expectation);
  }
  return expectations;
}

template <typename Item, typename Key>
void refuse_twice(const std::vector<Item>& items, const Node& list, const std::string& what, Reading& reading,
                  Key key) {
  std::set<std::string> seen;
  for (const Item& item : items)
    if (!key(item).empty() && !seen.insert(key(item)).second)
      reading.mistake(list, "two " + what + " are named `" + key(item) + "`");
}

void read_topics(Section& section, Plan& plan, const ClusterFacts& cluster) {
  const Node* list = section.list("topics");
  if (list == nullptr) return;
  for (const Node& node : list->items) plan.topics.push_back(read_topic(node, cluster, section.reading()));
  refuse_twice(plan.topics, *list, "topics", section.reading(), [](const auto& topic) { return topic.name; });
}

void read_all_workloads(Section& section, Plan& plan, const ClusterFacts& cluster) {
  const Node* list = section.list("workloads");
  if (list == nullptr) return;
  for (const Node& node : list->items) {
    auto workloads = read_workloads(node, plan.topics, cluster, plan.seed, section.reading());
    plan.workloads.insert(plan.workloads.end(), workloads.begin(), workloads.end());
  }
  refuse_twice(plan.workloads, *list, "workloads", section.reading(),
               [](const auto& workload) { return workload.task; });
  std::stable_partition(plan.workloads.begin(), plan.workloads.end(),
                        [](const PlannedWorkload& workload) { return workload.reads(); });
}

void read_phases(Section& section, Plan& plan, const Surroundings& around) {
  const Node* list = section.list("phases");
  if (list == nullptr) return;
  Random random = Random(plan.seed).fork("phases");
  for (const Node& node : list->items) {
    PlannedPhase phase = read_phase(node, plan.phases, around, random, section.reading());
    plan.phases.push_back(std::move(phase));
  }
  refuse_twice(plan.phases, *list, "phases", section.reading(), [](const auto& phase) { return phase.name; });
  refuse_twice(fault_names(plan), *list, "faults", section.reading(), [](const auto& fault) { return fault; });
}

void read_waivers(Section& section, Plan& plan) {
  const Node* list = section.list("waive");
  if (list == nullptr) return;
  for (const Node& node : list->items) plan.waivers.push_back(read_waiver(node, section.reading()));
  refuse_twice(plan.waivers, *list, "waivers", section.reading(), [](const Waiver& waiver) { return waiver.finding; });
}

void require_lists(Section& section) {
  for (const std::string_view name : {"topics", "workloads", "phases"})
    if (!section.has(name) && section.node().kind == Node::Kind::map)
      section.mistake("", "the scenario lacks `" + std::string(name) + "`: a list");
}

}  // namespace

Plan read_plan(const Scenario& scenario, const ClusterFacts& cluster, const std::string& run, std::uint64_t seed,
               Reading& reading) {
  Plan plan;
  plan.run = run;
  plan.seed = seed;
  plan.parameters = reading.values;
  reading.values["run"] = run;
  reading.values["brokers"] = std::to_string(cluster.brokers.size());

  Section section(scenario.document, "the scenario", reading);
  plan.scenario = section.text("scenario", required);
  plan.description = section.text("description", "");
  section.has("parameters");  // read by parse_scenario
  require_lists(section);
  read_topics(section, plan, cluster);
  read_all_workloads(section, plan, cluster);
  read_phases(section, plan, {plan.topics, plan.workloads, cluster});
  plan.drain_deadline = read_deadline(section, "drain", 60 * kSecond);
  plan.audit_deadline = read_deadline(section, "audit", 120 * kSecond);
  plan.stop_on_violation = section.word("stop_on", {"nothing", "violation"}, "nothing") == "violation";
  plan.expectations = read_expectations(section, "expect", plan);
  plan.validity = read_expectations(section, "valid_if", plan);
  read_waivers(section, plan);
  section.finish();
  return plan;
}

Result<Plan> make_plan(const Scenario& scenario, const ParameterValues& set, const ClusterFacts& cluster,
                       const std::string& run, std::uint64_t seed) {
  Reading reading;
  std::vector<std::string> names;
  for (const Parameter& parameter : scenario.parameters) {
    reading.values[parameter.name] = parameter.value;
    names.push_back(parameter.name);
  }
  std::string wrong;
  for (const auto& [name, value] : set) {
    const auto parameter = std::find_if(scenario.parameters.begin(), scenario.parameters.end(),
                                        [&](const Parameter& candidate) { return candidate.name == name; });
    if (!wrong.empty() && wrong.back() != '\n') wrong += '\n';
    if (parameter == scenario.parameters.end()) {
      const std::string meant = common::base::nearest(name, names);
      wrong += scenario.file + ": it has no parameter `" + name + "`" +
               (meant.empty() ? "" : "; did you mean `" + meant + "`?");
    } else if (!parameter->one_of.empty() &&
               std::count(parameter->one_of.begin(), parameter->one_of.end(), value) == 0) {
      wrong += scenario.file + ": the parameter `" + name + "` must be " +
               one_of({parameter->one_of.begin(), parameter->one_of.end()}) + ", not `" + value + "`";
    }
    reading.values[name] = value;
  }
  if (!wrong.empty()) return fail(ErrorKind::configuration, wrong);
  Plan plan = read_plan(scenario, cluster, run, seed, reading);
  if (!reading.mistakes.empty()) return to_error(scenario.file, std::move(reading.mistakes));
  return plan;
}

}  // namespace coordinator::scenario
