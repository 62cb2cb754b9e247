// Clean evidence of a run, in memory and open to edits: what mutations are planted into. Every event speaks of one
// message (count 1), so that an edit needs to cut nothing; the judge's result does not depend on how runs are cut.
// Copies share their names. One thread.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "common/base/result.h"
#include "workloads/evidence/event.h"
#include "workloads/evidence/names.h"

namespace coordinator::selftest {

using Lines = std::vector<workloads::evidence::Event>;

struct Recording {
  std::string name;
  std::shared_ptr<workloads::evidence::Names> names = std::make_shared<workloads::evidence::Names>();
  std::vector<Lines> files;  // a task each, the conductor's first; End is its last event

  workloads::evidence::Id id(std::string_view text) const { return names->intern(text); }
};

// Adds an event, as many times as it has messages.
void add_single(Lines& lines, const workloads::evidence::Event& event);

// edit(event) for each event of the kind E.
template <typename E, typename F>
void each(Recording& recording, F edit) {
  for (Lines& lines : recording.files)
    for (auto& event : lines)
      if (auto* one = std::get_if<E>(&event)) edit(*one);
}
template <typename E, typename F>
void each(const Recording& recording, F look) {
  for (const Lines& lines : recording.files)
    for (const auto& event : lines)
      if (const auto* one = std::get_if<E>(&event)) look(*one);
}

// Removes the events of the kind E for which unwanted(event).
template <typename E, typename F>
void erase(Recording& recording, F unwanted) {
  for (Lines& lines : recording.files)
    std::erase_if(lines, [&](const workloads::evidence::Event& event) {
      const auto* one = std::get_if<E>(&event);
      return one != nullptr && unwanted(*one);
    });
}

}  // namespace coordinator::selftest
