// offset-conflict: two claims to one offset: deliveries to any reader (a foreign record too), and acks of acked records
// that may not be lost; an ack that told a wrong offset claims nothing. One of the ids that was delivered nowhere is
// lost besides. Allowed with unclean election, or where loss is allowed for one of the ids.
#include <algorithm>

#include "coordinator/judge/partition_case.h"

namespace coordinator::judge {

namespace {

// Claims to one offset whose pairs with a further one are listed; the rest is counted, but for the first violation.
constexpr std::size_t kMostClaims = 100;
// Findings with a foreign record that are built, each of one offset: of one pair of claims, and of all.
constexpr std::int64_t kMostForeign = kMostFindings, kMostForeignOfAll = 20 * kMostFindings;

// Acks that no delivery at their offset confirms, as claims.
void add_ack_claims(const View& view, std::vector<LogRun>& claims) {
  for (std::size_t s = 0; s < view.sources.size(); ++s) {
    const Source& source = view.sources[s];
    if (source.may_be_lost) continue;
    for (const Atom& atom : source.atoms) {
      const Piece& piece = source.pieces[atom.piece];
      if (piece.offset == kNoOffset) continue;
      const std::int64_t acked = piece.offset + (atom.sequence - piece.sequence);
      const std::int64_t* places = source.place_offsets.data() + atom.place;
      if (std::find(places, places + atom.places, acked) != places + atom.places) continue;
      source.wrong_acks.cut(
          atom.sequence, atom.sequence + atom.count, [&](std::int64_t from, std::int64_t to, bool wrong) {
            if (!wrong)
              claims.push_back({acked + (from - atom.sequence), to - from, from, static_cast<std::int32_t>(s)});
          });
    }
  }
}

Conflict::Claim claim_of(const PartitionCase& c, const LogRun& run, std::int64_t offset) {
  if (run.source == kForeign) return {kNoId, c.view.where, offset};
  const Source& source = c.view.sources[run.source];
  return {source.producer, source.target, run.sequence + (offset - run.offset)};
}

std::int64_t line_of(PartitionCase& c, const LogRun& run, std::int64_t offset) {
  if (const std::int64_t line = c.witnesses.line(c.view, run.source, offset); line != 0 || run.source == kForeign)
    return line;
  const Source& source = c.view.sources[run.source];
  const Piece* piece = source.piece_of(run.sequence + (offset - run.offset));
  return piece == nullptr ? 0 : source.ack_line(*piece);
}

// No declaration or fault that is still to come can allow its loss.
bool surely_kept(const PartitionCase& c, const LogRun& run) {
  const Store& store = c.run.store;
  const auto never_loses = [&](Id id) {
    return store.declared_topic(id) && store.topic(id).min_insync_replicas >= 2 &&
           store.topic(id).replication_factor >= 2;
  };
  if (!never_loses(c.view.where.topic)) return false;
  if (run.source == kForeign) return true;
  const Source& source = c.source(run.source);
  return store.producer(source.producer) != nullptr && never_loses(source.target.topic);
}

Severity severity_of(const PartitionCase& c, const LogRun& a, const LogRun& b) {
  const auto may_be_lost = [&](const LogRun& run) {
    return run.source != kForeign && c.source(run.source).may_be_lost;
  };
  const bool allowed = c.view.topic->unclean_leader_election || may_be_lost(a) || may_be_lost(b);
  return allowed ? Severity::allowed : Severity::violation;
}

bool settled(const PartitionCase& c, const LogRun& a, const LogRun& b) {
  return surely_kept(c, a) && surely_kept(c, b);
}

void leave_out(PartitionCase& c, const LogRun& a, const LogRun& b, std::int64_t count) {
  const bool foreign = a.source == kForeign || b.source == kForeign;
  c.run.out.leave_out(
      {Kind::offset_conflict, severity_of(c, a, b), foreign ? count : 1, Count(count).times(foreign ? 1 : 2)},
      settled(c, a, b));
}

// `foreign`: findings with a foreign record that were built before.
void accuse(PartitionCase& c, const LogRun& a, const LogRun& b, std::int64_t& foreign) {
  const std::int64_t from = std::max(a.offset, b.offset);
  const std::int64_t to = std::min(a.end(), b.end());
  Conflict conflict;
  conflict.where = c.view.where;
  conflict.offset = from;
  conflict.count = to - from;
  conflict.first = claim_of(c, a, from);
  conflict.second = claim_of(c, b, from);
  const auto text = [&](const Conflict::Claim& claim) -> const std::string& {
    return c.run.store.names.text(claim.producer);
  };
  const int order = text(conflict.first).compare(text(conflict.second));
  if (order > 0 || (order == 0 && conflict.first.sequence > conflict.second.sequence))
    std::swap(conflict.first, conflict.second);
  conflict.severity = severity_of(c, a, b);
  conflict.witnesses = {line_of(c, a, from), line_of(c, b, from)};
  c.view.conflicts.add(from, to);
  if (a.source != kForeign && b.source != kForeign) return c.run.out.add(std::move(conflict), settled(c, a, b));
  // A foreign record has no sequence to be adjacent in.
  const std::int64_t most = std::max<std::int64_t>(1, std::min(kMostForeign, kMostForeignOfAll - foreign));
  const std::int64_t built = std::min(to - from, most);
  foreign += built;
  conflict.count = 1;
  for (std::int64_t i = 0; i < built; ++i) {
    c.run.out.add(conflict, settled(c, a, b));
    ++conflict.offset, ++conflict.first.sequence, ++conflict.second.sequence;
  }
  if (built < to - from) leave_out(c, a, b, to - from - built);
}

}  // namespace

void find_offset_conflicts(PartitionCase& c) {
  std::vector<LogRun> acked;
  if (!c.run.so_far) add_ack_claims(c.view, acked);  // an ack may yet turn out to have told a wrong offset
  std::vector<LogRun> claims;
  const std::vector<LogRun>* all = &c.view.log;
  if (!acked.empty()) {
    claims = c.view.log;
    claims.insert(claims.end(), acked.begin(), acked.end());
    normalize(claims);
    all = &claims;
  }
  std::vector<const LogRun*> open;
  std::int64_t reached = 0;
  std::int64_t foreign = 0;
  bool violated = false;  // some violation is listed
  for (const LogRun& run : *all) {
    if (run.offset >= reached) {
      open.clear();
    } else {
      std::erase_if(open, [&](const LogRun* other) { return other->end() <= run.offset; });
      for (std::size_t i = 0; i < open.size(); ++i) {
        const bool first = !violated && severity_of(c, *open[i], run) == Severity::violation;
        violated = violated || first;
        if (i < kMostClaims || first) {
          accuse(c, *open[i], run, foreign);
        } else {
          const std::int64_t end = std::min(run.end(), open[i]->end());
          c.view.conflicts.add(run.offset, end);
          leave_out(c, *open[i], run, end - run.offset);
        }
      }
    }
    open.push_back(&run);
    reached = std::max(reached, run.end());
  }
  c.view.conflicts.settle();
}

}  // namespace coordinator::judge
