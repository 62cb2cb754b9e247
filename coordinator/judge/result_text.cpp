#include <string>

#include "common/base/units.h"
#include "coordinator/judge/result.h"

namespace coordinator::judge {

using workloads::evidence::kNoId;
using workloads::evidence::Names;

namespace {

std::string range(std::int64_t first, std::int64_t count) {
  return count == 1 ? std::to_string(first) : std::to_string(first) + ".." + std::to_string(first + count - 1);
}

std::string messages_of(const Finding& finding, const Names& names) {
  std::string text;
  for (const MessageRun& run : finding.messages)
    text += (text.empty() ? "" : ", ") + names.text(run.producer) + "#" + range(run.sequence, run.count);
  return text.empty() ? "a record that is none of ours" : text;
}

std::string offsets_of(const Finding& finding) {
  std::string text;
  for (const OffsetRun& run : finding.offsets) text += (text.empty() ? "" : ", ") + range(run.offset, run.count);
  return text.empty() ? "" : " @" + text;
}

std::string place_of(const Finding& finding, const Names& names) {
  if (finding.where.topic == kNoId) return "";
  return names.text(finding.where.topic) + "-" + std::to_string(finding.where.partition);
}

// What happened, after "ID at PLACE @OFFSETS".
const char* predicate(const Finding& finding) {
  switch (finding.kind) {
    case Kind::lost:
      return finding.proof == Proof::audit ? "was acked, nobody was handed it, and an audit lacks it"
                                           : "was acked, and a reader went past without being handed it";
    case Kind::unread:
      return "was acked and read by nobody yet; no audit decides";
    case Kind::unprocessed:
      return "was read only by transactions that did not commit";
    case Kind::skipped:
      return "was passed over, though it was in the log";
    case Kind::vanished:
      return "was readable once, and an audit lacks it";
    case Kind::duplicated:
      return "stands in the log more than once";
    case Kind::wrong_ack_offset:
      return "was acked at one offset and stands at another";
    case Kind::offset_conflict:
      return "claim the same offset";
    case Kind::reordered:
      return "were stored in the wrong order";
    case Kind::realtime_reordered:
      return "the latter was sent after the former was acked, yet is stored before it";
    case Kind::rewound:
      return "was handed over after a higher offset, without a seek, a revocation or an abort";
    case Kind::redelivered:
      return finding.severity == Severity::allowed
                 ? "was delivered again after a rebalance; no commit beyond it was confirmed"
                 : "was delivered again, though a commit beyond it had been confirmed";
    case Kind::resume_mismatch:
      return "was jumped over: the new owner began beyond every offset at which it may resume";
    case Kind::commit_ahead:
      return "was committed before the consumer was handed it: a crash now loses it";
    case Kind::double_owner:
      return "was delivered to the earlier owner after the next one had begun to read";
    case Kind::phantom:
      return "was delivered, but never sent (or refused, or sent only later)";
    case Kind::misrouted:
      return "was read from a partition to which it was not sent";
    case Kind::corrupt:
      return "arrived broken";
    case Kind::aborted_read:
      return "was delivered to a read_committed reader, though its transaction aborted";
    case Kind::uncommitted_read:
      return "was delivered to a read_committed reader before its transaction could commit";
    case Kind::torn_transaction:
      return "is lost, while other records of its committed transaction are there";
    case Kind::processed_twice:
      return "were made from one input by two committed transactions";
    case Kind::read_cycle:
      return "read each other's records: neither can have come first";
    case Kind::epoch_regressed:
      return "came from an older leader than what stands before it";
    case Kind::end_regressed:
      return "the log went back";
  }
  return "";
}

// What is said of one record, and not of how several of them stand to each other.
bool of_each(Kind kind) {
  return !(kind == Kind::offset_conflict || kind == Kind::reordered || kind == Kind::realtime_reordered ||
           kind == Kind::processed_twice || kind == Kind::read_cycle);
}

}  // namespace

const char* name_excuse(Kind kind) {
  switch (kind) {
    case Kind::lost:
    case Kind::torn_transaction:
      return "somebody is delivered it yet, the log turns out to start above it, or its loss to be allowed";
    case Kind::skipped:
      return "the reader is delivered it yet, or it turns out to be gone, deleted or replaced";
    case Kind::vanished:
      return "the log turns out to start above it, a later record to replace it, or its loss to be allowed";
    case Kind::duplicated:
      return "it turns out to have been refused, or only its ack to be wrong";
    case Kind::wrong_ack_offset:
      return "it is delivered at the acked offset, too";
    case Kind::offset_conflict:
      return "the topic or a producer turns out to allow loss";
    case Kind::reordered:
    case Kind::realtime_reordered:
      return "one of them turns out to be gone, or to stand at a lower offset, too";
    case Kind::rewound:
      return "what it stepped back over turns out to be gone or in conflict, or was owed again";
    case Kind::redelivered:
    case Kind::resume_mismatch:
      return "other members of the group tell a commit, a delivery or a transaction that explains it";
    case Kind::commit_ahead:
      return "the commit fails, or what was not delivered turns out to be gone, deleted or replaced";
    case Kind::double_owner:
      return "the clocks of the two turn out to be less exact";
    case Kind::phantom:
      return "its producer tells yet that it was sent";
    case Kind::misrouted:
      return "it turns out to have been refused";
    case Kind::aborted_read:
    case Kind::uncommitted_read:
    case Kind::read_cycle:
      return "it turns out to have been refused, or its transaction to end otherwise";
    case Kind::processed_twice:
      return "the input was delivered in two groups, or two records stand at its offset";
    case Kind::epoch_regressed:
    case Kind::end_regressed:
      return "the clocks turn out to be less exact, or what lies between turns out to be lost";
    case Kind::unread:
    case Kind::unprocessed:
    case Kind::corrupt:
      return "";
  }
  return "";
}

std::string explain(const Finding& finding, const Names& names) {
  const std::int64_t count = records_of(finding);
  std::string text;
  if (finding.kind == Kind::read_cycle) {
    for (const TransactionName& t : finding.transactions)
      text += (text.empty() ? "transactions " : ", ") + names.text(t.producer) + "/" + std::to_string(t.transaction);
  } else if (finding.kind == Kind::end_regressed || (finding.kind == Kind::epoch_regressed && count == 0)) {
    text = place_of(finding, names) + offsets_of(finding);
  } else {
    text = messages_of(finding, names) + " at " + place_of(finding, names) + offsets_of(finding);
    if (count > 1)
      text = common::base::count_text(count) + " records, " + text + (of_each(finding.kind) ? ": each" : ",");
  }
  text += std::string(" ") + predicate(finding);
  if (finding.consumer != kNoId) text += " (consumer " + names.text(finding.consumer) + ")";
  for (std::size_t i = 0; i < finding.faults.size(); ++i)
    text += (i == 0 ? "; active: " : ", ") + names.text(finding.faults[i]);
  return text;
}

}  // namespace coordinator::judge
