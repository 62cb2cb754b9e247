// lost: acked, delivered to nobody, not excused, and passed at its offset; or, its offset not told, absent from an
// audit whose start is 0. `proof` is audit where an audit passed it, else passed. torn-transaction: of a committed
// transaction some record was delivered and some are lost: reported instead of lost. unread: acked, delivered to
// nobody, not excused, and neither passed nor so audited; undecided. In a compacted topic a record that may have been
// replaced is unread, whoever passed it. What was handed over broken at its offset, or from another partition, is
// neither.
#include <algorithm>

#include "coordinator/judge/compaction.h"
#include "coordinator/judge/partition_case.h"

namespace coordinator::judge {

namespace {

class Missing {
 public:
  Missing(PartitionCase& c, std::int32_t index, const Compaction& compaction)
      : case_(c), index_(index), source_(c.view.sources[index]), compaction_(compaction), books_(c.run.books) {}

  void absent(const Atom& atom) {
    const Piece& piece = source_.pieces[atom.piece];
    source_.elsewhere.cut(atom.sequence, atom.sequence + atom.count,
                          [&](std::int64_t from, std::int64_t to, bool misrouted) {
                            if (misrouted) {
                              books_.present += to - from;
                              lacking(piece, from, to);
                            } else if (piece.offset == kNoOffset) {
                              not_told(piece, from, to);
                            } else {
                              told(piece, from, to);
                            }
                          });
  }

 private:
  void not_told(const Piece& piece, std::int64_t from, std::int64_t to) {
    const bool audited = case_.view.audited && case_.view.audit_start == 0;
    compaction_.each_fate(index_, piece, from, to, kNoOffset, [&](std::int64_t a, std::int64_t b, Replaced replaced) {
      if (audited) source_.gone.add(a, b);
      if (replaced == Replaced::yes) {
        books_.excused += b - a;
      } else if (audited && replaced == Replaced::no) {
        lost(piece, a, b, kNoOffset, Proof::audit);
      } else {
        unread(piece, a, b, kNoOffset);
      }
    });
  }

  void told(const Piece& piece, std::int64_t from, std::int64_t to) {
    const View& view = case_.view;
    const std::int64_t shift = piece.offset - piece.sequence;
    view.corrupt.cut(from + shift, to + shift, [&](std::int64_t begin, std::int64_t end, bool broken) {
      if (broken) {
        books_.present += end - begin;
        return;
      }
      if (begin < view.log_start) {
        const std::int64_t kept = std::min(end, view.log_start);
        books_.excused += kept - begin;
        lacking(piece, begin - shift, kept - shift);
        begin = kept;
      }
      if (begin == end) return;
      compaction_.each_fate(
          index_, piece, begin - shift, end - shift, begin,
          [&](std::int64_t a, std::int64_t b, Replaced replaced) { placed(piece, a, b, a + shift, replaced); });
    });
  }

  // What an audit that should have found it lacks is gone, excused or not.
  void lacking(const Piece& piece, std::int64_t from, std::int64_t to) {
    const View& view = case_.view;
    if (!view.audited) return;
    if (piece.offset == kNoOffset) {
      if (view.audit_start == 0) source_.gone.add(from, to);
      return;
    }
    const std::int64_t shift = piece.offset - piece.sequence;
    from = std::max(from, view.audit_start - shift);
    if (from >= to) return;
    source_.gone.add(from, to);
    case_.view.gone.add(from + shift, to + shift);
  }

  void placed(const Piece& piece, std::int64_t from, std::int64_t to, std::int64_t offset, Replaced replaced) {
    const View& view = case_.view;
    const bool audited =
        view.audited && view.audit_start <= offset;  // what is not excused lies above every audit's start
    lacking(piece, from, to);
    if (replaced == Replaced::yes) {
      books_.excused += to - from;
    } else if (replaced == Replaced::perhaps) {
      unread(piece, from, to, offset);
    } else if (audited) {
      lost(piece, from, to, offset, Proof::audit);
    } else {
      view.passed.cut(offset, offset + (to - from), [&](std::int64_t begin, std::int64_t end, bool passed) {
        const std::int64_t sequence = from + (begin - offset);
        if (passed) {
          lost(piece, sequence, sequence + (end - begin), begin, Proof::passed);
        } else {
          unread(piece, sequence, sequence + (end - begin), begin);
        }
      });
    }
  }

