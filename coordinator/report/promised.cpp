#include "coordinator/report/promised.h"

#include <algorithm>
#include <iterator>

#include "coordinator/report/evaluate.h"

namespace coordinator::report {

using judge::Configuration;
using judge::Hazard;
using judge::Kind;
using judge::Severity;
using workloads::evidence::Acks;
using workloads::evidence::Isolation;
using workloads::evidence::Reset;

namespace {

Hazard hazard_of(Kind kind) {
  switch (kind) {
    case Kind::lost:
    case Kind::unread:
    case Kind::vanished:
    case Kind::offset_conflict:  // where a log was cut, others write again
    case Kind::end_regressed:
      return Hazard::loss;
    case Kind::duplicated:
      return Hazard::duplication;
    case Kind::reordered:
      return Hazard::reordering;
    case Kind::torn_transaction:
      return Hazard::tearing;
    case Kind::aborted_read:
    case Kind::uncommitted_read:
      return Hazard::premature_reading;
    case Kind::skipped:
    case Kind::resume_mismatch:
    case Kind::commit_ahead:
    case Kind::unprocessed:
      return Hazard::skipping;
    case Kind::redelivered:
      return Hazard::redelivery;
    case Kind::processed_twice:
      return Hazard::double_processing;
    case Kind::wrong_ack_offset:
    case Kind::realtime_reordered:
    case Kind::rewound:
    case Kind::double_owner:
    case Kind::phantom:
    case Kind::misrouted:
    case Kind::corrupt:
    case Kind::read_cycle:
    case Kind::epoch_regressed:
      break;
  }
  return Hazard::anything_else;
}

// Whom a hazard concerns. How long a partition was unavailable is measured, and told elsewhere.
bool concerns(Hazard hazard, const Setup& setup, bool transactions) {
  switch (hazard) {
    case Hazard::loss:
    case Hazard::duplication:
    case Hazard::reordering:
      return setup.producer;
    case Hazard::tearing:
      return setup.producer && transactions;
    case Hazard::premature_reading:
      return !setup.producer && transactions;
    case Hazard::skipping:
    case Hazard::redelivery:
      return setup.group;
    case Hazard::double_processing:
      return setup.group && transactions;
    case Hazard::unavailability:
      return false;
    case Hazard::anything_else:
      return true;
  }
  return false;
}

std::string text_of(Hazard hazard, const Configuration& is) {
  switch (hazard) {
    case Hazard::loss:
      return std::string(is.acks == Acks::all   ? "acks=all"
                         : is.acks == Acks::one ? "acks=1"
                                                : "acks=0") +
             ", min.insync.replicas " + std::to_string(is.min_insync_replicas) + " of " +
             std::to_string(is.replication_factor) + (is.unclean_leader_election ? ", unclean leader election" : "") +
             (is.copies_destroyed ? ", a copy destroyed" : "");
    case Hazard::duplication:
      return is.idempotence ? "idempotence" : "no idempotence";
    case Hazard::reordering:
      return is.idempotence ? "idempotence" : "no idempotence, " + std::to_string(is.max_in_flight) + " in flight";
    case Hazard::tearing:
      return is.transactions ? "transactions" : "no transactions";
    case Hazard::premature_reading:
      return is.isolation == Isolation::read_committed ? "read_committed" : "read_uncommitted";
    case Hazard::skipping:
    case Hazard::redelivery:
    case Hazard::double_processing:
      return judge::condition_text({.commit = is.commit}) + (is.reset == Reset::latest ? ", reset latest" : "");
    case Hazard::unavailability:
    case Hazard::anything_else:
      break;
  }
  return "";
}

struct Count {
  std::int64_t violations = 0, waived = 0, undecided = 0, allowed = 0;
};

void decide(Promised& promised, const Count& count, bool all_seen) {
  // What the table does not promise has a part that it does: below a confirmed commit nothing comes again.
  if (count.violations > 0) {
    promised.outcome = count.waived == count.violations ? Became::waived : Became::broken;
    promised.findings = count.violations;
  } else if (promised.row->promised()) {
    promised.outcome = all_seen && count.undecided == 0 ? Became::kept : Became::not_proved;
    promised.findings = count.undecided;
  } else if (count.allowed > 0) {
    promised.outcome = Became::happened;
    promised.findings = count.allowed;
  } else {
    promised.outcome = all_seen && count.undecided == 0 ? Became::did_not_happen : Became::not_proved;
    promised.findings = count.undecided;
  }
}

// Every hazard's rows: those setups that the same row and words decide about are one.
std::vector<Promised> rows_of(const std::vector<Setup>& setups, Hazard hazard, bool transactions) {
  std::vector<Promised> rows;
  for (const Setup& setup : setups) {
    if (!concerns(hazard, setup, transactions)) continue;
    const judge::PromiseRow& row = judge::promise(hazard, setup.configuration);
    const std::string configuration = text_of(hazard, setup.configuration);
    auto known = std::find_if(rows.begin(), rows.end(), [&](const Promised& one) {
      return one.row == &row && one.configuration == configuration;
    });
    if (known == rows.end()) known = rows.insert(rows.end(), {&row, configuration, {}, Became::kept, 0});
    known->of.emplace_back(setup.who, setup.topic);
  }
  return rows;
}

void note(Count& count, Severity severity, bool waived, std::int64_t findings) {
  const bool violation = severity == Severity::violation;
  count.violations += violation ? findings : 0;
  count.waived += violation && waived ? findings : 0;
  count.undecided += severity == Severity::undecided ? findings : 0;
  count.allowed += severity == Severity::allowed ? findings : 0;
}

bool is_of(const Promised& one, const std::string& topic) {
  return std::any_of(one.of.begin(), one.of.end(), [&](const auto& who) { return who.second == topic; });
}

// Those of its topic; all, if it is of no topic or of one that none of them has.
std::vector<bool> charged(const std::vector<Promised>& rows, const judge::Finding& finding,
                          const workloads::evidence::Names& names) {
  std::vector<bool> charged(rows.size(), false);
  if (finding.where.topic != workloads::evidence::kNoId)
    for (std::size_t i = 0; i < rows.size(); ++i) charged[i] = is_of(rows[i], names.text(finding.where.topic));
  if (std::count(charged.begin(), charged.end(), true) == 0) charged.assign(rows.size(), true);
  return charged;
}

}  // namespace

const char* name_of(Became became) {
  static constexpr const char* kNames[] = {"kept", "broken", "waived", "not proved", "happened", "did not happen"};
  return kNames[static_cast<int>(became)];
}

std::vector<Promised> promised(const std::vector<Setup>& setups, const judge::JudgeResult& judged,
                               const workloads::evidence::Names& names, bool transactions,
                               const std::set<std::string>& waived) {
  std::vector<Promised> all;
  const bool all_seen = everything_seen(judged);
  for (std::size_t h = 0; h < judge::kHazards; ++h) {
    const auto hazard = static_cast<Hazard>(h);
    std::vector<Promised> rows = rows_of(setups, hazard, transactions);
    std::vector<Count> counts(rows.size());
    for (const judge::Finding& finding : judged.findings) {
      if (hazard_of(finding.kind) != hazard) continue;
      const auto of = charged(rows, finding, names);
      for (std::size_t i = 0; i < rows.size(); ++i)
        if (of[i]) note(counts[i], finding.severity, waived.contains(judge::name_of(finding.kind)), 1);
    }
    for (const judge::LeftOut& left : judged.left_out)
      if (hazard_of(left.kind) == hazard)
        for (Count& count : counts)  // of which topic is not told: of several it is known of none
          note(count, rows.size() > 1 ? Severity::undecided : left.severity, waived.contains(judge::name_of(left.kind)),
               left.findings);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      // Of several configurations each answers for findings of the severity that it gives rise to.
      if (rows.size() > 1) (rows[i].row->promised() ? counts[i].allowed : counts[i].violations) = 0;
      decide(rows[i], counts[i], all_seen);
    }
    std::move(rows.begin(), rows.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace coordinator::report
