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

bool handed_in_stretch(const Reader& reader, std::int32_t from, std::int32_t to, const LogRun& run) {
  const auto begin = reader.deliveries.begin() + from, end = reader.deliveries.begin() + to;
  const auto at = std::partition_point(begin, end, [&](const Delivery& d) { return d.end() <= run.offset; });
  return at != end && at->intact && at->source == run.source && at->offset <= run.offset &&
         at->sequence - at->offset == run.sequence - run.offset;
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

bool one_reader_saw(const View& view, const LogRun& lower, const LogRun& higher) {
  for (const Reader& reader : view.readers) {
    const auto size = static_cast<std::int32_t>(reader.deliveries.size());
    for (std::int32_t from = 0; from < size;) {
      const std::int32_t stretch = reader.deliveries[from].stretch;
      const auto end = std::partition_point(reader.deliveries.begin() + from, reader.deliveries.end(),
                                            [&](const Delivery& d) { return d.stretch <= stretch; });
      const auto to = static_cast<std::int32_t>(end - reader.deliveries.begin());
      if (handed_in_stretch(reader, from, to, lower) && handed_in_stretch(reader, from, to, higher)) return true;
      from = to;
    }
  }
  return false;
}

}  // namespace coordinator::judge
