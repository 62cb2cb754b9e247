// The five to fifteen lines of evidence that a person needs to believe a finding: the send, the ack, what stands at ±3
// offsets and what each reader was handed there, transactions, ownerships and commits, leader and epoch then, faults;
// in order, with times relative to the fault. Reads the evidence twice and keeps little of it. One thread.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/base/clock.h"
#include "coordinator/judge/result.h"
#include "coordinator/report/clock_map.h"
#include "coordinator/report/explain_readings.h"

namespace coordinator::report {

struct ExplainedLine {
  std::optional<common::base::Nanos> at;  // relative to Explanation::since; nullopt: not told
  std::int64_t line = 0;                  // of the history, or of the run's dump; 0: of several
  std::string who;
  std::string what;
};
struct Explanation {
  std::string finding;  // the judge's sentence
  std::string kind, severity;
  std::string since;  // what times are relative to; "" if nothing has a time
  std::vector<ExplainedLine> lines;
  std::size_t left_out = 0;  // lines that would be too many
};

class Explainer {
 public:
  Explainer(const judge::Finding& finding, const workloads::evidence::Names& names);

  // Every line of the evidence in its order, all of them to the one and then all of them to the other.
  void first(const workloads::evidence::Event& event, std::int64_t line);
  void second(const workloads::evidence::Event& event, std::int64_t line);
  Explanation result() const;

 private:
  using Id = workloads::evidence::Id;
  using Nanos = common::base::Nanos;
  struct Fact {
    workloads::evidence::Event event;
    std::int64_t line = 0;
    int weight = 0;  // the lighter, the sooner left out
  };
  struct Row {
    Nanos at = workloads::evidence::kNoTime;
    int weight = 0;
    ExplainedLine line;
  };
  struct Owned {  // of one member (or reader by hand), the last before the moment, and the first after it
    std::optional<Fact> assign, moved, commit, revoke;
  };

  void note(const workloads::evidence::Event& event, std::int64_t line, int weight);
  bool is_wanted(Id producer, workloads::evidence::Partition where, std::int64_t sequence, std::int64_t count) const;
  void of_message(const workloads::evidence::Event& event, std::int64_t line);
  void of_delivery(const workloads::evidence::Deliver& deliver, std::int64_t line);
  void of_reader(const workloads::evidence::Event& event, std::int64_t line);
  void of_cluster(const workloads::evidence::Sample& sample, std::int64_t line);
  Nanos time_of(const workloads::evidence::Event& event) const;
  Nanos moment() const;  // of the finding, on the coordinator's clock
  bool concerns(Id consumer) const;
  std::optional<Fact> zero() const;
  Row row(const Fact& fact) const;
  std::vector<Row> fault_rows() const;
  std::vector<Row> rows() const;

  const judge::Finding finding_;
  const workloads::evidence::Names& names_;
  Readings readings_;
  ClockMap clocks_;
  std::map<Id, Id> group_of_;
  std::set<std::pair<Id, std::int64_t>> transactions_;  // of which more is to be told
  std::vector<Fact> facts_;
  std::vector<Fact> faults_;
  std::map<Id, Owned> owned_;
  std::optional<Fact> leader_, epoch_, next_leader_;
  std::optional<Nanos> moment_;  // known once the first reading is over
  Nanos acked_at_ = workloads::evidence::kNoTime;
  Nanos read_at_ = workloads::evidence::kNoTime;
  std::int64_t read_line_ = 0;
  Nanos first_at_ = workloads::evidence::kNoTime;
};

std::string explanation_text(const Explanation& explanation, std::size_t number, bool colour);
nlohmann::json to_json(const Explanation& explanation, std::size_t number);

}  // namespace coordinator::report
