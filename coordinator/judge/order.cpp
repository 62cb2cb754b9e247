#include "coordinator/judge/order.h"

#include <algorithm>

namespace coordinator::judge {

namespace {

void add(std::vector<LogRun>& runs, const LogRun& run) {
  if (!runs.empty() && runs.back().continues(run) && runs.back().end() == run.offset) {
    runs.back().count += run.count;
  } else {
    runs.push_back(run);
  }
}

}  // namespace

std::vector<LogRun> lowest_offsets(const View& view, std::int32_t index) {
  const Source& source = view.sources[index];
  std::vector<LogRun> runs;
  runs.reserve(source.atoms.size());
  const bool clean = source.gone.empty() && source.early.empty() && source.wrong_acks.empty();
  for (const Atom& atom : source.atoms) {
    const Piece& piece = source.pieces[atom.piece];
    if (piece.send < 0 || piece.outcome == Outcome::refused) continue;
    const std::int64_t place = atom.places > 0 ? source.place_offsets[atom.place] : kNoOffset;
    const std::int64_t acked =
        piece.offset == kNoOffset || source.may_be_lost ? kNoOffset : piece.offset + (atom.sequence - piece.sequence);
    const auto put = [&](std::int64_t from, std::int64_t to, bool believe_ack) {
      std::int64_t offset = place;
      if (believe_ack && acked != kNoOffset && (offset == kNoOffset || acked < offset)) offset = acked;
      if (offset != kNoOffset) add(runs, {offset + (from - atom.sequence), to - from, from, index});
    };
    if (clean) {
      put(atom.sequence, atom.sequence + atom.count, true);
      continue;
    }
    source.gone.cut(atom.sequence, atom.sequence + atom.count, [&](std::int64_t a, std::int64_t b, bool gone) {
      if (gone) return;
      source.early.cut(a, b, [&](std::int64_t d, std::int64_t e, bool early) {
        if (early) return;
        source.wrong_acks.cut(d, e, [&](std::int64_t from, std::int64_t to, bool wrong) { put(from, to, !wrong); });
      });
    });
  }
  return runs;
}

bool one_reader_saw(PartitionCase& c, const LogRun& lower, const LogRun& higher) {
  for (std::size_t reader = 0; reader < c.view.readers.size(); ++reader) {
    const auto first = c.witnesses.stretches(c.view, reader, lower);
    if (first.empty()) continue;
    const auto second = c.witnesses.stretches(c.view, reader, higher);
    for (const std::int32_t stretch : first)
      if (std::find(second.begin(), second.end(), stretch) != second.end()) return true;
  }
  return false;
}

}  // namespace coordinator::judge
