// What transactions promise, broken.
#include <algorithm>
#include <map>
#include <set>

#include "coordinator/selftest/edits.h"
#include "coordinator/selftest/mutation.h"

namespace coordinator::selftest {
namespace evidence = workloads::evidence;
using evidence::Deliver;
using evidence::kNoTime;
using State = evidence::TransactionState;

namespace {

using Name = std::pair<Id, std::int64_t>;  // a transaction: its producer and its number

struct Sent {
  Name transaction;
  std::int64_t sent_at = kNoTime;
  std::int64_t offset = kNoOffset;  // as acked
};

// What is known of the transactions of a recording.
struct Transactions {
  std::map<Name, std::map<State, std::int64_t>> states;  // when
  std::map<std::pair<Partition, Name>, Sent> records;    // by partition, producer and sequence

  explicit Transactions(const Recording& recording) {
    each<evidence::Transaction>(recording, [this](const evidence::Transaction& one) {
      states[{one.producer, one.transaction}][one.state] = one.at;
    });
    each<evidence::Send>(recording, [this](const evidence::Send& send) {
      if (send.transaction != kNoOffset)
        records[{send.where, {send.producer, send.sequence}}] = {{send.producer, send.transaction}, send.at, kNoOffset};
    });
    each<evidence::Ack>(recording, [this](const evidence::Ack& ack) {
      const auto found = records.find({ack.where, {ack.producer, ack.sequence}});
      if (found != records.end()) found->second.offset = ack.offset;
    });
  }
  bool ended(const Name& transaction, State state) const {
    const auto found = states.find(transaction);
    return found != states.end() && found->second.contains(state);
  }
  const Sent* of(const Stored& record) const {
    const auto found = records.find({record.where, {record.producer, record.sequence}});
    return found == records.end() ? nullptr : &found->second;
  }
};

std::string text_of(const Recording& recording, const Name& transaction) {
  return "transaction " + std::to_string(transaction.second) + " of " + name_of(recording, transaction.first);
}

// The neighbours in the log of an offset at which nothing stands.
std::optional<std::pair<Stored, Stored>> around(const std::vector<Stored>& log, std::int64_t offset) {
  const auto after = std::find_if(log.begin(), log.end(), [offset](const Stored& one) { return one.offset >= offset; });
  if (after == log.begin() || after == log.end() || after->offset == offset) return std::nullopt;
  return std::pair(*std::prev(after), *after);
}

}  // namespace

std::optional<Planted> tear_transaction(Recording& recording, Random& random) {
  const auto records = some_records(recording, random, {1, Region::anywhere, true});
  if (records.empty()) return std::nullopt;
  const Transactions transactions(recording);
  const Name transaction = transactions.of(records.front())->transaction;
  const auto size = std::count_if(transactions.records.begin(), transactions.records.end(),
                                  [&](const auto& one) { return one.second.transaction == transaction; });
  if (size < 2 || !transactions.ended(transaction, State::committed)) return std::nullopt;
  remove_from_log(recording, records.front());
  return Planted{told(recording, records) + " removed from " + text_of(recording, transaction), {found(records)}};
}

// Every reader but those that read in transactions of their own is handed it.
std::optional<Planted> resurrect_aborted(Recording& recording, Random& random) {
  const Transactions transactions(recording);
  std::vector<Stored> aborted;
  for (const auto& [key, sent] : transactions.records)
    if (transactions.ended(sent.transaction, State::aborted) && sent.offset != kNoOffset)
      aborted.push_back({key.first, sent.offset, key.second.first, key.second.second, true});
  const auto record = one_of(aborted, random);
  if (!record) return std::nullopt;
  const auto beside = around(log_of(recording, record->where), record->offset);
  if (!beside) return std::nullopt;
  Planted planted{told(recording, {*record}) + ", aborted, is there nevertheless", {}};
  for (const Reader& reader : readers_of(recording, record->where)) {
    if (reader.within || !reads_on(recording, reader, record->where, beside->first.offset, beside->second.offset))
      continue;
    const auto before = delivery(recording, reader, record->where, beside->first.offset);
    Deliver d = std::get<Deliver>(
        recording.files[reader.file][*delivery(recording, reader, record->where, beside->second.offset)]);
    d.offset = record->offset;
    d.producer = record->producer;
    d.sequence = record->sequence;
    d.leader_epoch = std::get<Deliver>(recording.files[reader.file][*before]).leader_epoch;
    insert_after(recording, reader, *before, {d});
    planted.findings.push_back(found({*record}, reader.consumer));
  }
  if (planted.findings.empty()) return std::nullopt;
  return planted;
}

std::optional<Planted> read_before_commit(Recording& recording, Random& random) {
  const auto records = some_records(recording, random, {1, Region::anywhere, true});
  if (records.empty()) return std::nullopt;
  const Stored& record = records.front();
  const Transactions transactions(recording);
  const Sent& sent = *transactions.of(record);
  const auto& states = transactions.states.at(sent.transaction);
  if (!states.contains(State::commit_asked) || sent.sent_at + 1 >= states.at(State::commit_asked)) return std::nullopt;
  auto readers = readers_of(recording, record.where);
  std::erase_if(readers, [&](const Reader& reader) {
    return reader.within || reader.audits || !delivery(recording, reader, record.where, record.offset);
  });
  const auto reader = one_of(readers, random);
  if (!reader) return std::nullopt;
  auto& d =
      std::get<Deliver>(recording.files[reader->file][*delivery(recording, *reader, record.where, record.offset)]);
  d.at = states.at(State::commit_asked) - 1;
  return Planted{told(recording, records) + " read by " + name_of(recording, reader->consumer) +
                     " before the commit of " + text_of(recording, sent.transaction) + " was asked",
                 {found(records, reader->consumer)}};
}

// Another transaction made its record from the same input.
std::optional<Planted> process_twice(Recording& recording, Random& random) {
  const Transactions transactions(recording);
  std::vector<evidence::Input> inputs;  // of what was committed
  const auto sent_as = [&](const evidence::Input& one) -> const Sent* {
    return transactions.of({one.where, 0, one.producer, one.sequence, true});
  };
  each<evidence::Input>(recording, [&](const evidence::Input& one) {
    const Sent* sent = sent_as(one);
    if (sent != nullptr && transactions.ended(sent->transaction, State::committed)) inputs.push_back(one);
  });
  const auto first = one_of(inputs, random), second = one_of(inputs, random);
  if (!first || sent_as(*first)->transaction == sent_as(*second)->transaction) return std::nullopt;
  each<evidence::Input>(recording, [&](evidence::Input& one) {
    if (!(one == *second)) return;
    one.of = first->of;
    one.of_offset = first->of_offset;
  });
  return Planted{text_of(recording, sent_as(*second)->transaction) + " made a record from @" +
                     std::to_string(first->of_offset) + ", which " + text_of(recording, sent_as(*first)->transaction) +
                     " had processed",
                 {{first->of,
                   kNoId,
                   {{first->producer, first->sequence}, {second->producer, second->sequence}},
                   {first->of_offset}}}};
}

// The last transaction that read something did not come back from its commit, which was never made: what was made in it
// is not there, nothing else processed what it read, and nobody was handed that besides.
std::optional<Planted> leave_unprocessed(Recording& recording, Random&) {
  const Transactions transactions(recording);
  std::optional<Name> last;
  Id consumer = kNoId;
  each<Deliver>(recording, [&](const Deliver& d) {
    const Name within{d.within_producer, d.within_transaction};
    if (d.within_producer == kNoId || !transactions.ended(within, State::committed)) return;
    last = within;
    consumer = d.consumer;
  });
  if (!last) return std::nullopt;
  Planted planted{
      "what " + name_of(recording, consumer) + " read within " + text_of(recording, *last) + ", which did not commit",
      {}};
  std::map<Partition, std::vector<Stored>> inputs;
  each<Deliver>(recording, [&](const Deliver& d) {
    if (Name{d.within_producer, d.within_transaction} == *last)
      inputs[d.where].push_back({d.where, d.offset, d.producer, d.sequence, true});
  });
  for (const auto& [where, records] : inputs) {
    const std::int64_t first = records.front().offset;
    for (const Reader& reader : readers_of(recording, where)) {
      if (reader.audits || reader.consumer == consumer) continue;
      erase<Deliver>(recording, [&, in = where](const Deliver& d) {
        return d.consumer == reader.consumer && d.where == in && d.offset >= first;
      });
    }
    each<evidence::Commit>(recording, [&, in = where](evidence::Commit& commit) {
      if (commit.consumer == consumer && commit.where == in && commit.offset > first &&
          commit.state == evidence::CommitState::confirmed)
        commit.state = evidence::CommitState::unknown;
    });
    for (Expected& one : found_apart(records)) planted.findings.push_back(std::move(one));
  }
  erase<Deliver>(recording, [&](const Deliver& d) {
    const Sent* sent = transactions.of({d.where, 0, d.producer, d.sequence, true});
    return sent != nullptr && sent->transaction == *last;
  });
  each<evidence::Transaction>(recording, [&](evidence::Transaction& one) {
    if (Name{one.producer, one.transaction} == *last && one.state == State::committed) one.state = State::unknown;
  });
  return planted;
}

// A record made from one of a transaction is read within that same transaction.
std::optional<Planted> read_in_a_circle(Recording& recording, Random& random) {
  const Transactions transactions(recording);
  // Which transaction read within itself what which other one wrote.
  std::vector<std::pair<Name, Name>> read;
  each<Deliver>(recording, [&](const Deliver& d) {
    if (d.within_producer == kNoId || d.producer == kNoId) return;
    const Name reader{d.within_producer, d.within_transaction};
    const Sent* sent = transactions.of({d.where, 0, d.producer, d.sequence, true});
    if (sent != nullptr && transactions.ended(reader, State::committed)) read.emplace_back(reader, sent->transaction);
  });
  const auto chosen = one_of(read, random);
  if (!chosen) return std::nullopt;
  const auto& [later, earlier] = *chosen;
  std::vector<Deliver*> of_later;  // what others were handed of what the later one wrote
  std::set<Id> audits;
  each<evidence::Audit>(recording, [&](const evidence::Audit& audit) { audits.insert(audit.consumer); });
  each<Deliver>(recording, [&](Deliver& d) {
    if (d.within_producer != kNoId || d.producer == kNoId || audits.contains(d.consumer)) return;
    const Sent* sent = transactions.of({d.where, 0, d.producer, d.sequence, true});
    if (sent != nullptr && sent->transaction == later) of_later.push_back(&d);
  });
  const auto handed = one_of(of_later, random);
  if (!handed) return std::nullopt;
  (*handed)->within_producer = earlier.first;
  (*handed)->within_transaction = earlier.second;
  return Planted{text_of(recording, earlier) + " and " + text_of(recording, later) + " read each other's records",
                 {{{}, kNoId, {}, {}, {earlier, later}}}};
}

}  // namespace coordinator::selftest
