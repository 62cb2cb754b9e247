#include "coordinator/judge/logs.h"

#include <algorithm>

namespace coordinator::judge {

namespace {

bool by_offset(const LogRun& a, const LogRun& b) {
  if (a.offset != b.offset) return a.offset < b.offset;
  if (a.source != b.source) return a.source < b.source;
  return a.sequence < b.sequence;
}

bool by_sequence(const LogRun& a, const LogRun& b) {
  return a.sequence != b.sequence ? a.sequence < b.sequence : a.offset < b.offset;
}

// Appends `run` to a log in which nothing begins beyond it. False: it overlaps another id.
bool append(std::vector<LogRun>& log, const LogRun& run) {
  if (log.empty() || log.back().end() < run.offset) {
    log.push_back(run);
    return true;
  }
  LogRun& last = log.back();
  if (last.continues(run)) {
    last.count = std::max(last.end(), run.end()) - last.offset;
    return true;
  }
  if (last.end() > run.offset) return false;
  log.push_back(run);
  return true;
}

// The fast way, for logs that agree. False: they do not.
bool unite(const std::vector<LogRun>& a, const std::vector<LogRun>& b, std::vector<LogRun>& out) {
  out.clear();
  out.reserve(std::max(a.size(), b.size()));
  std::size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    const bool first = j == b.size() || (i < a.size() && a[i].offset <= b[j].offset);
    if (!append(out, first ? a[i++] : b[j++])) return false;
  }
  return true;
}

}  // namespace

void normalize(std::vector<LogRun>& runs) {
  std::sort(runs.begin(), runs.end(), [](const LogRun& a, const LogRun& b) {
    if (a.source != b.source) return a.source < b.source;
    const std::int64_t shift_a = a.sequence - a.offset, shift_b = b.sequence - b.offset;
    return shift_a != shift_b ? shift_a < shift_b : a.offset < b.offset;
  });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (kept > 0 && runs[kept - 1].continues(runs[i]) && runs[i].offset <= runs[kept - 1].end()) {
      runs[kept - 1].count = std::max(runs[kept - 1].end(), runs[i].end()) - runs[kept - 1].offset;
    } else {
      runs[kept++] = runs[i];
    }
  }
  runs.resize(kept);
  std::sort(runs.begin(), runs.end(), by_offset);
}

std::vector<LogRun> log_of(const Reader& reader) {
  std::vector<LogRun> log;
  log.reserve(reader.deliveries.size());
  bool simple = true;
  for (const Delivery& d : reader.deliveries) {
    if (!d.intact) continue;
    const LogRun run{d.offset, d.count, d.sequence, d.source};
    if (simple && (log.empty() || log.back().offset <= run.offset) && append(log, run)) continue;
    simple = false;
    log.push_back(run);
  }
  if (!simple) normalize(log);
  return log;
}

std::vector<LogRun> log_of(const std::vector<Reader>& readers, bool committed_only) {
  std::vector<LogRun> log, united;
  for (const Reader& reader : readers) {
    if (committed_only && !reader.committed_only) continue;
    std::vector<LogRun> own = log_of(reader);
    if (log.empty()) {
      log = std::move(own);
    } else if (unite(log, own, united)) {
      log.swap(united);
    } else {
      log.insert(log.end(), own.begin(), own.end());
      normalize(log);
    }
  }
  return log;
}

namespace {

// Lays the places of one source over its pieces.
class AtomBuilder {
 public:
  AtomBuilder(Source& source, std::int32_t index, std::vector<Unexplained>& unexplained)
      : source_(source), index_(index), unexplained_(unexplained) {}

  // Both by sequence. `places`: by anybody; `committed`: by read_committed readers.
  void build(const std::vector<LogRun>& places, const std::vector<LogRun>& committed) {
    source_.atoms.reserve(source_.pieces.size());
    source_.place_offsets.reserve(source_.pieces.size());
    for (std::size_t i = 0; i < source_.pieces.size(); ++i) {
      const Piece& piece = source_.pieces[i];
      const bool bound = piece.transaction >= 0 && piece.outcome != Outcome::acked && piece.outcome != Outcome::refused;
      lay(piece, static_cast<std::int32_t>(i), bound ? committed : places, bound ? next_committed_ : next_);
    }
    if (!explained(places)) report_unexplained(places);
  }

