// The judge: takes events in any mixing of actors, keeps them packed (a few bytes a run, nothing summed up), and
// decides at result(). Pure: no clock, no network, no Kafka; the same evidence gives the same result, however runs are
// cut. Not thread-safe; the ids in events are of a Names that the caller owns and that outlives the Judge.
#pragma once

#include <cstdint>
#include <memory>

#include "coordinator/judge/result.h"
#include "workloads/evidence/event.h"
#include "workloads/evidence/names.h"

namespace coordinator::judge {

struct Store;

class Judge {
 public:
  explicit Judge(const workloads::evidence::Names& names);
  ~Judge();
  Judge(const Judge&) = delete;
  Judge& operator=(const Judge&) = delete;

  // `line`: where the event stands in the history, or in the dump of the run; rising per actor. Events that a history
  // does not show are ignored.
  void add(const workloads::evidence::Event& event, std::int64_t line);
  // Of all that was added so far; may be asked again after more was added.
  JudgeResult result() const;

 private:
  std::unique_ptr<Store> store_;
};

}  // namespace coordinator::judge
