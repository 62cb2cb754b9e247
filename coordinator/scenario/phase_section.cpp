#include <algorithm>
#include <optional>

#include "common/base/json_fields.h"
#include "common/protocol/task.h"
#include "coordinator/scenario/condition.h"
#include "coordinator/scenario/sections.h"

namespace coordinator::scenario {

using common::base::kMillisecond;
using common::base::kSecond;
using common::base::Nanos;
using common::base::Random;

namespace {

class StepReader {
 public:
  StepReader(const std::vector<PlannedPhase>& before, const Surroundings& around, Random& random, Reading& reading)
      : before_(before), around_(around), random_(random), reading_(reading) {}

  void read_all(const Node& list, int depth) {
    for (const Node& node : list.items) read(node, depth);
  }
  std::vector<Step> steps;

 private:
  void read(const Node& node, int depth) {
    Section section(node, "a step", reading_);
    int verbs = 0;
    for (const std::string_view verb : {"wait", "until", "hold", "event", "fault", "for_each"})
      verbs += section.has(verb) ? 1 : 0;
    if (verbs != 1 && node.kind == Node::Kind::map)
      reading_.mistake(node,
                       "a step does one thing: it has one of `wait`, `until`, `hold`, `event`, `fault` or `for_each`");
    if (section.has("wait")) {
      steps.emplace_back(WaitStep{section.duration("wait", required)});
    } else if (section.has("until")) {
      read_gate(section);
    } else if (section.has("hold")) {
      read_hold(section);
    } else if (section.has("event")) {
      read_event(section);
    } else if (section.has("fault")) {
      take_fault(section);
    } else if (section.has("for_each")) {
      read_loop(section, depth);
    }
    if (verbs == 1 || node.entries.empty()) return section.finish();
    name_others(section);
  }

  // Fields of all verbs are known when it is not clear which one was meant.
  void name_others(Section& section) {
    for (const std::string_view name :
         {"within", "workload", "every", "kind", "target", "for", "background", "allow", "as", "order", "steps"})
      section.has(name);
    for (const auto* fault : common::protocol::fault_catalogue())
      for (const auto& parameter : fault->parameters) section.has(parameter.name);
    section.finish();
  }

  void read_gate(Section& section) {
    GateStep gate{section.text("until", required), section.duration("within", required)};
    const auto condition = parse_condition(gate.condition);
    if (!condition && !gate.condition.empty()) section.mistake("until", condition.error().what);
    steps.emplace_back(std::move(gate));
  }

  // The name becomes that of a file and part of a path of the API, hence the alphabet of ids.
  void read_hold(Section& section) {
    HoldStep hold{section.text("hold", required), section.duration("within", required)};
    if (!hold.name.empty() && !common::protocol::valid_id(hold.name))
      section.mistake("hold", "`hold` names what is waited for: letters, digits, . _ -");
    steps.emplace_back(std::move(hold));
  }

  // One after the other over all tasks of the workload: `order` is theirs, `every` lies between them.
  void read_event(Section& section) {
    EventStep event;
    event.event = section.word("event", {"restart", "leave", "kill", "pause"}, required);
    const std::string workload = section.text("workload", required);
    const bool shuffled = section.word("order", {"ascending", "random"}, "ascending") == "random";
    const Nanos every = section.duration("every", Nanos{0});
    event.duration = section.duration("for", Nanos{0});
    if ((event.event == "leave" || event.event == "pause") && event.duration < kMillisecond)
      section.mistake("for", "`" + event.event + "` lacks `for`: how long, as in 5s");
    if (event.duration > kLongestFault) section.mistake("for", "`for` may be 1h at most");
    std::vector<std::string> tasks = tasks_of(workload, section);
    if (shuffled) shuffle(tasks);
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      if (i > 0 && every > 0) steps.emplace_back(WaitStep{every});
      event.task = tasks[i];
      const std::string name = event.event + "-" + event.task;
      event.name = name;
      for (int again = 2; named(event.name); ++again) event.name = name + "-" + std::to_string(again);
      steps.emplace_back(event);
    }
  }

