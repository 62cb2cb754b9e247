// The judge: takes events in any mixing of actors, keeps them packed (a few bytes a run, nothing summed up; some
// 130 a run of inputs of consume-process-produce, whose lines stand one after the other), and decides at
// result(). Pure: no clock, no network, no Kafka; the same evidence gives the same result, however runs are
// cut and on however many threads it is judged. Not thread-safe: one caller at a time, for const functions too, which
// keep what they judged; and nobody may add to the Names meanwhile. The ids in events are of that Names, which the
// caller owns and which outlives the Judge.
//
// Asking again judges anew, and whole, each partition that got a line since the same function was last asked: it costs
// in proportion to all its runs, not to the new ones. The others keep their part, but for those from which something
// was read that was sent to another one, which are judged every time, as is what reaches over partitions (inputs of
// transactions, cycles), and the findings of all are put together anew. All are judged again after a declaration, a
// clock, a fault or the end, and those that hold transactions after any line of a transaction. Who asks while evidence
// arrives should let three times as long pass as the answer took (live_judge.cpp). Asking so_far() and result() in turn
// keeps nothing.
#pragma once

#include <cstdint>
#include <memory>

#include "coordinator/judge/result.h"
#include "workloads/evidence/event.h"
#include "workloads/evidence/names.h"

namespace coordinator::judge {

struct Store;
class Parts;

class Judge {
 public:
  // `threads`: at most so many judge, if it is worth it.
  explicit Judge(const workloads::evidence::Names& names, unsigned threads = 4);
  ~Judge();
  Judge(const Judge&) = delete;
  Judge& operator=(const Judge&) = delete;

  // `line`: where the event stands in the history, or in the dump of the run; rising per actor. Events that a history
  // does not show are ignored.
  void add(const workloads::evidence::Event& event, std::int64_t line);
  // The last word on what was added: as if nothing more came. At any time, and again after more was added.
  JudgeResult result() const;

  // While more may come, from every actor, however late. A violation that it calls stays one: a later answer has the
  // same kind in the same partition with the same messages and offsets (or with more of them in one finding), as long
  // as no producer contradicts itself (a second outcome of a record; a word on a transaction that had ended, or on its
  // records; a second `commit_asked`). What only
  // would be a violation if nothing more came is `undecided`; what is merely on its way (records not read or processed
  // yet, deliveries beyond what their producer has told so far) is held back: the books count it. docs/findings.md has
  // the table. The verdict is `fail` or `inconclusive`, never `pass`, until the end was added; then it is result().
  // `holes`: lines may be missing between others, so that the end of a transaction is no word on its records.
  JudgeResult so_far(bool holes = false) const;

 private:
  std::unique_ptr<Store> store_;
  std::unique_ptr<Parts> parts_;
};

}  // namespace coordinator::judge