 private:
  // Places that were handed over though their piece was refused or never sent; cheap in the clean case.
  bool explained(const std::vector<LogRun>& places) const {
    std::size_t p = 0;
    for (const LogRun& place : places) {
      std::int64_t at = place.sequence;
      const std::int64_t end = place.sequence + place.count;
      while (p > 0 && source_.pieces[p - 1].end() > at) --p;
      while (at < end) {
        while (p < source_.pieces.size() && source_.pieces[p].end() <= at) ++p;
        if (p == source_.pieces.size() || source_.pieces[p].sequence > at) return false;
        if (source_.pieces[p].send < 0 || source_.pieces[p].outcome == Outcome::refused) return false;
        at = source_.pieces[p].end();
      }
    }
    return true;
  }

  void report_unexplained(const std::vector<LogRun>& places) {
    for (const LogRun& place : places) {
      std::int64_t at = place.sequence;
      const std::int64_t end = place.sequence + place.count;
      const auto after = [](std::int64_t v, const Piece& piece) { return v < piece.end(); };
      auto piece = std::upper_bound(source_.pieces.begin(), source_.pieces.end(), at, after);
      while (at < end) {
        const bool inside = piece != source_.pieces.end() && piece->sequence <= at;
        const std::int64_t to = std::min(end, inside                          ? piece->end()
                                              : piece == source_.pieces.end() ? end
                                                                              : piece->sequence);
        const bool sent = inside && piece->send >= 0 && piece->outcome != Outcome::refused;
        if (!sent) {
          const LogRun run{place.offset + (at - place.sequence), to - at, at, index_};
          unexplained_.push_back({run, inside && piece->outcome == Outcome::refused ? &*piece : nullptr});
        }
        if (inside) ++piece;
        at = to;
      }
    }
  }

  void lay(const Piece& piece, std::int32_t index, const std::vector<LogRun>& places, std::size_t& next) {
    std::int64_t at = piece.sequence;
    active_.clear();
    // Places that began before this piece and reach into it were kept in open_ of the same list.
    auto& open = &next == &next_ ? open_ : open_committed_;
    for (const LogRun& run : open)
      if (run.sequence + run.count > at) active_.push_back(run);
    while (at < piece.end()) {
      while (next < places.size() && places[next].sequence <= at) {
        if (places[next].sequence + places[next].count > at) active_.push_back(places[next]);
        ++next;
      }
      std::int64_t to = piece.end();
      if (next < places.size()) to = std::min(to, places[next].sequence);
      for (const LogRun& run : active_) to = std::min(to, run.sequence + run.count);
      emit(at, to, index);
      at = to;
      std::erase_if(active_, [at](const LogRun& run) { return run.sequence + run.count <= at; });
    }
    open = active_;
  }

  void emit(std::int64_t from, std::int64_t to, std::int32_t piece) {
    Atom atom;
    atom.sequence = from;
    atom.count = to - from;
    atom.piece = piece;
    atom.place = static_cast<std::int32_t>(source_.place_offsets.size());
    atom.places = static_cast<std::int32_t>(active_.size());
    for (const LogRun& run : active_) source_.place_offsets.push_back(run.offset + (from - run.sequence));
    if (atom.places > 1) std::sort(source_.place_offsets.begin() + atom.place, source_.place_offsets.end());
    source_.atoms.push_back(atom);
  }

  Source& source_;
  std::int32_t index_;
  std::vector<Unexplained>& unexplained_;
  std::size_t next_ = 0, next_committed_ = 0;
  std::vector<LogRun> active_, open_, open_committed_;
};

std::vector<std::vector<LogRun>> by_source(const std::vector<LogRun>& log, std::size_t sources) {
  std::vector<std::vector<LogRun>> lists(sources);
  std::vector<std::size_t> sizes(sources, 0);
  for (const LogRun& run : log)
    if (run.source >= 0) ++sizes[run.source];
  for (std::size_t i = 0; i < sources; ++i) lists[i].reserve(sizes[i]);
  for (const LogRun& run : log)
    if (run.source >= 0) lists[run.source].push_back(run);
  for (auto& list : lists)
    if (!std::is_sorted(list.begin(), list.end(), by_sequence)) std::sort(list.begin(), list.end(), by_sequence);
  return lists;
}

}  // namespace

void build_atoms(View& view, std::vector<Unexplained>& unexplained) {
  const auto places = by_source(view.log, view.sources.size());
  const bool same =
      std::all_of(view.readers.begin(), view.readers.end(), [](const Reader& r) { return r.committed_only; });
  const auto committed = same ? std::vector<std::vector<LogRun>>() : by_source(view.committed_log, view.sources.size());
  for (std::size_t i = 0; i < view.sources.size(); ++i) {
    if (!view.sources[i].here) continue;
    AtomBuilder(view.sources[i], static_cast<std::int32_t>(i), unexplained)
        .build(places[i], same ? places[i] : committed[i]);
  }
}

}  // namespace coordinator::judge