  // `reader` means reader, or reader-1, reader-2, ...; `reader-2` means itself.
  std::vector<std::string> tasks_of(const std::string& workload, Section& section) {
    std::vector<std::string> tasks, names;
    for (const PlannedWorkload& planned : around_.workloads) {
      const std::size_t dash = planned.task.rfind('-');
      const bool counted =
          dash != std::string::npos && planned.task.find_first_not_of("0123456789", dash + 1) == std::string::npos;
      const std::string section_name = counted ? planned.task.substr(0, dash) : planned.task;
      if (planned.task == workload || section_name == workload) tasks.push_back(planned.task);
      names.push_back(section_name);
    }
    if (!tasks.empty() || workload.empty()) return tasks;
    const std::string meant = common::base::nearest(workload, names);
    section.mistake("workload", "there is no workload `" + workload + "`" +
                                    (meant.empty() ? "" : "; did you mean `" + meant + "`?"));
    return tasks;
  }

  template <typename Item>
  void shuffle(std::vector<Item>& items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[random_.below(i)]);
  }

  void take_fault(Section& section) {
    FaultStep fault = read_fault(section, around_, reading_);
    if (named(fault.name))
      section.mistake("fault", "two faults are named `" + fault.name + "`; in a loop, name them after ${...}");
    steps.emplace_back(std::move(fault));
  }

  bool named(const std::string& name) const {
    const auto is = [&](const Step& step) {
      const auto* fault = std::get_if<FaultStep>(&step);
      const auto* event = std::get_if<EventStep>(&step);
      return (fault != nullptr && fault->name == name) || (event != nullptr && event->name == name);
    };
    return std::any_of(steps.begin(), steps.end(), is) ||
           std::any_of(before_.begin(), before_.end(), [&](const PlannedPhase& phase) {
             return std::any_of(phase.steps.begin(), phase.steps.end(), is);
           });
  }

  void read_loop(Section& section, int depth) {
    section.word("for_each", {"broker"}, required);
    const std::string as = section.text("as", "broker");
    const bool shuffled = section.word("order", {"ascending", "random"}, "ascending") == "random";
    const Node* body = section.list("steps");
    if (body == nullptr && !section.has("steps"))
      reading_.mistake(section.node(), "a loop lacks `steps`: a list of steps");
    if (body == nullptr) return;
    if (depth >= 3) return reading_.mistake(section.node(), "loops may be nested three deep at most");
    if (around_.cluster.brokers.empty())
      reading_.mistake(
          section.node(),
          "there is no broker to loop over: no agent declares one as a service (--services FILE, or --agent URL)");
    if (reading_.values.contains(as)) return section.mistake("as", "the name `" + as + "` is in use already");
    std::vector<std::int64_t> order = around_.cluster.brokers;
    if (shuffled) shuffle(order);
    for (const std::int64_t broker : order) {
      reading_.values[as] = std::to_string(broker);
      read_all(*body, depth + 1);
    }
    reading_.values.erase(as);
  }

  const std::vector<PlannedPhase>& before_;
  const Surroundings& around_;
  Random& random_;
  Reading& reading_;
};

}  // namespace

PlannedPhase read_phase(const Node& node, const std::vector<PlannedPhase>& before, const Surroundings& around,
                        Random& random, Reading& reading) {
  Section section(node, "a phase", reading);
  PlannedPhase phase;
  phase.name = section.text("name", required);
  if (phase.name == "drain" || phase.name == "audit")
    section.mistake("name", "`" + phase.name + "` follows the last phase always; choose another name");
  StepReader steps(before, around, random, reading);
  if (const Node* list = section.list("steps"); list != nullptr) steps.read_all(*list, 0);
  section.finish();
  phase.steps = std::move(steps.steps);
  return phase;
}

}  // namespace coordinator::scenario
