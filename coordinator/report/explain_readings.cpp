#include "coordinator/report/explain_readings.h"

#include <algorithm>

#include "coordinator/report/event_text.h"

namespace coordinator::report {
namespace evidence = workloads::evidence;
using evidence::Names;

namespace {

constexpr std::int64_t kAround = 3;
constexpr std::size_t kMostHanded = 40;  // of a reader: it may have read the same offsets again and again

void comma(std::string& text) {
  if (!text.empty()) text += ", ";
}

}  // namespace

Readings::Readings(evidence::Partition where, std::vector<std::int64_t> offsets)
    : where_(where), offsets_(std::move(offsets)) {
  if (offsets_.size() > 2) offsets_.resize(2);
  std::sort(offsets_.begin(), offsets_.end());
}

bool Readings::covers(std::int64_t offset) const {
  return std::any_of(offsets_.begin(), offsets_.end(),
                     [offset](std::int64_t one) { return offset >= one - kAround && offset <= one + kAround; });
}

bool Readings::tells(const evidence::Deliver& d) const {
  return d.where == where_ && std::any_of(offsets_.begin(), offsets_.end(), [&d](std::int64_t one) {
           return d.offset <= one + kAround && d.offset + d.count > one - kAround;
         });
}

void Readings::add(const evidence::Event& event, std::int64_t line) {
  if (offsets_.empty()) return;
  if (const auto* ack = std::get_if<evidence::Ack>(&event)) add(*ack);
  if (const auto* deliver = std::get_if<evidence::Deliver>(&event)) add(*deliver, line);
}

void Readings::add(const evidence::Ack& ack) {
  if (ack.where != where_ || ack.offset == evidence::kNoOffset) return;
  const std::int64_t from = std::max(ack.offset, offsets_.front() - kAround);
  const std::int64_t to = std::min(ack.offset + ack.count, offsets_.back() + kAround + 1);
  for (std::int64_t offset = from; offset < to; ++offset) {
    if (!covers(offset)) offset = std::max(offset, offsets_.back() - kAround);  // over the gap between the windows
    if (offset < to) acked_.try_emplace(offset, Id{ack.producer, ack.sequence + (offset - ack.offset)});
  }
}

void Readings::add(const evidence::Deliver& d, std::int64_t line) {
  if (d.where != where_) return;
  Reader& reader = readers_[d.consumer];
  const std::int64_t low = offsets_.front() - kAround, high = offsets_.back() + kAround, end = d.offset + d.count;
  if (d.offset < low) reader.below = std::max(reader.below, std::min(end, low) - 1);
  if (end > high + 1) {
    const std::int64_t first = std::max(d.offset, high + 1);
    reader.beyond = reader.beyond < 0 ? first : std::min(reader.beyond, first);
  }
  for (std::int64_t offset = std::max(d.offset, low); offset < std::min(end, high + 1); ++offset) {
    if (!covers(offset)) offset = std::max(offset, offsets_.back() - kAround);
    if (offset >= end) break;
    const Id id{d.producer, d.producer == evidence::kNoId ? evidence::kNoOffset : d.sequence + (offset - d.offset)};
    if (d.intact)
      read_.try_emplace(offset, id);
    else
      broken_.insert(offset);
    reader.more = reader.handed.size() == kMostHanded;
    if (reader.more) break;
    reader.handed.push_back({offset, id, d.intact, line, d.at});
  }
}

std::string Readings::id_text(const Id& id, std::int64_t count, const Names& names) const {
  return id.producer == evidence::kNoId ? "none of ours"
                                        : names.text(id.producer) + "#" + range_text(id.sequence, count);
}

std::string Readings::log(const Names& names) const {
  std::string text;
  Id run{};
  std::int64_t begin = 0, count = 0;
  const auto flush = [&] {
    if (count == 0) return;
    comma(text);
    text += "@" + range_text(begin, count) + " " + id_text(run, count, names);
    count = 0;
  };
  std::int64_t next = std::max<std::int64_t>(0, offsets_.front() - kAround);
  for (const std::int64_t one : offsets_)
    for (; next <= one + kAround; ++next) {
      next = std::max(next, one - kAround);
      const auto read = read_.find(next);
      const auto acked = acked_.find(next);
      if (read != read_.end()) {
        const Id& id = read->second;
        const bool joins = count > 0 && begin + count == next && run.producer == id.producer &&
                           (id.producer == evidence::kNoId || run.sequence + count == id.sequence);
        if (!joins) {
          flush();
          run = id;
          begin = next;
        }
        ++count;
        if (acked == acked_.end() || acked->second == id) continue;
      }
      flush();
      if (acked == acked_.end()) continue;
      comma(text);
      text += "@" + std::to_string(next) +
              (read != read_.end()      ? ""
               : broken_.contains(next) ? " broken"
                                        : " nothing") +
              ", though acked as " + id_text(acked->second, 1, names);
    }
  flush();
  return text;
}

std::string Readings::handed_text(const std::vector<Handed>& handed, const Names& names) const {
  std::string text, besides;
  std::int64_t begin = 0, count = 0;
  const auto flush = [&] {
    if (count == 0) return;
    comma(text);
    text += "@" + range_text(begin, count);
    count = 0;
  };
  for (const Handed& one : handed) {
    if (count == 0 || begin + count != one.offset) {
      flush();
      begin = one.offset;
    }
    ++count;
    const auto known = read_.find(one.offset);
    const std::string at = "; @" + std::to_string(one.offset);
    if (!one.intact) besides += at + " broken";
    if (one.intact && known != read_.end() && !(known->second == one.id))
      besides += at + " as " + id_text(one.id, 1, names);
  }
  flush();
  return (text.empty() ? "was handed nothing there" : "was handed " + text) + besides;
}

// What it passed over, or how far it came.
std::string Readings::lacking_text(const Reader& reader) const {
  std::string text = reader.more ? " and on and on" : "";
  const auto handed = [&reader](auto is) {
    return std::any_of(reader.handed.begin(), reader.handed.end(), [is](const Handed& one) { return is(one.offset); });
  };
  const bool began = reader.below >= 0 || !reader.handed.empty();
  for (const std::int64_t offset : offsets_) {
    const bool later = reader.beyond >= 0 || handed([offset](std::int64_t one) { return one > offset; });
    if (began && later && !handed([offset](std::int64_t one) { return one == offset; }))
      text += "; not @" + std::to_string(offset);
  }
  if (reader.handed.empty() && reader.below >= 0) text += "; up to @" + std::to_string(reader.below) + " before";
  if (reader.handed.empty() && reader.beyond >= 0) text += "; from @" + std::to_string(reader.beyond) + " on after";
  return text;
}

std::vector<Readings::Line> Readings::readers(const Names& names, const Cuts& cuts) const {
  std::vector<Line> lines;
  for (const auto& [consumer, reader] : readers_) {
    const auto own = cuts.find(consumer);
    std::vector<std::vector<Handed>> parts{{}};
    for (const Handed& one : reader.handed) {
      const auto parted = [&](std::int64_t cut) { return parts.back().back().line < cut && cut < one.line; };
      if (!parts.back().empty() && own != cuts.end() && std::any_of(own->second.begin(), own->second.end(), parted))
        parts.emplace_back();
      parts.back().push_back(one);
    }
    for (const auto& part : parts)
      lines.push_back({consumer, part.empty() ? evidence::kNoTime : part.back().at,
                       part.empty() ? 0 : part.front().line, handed_text(part, names)});
    lines.back().text += lacking_text(reader);
  }
  return lines;
}

std::pair<evidence::Id, std::int64_t> Readings::last_handed() const {
  std::pair<evidence::Id, std::int64_t> last{evidence::kNoId, evidence::kNoTime};
  for (const auto& [consumer, reader] : readers_)
    if (!reader.handed.empty() && reader.handed.back().at > last.second) last = {consumer, reader.handed.back().at};
  return last;
}

}  // namespace coordinator::report
