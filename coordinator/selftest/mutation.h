// The mutations of the self-test: what is planted, and what a judge must then say. What it must say comes from the
// plant, never from the judge. mutations.cpp holds the table. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/judge/result.h"
#include "coordinator/selftest/log.h"

namespace coordinator::selftest {

// A finding, message by message; how runs of them are written down is of no account. Its kind and severity stand in the
// mutation's row.
struct Expected {
  Partition where;
  Id consumer = kNoId;  // none: the finding is about a place in the log
  std::vector<std::pair<Id, std::int64_t>> messages;
  std::vector<std::int64_t> offsets;
  std::vector<std::pair<Id, std::int64_t>> transactions{};
};

struct Planted {
  std::string what;                // "w1#17 of orders-1 @17, removed": for whoever must look at a miss
  std::vector<Expected> findings;  // all of them of the row's kind
  std::int64_t foreign = 0;        // records that are none of ours: no finding, but a number in the books
};

// Edits the recording; nullopt, and nothing edited, if it offers no place for that.
using Plant = std::optional<Planted> (*)(Recording& recording, common::base::Random& random);

struct Mutation {
  const char* name;
  std::optional<judge::Kind> kind;  // nullopt: no finding at all
  judge::Severity severity;
  Plant plant;
};
const std::vector<Mutation>& mutations();

// ---- what plants share -------------------------------------------------------------------------------------------

// The records at their places, as one finding.
Expected found(const std::vector<Stored>& records, Id consumer = kNoId);
// As one finding for each stretch of neighbours.
std::vector<Expected> found_apart(const std::vector<Stored>& records, Id consumer = kNoId);
std::string told(const Recording& recording, const std::vector<Stored>& records);  // "p-3f9a#17..19 of orders-1 @17"
std::string name_of(const Recording& recording, Id id);

// ---- one file each: in_the_log.cpp, acks.cpp, readings.cpp, groups.cpp, transactions.cpp, excused.cpp -------------

using Random = common::base::Random;
std::optional<Planted> drop_at_head(Recording& recording, Random& random);
std::optional<Planted> drop_in_the_middle(Recording& recording, Random& random);
std::optional<Planted> drop_at_tail(Recording& recording, Random& random);
std::optional<Planted> truncate_tail(Recording& recording, Random& random);
std::optional<Planted> duplicate_near(Recording& recording, Random& random);
std::optional<Planted> duplicate_far(Recording& recording, Random& random);
std::optional<Planted> swap_neighbours(Recording& recording, Random& random);
std::optional<Planted> swap_batches(Recording& recording, Random& random);
std::optional<Planted> move_to_another_partition(Recording& recording, Random& random);
std::optional<Planted> never_sent(Recording& recording, Random& random);
std::optional<Planted> sent_by_nobody(Recording& recording, Random& random);
std::optional<Planted> flip_a_bit(Recording& recording, Random& random);

std::optional<Planted> shift_acked_offset(Recording& recording, Random& random);
std::optional<Planted> zero_acked_offset(Recording& recording, Random& random);
std::optional<Planted> refused_yet_there(Recording& recording, Random& random);
std::optional<Planted> stored_before_its_elder(Recording& recording, Random& random);

std::optional<Planted> vanish_after_reading(Recording& recording, Random& random);
std::optional<Planted> skip(Recording& recording, Random& random);
std::optional<Planted> rewind(Recording& recording, Random& random);
std::optional<Planted> other_record_at_offset(Recording& recording, Random& random);
std::optional<Planted> unread_at_the_end(Recording& recording, Random& random);
std::optional<Planted> older_leader(Recording& recording, Random& random);
std::optional<Planted> end_goes_back(Recording& recording, Random& random);

std::optional<Planted> resume_before_confirmed(Recording& recording, Random& random);
std::optional<Planted> resume_beyond_commits(Recording& recording, Random& random);
std::optional<Planted> commit_ahead(Recording& recording, Random& random);
std::optional<Planted> two_owners(Recording& recording, Random& random);

std::optional<Planted> tear_transaction(Recording& recording, Random& random);
std::optional<Planted> resurrect_aborted(Recording& recording, Random& random);
std::optional<Planted> read_before_commit(Recording& recording, Random& random);
std::optional<Planted> process_twice(Recording& recording, Random& random);
std::optional<Planted> read_in_a_circle(Recording& recording, Random& random);
std::optional<Planted> leave_unprocessed(Recording& recording, Random& random);

std::optional<Planted> foreign_record(Recording& recording, Random& random);
std::optional<Planted> unknown_and_absent(Recording& recording, Random& random);
std::optional<Planted> unknown_yet_there(Recording& recording, Random& random);
std::optional<Planted> sought_over(Recording& recording, Random& random);
std::optional<Planted> sought_back(Recording& recording, Random& random);
std::optional<Planted> below_the_log_start(Recording& recording, Random& random);
std::optional<Planted> redelivered_uncommitted(Recording& recording, Random& random);
std::optional<Planted> lost_with_acks_1(Recording& recording, Random& random);
std::optional<Planted> duplicated_without_idempotence(Recording& recording, Random& random);

}  // namespace coordinator::selftest
