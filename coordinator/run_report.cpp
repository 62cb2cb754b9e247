#include "coordinator/run_report.h"

#include <fstream>
#include <sstream>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/base/json_fields.h"
#include "coordinator/judge/salvage.h"
#include "coordinator/report/actor_checks.h"
#include "coordinator/report/fault_checks.h"
#include "coordinator/report/measure.h"
#include "coordinator/report/promised.h"
#include "coordinator/report/timeline.h"
#include "coordinator/run_names.h"
#include "coordinator/scenario/plan.h"
#include "workloads/evidence/run_evidence.h"

namespace coordinator {

using common::base::context;
using common::base::ErrorKind;
using common::base::fail;
using common::base::Result;
namespace evidence = workloads::evidence;

namespace {

Result<scenario::Plan> read_plan(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf())) return fail(ErrorKind::not_found, path + ": cannot be read");
  const auto json = common::base::parse_json(text.str());
  if (!json) return context(json.error(), path);
  auto plan = scenario::plan_from(*json);
  if (!plan) return context(plan.error(), path);
  return plan;
}

report::RunFacts facts_of(const scenario::Plan& plan, const RunState& state) {
  report::RunFacts facts;
  facts.run = plan.run;
  facts.scenario = plan.scenario;
  facts.description = plan.description;
  facts.seed = plan.seed;
  facts.parameters = plan.parameters;
  facts.started = state.started;
  facts.cluster_id = state.cluster_id;
  facts.bootstrap = state.bootstrap;
  facts.state = state.state;
  facts.phase = state.phase;
  facts.infrastructure = state.infrastructure;
  facts.stopped = state.stopped;
  facts.aborted = state.aborted;
  facts.revert_failed = state.revert_failed;
  facts.name_suffix = suffix_of_run(plan.run);
  for (const auto& topic : plan.topics) facts.partitions_expected += topic.partitions;
  return facts;
}

// How each consumer commits is not told by evidence; the plan knows it of its tasks.
std::map<std::string, judge::CommitMode> commit_modes(const scenario::Plan& plan) {
  std::map<std::string, judge::CommitMode> modes;
  for (const scenario::PlannedWorkload& workload : plan.workloads) {
    if (workload.kind == "transact") modes[workload.task] = judge::CommitMode::in_transaction;
    if (workload.kind != "consume") continue;
    const auto spec = common::base::parse_json(workload.spec);
    const std::string commit = spec ? spec->value("commit", "sync") : "sync";
    modes[workload.task] = commit == "auto"   ? judge::CommitMode::automatic
                           : commit == "none" ? judge::CommitMode::none
                                              : judge::CommitMode::processed;
  }
  return modes;
}

// The evidence of a run, to be read as often as one likes.
struct Source {
  std::vector<std::string> files;
  bool salvage = false;
  std::vector<std::string> left_out{};  // of the files; what is damaged within them is told by each reading

  Result<void> each(evidence::Names& names, const evidence::EventSink& sink, std::vector<std::string>* damaged) const {
    if (salvage) {
      std::vector<std::string> ignored;
      evidence::salvage_run_events(files, names, sink, damaged == nullptr ? ignored : *damaged);
      return {};
    }
    const auto read = evidence::for_each_run_event(files, names, sink);
    if (!read) return read.error();
    return {};
  }
};

Result<Source> source_of(const RunDirectory& directory, bool salvage) {
  Source source{{}, salvage};
  auto files = salvage ? directory.intact_evidence_files(source.left_out) : directory.evidence_files();
  if (!files) return files.error();
  source.files = std::move(*files);
  return source;
}

Result<report::Report> make(const RunDirectory& directory, bool salvage) {
  auto plan = read_plan(directory.plan_file());
  if (!plan) return plan.error();
  const auto state = directory.state();
  if (!state) return state.error();
  auto source = source_of(directory, salvage);
  if (!source) return source.error();

  // Two readings of the evidence: what clients felt can only be told once faults, phases and leader changes are known.
  auto names = std::make_shared<evidence::Names>();
  judge::Judge judge(*names);
  report::Timeline timeline(*names);
  report::ActorChecks actors(*names);
  report::FaultChecks faults(*names);
  report::SetupFinder setups(*names, commit_modes(*plan));
  std::int64_t line = 0;
  auto left_out = source->left_out;
  const auto first = source->each(
      *names,
      [&](const evidence::Event& event) {
        if (evidence::stands_in_history(event)) judge.add(event, ++line);
        timeline.add(event);
        actors.add(event);
        faults.add(event);
        setups.add(event);
      },
      &left_out);
  if (!first) return first.error();
  timeline.finish();
  report::Measure measure(*names, timeline);
  const auto second = source->each(
      *names, [&](const evidence::Event& event) { measure.add(event); }, nullptr);
  if (!second) return second.error();

  report::AuditCoverage audit;
  audit.partitions = static_cast<std::int64_t>(timeline.audited.size());
  for (const auto& [where, start] : timeline.audited) audit.records_below_start += start;
  auto facts = facts_of(*plan, *state);
  facts.salvaged = salvage;
  auto judged = salvage ? judge_salvaged(judge, left_out, false) : judge.result();
  auto reasons = actors.reasons();
  for (auto& reason : faults.reasons()) reasons.push_back(std::move(reason));
  return report::compose({std::move(facts), std::move(judged), measure.result(), audit, std::move(reasons),
                          std::move(plan->expectations), std::move(plan->validity), std::move(plan->waivers),
                          setups.take(), std::move(names)});
}

}  // namespace

Result<report::Report> make_report(const RunDirectory& directory) {
  return make(directory, false);
}

Result<report::Report> salvage_report(const RunDirectory& directory) {
  return make(directory, true);
}

}  // namespace coordinator
