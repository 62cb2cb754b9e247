#include "workloads/evidence/history_reader.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "workloads/evidence/history_reader_events.h"
#include "workloads/evidence/history_reader_line.h"

namespace workloads::evidence {

namespace {

using common::base::ErrorKind;
using common::base::Result;

template <typename... F>
struct Overload : F... {
  using F::operator()...;
};

// Partitions that lines used before their topic was declared: only uses that exceed all before can be the first wrong
// one.
struct PartitionUses {
  struct Use {
    std::int32_t partition;
    std::int64_t line;
    const char* field;
  };
  std::optional<std::int32_t> partitions;
  std::vector<Use> rising;
};

}  // namespace

struct HistoryReader::State {
  Names& names;
  LineSink sink;
  std::int64_t line = 0;
  bool ended = false;
  bool any = false;
  std::unordered_set<Id> producers;
  std::unordered_set<Id> consumers;
  std::unordered_map<Id, PartitionUses> topics;
  struct Audited {
    std::vector<std::pair<std::int64_t, std::int64_t>> ranges;
    std::int64_t last_line = 0;
  };
  std::map<std::pair<Id, Partition>, Audited> audits;
  std::string mistake;          // "line N: ..." of another line than the present one
  std::string present_mistake;  // of the present one

  void wrong(const char* field, const std::string& message) {
    if (present_mistake.empty()) present_mistake = std::string("field `") + field + "` " + message;
  }
  void of_producer(Id id) {
    if (!producers.contains(id)) wrong("producer", "names \"" + names.text(id) + "\", which no line before declares");
  }
  void of_consumer(Id id) {
    if (!consumers.contains(id)) wrong("consumer", "names \"" + names.text(id) + "\", which no line before declares");
  }
  void uses(const Partition& where, const char* field) {
    PartitionUses& topic = topics[where.topic];
    if (topic.partitions) {
      if (where.partition >= *topic.partitions)
        wrong(field, "is " + std::to_string(where.partition) + ", but the topic has " +
                         std::to_string(*topic.partitions) + " partitions");
    } else if (topic.rising.empty() || topic.rising.back().partition < where.partition) {
      topic.rising.push_back({where.partition, line, field});
    }
  }
  void declare(const TopicInfo& info) {
    PartitionUses& topic = topics[info.topic];
    if (topic.partitions) return wrong("topic", "\"" + names.text(info.topic) + "\" is declared twice");
    topic.partitions = info.partitions;
    for (const auto& use : topic.rising) {
      if (use.partition < info.partitions) continue;
      mistake = "line " + std::to_string(use.line) + ": field `" + use.field + "` is " + std::to_string(use.partition) +
                ", but line " + std::to_string(line) + " gives the topic " + std::to_string(info.partitions) +
                " partitions";
      return;
    }
    topic.rising.clear();
  }
  void check(const Event& event);
  void check_order(const Event& event);
};

void HistoryReader::State::check_order(const Event& event) {
  const bool is_run = std::holds_alternative<RunStart>(event);
  if (!any && !is_run) wrong("event", "must be `run` on the first line");
  if (any && is_run) wrong("event", "is a second `run`");
  if (ended) wrong("event", "stands after `end`");
  any = true;
}

void HistoryReader::State::check(const Event& event) {
  check_order(event);
  const auto written = [this](const auto& e) {
    of_producer(e.producer);
    uses(e.where, "partition");
  };
  const auto read = [this](const auto& e) {
    of_consumer(e.consumer);
    uses(e.where, "partition");
  };
  std::visit(Overload{
                 [&](const TopicInfo& e) { declare(e); },
                 [&](const ProducerInfo& e) {
                   if (!producers.insert(e.producer).second)
                     wrong("producer", "\"" + names.text(e.producer) + "\" is declared twice");
                 },
                 [&](const ConsumerInfo& e) {
                   if (!consumers.insert(e.consumer).second)
                     wrong("consumer", "\"" + names.text(e.consumer) + "\" is declared twice");
                 },
                 [&](const Send& e) { written(e); },
                 [&](const Ack& e) { written(e); },
                 [&](const Refuse& e) { written(e); },
                 [&](const Unknown& e) { written(e); },
                 [&](const Transaction& e) { of_producer(e.producer); },
                 [&](const Input& e) {
                   written(e);
                   uses(e.of, "of.partition");
                 },
                 [&](const Assign& e) { read(e); },
                 [&](const Revoke& e) { read(e); },
                 [&](const Seek& e) { read(e); },
                 [&](const Commit& e) { read(e); },
                 [&](const Deliver& e) {
                   read(e);
                   if (e.target != e.where) uses(e.target, "target.partition");
                 },
                 [&](const Audit& e) {
                   read(e);
                   Audited& audited = audits[{e.consumer, e.where}];
                   audited.ranges.emplace_back(e.start, e.end);
                   audited.last_line = line;
                 },
                 [&](const Sample& e) { uses(e.where, "partition"); },
                 [&](const End&) { ended = true; },
                 [](const auto&) {},
             },
             event);
}

HistoryReader::HistoryReader(Names& names, LineSink sink)
    : state_(new State{names, std::move(sink), 0, false, false, {}, {}, {}, {}, {}, {}}) {}
HistoryReader::~HistoryReader() = default;

Result<void> HistoryReader::line(std::string_view text) {
  State& state = *state_;
  ++state.line;
  if (text.size() > kLongestLine) {
    if (state.mistake.empty())
      state.mistake =
          "line " + std::to_string(state.line) + ": is longer than " + std::to_string(kLongestLine) + " bytes";
    return fail(ErrorKind::configuration, state.mistake);
  }
  HistoryLine fields(text);
  Event event;
  if (fields.mistake().empty()) event = read_event(fields, state.names);
  if (fields.mistake().empty()) {
    state.check(event);
    if (state.present_mistake.empty() && state.mistake.empty()) {
      state.sink(event, state.line);
      return {};
    }
  }
  const std::string& own = fields.mistake().empty() ? state.present_mistake : fields.mistake();
  if (state.mistake.empty()) state.mistake = "line " + std::to_string(state.line) + ": " + own;
  return fail(ErrorKind::configuration, state.mistake);
}

Result<void> HistoryReader::finish() {
  if (state_->line == 0) return fail(ErrorKind::configuration, "line 1: is missing, the file is empty");
  std::int64_t first = INT64_MAX;
  for (auto& [key, audited] : state_->audits) {
    std::sort(audited.ranges.begin(), audited.ranges.end());
    std::int64_t end = audited.ranges.front().second;
    bool joined = true;
    for (const auto& [from, to] : audited.ranges) {
      if (from > end) joined = false;
      end = std::max(end, to);
    }
    if (!joined) first = std::min(first, audited.last_line);
  }
  if (first == INT64_MAX) return {};
  return fail(ErrorKind::configuration,
              "line " + std::to_string(first) +
                  ": field `start` or `end`: the audits of this consumer and partition do not join");
}

void HistoryReader::leave_out() {
  state_->mistake.clear();
  state_->present_mistake.clear();
}

namespace {

// Line by line, of a line that is too long no more than shows that it is.
class LinesOf {
 public:
  explicit LinesOf(std::istream& in) : in_(in) {}

