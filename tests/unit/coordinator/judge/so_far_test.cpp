// Judge::so_far over every prefix of every case under tests/judge_cases, its actors mixed at random: what it calls a
// violation is one in the final result, asking again changes nothing, and with the end it is the result.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/base/random.h"
#include "coordinator/judge/judge.h"
#include "workloads/evidence/history_reader.h"

namespace coordinator::judge {
namespace {

using namespace workloads::evidence;

struct Line {
  Event event;
  std::int64_t number = 0;
};
using Lines = std::vector<Line>;

Lines read(const std::filesystem::path& path, Names& names) {
  Lines lines;
  std::ifstream file(path, std::ios::binary);
  const auto done = read_history(file, names, [&](const Event& event, std::int64_t number) {
    lines.push_back({event, number});
  });
  EXPECT_TRUE(done.has_value()) << path;
  return lines;
}

// 0: of no actor; such lines have no order among them.
std::uint64_t actor_of(const Event& event) {
  return std::visit(
      [](const auto& e) -> std::uint64_t {
        if constexpr (requires { e.consumer; })
          return (1ULL << 32) | e.consumer;
        else if constexpr (requires { e.producer; })
          return (2ULL << 32) | e.producer;
        else
          return 0;
      },
      event);
}

// Any order that keeps each actor's own; the end stays last.
Lines mixed(const Lines& lines, common::base::Random& random) {
  std::vector<Lines> queues;
  std::map<std::uint64_t, std::size_t> of_actor;
  Lines all, last;
  for (const Line& line : lines) {
    const std::uint64_t actor = actor_of(line.event);
    if (std::holds_alternative<End>(line.event)) {
      last.push_back(line);
      continue;
    }
    const auto [place, fresh] = of_actor.try_emplace(actor, queues.size());
    if (fresh || actor == 0) {
      place->second = queues.size();
      queues.emplace_back();
    }
    queues[place->second].push_back(line);
  }
  std::vector<std::size_t> next(queues.size(), 0);
  while (all.size() + last.size() < lines.size()) {
    const auto i = static_cast<std::size_t>(random.below(queues.size()));
    for (std::uint64_t some = 1 + random.below(4); some > 0 && next[i] < queues[i].size(); --some)
      all.push_back(queues[i][next[i]++]);
  }
  all.insert(all.end(), last.begin(), last.end());
  std::int64_t number = 0;
  for (Line& line : all) line.number = ++number;
  return all;
}

// A producer that says something of a transaction, or refuses a record of one, after its end. (A second outcome of a
// record unbalances the books.)
bool contradicts_itself(const Lines& lines) {
  std::set<std::pair<Id, std::int64_t>> asked, ended;
  std::set<Id> with_ended;
  for (const Line& line : lines) {
    const auto* refuse = std::get_if<Refuse>(&line.event);
    if (refuse != nullptr && with_ended.contains(refuse->producer)) return true;
    const auto* e = std::get_if<Transaction>(&line.event);
    if (e == nullptr) continue;
    const std::pair<Id, std::int64_t> key{e->producer, e->transaction};
    if (ended.contains(key)) return true;
    if (e->state == TransactionState::commit_asked && !asked.insert(key).second) return true;
    if (e->state != TransactionState::committed && e->state != TransactionState::aborted) continue;
    ended.insert(key);
    with_ended.insert(e->producer);
  }
  return false;
}

bool has(const std::vector<MessageRun>& runs, const MessageRun& one) {
  return std::any_of(runs.begin(), runs.end(), [&](const MessageRun& run) {
    return run.producer == one.producer && run.sequence <= one.sequence && one.sequence < run.sequence + run.count;
  });
}
bool has(const std::vector<OffsetRun>& runs, std::int64_t offset) {
  return std::any_of(runs.begin(), runs.end(),
                     [&](const OffsetRun& run) { return run.offset <= offset && offset < run.offset + run.count; });
}

// All that `early` accuses of, some violations of its kind and place in `result` accuse of.
bool stands(const Finding& early, const JudgeResult& result) {
  std::vector<const Finding*> alike;
  for (const Finding& finding : result.findings)
    if (finding.kind == early.kind && finding.where == early.where && finding.severity == Severity::violation)
      alike.push_back(&finding);
  const auto somebody = [&](const auto& test) { return std::any_of(alike.begin(), alike.end(), test); };
  for (const MessageRun& run : early.messages)
    for (std::int64_t i = 0; i < std::min<std::int64_t>(run.count, 100); ++i)
      if (!somebody([&](const Finding* f) { return has(f->messages, {run.producer, run.sequence + i, 1}); }))
        return false;
  for (const OffsetRun& run : early.offsets)
    if (!somebody([&](const Finding* f) { return has(f->offsets, run.offset); })) return false;
  for (const TransactionName& t : early.transactions)
    if (!somebody([&](const Finding* f) {
          return std::any_of(f->transactions.begin(), f->transactions.end(), [&](const TransactionName& other) {
            return other.producer == t.producer && other.transaction == t.transaction;
          });
        }))
      return false;
  return !alike.empty();
}

JudgeResult result_of(const Lines& lines, const Names& names) {
  Judge judge(names);
  for (const Line& line : lines) judge.add(line.event, line.number);
  return judge.result();
}

nlohmann::json fresh_so_far(const Lines& lines, std::size_t count, const Names& names) {
  Judge judge(names);
  for (std::size_t i = 0; i < count; ++i) judge.add(lines[i].event, lines[i].number);
  return to_json(judge.so_far(), names);
}

class SoFar : public testing::Test {
 protected:
  template <typename F>
  void each_case(F f) {
    common::base::Random random(4);
    for (const auto& entry : std::filesystem::directory_iterator(FIREDRILL_SOURCE_DIR "/tests/judge_cases")) {
      if (entry.path().extension() != ".ndjson") continue;
      SCOPED_TRACE(entry.path().stem().string());
      Names names;
      const Lines lines = read(entry.path(), names);
      if (lines.size() > 200) continue;
      for (int i = 0; i < 4; ++i) f(i == 0 ? lines : mixed(lines, random), names);
    }
  }
};

TEST_F(SoFar, a_violation_called_before_the_end_is_one_at_the_end) {
  std::set<Kind> called;
  each_case([&](const Lines& lines, const Names& names) {
    const JudgeResult last = result_of(lines, names);
    if (!last.books.balanced || contradicts_itself(lines)) return;
    Judge judge(names);
    for (const Line& line : lines) {
      judge.add(line.event, line.number);
      const JudgeResult so_far = judge.so_far();
      for (const Finding& finding : so_far.findings) {
        if (finding.severity != Severity::violation) continue;
        EXPECT_TRUE(stands(finding, last))
            << "line " << line.number << ": " << name_of(finding.kind) << " " << explain(finding, names) << "\n"
            << to_json(last, names).dump(1);
        if (so_far.so_far) called.insert(finding.kind);
      }
    }
  });
  for (const Kind kind :
       {Kind::duplicated, Kind::offset_conflict, Kind::misrouted, Kind::corrupt, Kind::phantom, Kind::double_owner,
        Kind::aborted_read, Kind::uncommitted_read, Kind::read_cycle, Kind::epoch_regressed})
    EXPECT_TRUE(called.contains(kind)) << name_of(kind) << " is called only at the end";
}

TEST_F(SoFar, asking_all_the_time_gives_what_asking_once_gives) {
  each_case([&](const Lines& lines, const Names& names) {
    Judge judge(names);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      judge.add(lines[i].event, lines[i].number);
      EXPECT_EQ(to_json(judge.so_far(), names), fresh_so_far(lines, i + 1, names)) << "line " << lines[i].number;
    }
  });
}

// A reader that sought and was handed nothing bears on nothing, but it sends its partition the long way (clean.h).
Line harmless(Names& names, const Partition& where) {
  return {Seek{names.intern("nobody"), where, 0, kNoTime}, 1'000'000};
}

JudgeResult so_far_the_long_way(const Lines& lines, std::size_t count, const std::set<Partition>& partitions,
                                Names& names) {
  Judge judge(names);
  for (std::size_t i = 0; i < count; ++i) judge.add(lines[i].event, lines[i].number);
  judge.add(ConsumerInfo{names.intern("nobody"), kNoId, kNoId, {}, {}}, 999'999);
  for (const Partition& where : partitions) {
    const Line line = harmless(names, where);
    judge.add(line.event, line.number);
  }
  return judge.so_far();
}

std::set<Partition> partitions_of(const Lines& lines) {
  std::set<Partition> all;
  for (const Line& line : lines)
    if (const auto* send = std::get_if<Send>(&line.event)) all.insert(send->where);
  return all;
}

TEST_F(SoFar, the_short_way_and_the_long_one_say_the_same) {
  each_case([](const Lines& lines, Names& names) {
    const auto partitions = partitions_of(lines);
    for (std::size_t count = 1; count < lines.size(); ++count) {
      const auto long_way = so_far_the_long_way(lines, count, partitions, names);
      EXPECT_EQ(to_json(long_way, names), fresh_so_far(lines, count, names)) << "line " << lines[count - 1].number;
    }
  });
}

// Five of ten records read; then the log begins at the eighth, or the topic is a compacted one.
TEST_F(SoFar, what_is_not_read_yet_and_excused_is_booked_as_excused) {
  for (const bool compacted : {false, true}) {
    Names names;
    const Partition where{names.intern("orders"), 0};
    const Id producer = names.intern("p"), consumer = names.intern("c");
    Judge judge(names);
    std::int64_t line = 0;
    const auto add = [&](const Event& event) { judge.add(event, ++line); };
    add(TopicInfo{where.topic, 1, 3, 2, false, compacted});
    add(ProducerInfo{producer});
    add(ConsumerInfo{consumer, kNoId, kNoId, {}, {}});
    add(Send{producer, where, 0, 10, kNoTime, kNoOffset, compacted ? names.intern("key") : kNoId});
    add(Ack{producer, where, 0, 0, 10, kNoTime, 0});
    add(Deliver{consumer, where, 0, 5, producer, 0, where});
    if (!compacted) add(Sample{where, kNoTime, kNoId, 8, 10});
    const Books books = judge.so_far().books;
    EXPECT_EQ(books.present, 5);
    EXPECT_EQ(books.excused, compacted ? 4 : 3);
    EXPECT_EQ(books.unread, compacted ? 1 : 2);
  }
}

TEST_F(SoFar, never_passes_before_the_end_and_then_is_the_result) {
  each_case([&](const Lines& lines, const Names& names) {
    Judge judge(names);
    for (const Line& line : lines) {
      judge.add(line.event, line.number);
      if (!std::holds_alternative<End>(line.event)) {
        EXPECT_NE(judge.so_far().verdict, Verdict::pass);
      } else {
        EXPECT_EQ(to_json(judge.so_far(), names), to_json(result_of(lines, names), names));
      }
    }
  });
}

}  // namespace
}  // namespace coordinator::judge
