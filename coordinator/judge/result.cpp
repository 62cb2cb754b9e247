#include "coordinator/judge/result.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace coordinator::judge {

using nlohmann::json;
using workloads::evidence::Id;
using workloads::evidence::kNoId;
using workloads::evidence::Names;

const char* name_of(Kind kind) {
  static constexpr const char* kNames[] = {"lost",
                                           "unread",
                                           "unprocessed",
                                           "skipped",
                                           "vanished",
                                           "duplicated",
                                           "wrong-ack-offset",
                                           "offset-conflict",
                                           "reordered",
                                           "realtime-reordered",
                                           "rewound",
                                           "redelivered",
                                           "resume-mismatch",
                                           "commit-ahead",
                                           "double-owner",
                                           "phantom",
                                           "misrouted",
                                           "corrupt",
                                           "aborted-read",
                                           "uncommitted-read",
                                           "torn-transaction",
                                           "processed-twice",
                                           "read-cycle",
                                           "epoch-regressed",
                                           "end-regressed"};
  return kNames[static_cast<int>(kind)];
}

const char* name_of(Severity severity) {
  static constexpr const char* kNames[] = {"violation", "undecided", "allowed"};
  return kNames[static_cast<int>(severity)];
}

const char* name_of(Verdict verdict) {
  static constexpr const char* kNames[] = {"pass", "fail", "inconclusive"};
  return kNames[static_cast<int>(verdict)];
}

Count records_of(const Finding& finding) {
  Count records;
  for (const MessageRun& run : finding.messages) records += run.count;
  return records;
}

bool has_violation(const JudgeResult& result) {
  const auto is_one = [](const auto& any) { return any.severity == Severity::violation; };
  return std::any_of(result.findings.begin(), result.findings.end(), is_one) ||
         std::any_of(result.left_out.begin(), result.left_out.end(), is_one);
}

namespace {

json name_or_null(Id id, const Names& names) {
  return id == kNoId ? json(nullptr) : json(names.text(id));
}

json to_json(const Finding& finding, const Names& names) {
  json out = json::object();
  out["kind"] = name_of(finding.kind);
  out["severity"] = name_of(finding.severity);
  const bool placed = finding.where.topic != kNoId;
  out["topic"] = name_or_null(finding.where.topic, names);
  out["partition"] = placed ? json(finding.where.partition) : json(nullptr);
  if (finding.proof != Proof::none) out["proof"] = finding.proof == Proof::audit ? "audit" : "passed";
  out["messages"] = json::array();
  for (const MessageRun& run : finding.messages)
    out["messages"].push_back(
        {{"producer", names.text(run.producer)}, {"sequence", run.sequence}, {"count", run.count}});
  out["offsets"] = json::array();
  for (const OffsetRun& run : finding.offsets) out["offsets"].push_back({{"offset", run.offset}, {"count", run.count}});
  if (finding.kind == Kind::read_cycle) {
    out["transactions"] = json::array();
    for (const TransactionName& t : finding.transactions)
      out["transactions"].push_back({{"producer", names.text(t.producer)}, {"transaction", t.transaction}});
  }
  out["consumer"] = name_or_null(finding.consumer, names);
  out["explanation"] = explain(finding, names);
  out["witnesses"] = finding.witnesses;
  out["faults"] = json::array();
  for (const Id fault : finding.faults) out["faults"].push_back(names.text(fault));
  return out;
}

std::int64_t told(const Count& count) {
  return count;
}

json to_json(const Books& b) {
  return {{"sent", told(b.sent)},
          {"acked", told(b.acked)},
          {"refused", told(b.refused)},
          {"unknown", told(b.unknown)},
          {"aborted", told(b.aborted)},
          {"present", told(b.present)},
          {"lost", told(b.lost)},
          {"unread", told(b.unread)},
          {"excused", told(b.excused)},
          {"unknown_landed", told(b.unknown_landed)},
          {"extra_copies", told(b.extra_copies)},
          {"phantom", told(b.phantom)},
          {"foreign", told(b.foreign)},
          {"balanced", b.balanced}};
}

}  // namespace

json to_json(const JudgeResult& result, const Names& names) {
  json out = json::object();
  out["verdict"] = name_of(result.verdict);
  out["exit_code"] = result.exit_code;
  out["reasons"] = json::array();
  for (const std::string& reason : result.reasons) out["reasons"].push_back(reason);
  out["books"] = to_json(result.books);
  out["findings"] = json::array();
  for (const Finding& finding : result.findings) {
    out["findings"].push_back(to_json(finding, names));
    if (result.so_far && finding.severity == Severity::undecided)
      out["findings"].back()["unless"] = name_excuse(finding.kind);
  }
  for (const LeftOut& left : result.left_out)
    out["left_out"].push_back({{"kind", name_of(left.kind)},
                               {"severity", name_of(left.severity)},
                               {"findings", left.findings},
                               {"records", told(left.records)}});
  if (result.so_far) out["so_far"] = true;
  return out;
}

}  // namespace coordinator::judge
