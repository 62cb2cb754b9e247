// commit-ahead: a commit of o, not failed, while a known record had not been delivered to that consumer from the
// ownership's start, or the farthest seek or given position since, up to o. Gaps do not count. Messages: those records.
// A commit after `revoke` belongs to the ownership before. What the consumer skipped and had read past before the
// commit is a gap: the skip is the finding, and the commit beyond it follows from it.
#include <algorithm>
#include <map>
#include <queue>

#include "coordinator/judge/partition_case.h"

namespace coordinator::judge {

namespace {

// A known run and the line by which this consumer had been handed it; INT64_MAX: never.
struct Handed {
  LogRun run;
  std::int64_t line = INT64_MAX;
};

// In blocks, so that a commit looks at few runs however many there are.
constexpr std::size_t kBlock = 256;

class Handing {
 public:
  Handing(const Reader& reader, const std::vector<KnownRun>& known) {
    std::vector<const Delivery*> own;
    for (const Delivery& d : reader.deliveries) own.push_back(&d);
    const auto by_offset = [](const Delivery* a, const Delivery* b) {
      return a->offset != b->offset ? a->offset < b->offset : a->line < b->line;
    };
    if (!std::is_sorted(own.begin(), own.end(), by_offset)) std::sort(own.begin(), own.end(), by_offset);
    std::size_t next = 0;
    std::vector<const Delivery*> open;
    for (const KnownRun& k : known) {
      std::erase_if(open, [&](const Delivery* d) { return d->end() <= k.run.offset; });
      for (; next < own.size() && own[next]->offset < k.run.end(); ++next)
        if (own[next]->end() > k.run.offset) open.push_back(own[next]);
      lay(k.run, open);
    }
    for (std::size_t i = 0; i < handed_.size(); ++i) {
      if (i % kBlock == 0) latest_.push_back(0);
      latest_.back() = std::max(latest_.back(), handed_[i].line);
    }
  }

  // f(run): known, within [from, to), not handed before the line.
  template <typename F>
  void not_before(std::int64_t line, std::int64_t from, std::int64_t to, F f) const {
    auto i = static_cast<std::size_t>(
        std::partition_point(handed_.begin(), handed_.end(), [from](const Handed& h) { return h.run.end() <= from; }) -
        handed_.begin());
    while (i < handed_.size() && handed_[i].run.offset < to) {
      if (i % kBlock == 0 && latest_[i / kBlock] < line) {
        i += kBlock;
        continue;
      }
      const Handed& h = handed_[i++];
      if (h.line < line) continue;
      const std::int64_t begin = std::max(from, h.run.offset), end = std::min(to, h.run.end());
      f(LogRun{begin, end - begin, h.run.sequence + (begin - h.run.offset), h.run.source});
    }
  }

 private:
  // Cuts the known run where the first line that handed it over changes. A broken record counts as handed over.
  // `open`: by offset.
  void lay(const LogRun& known, const std::vector<const Delivery*>& open) {
    std::vector<const Delivery*> here;
    std::size_t next = 0;
    for (std::int64_t at = known.offset; at < known.end();) {
      std::erase_if(here, [at](const Delivery* d) { return d->end() <= at; });
      for (; next < open.size() && open[next]->offset <= at; ++next) {
        const Delivery* d = open[next];
        const bool same =
            !d->intact || (d->source == known.source && d->sequence - d->offset == known.sequence - known.offset);
        if (same && d->end() > at) here.push_back(d);
      }
      std::int64_t to = next < open.size() ? std::min(known.end(), open[next]->offset) : known.end();
      std::int64_t line = INT64_MAX;
      for (const Delivery* d : here) {
        to = std::min(to, d->end());
        line = std::min(line, d->line);
      }
      handed_.push_back({{at, to - at, known.sequence + (at - known.offset), known.source}, line});
      at = to;
    }
  }

  std::vector<Handed> handed_;        // by offset
  std::vector<std::int64_t> latest_;  // line of each block
};

// Up to which offset a reader had been handed records before each of its commits, in the ownership of the commit.
class ReadPast {
 public:
  explicit ReadPast(const Reader& reader) : reader_(reader) {}
  // Commits in the order of their lines.
  std::int64_t before(const CommitFact& commit) {
    for (; next_ < reader_.deliveries.size() && reader_.deliveries[next_].line < commit.line; ++next_) {
      const Delivery& d = reader_.deliveries[next_];
      if (d.ownership != ownership_) reached_ = 0;
      ownership_ = d.ownership;
      reached_ = std::max(reached_, d.end() - 1);
    }
    return commit.ownership == ownership_ ? reached_ : 0;
  }

