// What mutations are made of: edits of a recording that say what a faulty cluster, client or disk would have left.
// One thread.
#pragma once

#include "coordinator/selftest/log.h"

namespace coordinator::selftest {

// Nobody was handed it.
void remove_from_log(Recording& recording, const Stored& record);
// Everything that stands at `offset` or beyond it in that partition stands one further.
void make_room(Recording& recording, Partition where, std::int64_t offset);
// Every reader that read across `offset` (make_room made it) was handed the record there, besides.
void insert_into_log(Recording& recording, Partition where, std::int64_t offset, const workloads::evidence::Deliver& d);
// Every reader that read to the end of the partition was handed one record more. Returns its offset.
std::int64_t append_to_log(Recording& recording, Partition where, const workloads::evidence::Deliver& d);
// What stands at a record's place in every reader's evidence, or in that of one.
template <typename F>
void change_deliveries(Recording& recording, const Stored& record, F change) {
  each<workloads::evidence::Deliver>(recording, [&](workloads::evidence::Deliver& d) {
    if (d.where == record.where && d.offset == record.offset) change(d);
  });
}

// What stands at [first, last] was stored only when the last of it was: nobody was handed any of it before.
void deliver_together(Recording& recording, Partition where, std::int64_t first, std::int64_t last);

// Puts events into the file of a reader behind the event at `index`.
void insert_after(Recording& recording, const Reader& reader, std::size_t index, Lines events);
// Behind everything that the reader told, yet before its Close.
void append_lines(Recording& recording, const Reader& reader, const Lines& events);
// Before the first event of the reader's file that is later.
void insert_at_its_time(Recording& recording, const Reader& reader, const workloads::evidence::Event& event);

// Later than everything that was recorded.
std::int64_t after_all(const Recording& recording);

}  // namespace coordinator::selftest