  Record record(const Piece& piece, std::int64_t from, std::int64_t to, std::int64_t offset) const {
    Record r;
    r.where = case_.view.where;
    r.producer = source_.producer;
    r.target = source_.target;
    r.sequence = from;
    r.count = to - from;
    if (offset != kNoOffset) r.offsets = {offset};
    r.witnesses = {source_.send_line(piece), source_.ack_line(piece)};
    return r;
  }

  void lost(const Piece& piece, std::int64_t from, std::int64_t to, std::int64_t offset, Proof proof) {
    Record r = record(piece, from, to, offset);
    const bool torn = piece.transaction >= 0 && case_.run.transactions[piece.transaction].delivered;
    r.kind = torn ? Kind::torn_transaction : Kind::lost;
    r.severity = case_.loss(source_);
    if (!torn) r.proof = proof;
    r.witnesses.push_back(proof == Proof::audit ? case_.view.audit_line : passing_line(offset));
    case_.run.out.add(std::move(r), {case_.view.ack_stamp(case_.run.store, source_, piece)});
    source_.gone.add(from, to);
    if (offset != kNoOffset) case_.view.gone.add(offset, offset + (to - from));
    if (offset != kNoOffset) case_.view.lost.add(offset, offset + (to - from));
    books_.lost += to - from;
  }

  void unread(const Piece& piece, std::int64_t from, std::int64_t to, std::int64_t offset) {
    Record r = record(piece, from, to, offset);
    r.kind = Kind::unread;
    r.severity = Severity::undecided;
    case_.run.out.add(std::move(r), {case_.view.ack_stamp(case_.run.store, source_, piece)});
    books_.unread += to - from;
  }

  // A line by which some reader passed the offset.
  std::int64_t passing_line(std::int64_t offset) {
    for (std::size_t i = 0; i < case_.view.readers.size(); ++i) {
      if (!case_.view.readers[i].passed.contains(offset)) continue;
      if (const Delivery* d = case_.witnesses.beyond(case_.view, i, offset)) return d->line;
    }
    return 0;
  }

  PartitionCase& case_;
  std::int32_t index_;
  Source& source_;
  const Compaction& compaction_;
  Books& books_;
};

}  // namespace

void find_missing(PartitionCase& c) {
  const Compaction compaction(c.view);
  Books& books = c.run.books;
  for (std::size_t s = 0; s < c.view.sources.size(); ++s) {
    Source& source = c.view.sources[s];
    Missing missing(c, static_cast<std::int32_t>(s), compaction);
    for (const Atom& atom : source.atoms) {
      const Outcome outcome = source.pieces[atom.piece].outcome;
      if (outcome == Outcome::acked && atom.places == 0) {
        missing.absent(atom);
      } else if (outcome == Outcome::acked) {
        books.present += atom.count;
      } else if (outcome == Outcome::unknown) {
        source.elsewhere.cut(atom.sequence, atom.sequence + atom.count,
                             [&](std::int64_t from, std::int64_t to, bool misrouted) {
                               if (misrouted || atom.places > 0) books.unknown_landed += to - from;
                             });
      }
      if (atom.places > 1) source.has_copies = true;
      if (atom.places == 0 && source.copies_elsewhere > 0) {
        source.elsewhere.cut(atom.sequence, atom.sequence + atom.count,
                             [&](std::int64_t from, std::int64_t to, bool misrouted) {
                               if (misrouted)
                                 books.extra_copies -= to - from;  // the first of its places is no extra one
                             });
      }
      if (atom.places > 1 && outcome != Outcome::refused)
        books.extra_copies += Count(atom.count).times(atom.places - 1);
    }
    books.extra_copies += source.copies_elsewhere;
    source.gone.settle();
  }
  c.view.gone.settle();
}

}  // namespace coordinator::judge
