// What `firedrill explain` shows of a finding, from histories that are judged and read again as the command does.
#include "coordinator/report/explain.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "coordinator/judge/judge.h"
#include "coordinator/report/explain_select.h"
#include "workloads/evidence/history_reader.h"

namespace coordinator::report {
namespace {

using workloads::evidence::Event;
using workloads::evidence::Names;

struct Read {
  Names names;
  judge::JudgeResult judged;
  std::string history;

  template <typename F>
  void each(F f) {
    std::istringstream in(history);
    const auto read = workloads::evidence::read_history(in, names, f);
    EXPECT_TRUE(read.has_value()) << (read ? "" : read.error().what);
  }
  explicit Read(std::string text) : history(std::move(text)) {
    judge::Judge judge(names);
    each([&](const Event& event, std::int64_t line) { judge.add(event, line); });
    judged = judge.result();
  }
  std::string explained(std::size_t index) {
    Explainer explainer(judged.findings.at(index), names);
    each([&](const Event& event, std::int64_t line) { explainer.first(event, line); });
    each([&](const Event& event, std::int64_t line) { explainer.second(event, line); });
    return explanation_text(explainer.result(), index + 1, false);
  }
};

// One host; times in ms from 1 s. A record is lost in a fault, and a member of a group is given the partition again.
constexpr const char* kLost = R"({"event":"run","format":1,"run":"r"}
{"event":"topic","topic":"orders","partitions":1}
{"event":"clock","host":"h","offset_ns":0,"error_ns":0}
{"event":"fault","fault":"kill-1","kind":"kill","target":"leader of orders-0","state":"injecting","at":1000000000,"host":"h"}
{"event":"fault","fault":"kill-1","kind":"kill","target":"leader of orders-0","state":"active","at":1050000000,"host":"h"}
{"event":"fault","fault":"kill-1","kind":"kill","target":"leader of orders-0","state":"reverted","at":9000000000,"host":"h"}
{"event":"producer","producer":"p1","host":"h"}
{"event":"send","producer":"p1","topic":"orders","partition":0,"sequence":0,"count":20,"at":1100000000}
{"event":"ack","producer":"p1","topic":"orders","partition":0,"sequence":0,"offset":0,"count":20,"at":1200000000}
{"event":"sample","topic":"orders","partition":0,"at":1150000000,"host":"h","leader":1,"isr":[1]}
{"event":"sample","topic":"orders","partition":0,"at":1300000000,"host":"h","leader":2,"isr":[2]}
{"event":"consumer","consumer":"c1","host":"h","group":"g"}
{"event":"assign","consumer":"c1","topic":"orders","partition":0,"position":0,"at":1000000000}
{"event":"deliver","consumer":"c1","topic":"orders","partition":0,"offset":0,"producer":"p1","sequence":0,"count":10,"at":1400000000}
{"event":"deliver","consumer":"c1","topic":"orders","partition":0,"offset":11,"producer":"p1","sequence":11,"count":9,"at":1500000000}
{"event":"consumer","consumer":"a1","host":"h"}
{"event":"deliver","consumer":"a1","topic":"orders","partition":0,"offset":0,"producer":"p1","sequence":0,"count":10,"at":9500000000}
{"event":"deliver","consumer":"a1","topic":"orders","partition":0,"offset":11,"producer":"p1","sequence":11,"count":9,"at":9500000000}
{"event":"audit","consumer":"a1","topic":"orders","partition":0,"start":0,"end":20}
{"event":"end"}
)";

TEST(explain, shows_send_ack_neighbours_readers_leader_and_fault_with_times_from_the_injection) {
  Read read(kLost);
  ASSERT_EQ(read.judged.findings.size(), 1u);
  EXPECT_EQ(read.explained(0), R"(1. lost [violation]
p1#10 at orders-0 @10 was acked, nobody was handed it, and an audit lacks it; active: kill-1
times are from the injection of kill-1

       +0              kill-1   kill leader of orders-0: injecting, felt +50.0ms, reverted +8.00s
   +100ms  line 8      p1       sent #0..19 to orders-0
   +150ms  line 10     cluster  said of orders-0: leader broker 1, ISR 1
   +200ms              the log  @7..9 p1#7..9, @10 nothing, though acked as p1#10, @11..13 p1#11..13
   +200ms  line 9      p1       was told: acked #0..19 @0..19 of orders-0
           line 19     a1       read all of orders-0 from @0 to its end @20
   +300ms  line 11     cluster  said of orders-0: leader broker 2, ISR 2
   +500ms  line 14     c1       was handed @7..9, @11..13; not @10
   +8.50s  line 17     a1       was handed @7..9, @11..13; not @10
)");
}

TEST(explain, shows_ownerships_and_commits_of_the_group_where_they_stand_between_deliveries) {
  Read read(R"({"event":"run","format":1,"run":"r"}
{"event":"producer","producer":"p1"}
{"event":"send","producer":"p1","topic":"orders","partition":0,"sequence":0,"count":10}
{"event":"ack","producer":"p1","topic":"orders","partition":0,"sequence":0,"offset":0,"count":10}
{"event":"consumer","consumer":"c1","group":"g"}
{"event":"assign","consumer":"c1","topic":"orders","partition":0,"position":0}
{"event":"deliver","consumer":"c1","topic":"orders","partition":0,"offset":0,"producer":"p1","sequence":0,"count":8}
{"event":"commit","consumer":"c1","topic":"orders","partition":0,"offset":8,"state":"confirmed"}
{"event":"revoke","consumer":"c1","topic":"orders","partition":0}
{"event":"assign","consumer":"c1","topic":"orders","partition":0,"position":6}
{"event":"deliver","consumer":"c1","topic":"orders","partition":0,"offset":6,"producer":"p1","sequence":6,"count":4}
{"event":"end"}
)");
  ASSERT_EQ(read.judged.findings.size(), 1u);
  const std::string text = read.explained(0);
  EXPECT_EQ(text.find("times are"), std::string::npos) << "nothing has a time";
  const auto lines = text.substr(text.find("line 7"));
  EXPECT_EQ(lines, R"(line 7      c1       was handed @3..7
           line 8      c1       commit of 8 in orders-0 confirmed
           line 9      c1       gave up orders-0
           line 10     c1       owns orders-0 from here, position 6
           line 11     c1       was handed @6..9
)");
}

// Whatever is found, there is something to see, and never more than fifteen lines.
TEST(explain, has_some_lines_for_every_case_of_the_judge) {
  std::set<judge::Kind> kinds;
  for (const auto& entry : std::filesystem::directory_iterator(FIREDRILL_SOURCE_DIR "/tests/judge_cases")) {
    if (entry.path().extension() != ".ndjson") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    Read read({std::istreambuf_iterator<char>(file), {}});
    for (std::size_t i = 0; i < read.judged.findings.size(); ++i) {
      kinds.insert(read.judged.findings[i].kind);
      const std::string text = read.explained(i);
      const auto lines = std::count(text.begin(), text.end(), '\n');
      EXPECT_GE(lines, 4) << entry.path() << "\n" << text;
      EXPECT_LE(lines, 4 + 2 * 15) << entry.path() << "\n" << text;  // a line may be wrapped
    }
  }
  EXPECT_EQ(kinds.size(), judge::kKinds);
}

TEST(explain, a_finding_is_meant_by_its_number_or_by_kind_place_and_offset) {
  const Read read(kLost);
  const auto index = [&](const std::string& wanted) {
    return select_finding(read.judged, read.names, wanted, ".3f9a");
  };
  for (const char* wanted : {"1", "lost:orders-0:10", "lost:orders-0"}) EXPECT_EQ(*index(wanted), 0u) << wanted;
  EXPECT_EQ(index("2").error().what, "there is no finding 2; there is one finding");
  EXPECT_EQ(index("0").error().what, "there is no finding 0; there is one finding");
  EXPECT_EQ(index("lost:orders-0:11").error().what, "there is no finding lost:orders-0:11; there is one finding");
  EXPECT_EQ(index("lost:orders-1:10").error().what, "there is no finding lost:orders-1:10; there is one finding");
  for (const char* wanted : {"", "lost", "lost:orders-0:x", "lost:orders-0:10:11", "-1", "1.5"})
    EXPECT_EQ(index(wanted).error().kind, common::base::ErrorKind::usage) << wanted;
}

TEST(explain, a_topic_may_be_named_without_the_suffix_of_its_run) {
  Names names;
  judge::JudgeResult judged;
  judge::Finding lost;
  lost.where = {names.intern("orders.3f9a"), 2};
  lost.offsets = {{7, 3}};
  judged.findings = {lost};
  for (const char* wanted : {"lost:orders-2:9", "lost:orders.3f9a-2:7"})
    EXPECT_TRUE(select_finding(judged, names, wanted, ".3f9a")) << wanted;
  EXPECT_FALSE(select_finding(judged, names, "lost:orders-2:9", ""));
}

}  // namespace
}  // namespace coordinator::report
