// aborted-read: delivered to a read_committed reader, though aborted; whatever the reader's own outcome.
// uncommitted-read: delivered to a read_committed reader clock-safely before `commit_asked`, or within the transaction
// that wrote it, or of a transaction for which at `end` no commit was asked and that ended neither committed nor
// aborted. Also draws the edges of read-cycle: within a committed transaction a record that another one wrote was
// delivered.
#include <algorithm>
#include <map>

#include "coordinator/judge/partition_case.h"

namespace coordinator::judge {

namespace {

class Reads {
 public:
  // `where`: from which partition the reader was handed its deliveries.
  Reads(PartitionCase& c, Id consumer, const Partition& where)
      : case_(c), consumer_(consumer), where_(where), clock_(c.run.store.consumer_stamp(consumer, 0).clock) {}

  void judge(const Delivery& d) {
    const Source& source = case_.view.sources[d.source];
    if (!source.here) return;  // judged in the case of its target
    const auto after = [](std::int64_t v, const Piece& piece) { return v < piece.end(); };
    auto piece = std::upper_bound(source.pieces.begin(), source.pieces.end(), d.sequence, after);
    for (; piece != source.pieces.end() && piece->sequence < d.sequence + d.count; ++piece) {
      if (piece->transaction < 0 || piece->outcome == Outcome::refused) continue;
      const std::int64_t from = std::max(d.sequence, piece->sequence);
      const std::int64_t to = std::min(d.sequence + d.count, piece->end());
      judge(source, *piece, d, from, to);
    }
  }

 private:
  void judge(const Source& source, const Piece& piece, const Delivery& d, std::int64_t from, std::int64_t to) {
    const TransactionFacts& facts = case_.run.store.transactions[piece.transaction];
    const bool own = d.within_producer == facts.producer && d.within_transaction == facts.number;
    if (piece.outcome == Outcome::aborted) {
      accuse(Kind::aborted_read, source, piece, d, from, to, piece.answered);
    } else if (own || early(facts, d) || never_asked(piece, facts)) {
      const bool one_clock = clock_ == case_.run.store.producer_stamp(facts.producer, 0).clock;
      const bool sure = own ? facts.commit_asked || facts.committed : one_clock && early(facts, d);
      accuse(Kind::uncommitted_read, source, piece, d, from, to, sure && piece.answered);
    }
    if (piece.outcome != Outcome::acked || own || d.within_end != TransactionEnd::committed) return;
    if (case_.run.so_far && !piece.answered) return;  // it may yet turn out to have been refused
    const std::int32_t within = case_.run.store.transaction(d.within_producer, d.within_transaction);
    if (within >= 0) case_.run.reads.push_back({within, piece.transaction, d.line});
  }

  bool early(const TransactionFacts& facts, const Delivery& d) const {
    const Store& store = case_.run.store;
    return facts.commit_asked &&
           store.clocks.before(Stamp{clock_, d.at}, store.producer_stamp(facts.producer, facts.asked_at));
  }
  bool never_asked(const Piece& piece, const TransactionFacts& facts) const {
    return case_.run.store.ended && piece.outcome == Outcome::unknown && !facts.commit_asked;
  }

  void accuse(Kind kind, const Source& source, const Piece& piece, const Delivery& d, std::int64_t from,
              std::int64_t to, bool settled) {
    const TransactionFacts& facts = case_.run.store.transactions[piece.transaction];
    Record r;
    r.kind = kind;
    r.where = where_;
    r.consumer = consumer_;
    r.producer = source.producer;
    r.target = source.target;
    r.sequence = from;
    r.count = to - from;
    r.offsets = {d.offset + (from - d.sequence)};
    r.witnesses = {source.send_line(piece), d.line, kind == Kind::aborted_read ? facts.end_line : facts.asked_line};
    case_.run.out.add(std::move(r), {Stamp{clock_, d.at}}, settled);
  }

  PartitionCase& case_;
  Id consumer_;
  Partition where_;
  std::uint64_t clock_;
};

// What was sent here and read from another partition.
void judge_strays(PartitionCase& c) {
  std::map<Id, std::int32_t> sources;
  for (std::size_t s = 0; s < c.view.sources.size(); ++s)
    if (c.view.sources[s].here) sources[c.view.sources[s].producer] = static_cast<std::int32_t>(s);
  for (const Stray& stray : c.view.facts->strays) {
    if (c.run.store.consumer(stray.consumer).isolation != workloads::evidence::Isolation::read_committed) continue;
    const auto source = sources.find(stray.run.producer);
    if (source == sources.end()) continue;
    const DeliverRun& run = stray.run;
    Delivery d;
    d.offset = run.offset;
    d.count = run.count;
    d.sequence = run.sequence;
    d.at = run.at;
    d.line = run.line;
    d.source = source->second;
    d.within_producer = run.within_producer;
    d.within_transaction = run.within_transaction;
    const std::int32_t within =
        run.within_producer == kNoId ? -1 : c.run.store.transaction(run.within_producer, run.within_transaction);
    if (within >= 0) d.within_end = c.run.transactions[within].end;
    Reads(c, stray.consumer, stray.read_from).judge(d);
  }
}

}  // namespace

void find_transaction_reads(PartitionCase& c) {
  const bool any = std::any_of(c.view.sources.begin(), c.view.sources.end(), [](const Source& source) {
    return std::any_of(source.pieces.begin(), source.pieces.end(),
                       [](const Piece& piece) { return piece.transaction >= 0; });
  });
  if (!any) return;
  for (const Reader& reader : c.view.readers) {
    if (!reader.committed_only) continue;
    Reads reads(c, reader.consumer, c.view.where);
    for (const Delivery& d : reader.deliveries)
      if (d.intact && d.source != kForeign) reads.judge(d);
  }
  judge_strays(c);
}

}  // namespace coordinator::judge
