#include "coordinator/judge/compaction.h"

#include <algorithm>

namespace coordinator::judge {

Compaction::Compaction(const View& view) : view_(view), applies_(view.topic->compact) {
  if (!applies_) return;
  for (std::size_t s = 0; s < view.sources.size(); ++s)
    for (const Atom& atom : view.sources[s].atoms) add(static_cast<std::int32_t>(s), view.sources[s], atom);
}

void Compaction::locate(KeyFacts& key, MessageId id, std::int64_t offset) const {
  if (id == key.top_id) {
    key.top = std::max(key.top, offset);
  } else if (offset > key.top) {
    key.second = key.top;
    key.top = offset;
    key.top_id = id;
  } else {
    key.second = std::max(key.second, offset);
  }
}

void Compaction::add(std::int32_t source, const Source& facts, const Atom& atom) {
  const Piece& piece = facts.pieces[atom.piece];
  const bool never_there = piece.outcome == Outcome::refused || piece.outcome == Outcome::aborted;
  if (piece.send < 0 || (never_there && atom.places == 0)) return;
  const Id name = facts.sends[piece.send].key;
  if (name == kNoId) return;
  KeyFacts& key = keys_[name];
  PerSource& own = key.sources[source];
  const std::int64_t last = atom.sequence + atom.count - 1;
  const bool certain = piece.outcome == Outcome::acked || atom.places > 0;
  own.any = std::max(own.any, last);
  own.lowest = std::min(own.lowest, atom.sequence);
  if (certain) own.certain = std::max(own.certain, last);
  std::vector<std::int64_t> offsets(facts.place_offsets.begin() + atom.place,
                                    facts.place_offsets.begin() + atom.place + atom.places);
  if (offsets.empty() && piece.offset != kNoOffset) offsets.push_back(piece.offset + (atom.sequence - piece.sequence));
  for (const std::int64_t offset : offsets) {
    locate(key, {source, last}, offset + atom.count - 1);
    if (atom.count > 1) locate(key, {source, last - 1}, offset + atom.count - 2);
  }
  if (!offsets.empty()) return;
  own.unlocated_any = std::max(own.unlocated_any, last);
  own.unlocated_lowest = std::min(own.unlocated_lowest, atom.sequence);
  if (certain) own.unlocated_certain = std::max(own.unlocated_certain, last);
}

const Compaction::KeyFacts* Compaction::key_of(std::int32_t source, const Piece& piece) const {
  if (!applies_ || piece.send < 0) return nullptr;
  const Id name = view_.sources[source].sends[piece.send].key;
  const auto found = name == kNoId ? keys_.end() : keys_.find(name);
  return found == keys_.end() ? nullptr : &found->second;
}

// Up to each number that fate() compares with.
std::int64_t Compaction::reach(std::int32_t source, const Piece& piece, std::int64_t sequence,
                               std::int64_t offset) const {
  std::int64_t reach = kInfinity;
  const KeyFacts* key = key_of(source, piece);
  if (key == nullptr) return reach;
  const auto up_to = [&reach](std::int64_t at, std::int64_t border) {
    if (border > at) reach = std::min(reach, border - at);
  };
  const bool located = offset != kNoOffset;
  if (located) {
    up_to(offset, key->top);
    up_to(offset, key->second);
    if (key->top_id.first == source) {
      up_to(sequence, key->top_id.second);
      if (key->top_id.second == sequence) reach = 1;
    }
  }
  const auto own = key->sources.find(source);
  if (own == key->sources.end()) return reach;
  const PerSource& facts = own->second;
  up_to(sequence, located ? facts.unlocated_certain : facts.certain);
  up_to(sequence, located ? facts.unlocated_any : facts.any);
  const std::int64_t lowest = located ? facts.unlocated_lowest : facts.lowest;
  if (lowest == sequence) reach = 1;
  up_to(sequence, lowest);
  return reach;
}

Replaced Compaction::fate(std::int32_t source, const Piece& piece, std::int64_t sequence, std::int64_t offset) const {
  const Source& own = view_.sources[source];
  const KeyFacts* known = key_of(source, piece);
  if (known == nullptr) return Replaced::no;
  const KeyFacts& key = *known;
  const bool located = offset != kNoOffset;
  if (located && key.top > offset && key.top_id != MessageId{source, sequence}) return Replaced::yes;
  if (located && key.second > offset) return Replaced::yes;
  bool perhaps = false;
  for (const auto& [other, facts] : key.sources) {
    const std::int64_t certain = located ? facts.unlocated_certain : facts.certain;
    const std::int64_t any = located ? facts.unlocated_any : facts.any;
    const std::int64_t lowest = located ? facts.unlocated_lowest : facts.lowest;
    if (other != source) {
      perhaps = perhaps || any >= 0;
    } else if (own.keeps_order) {
      if (certain > sequence) return Replaced::yes;
      perhaps = perhaps || any > sequence;
    } else {
      perhaps = perhaps || any > sequence || (any >= 0 && lowest < sequence);
    }
  }
  return perhaps ? Replaced::perhaps : Replaced::no;
}

}  // namespace coordinator::judge
