// Reads a history (docs/history.md, format 1) line by line into events, strictly: the first mistake ends it with an
// error that names the line and the field. What only two lines together show (a name declared twice, a partition
// outside its topic, audits that do not join) is found here too. Not thread-safe; owned by whoever reads one file.
#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <memory>
#include <string_view>

#include "common/base/result.h"
#include "workloads/evidence/event.h"
#include "workloads/evidence/names.h"

namespace workloads::evidence {

// line: counted from 1.
using LineSink = std::function<void(const Event&, std::int64_t line)>;

class HistoryReader {
 public:
  HistoryReader(Names& names, LineSink sink);
  ~HistoryReader();
  HistoryReader(const HistoryReader&) = delete;
  HistoryReader& operator=(const HistoryReader&) = delete;

  common::base::Result<void> line(std::string_view text);  // without its line feed
  common::base::Result<void> finish();                     // nothing follows
  void leave_out();  // after an error: the line that was wrong is left out, and reading goes on behind it

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A line is at most this long (without its line feed), so that no file is too large to be refused.
inline constexpr std::size_t kLongestLine = std::size_t{1} << 20;

// All of it; the error reads "line N: field `x` ...".
common::base::Result<void> read_history(std::istream& in, Names& names, const LineSink& sink);

// What is intact of it: a broken line, and what needs one, is left out and told to `broken`. Never passes End on.
common::base::Result<void> salvage_history(std::istream& in, Names& names, const LineSink& sink,
                                           const std::function<void(const common::base::Error&)>& broken);

}  // namespace workloads::evidence