 private:
  const Reader& reader_;
  std::size_t next_ = 0;
  std::int32_t ownership_ = -1;
  std::int64_t reached_ = 0;
};

// By which line the consumer was first handed each id of one source, at whatever place.
class FirstHanded {
 public:
  FirstHanded(const Reader& reader, std::int32_t source) {
    std::vector<const Delivery*> all;
    std::vector<std::int64_t> borders;
    for (const Delivery& d : reader.deliveries) {
      if (!d.intact || d.source != source) continue;
      all.push_back(&d);
      borders.insert(borders.end(), {d.sequence, d.sequence + d.count});
    }
    std::sort(all.begin(), all.end(), [](const Delivery* a, const Delivery* b) { return a->sequence < b->sequence; });
    std::sort(borders.begin(), borders.end());
    borders.erase(std::unique(borders.begin(), borders.end()), borders.end());
    const auto later = [](const Delivery* a, const Delivery* b) { return a->line > b->line; };
    std::priority_queue<const Delivery*, std::vector<const Delivery*>, decltype(later)> open(later);
    std::size_t next = 0;
    for (std::size_t i = 0; i + 1 < borders.size(); ++i) {
      for (; next < all.size() && all[next]->sequence <= borders[i]; ++next) open.push(all[next]);
      while (!open.empty() && open.top()->sequence + open.top()->count <= borders[i]) open.pop();
      if (!open.empty()) parts_.push_back({{borders[i], borders[i + 1]}, open.top()->line});
    }
  }

  // The parts of [from, to) that were not handed over before the line.
  std::vector<Interval> not_before(std::int64_t line, std::int64_t from, std::int64_t to) const {
    std::vector<Interval> open;
    auto part =
        std::partition_point(parts_.begin(), parts_.end(), [from](const Part& one) { return one.ids.end <= from; });
    for (; part != parts_.end() && part->ids.begin < to; ++part) {
      if (part->line >= line) continue;
      if (from < part->ids.begin) open.push_back({from, part->ids.begin});
      from = part->ids.end;
    }
    if (from < to) open.push_back({from, to});
    return open;
  }

 private:
  struct Part {
    Interval ids;
    std::int64_t line = 0;
  };
  std::vector<Part> parts_;  // by sequence
};

// The parts of [from, to) that were not skipped.
void cut_skipped(const std::vector<IntervalSet>& skipped, std::int32_t source, std::int64_t from, std::int64_t to,
                 std::vector<Interval>& rest) {
  if (skipped.empty()) {
    if (from < to) rest.push_back({from, to});
    return;
  }
  skipped[source].cut(from, to, [&](std::int64_t a, std::int64_t b, bool was_skipped) {
    if (!was_skipped) rest.push_back({a, b});
  });
}

void accuse(PartitionCase& c, const Reader& reader, const CommitFact& commit, const LogRun& run, const Interval& part) {
  const Source& source = c.source(run.source);
  Record r;
  r.kind = Kind::commit_ahead;
  r.where = c.view.where;
  r.consumer = reader.consumer;
  r.producer = source.producer;
  r.target = source.target;
  r.sequence = part.begin;
  r.count = part.end - part.begin;
  r.offsets = {run.offset + (part.begin - run.sequence)};
  r.witnesses = {commit.line};
  c.run.out.add(std::move(r), {Stamp{reader.clock, commit.at}});
}

void judge(PartitionCase& c, std::size_t index) {
  const Reader& reader = c.view.readers[index];
  const Handing handing(reader, c.known);
  ReadPast read_past(reader);
  std::map<std::int32_t, FirstHanded> first_handed;  // by source; of those with copies
  const auto not_handed = [&](const LogRun& run, std::int64_t line) -> std::vector<Interval> {
    if (!c.source(run.source).has_copies) return {{run.sequence, run.sequence + run.count}};
    return first_handed.try_emplace(run.source, reader, run.source)
        .first->second.not_before(line, run.sequence, run.sequence + run.count);
  };
  std::vector<std::int64_t> judged(reader.ownerships.size(), 0);  // up to where its commits were
  for (const CommitFact& commit : reader.commits) {
    const std::int64_t reached = read_past.before(commit);
    if (commit.state == CommitState::failed || commit.ownership < 0) continue;
    const Ownership& own = reader.ownerships[commit.ownership];
    std::int64_t from = std::max(own.start, commit.farthest);
    if (from == kNoOffset) continue;  // where it began is not known
    // What stands below an earlier commit of the ownership was judged with that one.
    std::int64_t& before = judged[commit.ownership];
    from = std::max(from, before);
    before = std::max(before, commit.offset);
    handing.not_before(commit.line, from, commit.offset, [&](const LogRun& run) {
      std::vector<Interval> accused;
      for (const Interval& open : not_handed(run, commit.line)) {
        const std::int64_t past = std::clamp(reached + run.sequence - run.offset, open.begin, open.end);
        cut_skipped(c.skipped_by[index], run.source, open.begin, past, accused);
        if (past < open.end) accused.push_back({past, open.end});
      }
      for (const Interval& part : accused) accuse(c, reader, commit, run, part);
    });
  }
}

}  // namespace

void find_commit_ahead(PartitionCase& c) {
  for (std::size_t i = 0; i < c.view.readers.size(); ++i)
    if (!c.view.readers[i].commits.empty()) judge(c, i);
}

}  // namespace coordinator::judge
