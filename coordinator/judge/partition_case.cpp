#include "coordinator/judge/partition_case.h"

#include <algorithm>
#include <map>

#include "coordinator/judge/build_view.h"
#include "coordinator/judge/compaction.h"

namespace coordinator::judge {

Configuration configuration_of(const RunCase& run, const workloads::evidence::TopicInfo& topic) {
  Configuration configuration;
  configuration.replication_factor = topic.replication_factor;
  configuration.min_insync_replicas = topic.min_insync_replicas;
  configuration.unclean_leader_election = topic.unclean_leader_election;
  configuration.copies_destroyed = run.store.loses_replicas;
  return configuration;
}

bool topic_may_lose(const RunCase& run, const workloads::evidence::TopicInfo& topic) {
  return !promised(Hazard::loss, configuration_of(run, topic));
}

namespace {

void add_books(PartitionCase& c) {
  Books& books = c.run.books;
  for (const Source& source : c.view.sources) {
    for (const Piece& piece : source.pieces) {
      if (piece.send >= 0 || piece.outcome == Outcome::refused) books.sent += piece.count;
      switch (piece.outcome) {
        case Outcome::acked:
          books.acked += piece.count;
          break;
        case Outcome::refused:
          books.refused += piece.count;
          break;
        case Outcome::aborted:
          books.aborted += piece.count;
          break;
        case Outcome::unknown:
          books.unknown += piece.count;
          break;
      }
    }
  }
  for (const LogRun& run : c.view.log)
    if (run.source == kForeign) books.foreign += run.count;
}

// Adds the records of one atom that surely are in the log where `run` says.
void add_known(PartitionCase& c, const Compaction& compaction, const Piece& piece, const LogRun& run, bool delivered) {
  const View& view = c.view;
  const std::int64_t from = std::max(run.offset, view.log_start);
  if (from >= run.end()) return;
  const std::int64_t shift = run.sequence - run.offset;
  const auto put = [&](std::int64_t begin, std::int64_t end) {
    compaction.each_fate(run.source, piece, begin + shift, end + shift, begin,
                         [&](std::int64_t a, std::int64_t b, Replaced replaced) {
                           if (replaced == Replaced::no)
                             c.known.push_back({{a - shift, b - a, a, run.source}, delivered});
                         });
  };
  const IntervalSet& gone = c.source(run.source).gone;
  if (gone.empty() && view.conflicts.empty()) return put(from, run.end());
  gone.cut(from + shift, run.end() + shift, [&](std::int64_t a, std::int64_t b, bool is_gone) {
    if (is_gone) return;
    view.conflicts.cut(a - shift, b - shift, [&](std::int64_t begin, std::int64_t end, bool in_conflict) {
      if (!in_conflict) put(begin, end);
    });
  });
}

void build_known(PartitionCase& c) {
  const Compaction compaction(c.view);
  for (std::size_t s = 0; s < c.view.sources.size(); ++s) {
    const Source& source = c.view.sources[s];
    for (const Atom& atom : source.atoms) {
      const Piece& piece = source.pieces[atom.piece];
      if (piece.send < 0 || piece.outcome == Outcome::refused) continue;
      if (piece.transaction >= 0 && piece.outcome != Outcome::acked) continue;
      const auto index = static_cast<std::int32_t>(s);
      for (std::int32_t i = 0; i < atom.places; ++i)
        add_known(c, compaction, piece, {source.place_offsets[atom.place + i], atom.count, atom.sequence, index}, true);
      if (atom.places > 0 || piece.offset == kNoOffset || source.may_be_lost) continue;
      source.elsewhere.cut(
          atom.sequence, atom.sequence + atom.count, [&](std::int64_t a, std::int64_t b, bool misrouted) {
            if (!misrouted)
              add_known(c, compaction, piece, {piece.offset + (a - piece.sequence), b - a, a, index}, false);
          });
    }
  }
  const auto by_offset = [](const KnownRun& a, const KnownRun& b) { return a.run.offset < b.run.offset; };
  if (!std::is_sorted(c.known.begin(), c.known.end(), by_offset)) std::sort(c.known.begin(), c.known.end(), by_offset);
}

}  // namespace

void judge_partition(RunCase& run, const PartitionFacts& facts, std::vector<std::int32_t>& source_of_producer) {
  PartitionCase c{run, build_view(run, facts, source_of_producer, run.imbalances), {}, {}, {}, {}};
  c.view.log = log_of(c.view.readers, false);
  const bool committed_only =
      std::all_of(c.view.readers.begin(), c.view.readers.end(), [](const Reader& r) { return r.committed_only; });
  if (!committed_only) c.view.committed_log = log_of(c.view.readers, true);
  build_atoms(c.view, c.unexplained);
  add_books(c);

  // What each record came to; what is gone and where the log contradicts itself is settled here for what follows.
  find_phantoms(c);
  find_corrupt(c);
  find_misrouted(c);
  find_missing(c);
  find_copies(c);
  find_offset_conflicts(c);
  find_vanished(c);

  // What the readers made of it.
  build_known(c);
  find_skipped(c);
  find_unprocessed(c);
  find_rewound(c);
  find_commit_ahead(c);
  find_group_anomalies(c);

  // In which order it is stored, and what leaders and transactions did.
  find_reordered(c);
  find_realtime_reordered(c);
  find_transaction_reads(c);
  find_epoch_regressed(c);
  find_end_regressed(c);
  collect_outputs(c);
}

std::vector<TransactionProof> prove_transactions(const Store& store, const std::vector<TransactionState>& told,
                                                 const PartitionFacts& facts,
                                                 std::vector<std::int32_t>& source_of_producer) {
  std::vector<TransactionProof> proofs;
  const bool any = std::any_of(facts.producers.begin(), facts.producers.end(),
                               [](const ProducerFacts& p) { return p.transactional; });
  if (!any) return proofs;
  RunCase run{store, told, false, Accusations(store, false), {}, {}, {}, {}, false};
  const View view = build_view(run, facts, source_of_producer, run.imbalances);  // the judgement itself tells those
  std::vector<std::uint8_t> seen(told.size(), 0);  // 1: delivered, 2: to a read_committed reader
  const auto mark = [&](const Source& source, std::int64_t from, std::int64_t to, bool committed_only) {
    auto piece = std::upper_bound(source.pieces.begin(), source.pieces.end(), from,
                                  [](std::int64_t v, const Piece& p) { return v < p.end(); });
    for (; piece != source.pieces.end() && piece->sequence < to; ++piece) {
      if (piece->transaction < 0 || piece->outcome == Outcome::refused) continue;
      std::uint8_t& how = seen[piece->transaction];
      how = std::max<std::uint8_t>(how, committed_only ? 2 : 1);
    }
  };
  for (const Reader& reader : view.readers)
    for (const Delivery& d : reader.deliveries)
      if (d.intact && d.source != kForeign && view.sources[d.source].here)
        mark(view.sources[d.source], d.sequence, d.sequence + d.count, reader.committed_only);
  std::map<Id, const Source*> sources;
  for (const Source& source : view.sources)
    if (source.here) sources[source.producer] = &source;
  for (const Stray& stray : facts.strays) {
    const auto source = sources.find(stray.run.producer);
    if (source == sources.end()) continue;
    mark(*source->second, stray.run.sequence, stray.run.sequence + stray.run.count,
         store.consumer(stray.consumer).isolation == workloads::evidence::Isolation::read_committed);
  }
  for (std::size_t i = 0; i < seen.size(); ++i)
    if (seen[i] > 0) proofs.push_back({static_cast<std::int32_t>(i), seen[i] == 2});
  return proofs;
}

}  // namespace coordinator::judge
