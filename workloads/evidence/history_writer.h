// Evidence as text: one event, one line of a history (docs/history.md, format 1), the keys in the order of its table
// and only what is known. Not thread-safe; owned by whoever dumps.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "workloads/evidence/event.h"
#include "workloads/evidence/names.h"

namespace workloads::evidence {

class HistoryWriter {
 public:
  explicit HistoryWriter(const Names& names) : names_(names) {}

  // Appends the line with its line feed; false, and nothing appended, for events that a history does not show.
  bool append(const Event& event, std::string& out);

 private:
  class Line;
  std::string_view quoted(Id id);  // as a JSON string

  template <typename E>
  bool line(Line&, const E&) {
    return false;  // only in binary evidence
  }
  bool line(Line& line, const RunStart& e);
  bool line(Line& line, const TopicInfo& e);
  bool line(Line& line, const ProducerInfo& e);
  bool line(Line& line, const Send& e);
  bool line(Line& line, const Ack& e);
  bool line(Line& line, const Refuse& e);
  bool line(Line& line, const Unknown& e);
  bool line(Line& line, const Transaction& e);
  bool line(Line& line, const ConsumerInfo& e);
  bool line(Line& line, const Assign& e);
  bool line(Line& line, const Revoke& e);
  bool line(Line& line, const Seek& e);
  bool line(Line& line, const Deliver& e);
  bool line(Line& line, const Commit& e);
  bool line(Line& line, const Input& e);
  bool line(Line& line, const Audit& e);
  bool line(Line& line, const Sample& e);
  bool line(Line& line, const ClockOffset& e);
  bool line(Line& line, const Fault& e);
  bool line(Line& line, const End& e);

  const Names& names_;
  std::vector<std::string> quoted_;  // by Id; "" until first used
};

}  // namespace workloads::evidence
