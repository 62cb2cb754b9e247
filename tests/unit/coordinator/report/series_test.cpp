// What is kept over time: bounded, and true at its borders.
#include "coordinator/report/series.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "coordinator/report/levels.h"
#include "coordinator/report/series_json.h"
#include "coordinator/report/windows.h"
#include "tests/unit/coordinator/report/made_evidence.h"

namespace coordinator::report {
namespace {

using common::base::kSecond;
using common::base::Nanos;

TEST(Series, has_a_thousand_points_at_most_however_long_the_run) {
  EXPECT_EQ(SeriesRecorder(0, 10 * kSecond).take().points.size(), 11u);
  for (const Nanos length :
       {999 * kSecond, 1'000 * kSecond, 86'400 * kSecond, 7 * 86'400 * kSecond, 400 * 86'400 * kSecond}) {
    const Series series = SeriesRecorder(0, length).take();
    EXPECT_LE(series.points.size(), 1'001u) << length;
    EXPECT_GE(static_cast<Nanos>(series.points.size()) * series.step, length);
  }
}

TEST(Series, counts_what_happened_in_its_time) {
  MadeEvidence made;
  made.topic(1);
  made.phase("steady", 0);
  made.producer("p1");
  made.consumer("c1", "readers");
  for (std::int64_t i = 0; i < 40; ++i) {
    made.send("p1", 0, i, i * 100);
    made.ack("p1", 0, i, i * 100 + 5);
  }
  made.deliver("c1", 0, 0, 2'500, 7);
  made.lag("readers", 0, 1'200, 30);
  made.lag("readers", 0, 1'800, 12);
  made.latency("p1", "ack", 1, 20, 1'000);
  workloads::evidence::Problem problem;
  problem.actor = made.id("p1");
  problem.text = made.id("down");
  problem.at = ms(3'100);
  made.add(problem);
  for (const std::int64_t so_far : {2, 2, 9})
    made.add(workloads::evidence::Gauge{made.id("p1"), made.id("retries"), {}, ms(so_far == 9 ? 2'100 : 900), so_far});

  const auto series = series_json(made.measure().series, 0);
  EXPECT_EQ(series["step_ns"], kSecond);
  EXPECT_EQ(series["acked_per_s"], (std::vector<double>{10, 10, 10, 10}));
  EXPECT_EQ(series["delivered_per_s"], (std::vector<double>{0, 0, 7, 0}));
  EXPECT_EQ(series["errors_per_s"], (std::vector<double>{0, 0, 0, 1}));
  EXPECT_EQ(series["retries_per_s"].dump(), "[2.0,null,7.0,null]");
  EXPECT_EQ(series["lag"].dump(), "[null,30,null,null]");
  EXPECT_TRUE(series["ack_p99_ns"][0].is_null());
  EXPECT_GE(series["ack_p99_ns"][1], ms(20));
}

TEST(Levels, a_slice_has_what_it_began_with_and_all_that_was_told_in_it) {
  LevelRecorder recorder(0, kSecond);
  recorder.tell(ms(150), 7);
  recorder.tell(ms(350), 3);
  recorder.tell(ms(390), 9);
  const Levels levels = recorder.take();
  ASSERT_EQ(levels.all.size(), 11u);
  EXPECT_EQ(levels.all[0].high, -1) << "nothing was told yet";
  EXPECT_EQ(levels.all[1].low, 7);
  EXPECT_FALSE(levels.all[2].told());
  EXPECT_EQ(levels.all[2].low, 7);
  EXPECT_EQ(levels.all[3].low, 3);
  EXPECT_EQ(levels.all[3].high, 9);
  EXPECT_EQ(levels.all[10].low, 9);
  EXPECT_LE(LevelRecorder(0, 30 * 86'400 * kSecond).take().all.size(), 20'001u);
}

TEST(Levels, the_largest_falls_when_the_number_that_was_it_falls) {
  Largest largest;
  EXPECT_EQ(largest.replace(-1, 5), 5);
  EXPECT_EQ(largest.replace(-1, 9), 9);
  EXPECT_EQ(largest.replace(9, 2), 5);
  EXPECT_EQ(largest.replace(5, 0), 2);
}

TEST(Windows, a_moment_is_in_all_that_have_begun_and_not_ended) {
  const Windows windows({{0, 10}, {10, 30}, {5, 15}, {7, 7}});
  EXPECT_TRUE(windows.at(-1).empty());
  EXPECT_EQ(windows.at(0), (std::vector<std::size_t>{0}));
  EXPECT_EQ(windows.at(7), (std::vector<std::size_t>{0, 2}));
  EXPECT_EQ(windows.at(10), (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(windows.at(15), (std::vector<std::size_t>{1}));
  EXPECT_TRUE(windows.at(30).empty());
}

}  // namespace
}  // namespace coordinator::report
