#include "coordinator/judge/view.h"

#include <algorithm>

namespace coordinator::judge {

const Piece* Source::piece_of(std::int64_t at) const {
  const auto found =
      std::upper_bound(pieces.begin(), pieces.end(), at, [](std::int64_t v, const Piece& p) { return v < p.end(); });
  return found == pieces.end() || found->sequence > at ? nullptr : &*found;
}

const Atom* Source::atom_of(std::int64_t at) const {
  const auto found = std::upper_bound(atoms.begin(), atoms.end(), at,
                                      [](std::int64_t v, const Atom& a) { return v < a.sequence + a.count; });
  return found == atoms.end() || found->sequence > at ? nullptr : &*found;
}

Stamp View::send_stamp(const Store& store, const Source& source, const Piece& piece) const {
  return store.producer_stamp(source.producer, piece.send < 0 ? kNoTime : source.sends[piece.send].at);
}

Stamp View::ack_stamp(const Store& store, const Source& source, const Piece& piece) const {
  return store.producer_stamp(source.producer, piece.ack < 0 ? kNoTime : source.acks[piece.ack].at);
}

}  // namespace coordinator::judge
