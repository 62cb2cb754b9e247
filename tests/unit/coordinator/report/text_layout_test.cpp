#include "coordinator/report/text_layout.h"

#include <gtest/gtest.h>

#include "coordinator/report/live_line.h"

namespace coordinator::report {
namespace {

TEST(TextLayout, lines_break_at_spaces_and_long_words_stay_whole) {
  EXPECT_EQ(wrapped("one two three four", 9, 2), "one two\n  three\n  four");
  EXPECT_EQ(wrapped("short 0123456789abcdef end", 10, 0), "short\n0123456789abcdef\nend");
  EXPECT_EQ(wrapped("", 10, 0), "");
  EXPECT_EQ(wrapped(std::string("one two") + kGlue + "three", 10, 0), "one\ntwo three") << "glue is a space";
}

TEST(TextLayout, columns_count_characters_and_not_bytes) {
  EXPECT_EQ(left("±", 3), "±  ");
  EXPECT_EQ(right("± 1", 5), "  ± 1");
}

TEST(TextLayout, durations_are_compact) {
  EXPECT_EQ(compact(0), "0");
  EXPECT_EQ(compact(12'300'000), "12.3ms");
  EXPECT_EQ(compact(200'000'000'000), "3 min 20 s");
  EXPECT_EQ(since(9'520'000'000), "+9.52s");
  EXPECT_EQ(since(-3'100'000), "-3.10ms");
}

TEST(LiveLine, says_what_is_known_and_nothing_else) {
  LiveState state;
  state.phase = "warmup";
  state.elapsed = 1'200'000'000;
  EXPECT_EQ(live_line(state), "T+1s   warmup | sent 0 acked 0 (0.00/s) in flight 0 | delivered 0");
  state.phase = "fault";
  state.elapsed = 12'000'000'000;
  state.sent = 61'204;
  state.acked = 60'911;
  state.acked_rate = 4'990;
  state.in_flight = 293;
  state.unknown = 2;
  state.delivered = 182'700;
  state.lag = 12;
  state.ack_p50_ms = 4.2;
  state.ack_p99_ms = 31;
  state.waiting_for = "isr == full";
  state.faults = {{"kill-leader", "active", 100'000'000, 7'900'000'000}};
  EXPECT_EQ(
      live_line(state),
      "T+12s  fault until isr == full | sent 61,204 acked 60,911 (4990/s) in flight 293 unknown 2 | delivered 182,700 "
      "lag 12 | ack p50 4.20ms p99 31.0ms | kill-leader felt, 7s left");
}

TEST(LiveLine, before_the_first_phase_it_says_what_is_waited_for_and_counts_nothing) {
  LiveState state;
  state.phase = "setup";
  state.elapsed = 3'000'000'000;
  state.waiting_for = "the topics are there";
  EXPECT_EQ(live_line(state), "T+3s   setup until the topics are there");
}

TEST(LiveLine, a_fault_is_injected_felt_and_reverted) {
  const auto told = [](const LiveFault& fault) {
    LiveState state;
    state.faults = {fault};
    const std::string line = live_line(state);
    return line.substr(line.rfind("| ") + 2);
  };
  constexpr common::base::Nanos kSecond = common::base::kSecond;
  EXPECT_EQ(told({"f", "injecting", 2 * kSecond, 0}), "f injecting, 2s");
  EXPECT_EQ(told({"f", "active", kSecond, 5 * kSecond}), "f felt, 5s left");
  EXPECT_EQ(told({"f", "active", 9 * kSecond, -4 * kSecond}), "f reverting, 4s") << "its `for` is over";
  EXPECT_EQ(told({"f", "reverting", 4 * kSecond, 0}), "f reverting, 4s");
}

}  // namespace
}  // namespace coordinator::report
