// The report of a run: what report.json holds and what the terminal shows. Pure data, and how it is composed from what
// was judged and measured. Text and JSON: terminal_text.h, report_json.h.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "coordinator/judge/result.h"
#include "coordinator/report/evaluate.h"
#include "coordinator/report/measurements.h"
#include "coordinator/report/promised.h"
#include "coordinator/report/verdict.h"
#include "coordinator/scenario/plan.h"
#include "workloads/evidence/names.h"

namespace coordinator::report {

// Of the run's directory: what was asked for, and how it went for us.
struct RunFacts {
  std::string run;
  std::string scenario;
  std::string description;
  std::uint64_t seed = 0;
  std::map<std::string, std::string> parameters;
  std::string started;  // wall time
  std::string cluster_id;
  std::string bootstrap;
  std::string state;  // as the run's directory tells
  std::string phase;
  std::vector<std::string> infrastructure;  // agents lost, gates missed, audits failed: each keeps the run from passing
  std::string stopped;                      // why the scenario ended its own phases early; "": it did not
  bool aborted = false;
  bool revert_failed = false;
  bool salvaged = false;                 // evidence is missing: what is measured is a part, and absence proves nothing
  std::int64_t partitions_expected = 0;  // of the plan's topics
  std::string name_suffix;               // what topics and groups are called on the cluster behind the scenario's name
};

struct AuditCoverage {
  std::int64_t partitions = 0;           // read from start to end
  std::int64_t records_below_start = 0;  // deleted before they could be audited
};

// Violations of one kind that the scenario's author accepts, with the reason given.
struct Waived {
  scenario::Waiver waiver;
  std::int64_t findings = 0;  // 0: nothing had to be waived
};

struct Report {
  Verdict verdict = Verdict::pass;
  std::string sentence;              // the verdict in one sentence that an engineer can act on
  std::vector<std::string> stuck;    // partitions that never came back
  std::vector<std::string> reasons;  // what keeps the run from proving anything; empty if it is valid
  RunFacts facts;
  judge::JudgeResult judged;
  Measurements measured;
  AuditCoverage audit;
  std::vector<std::string> actor_reasons;
  std::vector<Evaluated> expectations;
  std::vector<Evaluated> validity;
  std::vector<Waived> waived;
  std::vector<Promised> promises;
  std::vector<std::string> not_proved;                      // computed from what happened
  std::shared_ptr<const workloads::evidence::Names> names;  // of the ids in judged and measured
};

struct ReportInput {
  RunFacts facts;
  judge::JudgeResult judged;
  Measurements measured;
  AuditCoverage audit;
  std::vector<std::string> actor_reasons;  // actor_checks.h, fault_checks.h
  std::vector<scenario::Expectation> expectations;
  std::vector<scenario::Expectation> validity;
  std::vector<scenario::Waiver> waivers;
  std::vector<Setup> setups;  // promised.h
  std::shared_ptr<const workloads::evidence::Names> names;
};
Report compose(ReportInput input);

// Why it is waived; nullptr: it is not, or is no violation.
const std::string* waived(const Report& report, const judge::Finding& finding);
const std::string* waives(const Report& report, judge::Kind kind);  // of violations of that kind

// Partitions that never came back though every fault was reverted: a line for each. stuck.cpp
std::vector<std::string> stuck(const Measurements& measured, const RunFacts& facts,
                               const workloads::evidence::Names& names);
std::vector<std::string> not_proved(const Report& report);  // not_proved.cpp
std::string sentence(const Report& report);                 // sentence.cpp

// Evidence has the names of the cluster (`orders.3f9a0c`); people read those of the scenario.
std::string in_scenario(const RunFacts& facts, std::string text);
std::string partition_text(const Report& report, workloads::evidence::Partition where);  // "orders-0"

}  // namespace coordinator::report