  bool next(std::string_view& text) {
    in_.getline(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
    auto count = static_cast<std::size_t>(in_.gcount());
    if (in_.bad() || (in_.fail() && count == 0)) return false;
    if (in_.fail()) {
      in_.clear(in_.rdstate() & ~std::ios::failbit);
      in_.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
    } else if (!in_.eof()) {
      --count;  // the line feed
    }
    text = {buffer_.data(), count};
    return true;
  }

 private:
  std::istream& in_;
  std::vector<char> buffer_ = std::vector<char>(kLongestLine + 2);
};

}  // namespace

Result<void> read_history(std::istream& in, Names& names, const LineSink& sink) {
  HistoryReader reader(names, sink);
  LinesOf lines(in);
  std::string_view text;
  while (lines.next(text))
    if (auto read = reader.line(text); !read) return read;
  if (in.bad()) return fail(ErrorKind::infrastructure, "reading failed");
  return reader.finish();
}

Result<void> salvage_history(std::istream& in, Names& names, const LineSink& sink,
                             const std::function<void(const common::base::Error&)>& broken) {
  HistoryReader reader(names, [&sink](const Event& event, std::int64_t line) {
    if (!std::holds_alternative<End>(event)) sink(event, line);
  });
  LinesOf lines(in);
  std::string_view text;
  while (lines.next(text)) {
    auto read = reader.line(text);
    if (read) continue;
    broken(read.error());
    reader.leave_out();
  }
  if (in.bad()) return fail(ErrorKind::infrastructure, "reading failed");
  if (auto finished = reader.finish(); !finished) broken(finished.error());
  return {};
}

}  // namespace workloads::evidence
