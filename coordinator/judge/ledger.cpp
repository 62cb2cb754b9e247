#include "coordinator/judge/ledger.h"

#include <algorithm>
#include <map>

namespace coordinator::judge {

namespace {

SendRun part(SendRun run, std::int64_t from, std::int64_t to) {
  run.sequence = from;
  run.count = to - from;
  return run;
}
OutcomeRun part(OutcomeRun run, std::int64_t from, std::int64_t to) {
  run.sequence = from;
  run.count = to - from;
  return run;
}
AckRun part(AckRun run, std::int64_t from, std::int64_t to) {
  if (run.offset != kNoOffset) run.offset += from - run.sequence;
  run.sequence = from;
  run.count = to - from;
  return run;
}

// By sequence, each id once, that of the earliest line. Lines of one producer come in order, so `runs` does.
template <typename Run>
void settle(std::vector<Run>& runs, const char* twice, std::vector<Imbalance>& imbalances) {
  const auto by_sequence = [](const Run& a, const Run& b) { return a.sequence < b.sequence; };
  const auto overlap = [](const Run& a, const Run& b) { return b.sequence < a.sequence + a.count; };
  std::vector<Run> in_order;
  if (!std::is_sorted(runs.begin(), runs.end(), by_sequence)) {
    in_order = runs;
    std::stable_sort(runs.begin(), runs.end(), by_sequence);
  }
  if (std::adjacent_find(runs.begin(), runs.end(), overlap) == runs.end()) return;
  if (in_order.empty()) in_order = runs;
  std::map<std::int64_t, Run> kept;
  for (const Run& run : in_order) {
    std::int64_t from = run.sequence;
    const std::int64_t end = run.sequence + run.count;
    auto next = kept.upper_bound(from);
    if (next != kept.begin() && overlap(std::prev(next)->second, run)) {
      from = std::prev(next)->first + std::prev(next)->second.count;
      imbalances.push_back({run.line, twice});
    }
    while (from < end) {
      const std::int64_t to = next == kept.end() ? end : std::min(end, next->first);
      if (from < to) kept.emplace(from, part(run, from, to));
      if (next == kept.end() || next->first >= end) break;
      imbalances.push_back({run.line, twice});
      from = next->first + next->second.count;
      ++next;
    }
  }
  runs.clear();
  for (const auto& [sequence, run] : kept) runs.push_back(run);
}

// Walks sorted, disjoint runs alongside the others.
template <typename Run>
struct Cursor {
  const std::vector<Run>& runs;
  std::size_t i = 0;
  void reach(std::int64_t at) {
    while (i < runs.size() && runs[i].sequence + runs[i].count <= at) ++i;
  }
  bool covers(std::int64_t at) const { return i < runs.size() && runs[i].sequence <= at; }
  std::int64_t next_change(std::int64_t at) const {
    if (i == runs.size()) return kInfinity;
    return runs[i].sequence <= at ? runs[i].sequence + runs[i].count : runs[i].sequence;
  }
  std::int64_t next_start(std::int64_t at) const {
    return i == runs.size() ? kInfinity : std::max(at, runs[i].sequence);
  }
  std::int32_t index(std::int64_t at) const { return covers(at) ? static_cast<std::int32_t>(i) : -1; }
};

Outcome outcome_of(TransactionEnd end) {
  if (end == TransactionEnd::committed) return Outcome::acked;
  return end == TransactionEnd::aborted ? Outcome::aborted : Outcome::unknown;
}

struct Overlay {
  const Store& store;
  const std::vector<TransactionState>& transactions;
  bool holes;
  Source& source;
  std::vector<Imbalance>& imbalances;
  Cursor<SendRun> send{source.sends};
  Cursor<AckRun> ack{source.acks};
  Cursor<OutcomeRun> refusal{source.refusals};
  Cursor<OutcomeRun> unknown{source.unknowns};

  void check(std::int64_t at, const Piece& piece) const {
    std::int64_t first = INT64_MAX, last = 0;
    int outcomes = 0;
    const auto seen = [&](std::int64_t line) {
      first = std::min(first, line);
      last = std::max(last, line);
      ++outcomes;
    };
    if (ack.covers(at)) seen(source.acks[ack.i].line);
    if (refusal.covers(at)) seen(source.refusals[refusal.i].line);
    if (unknown.covers(at)) seen(source.unknowns[unknown.i].line);
    if (outcomes > 1) imbalances.push_back({last, "a second outcome"});
    const bool excused = piece.send >= 0 || refusal.covers(at);
    if (!excused) imbalances.push_back({first, "an outcome without a send"});
  }
  Piece piece_at(std::int64_t at, std::int64_t next) const {
    Piece piece;
    piece.sequence = at;
    piece.count = next - at;
    piece.send = send.index(at);
    piece.ack = ack.index(at);
    piece.answered = piece.ack >= 0 || refusal.covers(at) || unknown.covers(at);
    const SendRun* sent = piece.send < 0 ? nullptr : &source.sends[piece.send];
    if (sent != nullptr && sent->transaction != kNoOffset) {
      piece.transaction = store.transaction(source.producer, sent->transaction);
      piece.outcome = outcome_of(transactions[piece.transaction].end);
      const TransactionFacts& facts = store.transactions[piece.transaction];
      piece.answered = piece.answered || (!holes && (facts.committed || facts.aborted));
      if (refusal.covers(at)) piece.outcome = Outcome::refused;
    } else if (piece.ack >= 0) {
      piece.outcome = Outcome::acked;
    } else if (refusal.covers(at)) {
      piece.outcome = Outcome::refused;
    }
    if (piece.outcome == Outcome::acked && piece.ack >= 0 && source.acks[piece.ack].offset != kNoOffset)
      piece.offset = source.acks[piece.ack].offset + (at - source.acks[piece.ack].sequence);
    return piece;
  }
  void run() {
    std::int64_t at = 0;
    for (;;) {
      send.reach(at), ack.reach(at), refusal.reach(at), unknown.reach(at);
      at = std::min({send.next_start(at), ack.next_start(at), refusal.next_start(at), unknown.next_start(at)});
      if (at == kInfinity) return;
      const std::int64_t next =
          std::min({send.next_change(at), ack.next_change(at), refusal.next_change(at), unknown.next_change(at)});
      source.pieces.push_back(piece_at(at, next));
      if (source.pieces.back().send < 0 || refusal.covers(at) || unknown.covers(at)) check(at, source.pieces.back());
      at = next;
    }
  }
};

}  // namespace

void build_ledger(const Store& store, const std::vector<TransactionState>& transactions, const ProducerFacts& facts,
                  bool holes, Source& source, std::vector<Imbalance>& imbalances) {
  source.sends.reserve(facts.told.sends());
  source.acks.reserve(facts.told.acks());
  facts.told.each([&](const SendRun& run) { source.sends.push_back(run); },
                  [&](const AckRun& run) { source.acks.push_back(run); });
  for (const OutcomeRun& run : facts.outcomes) (run.refused ? source.refusals : source.unknowns).push_back(run);
  settle(source.sends, "a second send", imbalances);
  settle(source.acks, "a second outcome", imbalances);
  settle(source.refusals, "a second outcome", imbalances);
  settle(source.unknowns, "a second outcome", imbalances);
  source.pieces.reserve(std::max(source.sends.size(), source.acks.size()));
  Overlay{store, transactions, holes, source, imbalances}.run();
}

}  // namespace coordinator::judge
