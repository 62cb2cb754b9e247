#include "coordinator/selftest/mutation.h"

namespace coordinator::selftest {
namespace {

using judge::Kind;
using judge::Severity;

constexpr auto kViolation = Severity::violation;
constexpr auto kUndecided = Severity::undecided;
constexpr auto kAllowed = Severity::allowed;

}  // namespace

const std::vector<Mutation>& mutations() {
  static const std::vector<Mutation> table = {
      {"drop at the head", Kind::lost, kViolation, drop_at_head},
      {"drop in the middle", Kind::lost, kViolation, drop_in_the_middle},
      {"drop at the tail", Kind::lost, kViolation, drop_at_tail},
      {"truncate a tail", Kind::lost, kViolation, truncate_tail},
      {"duplicate near", Kind::duplicated, kViolation, duplicate_near},
      {"duplicate far", Kind::duplicated, kViolation, duplicate_far},
      {"swap two records", Kind::reordered, kViolation, swap_neighbours},
      {"swap two batches", Kind::reordered, kViolation, swap_batches},
      {"store the younger first", Kind::realtime_reordered, kViolation, stored_before_its_elder},
      {"shift an acked offset", Kind::wrong_ack_offset, kViolation, shift_acked_offset},
      {"zero an acked offset", Kind::wrong_ack_offset, kViolation, zero_acked_offset},
      {"another record at an offset", Kind::offset_conflict, kViolation, other_record_at_offset},
      {"flip a bit", Kind::corrupt, kViolation, flip_a_bit},
      {"move to another partition", Kind::misrouted, kViolation, move_to_another_partition},
      {"phantom: never sent", Kind::phantom, kViolation, never_sent},
      {"phantom: sent by nobody", Kind::phantom, kViolation, sent_by_nobody},
      {"phantom: refused, yet there", Kind::phantom, kViolation, refused_yet_there},
      {"vanish after reading", Kind::vanished, kViolation, vanish_after_reading},
      {"the log's end goes back", Kind::end_regressed, kViolation, end_goes_back},
      {"an older leader", Kind::epoch_regressed, kViolation, older_leader},
      {"skip", Kind::skipped, kViolation, skip},
      {"rewind", Kind::rewound, kViolation, rewind},
      {"resume before a confirmed commit", Kind::redelivered, kViolation, resume_before_confirmed},
      {"resume beyond every commit", Kind::resume_mismatch, kViolation, resume_beyond_commits},
      {"commit ahead", Kind::commit_ahead, kViolation, commit_ahead},
      {"two owners", Kind::double_owner, kViolation, two_owners},
      {"tear a transaction", Kind::torn_transaction, kViolation, tear_transaction},
      {"resurrect an aborted record", Kind::aborted_read, kViolation, resurrect_aborted},
      {"read before the commit", Kind::uncommitted_read, kViolation, read_before_commit},
      {"process an input twice", Kind::processed_twice, kViolation, process_twice},
      {"read in a circle", Kind::read_cycle, kViolation, read_in_a_circle},
      {"unread at the end", Kind::unread, kUndecided, unread_at_the_end},
      {"read, yet not processed", Kind::unprocessed, kUndecided, leave_unprocessed},
      {"lost with acks=1", Kind::lost, kAllowed, lost_with_acks_1},
      {"duplicated without idempotence", Kind::duplicated, kAllowed, duplicated_without_idempotence},
      {"redelivered, not committed", Kind::redelivered, kAllowed, redelivered_uncommitted},
      {"foreign record", {}, kAllowed, foreign_record},
      {"unknown, and absent", {}, kAllowed, unknown_and_absent},
      {"unknown, yet there", {}, kAllowed, unknown_yet_there},
      {"sought over", {}, kAllowed, sought_over},
      {"sought back", {}, kAllowed, sought_back},
      {"below the log start", {}, kAllowed, below_the_log_start},
  };
  return table;
}

Expected found(const std::vector<Stored>& records, Id consumer) {
  Expected expected{records.front().where, consumer, {}, {}};
  for (const Stored& record : records) {
    expected.messages.emplace_back(record.producer, record.sequence);
    expected.offsets.push_back(record.offset);
  }
  return expected;
}

std::vector<Expected> found_apart(const std::vector<Stored>& records, Id consumer) {
  std::vector<Expected> all;
  const Stored* last = nullptr;
  for (const Stored& record : records) {
    const bool joins = last != nullptr && last->producer == record.producer && last->sequence + 1 == record.sequence &&
                       last->offset + 1 == record.offset;
    if (!joins) all.push_back({record.where, consumer, {}, {}});
    all.back().messages.emplace_back(record.producer, record.sequence);
    all.back().offsets.push_back(record.offset);
    last = &record;
  }
  return all;
}

std::string name_of(const Recording& recording, Id id) {
  return id == kNoId ? "nobody" : recording.names->text(id);
}

std::string told(const Recording& recording, const std::vector<Stored>& records) {
  const auto range = [](std::int64_t first, std::int64_t last) {
    return first == last ? std::to_string(first) : std::to_string(first) + ".." + std::to_string(last);
  };
  const Stored& first = records.front();
  const bool of_one = found_apart(records).size() == 1;
  return (of_one ? name_of(recording, first.producer) + "#" + range(first.sequence, records.back().sequence)
                 : std::to_string(records.size()) + " records") +
         " of " + name_of(recording, first.where.topic) + "-" + std::to_string(first.where.partition) + " @" +
         range(first.offset, records.back().offset);
}

}  // namespace coordinator::selftest
