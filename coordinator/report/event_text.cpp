#include "coordinator/report/event_text.h"

#include "workloads/evidence/event_words.h"

namespace coordinator::report {
namespace evidence = workloads::evidence;
using evidence::kNoEpoch;
using evidence::kNoId;
using evidence::kNoOffset;
using evidence::Names;

namespace {

class Words {
 public:
  explicit Words(const Names& names) : names_(names) {}

  std::string operator()(const evidence::Send& e) const {
    return "sent " + ids(e) + " to " + place(e.where) + in_transaction(e.transaction);
  }
  std::string operator()(const evidence::Ack& e) const {
    return "was told: acked " + ids(e) +
           (e.offset == kNoOffset ? ", no offset told" : " @" + range_text(e.offset, e.count)) + " of " +
           place(e.where);
  }
  std::string operator()(const evidence::Refuse& e) const { return "refused " + ids(e) + because(e.reason); }
  std::string operator()(const evidence::Unknown& e) const {
    return "was told nothing certain of " + ids(e) + because(e.reason);
  }
  std::string operator()(const evidence::Transaction& e) const {
    return "transaction " + std::to_string(e.transaction) + " " + spaced(evidence::word_of(e.state));
  }
  std::string operator()(const evidence::Assign& e) const {
    return "owns " + place(e.where) + " from here" +
           (e.position == kNoOffset ? "" : ", position " + std::to_string(e.position));
  }
  std::string operator()(const evidence::Revoke& e) const { return (e.lost ? "lost " : "gave up ") + place(e.where); }
  std::string operator()(const evidence::Seek& e) const {
    return "sought " + std::to_string(e.offset) + " of " + place(e.where);
  }
  std::string operator()(const evidence::Deliver& e) const {
    std::string text = "was handed " + place(e.where) + " @" + range_text(e.offset, e.count) + ": ";
    text += e.producer == kNoId ? "none of ours" : names_.text(e.producer) + ids(e);
    if (e.target != e.where) text += ", sent to " + place(e.target);
    if (!e.intact) text += ", broken";
    if (e.leader_epoch != kNoEpoch) text += ", epoch " + std::to_string(e.leader_epoch);
    if (e.within_producer != kNoId)
      text += ", within transaction " + std::to_string(e.within_transaction) + " of " + names_.text(e.within_producer);
    return text;
  }
  std::string operator()(const evidence::Commit& e) const {
    return "commit of " + std::to_string(e.offset) + " in " + place(e.where) + " " +
           std::string(evidence::word_of(e.state));
  }
  std::string operator()(const evidence::Input& e) const {
    return "made #" + std::to_string(e.sequence) + " of " + place(e.where) + " from " + place(e.of) + " @" +
           std::to_string(e.of_offset);
  }
  std::string operator()(const evidence::Audit& e) const {
    return "read all of " + place(e.where) + " from @" + std::to_string(e.start) + " to its end @" +
           std::to_string(e.end);
  }
  std::string operator()(const evidence::Sample& e) const {
    std::string text;
    const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
    if (e.leader >= 0) add("leader broker " + std::to_string(e.leader));
    if (e.leader_epoch != kNoEpoch) add("epoch " + std::to_string(e.leader_epoch));
    if (e.log_start != kNoOffset) add("log start " + std::to_string(e.log_start));
    if (e.end != kNoOffset) add("end " + std::to_string(e.end));
    if (e.isr_told) {
      std::string isr;
      for (const auto broker : e.isr) isr += (isr.empty() ? "" : ",") + std::to_string(broker);
      add("ISR " + (isr.empty() ? "empty" : isr));
    }
    return "said of " + place(e.where) + ": " + text;
  }
  std::string operator()(const evidence::Fault& e) const {
    return names_.text(e.kind) + " " + names_.text(e.target) + ": " + std::string(evidence::word_of(e.state)) +
           (e.proof == kNoId ? "" : ", " + names_.text(e.proof));
  }
  template <typename E>
  std::string operator()(const E&) const {
    return "";
  }

 private:
  template <typename E>
  static std::string ids(const E& e) {
    return "#" + range_text(e.sequence, e.count);
  }
  std::string place(const evidence::Partition& where) const {
    return names_.text(where.topic) + "-" + std::to_string(where.partition);
  }
  std::string because(evidence::Id reason) const { return reason == kNoId ? "" : " (" + names_.text(reason) + ")"; }
  static std::string in_transaction(std::int64_t number) {
    return number == kNoOffset ? "" : " in transaction " + std::to_string(number);
  }
  static std::string spaced(std::string_view word) {
    std::string text(word);
    for (char& c : text)
      if (c == '_') c = ' ';
    return text;
  }

  const Names& names_;
};

}  // namespace

std::string range_text(std::int64_t first, std::int64_t count) {
  return count == 1 ? std::to_string(first) : std::to_string(first) + ".." + std::to_string(first + count - 1);
}

std::string who(const evidence::Event& event, const Names& names) {
  return std::visit(
      [&names](const auto& e) -> std::string {
        if constexpr (requires { e.consumer; })
          return names.text(e.consumer);
        else if constexpr (requires { e.producer; })
          return names.text(e.producer);
        else if constexpr (requires { e.fault; })
          return names.text(e.fault);
        else if constexpr (requires { e.isr; })
          return "cluster";
        else
          return "";
      },
      event);
}

std::string what(const evidence::Event& event, const Names& names) {
  return std::visit(Words(names), event);
}

}  // namespace coordinator::report
