// What the judge says: findings, books, verdict (docs/history.md, sections 4 and 5). Pure data; ids are of the Names
// that the caller gave to the Judge.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "coordinator/judge/count.h"
#include "workloads/evidence/event.h"
#include "workloads/evidence/names.h"

namespace coordinator::judge {

enum class Kind : std::uint8_t {
  lost,
  unread,
  unprocessed,
  skipped,
  vanished,
  duplicated,
  wrong_ack_offset,
  offset_conflict,
  reordered,
  realtime_reordered,
  rewound,
  redelivered,
  resume_mismatch,
  commit_ahead,
  double_owner,
  phantom,
  misrouted,
  corrupt,
  aborted_read,
  uncommitted_read,
  torn_transaction,
  processed_twice,
  read_cycle,
  epoch_regressed,
  end_regressed,
};
inline constexpr std::size_t kKinds = static_cast<std::size_t>(Kind::end_regressed) + 1;
enum class Severity : std::uint8_t { violation, undecided, allowed };
enum class Proof : std::uint8_t { none, audit, passed };
enum class Verdict : std::uint8_t { pass, fail, inconclusive };

const char* name_of(Kind kind);
const char* name_of(Severity severity);
const char* name_of(Verdict verdict);

struct MessageRun {
  workloads::evidence::Id producer = workloads::evidence::kNoId;
  std::int64_t sequence = 0;
  std::int64_t count = 1;
};
struct OffsetRun {
  std::int64_t offset = 0;
  std::int64_t count = 1;
};
struct TransactionName {
  workloads::evidence::Id producer = workloads::evidence::kNoId;
  std::int64_t transaction = 0;
};

struct Finding {
  Kind kind = Kind::lost;
  Severity severity = Severity::violation;
  Proof proof = Proof::none;
  workloads::evidence::Partition where;  // topic kNoId: of no partition
  workloads::evidence::Id consumer = workloads::evidence::kNoId;
  std::vector<MessageRun> messages;
  std::vector<OffsetRun> offsets;
  std::vector<TransactionName> transactions;  // of a read-cycle
  std::vector<std::int64_t> witnesses;        // lines, ascending
  std::vector<workloads::evidence::Id> faults;
};

// Findings of a kind and severity that are not listed, because there are too many (finding_list.h).
struct LeftOut {
  Kind kind = Kind::lost;
  Severity severity = Severity::violation;
  std::int64_t findings = 0;
  Count records;  // messages of these findings
};

struct Books {
  Count sent, acked, refused, unknown, aborted;
  Count present, lost, unread, excused;
  Count unknown_landed, extra_copies, phantom, foreign;
  bool balanced = true;
};

struct JudgeResult {
  Verdict verdict = Verdict::inconclusive;
  int exit_code = 12;
  std::vector<std::string> reasons;  // what makes, or would make, it inconclusive
  Books books;
  std::vector<Finding> findings;  // sorted as section 5 says
  std::vector<LeftOut> left_out;  // violations first; empty unless some kind has more than kMostFindings
  // More may come: a violation is one whatever comes; `undecided` is what would be one if nothing came (judge.h).
  bool so_far = false;
};

Count records_of(const Finding& finding);
// Whether something is a violation, listed or not.
bool has_violation(const JudgeResult& result);

// Exactly section 5.
nlohmann::json to_json(const JudgeResult& result, const workloads::evidence::Names& names);
// What later evidence may still show, so that a finding of this kind is not a violation so far.
const char* name_excuse(Kind kind);
// One sentence for a person, with the numbers.
std::string explain(const Finding& finding, const workloads::evidence::Names& names);

}  // namespace coordinator::judge
