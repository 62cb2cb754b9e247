// The words of the table, and docs/promises.md.
#include <array>

#include "coordinator/judge/promises.h"

namespace coordinator::judge {

namespace {

using workloads::evidence::Acks;
using workloads::evidence::Isolation;
using workloads::evidence::Reset;

constexpr std::array<std::string_view, kHazards> kNames{
    "loss",     "duplication", "reordering",        "tearing",        "premature reading",
    "skipping", "redelivery",  "double processing", "unavailability", "anything else"};

std::string_view word(Acks acks) {
  return acks == Acks::all ? "acks=all" : acks == Acks::one ? "acks=1" : "acks=0";
}

std::string_view word(CommitMode mode) {
  switch (mode) {
    case CommitMode::processed:
      return "commit after processing";
    case CommitMode::automatic:
      return "automatic commit";
    case CommitMode::none:
      return "no commit";
    case CommitMode::in_transaction:
      return "offsets in the transaction";
  }
  return "";
}

std::string_view word(Reset reset) {
  return reset == Reset::earliest ? "reset earliest" : reset == Reset::latest ? "reset latest" : "reset error";
}

}  // namespace

std::string_view name_of(Hazard hazard) {
  return kNames[static_cast<std::size_t>(hazard)];
}

std::string_view name_of(Concern concern) {
  constexpr std::array<std::string_view, 4> kWords{"promised", "note", "warning", "danger"};
  return kWords[static_cast<std::size_t>(concern)];
}

std::string condition_text(const Condition& condition) {
  std::string text;
  const auto add = [&text](std::string_view what) { text += (text.empty() ? "" : ", ") + std::string(what); };
  const auto flag = [&add](const std::optional<bool>& wanted, std::string_view yes, std::string_view no) {
    if (wanted) add(*wanted ? yes : no);
  };
  if (condition.acks) add(word(*condition.acks));
  flag(condition.idempotence, "idempotence", "no idempotence");
  flag(condition.pipelined, "several requests in flight", "one request in flight");
  flag(condition.transactions, "transactions", "no transactions");
  flag(condition.one_copy, "replication factor 1", "replication factor 2 or more");
  flag(condition.one_in_sync, "min.insync.replicas 1", "min.insync.replicas 2 or more");
  flag(condition.all_must_be_in_sync, "min.insync.replicas = replication factor",
       "min.insync.replicas below the replication factor");
  flag(condition.unclean_leader_election, "unclean leader election", "no unclean leader election");
  flag(condition.copies_destroyed, "a copy destroyed", "no copy destroyed");
  if (condition.isolation)
    add(*condition.isolation == Isolation::read_committed ? "read_committed" : "read_uncommitted");
  if (condition.reset) add(word(*condition.reset));
  if (condition.commit) add(word(*condition.commit));
  return text.empty() ? "anything else" : text;
}

std::string promises_markdown() {
  std::string text =
      "| | configuration | promised, or what is at stake | when | why | set |\n|---|---|---|---|---|---|\n";
  const auto cell = [](std::string_view what) {
    return what.empty() ? std::string(" |") : " " + std::string(what) + " |";
  };
  for (const PromiseRow& row : promise_rows())
    text += "| " + std::string(name_of(row.hazard)) + " |" + cell(condition_text(row.condition)) +
            cell(row.promised() ? "**promised**: " + std::string(row.what)
                                : std::string(name_of(row.concern)) + ": " + std::string(row.what)) +
            cell(row.when) + cell(row.why) + cell(row.set) + "\n";
  return text;
}

}  // namespace coordinator::judge
