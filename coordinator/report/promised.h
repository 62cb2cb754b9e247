// Which promises held in a run: what the configuration of its producers, topics and readers promised
// (judge/promises.h), and what became of it. Pure; one thread.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/judge/promises.h"
#include "coordinator/judge/result.h"
#include "coordinator/report/measurements.h"
#include "workloads/evidence/names.h"

namespace coordinator::report {

// One producer or reader (all its incarnations) with one topic.
struct Setup {
  std::string who;  // as in evidence, without the incarnation; of members the group
  std::string topic;
  bool producer = false;
  bool group = false;  // a reader that is a member
  judge::Configuration configuration;
};

// Finds them in the evidence of a run; `commits`: how tasks commit, which evidence does not tell.
class SetupFinder {
 public:
  SetupFinder(const workloads::evidence::Names& names, std::map<std::string, judge::CommitMode> commits)
      : names_(names), commits_(std::move(commits)) {}
  void add(const workloads::evidence::Event& event);
  std::vector<Setup> take();

 private:
  using Id = workloads::evidence::Id;
  Setup of_consumer(const workloads::evidence::ConsumerInfo& consumer) const;
  const workloads::evidence::Names& names_;
  const std::map<std::string, judge::CommitMode> commits_;
  std::map<Id, workloads::evidence::TopicInfo> topics_;
  std::map<Id, workloads::evidence::ProducerInfo> producers_;
  std::map<Id, workloads::evidence::ConsumerInfo> consumers_;
  std::set<std::pair<Id, Id>> sent_, read_;  // who, topic
  std::set<Id> auditors_;
  bool copies_destroyed_ = false;
};

enum class Became { kept, broken, waived, not_proved, happened, did_not_happen };
const char* name_of(Became became);

struct Promised {
  const judge::PromiseRow* row = nullptr;
  std::string configuration;                            // "acks=all, min.insync.replicas 2 of 3"
  std::vector<std::pair<std::string, std::string>> of;  // who, topic
  Became outcome = Became::kept;
  std::int64_t findings = 0;
};

// `waived`: kinds of findings that the scenario waives.
std::vector<Promised> promised(const std::vector<Setup>& setups, const judge::JudgeResult& judged,
                               const workloads::evidence::Names& names, bool transactions,
                               const std::set<std::string>& waived);

}  // namespace coordinator::report
