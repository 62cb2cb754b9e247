#include "cli/evidence_facts.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <variant>

#include "common/base/units.h"
#include "workloads/evidence/event_words.h"
#include "workloads/evidence/segment_reader.h"

namespace cli {
namespace base = common::base;
namespace evidence = workloads::evidence;

namespace {

struct Tally {
  std::array<std::int64_t, std::variant_size_v<evidence::Event>> events{};
  std::int64_t sent = 0;
  std::int64_t acked = 0;
  std::int64_t delivered = 0;

  void count(const evidence::Event& event) {
    ++events[event.index()];
    if (const auto* send = std::get_if<evidence::Send>(&event)) sent += send->count;
    if (const auto* ack = std::get_if<evidence::Ack>(&event)) acked += ack->count;
    if (const auto* deliver = std::get_if<evidence::Deliver>(&event)) delivered += deliver->count;
  }
};

std::string messages_text(const Tally& tally, std::int64_t bytes) {
  const std::int64_t messages = std::max(tally.sent, tally.delivered);
  if (messages == 0) return "";
  char per_message[32];
  std::snprintf(per_message, sizeof per_message, "%.3f", static_cast<double>(bytes) / static_cast<double>(messages));
  return "  messages: sent " + base::count_text(tally.sent) + ", acked " + base::count_text(tally.acked) +
         ", delivered " + base::count_text(tally.delivered) + "; " + per_message + " bytes of evidence per message\n";
}

}  // namespace

base::Result<std::string> evidence_facts(const std::string& path) {
  evidence::Names names;
  Tally tally;
  const auto facts = evidence::read_segments(path, names, [&](const evidence::Event& event) { tally.count(event); });
  if (!facts) return facts.error();
  std::string text = path + ": " + base::count_text(facts->intact_bytes) + " bytes in " +
                     base::count_text(facts->segments) + " segments, " + (facts->closed ? "closed" : "not closed") +
                     (facts->torn_tail ? ", torn tail (its writer was killed)" : "") + "\n  events:";
  for (std::size_t i = 0; i < tally.events.size(); ++i)
    if (tally.events[i] > 0)
      text += " " + std::string(evidence::words::kEvents[i]) + " " + base::count_text(tally.events[i]);
  return text + "\n" + messages_text(tally, facts->intact_bytes);
}

}  // namespace cli
