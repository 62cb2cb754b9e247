#include "coordinator/report/actor_checks.h"

#include "common/base/units.h"

namespace coordinator::report {

namespace evidence = workloads::evidence;

std::string without_incarnation(const std::string& consumer) {
  const std::size_t dot = consumer.rfind('.');
  const bool incarnation = dot != std::string::npos && consumer.size() - dot == 9 &&
                           consumer.find_first_not_of("0123456789abcdef", dot + 1) == std::string::npos;
  return incarnation ? consumer.substr(0, dot) : consumer;
}

void ActorChecks::add(const evidence::Event& event) {
  if (const auto* consumer = std::get_if<evidence::ConsumerInfo>(&event)) {
    const bool by_hand = consumer->group == evidence::kNoId;
    consumers_[consumer->consumer].reader = by_hand
                                                ? "the reader " + without_incarnation(names_.text(consumer->consumer))
                                                : "the group " + names_.text(consumer->group);
  } else if (const auto* assign = std::get_if<evidence::Assign>(&event)) {
    consumers_[assign->consumer].owned = true;
  } else if (const auto* deliver = std::get_if<evidence::Deliver>(&event)) {
    consumers_[deliver->consumer].delivered = true;
  } else if (const auto* audit = std::get_if<evidence::Audit>(&event)) {
    consumers_[audit->consumer].audit = true;
  } else if (std::holds_alternative<evidence::Ack>(event)) {
    acked_ = true;
  } else if (const auto* close = std::get_if<evidence::Close>(&event);
             close != nullptr && close->accepted != close->reported) {
    miscounted_.push_back("the client of " + names_.text(close->actor) + " accepted " +
                          common::base::count_text(close->accepted) + " records and reported on " +
                          common::base::count_text(close->reported) + ": reports were lost on our side");
  }
}

std::vector<std::string> ActorChecks::reasons() const {
  std::vector<std::string> all = miscounted_;
  std::set<std::string> served, owning;
  for (const auto& [id, consumer] : consumers_) {
    if (consumer.owned && !consumer.audit) owning.insert(consumer.reader);
    if (consumer.delivered) served.insert(consumer.reader);
  }
  for (const std::string& reader : owning)
    if (acked_ && !served.contains(reader))
      all.push_back(reader + " was never handed a record: nothing is known of what it would see");
  return all;
}

}  // namespace coordinator::report
