#include "coordinator/judge/build_view.h"

#include <algorithm>
#include <map>
#include <utility>

#include "coordinator/judge/readers.h"

namespace coordinator::judge {

namespace {

// What was promised for the source, by its own producer and topic.
void set_promises(const RunCase& run, Source& source) {
  Configuration configuration = configuration_of(run, run.store.topic(source.target.topic));
  if (const auto* info = run.store.producer(source.producer)) {
    configuration.acks = info->acks;
    configuration.idempotence = info->idempotence;
    configuration.max_in_flight = info->max_in_flight;
  }
  source.may_be_lost = !promised(Hazard::loss, configuration);
  source.idempotent = promised(Hazard::duplication, configuration);
  source.keeps_order = promised(Hazard::reordering, configuration);
}

void add_audits(View& view) {
  for (const Reader& reader : view.readers) {
    if (!reader.audits) continue;
    if (!view.audited || reader.audit_start < view.audit_start) {
      view.audit_start = reader.audit_start;
      view.audit_line = reader.audit_line;
    }
    view.audited = true;
  }
}

void add_log_starts(View& view) {
  std::int64_t lowest = kInfinity;
  const auto told = [&](std::int64_t start) {
    view.log_start = std::max(view.log_start, start);
    lowest = std::min(lowest, start);
  };
  for (const Reader& reader : view.readers)
    if (reader.audits) told(reader.audit_start);
  for (const SampleLine& sample : view.facts->samples)
    if (sample.log_start != kNoOffset) told(sample.log_start);
  view.lowest_log_start = lowest == kInfinity ? 0 : lowest;
}

// Sequences that were delivered from another partition, to a reader whose deliveries count.
void add_strays(const RunCase& run, View& view) {
  if (view.facts->strays.empty()) return;
  std::map<Id, std::map<Partition, std::vector<const Stray*>>> by_producer;
  for (const Stray& stray : view.facts->strays) by_producer[stray.run.producer][stray.read_from].push_back(&stray);
  for (Source& source : view.sources) {
    const auto strays = by_producer.find(source.producer);
    if (!source.here || strays == by_producer.end()) continue;
    for (const auto& [read_from, of_place] : strays->second) {
      std::vector<LogRun> places;
      for (const Stray* stray : of_place) {
        const std::int64_t begin = stray->run.sequence, end = begin + stray->run.count;
        const bool committed_only =
            run.store.consumer(stray->consumer).isolation == workloads::evidence::Isolation::read_committed;
        auto piece = std::upper_bound(source.pieces.begin(), source.pieces.end(), begin,
                                      [](std::int64_t v, const Piece& p) { return v < p.end(); });
        for (; piece != source.pieces.end() && piece->sequence < end; ++piece) {
          const bool bound = piece->transaction >= 0 && piece->outcome != Outcome::acked;
          if (piece->outcome == Outcome::refused || (bound && !committed_only)) continue;
          const std::int64_t from = std::max(piece->sequence, begin), to = std::min(piece->end(), end);
          places.push_back({stray->run.offset + (from - begin), to - from, from, 0});
        }
      }
      normalize(places);
      for (const LogRun& place : places) {
        source.elsewhere.add(place.sequence, place.sequence + place.count);
        source.copies_elsewhere += place.count;
      }
    }
    source.elsewhere.settle();
  }
}

}  // namespace

View build_view(RunCase& run, const PartitionFacts& facts, std::vector<std::int32_t>& source_of_producer,
                std::vector<Imbalance>& imbalances) {
  View view;
  view.where = facts.where;
  view.facts = &facts;
  view.topic = &run.store.topic(facts.where.topic);
  std::map<std::pair<Id, Partition>, std::int32_t> elsewhere;
  const auto add_source = [&](Id producer, const Partition& target) {
    Source source;
    source.producer = producer;
    source.target = target;
    source.here = target == facts.where;
    set_promises(run, source);
    view.sources.push_back(std::move(source));
    return static_cast<std::int32_t>(view.sources.size()) - 1;
  };
  for (const ProducerFacts& producer : facts.producers) {
    const std::int32_t index = source_of_producer[producer.producer] = add_source(producer.producer, facts.where);
    build_ledger(run.store, run.transactions, producer, run.holes, view.sources[index], imbalances);
  }
  const SourceOf source_of = [&](Id producer, const Partition& target) {
    if (target == facts.where) {
      std::int32_t& index = source_of_producer[producer];
      if (index < 0) index = add_source(producer, target);
      return index;
    }
    const auto [place, fresh] = elsewhere.try_emplace({producer, target}, 0);
    if (fresh) place->second = add_source(producer, target);
    return place->second;
  };
  for (const ConsumerFacts& consumer : facts.consumers) {
    const auto index = static_cast<std::int32_t>(view.readers.size());
    view.readers.push_back(build_reader(run.store, run.transactions, facts.where, consumer, index, source_of));
    for (const Interval& i : view.readers.back().passed.intervals()) view.passed.add(i.begin, i.end);
    for (const Interval& i : view.readers.back().corrupt.intervals()) view.corrupt.add(i.begin, i.end);
  }
  view.passed.settle();
  view.corrupt.settle();
  for (const Source& source : view.sources)
    if (source.here) source_of_producer[source.producer] = -1;
  add_audits(view);
  add_log_starts(view);
  add_strays(run, view);
  return view;
}

}  // namespace coordinator::judge
