// redelivered: delivered again in a later ownership of the group, not sought, not audited, and no earlier delivery of
// it in the group within a transaction that did not commit. Allowed, unless a commit beyond it was confirmed before
// that ownership began: clock-safely, or in an earlier line of the same consumer.
#include <algorithm>
#include <map>

#include "coordinator/judge/groups.h"

namespace coordinator::judge {

namespace {

constexpr std::size_t kMostDeliveries = 512;  // of one record in one group, that are compared with each other

struct Handed {
  const Delivery* delivery = nullptr;
  const Reader* reader = nullptr;
  const Ownership* own = nullptr;
};

// Of a source whose target is another partition: the sequences that were sent there.
IntervalSet sent_elsewhere(const Store& store, const Source& source) {
  IntervalSet sent;
  if (const PartitionFacts* target = store.partition(source.target))
    for (const ProducerFacts& facts : target->producers)
      if (facts.producer == source.producer)
        facts.told.each([&](const SendRun& run) { sent.add(run.sequence, run.sequence + run.count); },
                        [](const AckRun&) {});
  sent.settle();
  return sent;
}

class Redelivery {
 public:
  Redelivery(PartitionCase& c, const Group& group) : case_(c), group_(group) {}

  void run() {
    std::vector<Handed> all;
    for (const Reader* reader : group_.members)
      for (const Delivery& d : reader->deliveries)
        if (d.intact && d.source != kForeign) all.push_back({&d, reader, &reader->ownerships[d.ownership]});
    const auto by_offset = [](const Handed& a, const Handed& b) { return a.delivery->offset < b.delivery->offset; };
    if (!std::is_sorted(all.begin(), all.end(), by_offset)) std::stable_sort(all.begin(), all.end(), by_offset);
    std::vector<Handed> open;
    std::int64_t at = 0;
    std::size_t next = 0;
    while (next < all.size() || !open.empty()) {
      if (open.empty()) at = all[next].delivery->offset;
      while (next < all.size() && all[next].delivery->offset <= at) open.push_back(all[next++]);
      std::int64_t to = next < all.size() ? all[next].delivery->offset : kInfinity;
      for (const Handed& handed : open) to = std::min(to, handed.delivery->end());
      if (open.size() > 1) judge(open, at, to);
      at = to;
      std::erase_if(open, [at](const Handed& handed) { return handed.delivery->end() <= at; });
    }
  }

 private:
  static bool same_record(const Delivery& a, const Delivery& b) {
    return a.source == b.source && a.sequence - a.offset == b.sequence - b.offset;
  }
  static bool may_be_owed(const Handed& handed) {
    const TransactionEnd end = handed.delivery->within_end;
    return end == TransactionEnd::aborted || end == TransactionEnd::unknown;
  }
  bool earlier(const Handed& a, const Handed& b) const {
    return a.own == b.own ? a.delivery->line < b.delivery->line : comes_before(case_, *a.own, *b.own);
  }

  void judge(const std::vector<Handed>& open, std::int64_t from, std::int64_t to) {
    // Each with each; of a record that was handed over absurdly often only the first ones, and not if some is owed.
    const std::size_t judged = std::min(open.size(), kMostDeliveries);
    if (judged < open.size() && std::any_of(open.begin(), open.end(), may_be_owed)) return;
    for (std::size_t i = 0; i < judged; ++i) {
      const Handed& again = open[i];
      if (again.own->first_seek_line < again.delivery->line || again.reader->audits) continue;
      const Handed* first = nullptr;
      bool owed = false;
      for (std::size_t j = 0; j < judged; ++j) {
        const Handed& before = open[j];
        if (i == j || !same_record(*before.delivery, *again.delivery) || !earlier(before, again)) continue;
        owed = owed || may_be_owed(before);
        if (before.own != again.own && !group_.in_doubles(before.own, again.own)) first = &before;
      }
      if (first != nullptr && !owed) accuse(*first, again, from, to);
    }
  }

  // Both deliveries must count: the record was sent, and is not of a transaction that only read_uncommitted readers
  // see.
  template <typename F>
  void each_counting(const Handed& first, const Handed& again, std::int64_t from, std::int64_t to, F f) {
    const Source& source = case_.source(again.delivery->source);
    const std::int64_t shift = again.delivery->sequence - again.delivery->offset;
    if (!source.here) {
      const auto [known, fresh] = sent_elsewhere_.try_emplace(&source);
      if (fresh) known->second = sent_elsewhere(case_.run.store, source);
      known->second.cut(from + shift, to + shift, [&](std::int64_t a, std::int64_t b, bool sent) {
        if (sent) f(a - shift, b - shift);
      });
      return;
    }
    const bool committed_only = first.reader->committed_only && again.reader->committed_only;
    auto piece = std::upper_bound(source.pieces.begin(), source.pieces.end(), from + shift,
                                  [](std::int64_t v, const Piece& p) { return v < p.end(); });
    for (; piece != source.pieces.end() && piece->sequence < to + shift; ++piece) {
      if (piece->send < 0 || piece->outcome == Outcome::refused) continue;
      if (piece->transaction >= 0 && piece->outcome != Outcome::acked && !committed_only) continue;
      f(std::max(from, piece->sequence - shift), std::min(to, piece->end() - shift));
    }
  }

  void accuse(const Handed& first, const Handed& again, std::int64_t from, std::int64_t to) {
    const std::int64_t committed = surely_committed_before(again.own);
    const Source& source = case_.source(again.delivery->source);
    const auto part = [&](std::int64_t a, std::int64_t b, Severity severity) {
      if (a >= b) return;
      Record r;
      r.kind = Kind::redelivered;
      r.severity = severity;
      r.where = case_.view.where;
      r.consumer = again.reader->consumer;
      r.producer = source.producer;
      r.target = source.target;
      r.sequence = again.delivery->sequence + (a - again.delivery->offset);
      r.count = b - a;
      r.offsets = {a};
      r.witnesses = {first.delivery->line, again.delivery->line};
      case_.run.out.add(std::move(r), {again.reader->stamp(*again.delivery)});
    };
    each_counting(first, again, from, to, [&](std::int64_t a, std::int64_t b) {
      const std::int64_t border = std::clamp(committed, a, b);
      part(a, border, Severity::violation);
      part(border, b, Severity::allowed);
    });
  }

  std::int64_t surely_committed_before(const Ownership* own) {
    const auto [place, fresh] = committed_.try_emplace(own, kNoOffset);
    if (fresh) place->second = surely_committed(case_, group_, *own);
    return place->second;
  }

  PartitionCase& case_;
  const Group& group_;
  std::map<const Ownership*, std::int64_t> committed_;
  std::map<const Source*, IntervalSet> sent_elsewhere_;
};

}  // namespace

void find_redelivered(PartitionCase& c, const Group& group) {
  if (group.ownerships.size() > 1) Redelivery(c, group).run();
}

}  // namespace coordinator::judge
