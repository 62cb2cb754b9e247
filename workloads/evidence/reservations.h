// Which reserved sequence numbers nobody has accounted for yet. After a kill -9 they may have been sent. Memory grows
// with the stretches that are open, not with messages. Not thread-safe; owned by a segment decoder.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "workloads/evidence/event.h"

namespace workloads::evidence {

class Reservations {
 public:
  // Reserve opens, Send and Refuse account for, Close gives back what its actor did not use. An outcome without a Send
  // accounts for nothing: the number was sent, and its Send is what the kill took.
  void see(const Event& event);

  // What is open as Sends without time, by producer and partition, ascending; then nothing is open any more.
  void emit_open(const std::function<void(const Event&)>& sink);

 private:
  using Stretches = std::map<std::int64_t, std::int64_t>;  // first -> one past the last; they do not touch
  void open(const Reserve& reserve);
  void account(Id producer, const Partition& where, std::int64_t sequence, std::int64_t count);
  void give_back(Id producer);

  std::map<std::pair<Id, Partition>, Stretches> open_;
};

}  // namespace workloads::evidence
