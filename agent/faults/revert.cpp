#include "agent/faults/revert.h"

#include <exception>
#include <thread>

#include "common/base/log.h"

namespace agent::faults {

namespace base = common::base;

namespace {

void note(const UndoRecord& record, const Journal& journal) {
  const auto written = journal.write(record);
  if (written.has_error())
    base::log(base::Level::error, "journal",
              {{"task", record.task}, {"state", record.state}, {"error", written.error().what}});
}

base::Result<std::string> revert_by_kind(UndoRecord& record, const Journal& journal, const FaultKind* kind) {
  if (record.state == "planned") return std::string("nothing had been done yet");
  if (!kind) return base::fail(base::ErrorKind::configuration, "this firedrill knows no fault `" + record.kind + "`");
  record.state = "reverting";
  record.reverting_at = base::steady_now();
  note(record, journal);
  return kind->revert(record, journal);
}

}  // namespace

void revert(UndoRecord& record, const Journal& journal) {
  revert(record, journal, find_fault(record.kind));
}

void revert(UndoRecord& record, const Journal& journal, const FaultKind* kind) {
  const auto outcome = revert_by_kind(record, journal, kind);
  record.ended_at = base::steady_now();
  record.state = outcome.has_error() ? "revert_failed" : "reverted";
  record.proof = outcome.has_error() ? outcome.error().what : *outcome;
  note(record, journal);
  base::log(outcome.has_error() ? base::Level::error : base::Level::info, "fault " + record.state,
            {{"task", record.task}, {"kind", record.kind}, {"service", record.service}, {"proof", record.proof}});
}

base::Result<std::vector<UndoRecord>> sweep(const Journal& journal) {
  auto records = journal.read();
  if (records.has_error()) return records;
  std::vector<std::jthread> threads;  // at most one a record: a host has few services, and each has one fault at a time
  for (auto& record : *records) {
    if (record.reverted()) continue;
    threads.emplace_back([&record, &journal] {
      try {
        revert(record, journal);
      } catch (const std::exception& error) {  // the edge of this thread
        record.state = "revert_failed";
        record.proof = error.what();
      }
    });
  }
  threads.clear();
  return records;
}

}  // namespace agent::faults
