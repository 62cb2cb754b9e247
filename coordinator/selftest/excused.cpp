// What looks bad and is not, or is allowed by what was configured: nothing may be made of it.
#include <algorithm>

#include "coordinator/selftest/edits.h"
#include "coordinator/selftest/mutation.h"

namespace coordinator::selftest {
namespace evidence = workloads::evidence;
using evidence::Deliver;

namespace {

std::optional<Stored> make_unknown(Recording& recording, Random& random) {
  const auto records = some_records(recording, random, {1, Region::anywhere, false});
  if (records.empty()) return std::nullopt;
  const Stored record = records.front();
  for (Lines& lines : recording.files)
    for (auto& event : lines)
      if (const auto* ack = std::get_if<evidence::Ack>(&event); ack != nullptr && ack->producer == record.producer &&
                                                                ack->where == record.where &&
                                                                ack->sequence == record.sequence)
        event = evidence::Unknown{.producer = ack->producer,
                                  .where = ack->where,
                                  .sequence = ack->sequence,
                                  .reason = recording.id("_MSG_TIMED_OUT"),
                                  .at = ack->at};
  return record;
}

}  // namespace

std::optional<Planted> foreign_record(Recording& recording, Random& random) {
  const auto where = one_of(partitions_of(recording), random);
  if (!where || log_of(recording, *where).empty()) return std::nullopt;
  const std::int64_t offset = append_to_log(recording, *where, Deliver{.target = *where});
  return Planted{"a record of somebody else appended @" + std::to_string(offset), {}, 1};
}

std::optional<Planted> unknown_and_absent(Recording& recording, Random& random) {
  const auto record = make_unknown(recording, random);
  if (!record) return std::nullopt;
  remove_from_log(recording, *record);
  return Planted{told(recording, {*record}) + " timed out, and not in the log", {}};
}

std::optional<Planted> unknown_yet_there(Recording& recording, Random& random) {
  const auto record = make_unknown(recording, random);
  if (!record) return std::nullopt;
  return Planted{told(recording, {*record}) + " timed out, yet in the log", {}};
}

// Retention took the head of the log after the readers, or before some of them.
std::optional<Planted> below_the_log_start(Recording& recording, Random& random) {
  const auto records = some_records(recording, random, {1, Region::middle, {}});
  if (records.empty()) return std::nullopt;
  const Partition where = records.front().where;
  const std::int64_t start = records.front().offset;
  for (const Reader& reader : readers_of(recording, where))
    if (reader.audits)
      erase<Deliver>(recording, [&](const Deliver& d) {
        return d.consumer == reader.consumer && d.where == where && d.offset < start;
      });
  each<evidence::Audit>(recording, [&](evidence::Audit& audit) {
    if (audit.where == where) audit.start = start;
  });
  each<evidence::Assign>(recording, [&](evidence::Assign& assign) {
    for (const Reader& reader : readers_of(recording, where))
      if (reader.audits && reader.consumer == assign.consumer && assign.where == where) assign.position = start;
  });
  return Planted{"the log of partition " + std::to_string(where.partition) + " begins @" + std::to_string(start), {}};
}

std::optional<Planted> lost_with_acks_1(Recording& recording, Random& random) {
  auto planted = drop_in_the_middle(recording, random);
  each<evidence::ProducerInfo>(recording, [](evidence::ProducerInfo& info) {
    info.acks = evidence::Acks::one;
    info.idempotence = false;
  });
  return planted;
}

std::optional<Planted> duplicated_without_idempotence(Recording& recording, Random& random) {
  auto planted = duplicate_near(recording, random);
  each<evidence::ProducerInfo>(recording, [](evidence::ProducerInfo& info) { info.idempotence = false; });
  return planted;
}

}  // namespace coordinator::selftest
