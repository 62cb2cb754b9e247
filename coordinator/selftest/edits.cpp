#include "coordinator/selftest/edits.h"

#include <algorithm>
#include <type_traits>

namespace coordinator::selftest {
namespace evidence = workloads::evidence;
using evidence::Deliver;
using evidence::kNoTime;

namespace {

std::int64_t time_of(const evidence::Event& event) {
  return std::visit(
      [](const auto& one) {
        if constexpr (requires { one.at; })
          return one.at;
        else
          return kNoTime;
      },
      event);
}

// As if `reader` had been handed it behind what stands at `index`.
Deliver handed_to(const Reader& reader, const Lines& lines, std::size_t index, Partition where, std::int64_t offset,
                  Deliver d) {
  d.consumer = reader.consumer;
  d.where = where;
  d.offset = offset;
  d.at = time_of(lines[index]);
  d.span = 0;
  d.leader_epoch = std::get<Deliver>(lines[index]).leader_epoch;
  d.within_producer = std::get<Deliver>(lines[index]).within_producer;
  d.within_transaction = std::get<Deliver>(lines[index]).within_transaction;
  return d;
}

}  // namespace

void remove_from_log(Recording& recording, const Stored& record) {
  erase<Deliver>(recording, [&](const Deliver& d) {
    return d.where == record.where && d.producer == record.producer && d.sequence == record.sequence;
  });
}

void make_room(Recording& recording, Partition where, std::int64_t offset) {
  // A record at `offset` moves; a position or an end at `offset` still means that all below it was read, or stands.
  const auto record = [offset](std::int64_t& at) { at += at >= offset ? 1 : 0; };
  const auto border = [offset](std::int64_t& at) { at += at > offset ? 1 : 0; };
  const auto here = [where](auto edit) {
    return [where, edit](auto& one) {
      if (one.where == where) edit(one);
    };
  };
  each<evidence::Ack>(recording, here([&](evidence::Ack& one) { record(one.offset); }));
  each<Deliver>(recording, here([&](Deliver& one) { record(one.offset); }));
  each<evidence::Commit>(recording, here([&](evidence::Commit& one) { border(one.offset); }));
  each<evidence::Assign>(recording, here([&](evidence::Assign& one) { border(one.position); }));
  each<evidence::Seek>(recording, here([&](evidence::Seek& one) { border(one.offset); }));
  each<evidence::Audit>(recording, here([&](evidence::Audit& one) {
                          border(one.start);
                          border(one.end);
                        }));
  each<evidence::Sample>(recording, here([&](evidence::Sample& one) {
                           border(one.log_start);
                           border(one.end);
                         }));
  each<evidence::Input>(recording, [&](evidence::Input& one) {
    if (one.of == where) record(one.of_offset);
  });
}

void insert_into_log(Recording& recording, Partition where, std::int64_t offset, const Deliver& d) {
  for (const Reader& reader : readers_of(recording, where)) {
    const auto before = delivery(recording, reader, where, offset - 1);
    if (!before) continue;
    insert_after(recording, reader, *before,
                 {handed_to(reader, recording.files[reader.file], *before, where, offset, d)});
  }
}

std::int64_t append_to_log(Recording& recording, Partition where, const Deliver& d) {
  const std::int64_t offset = end_of(recording, where);
  const std::int64_t last = log_of(recording, where).back().offset;
  for (const Reader& reader : readers_of(recording, where)) {
    const auto before = delivery(recording, reader, where, last);
    if (!before) continue;
    insert_after(recording, reader, *before,
                 {handed_to(reader, recording.files[reader.file], *before, where, offset, d)});
  }
  each<evidence::Audit>(recording, [&](evidence::Audit& audit) {
    if (audit.where == where && audit.end == offset) ++audit.end;
  });
  return offset;
}

void deliver_together(Recording& recording, Partition where, std::int64_t first, std::int64_t last) {
  for (const Reader& reader : readers_of(recording, where)) {
    const auto at_last = delivery(recording, reader, where, last);
    if (!at_last) continue;
    const std::int64_t at = time_of(recording.files[reader.file][*at_last]);
    each<Deliver>(recording, [&](Deliver& d) {
      if (d.consumer == reader.consumer && d.where == where && d.offset >= first && d.offset <= last)
        d.at = std::max(d.at, at);
    });
  }
}

void insert_after(Recording& recording, const Reader& reader, std::size_t index, Lines events) {
  Lines& lines = recording.files[reader.file];
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(index) + 1, events.begin(), events.end());
}

void append_lines(Recording& recording, const Reader& reader, const Lines& events) {
  Lines& lines = recording.files[reader.file];
  const auto close = std::find_if(lines.begin(), lines.end(), [&](const evidence::Event& event) {
    const auto* one = std::get_if<evidence::Close>(&event);
    return one != nullptr && one->actor == reader.consumer;
  });
  lines.insert(close, events.begin(), events.end());
}

void insert_at_its_time(Recording& recording, const Reader& reader, const evidence::Event& event) {
  Lines& lines = recording.files[reader.file];
  const std::int64_t at = time_of(event);
  const auto later = std::find_if(lines.begin(), lines.end(), [at](const evidence::Event& one) {
    return time_of(one) > at || std::holds_alternative<evidence::Close>(one);
  });
  lines.insert(later, event);
}

std::int64_t after_all(const Recording& recording) {
  std::int64_t latest = 0;
  for (const Lines& lines : recording.files)
    for (const auto& event : lines) latest = std::max(latest, time_of(event));
  return latest + 1'000'000;
}

}  // namespace coordinator::selftest
