#include "coordinator/run_directory.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "coordinator/run_state_json.h"
#include "tests/temporary_folder.h"

namespace coordinator {
namespace {

using common::base::ErrorKind;

class RunDirectoryTest : public ::testing::Test {
 protected:
  void touch(const std::string& path) const { std::ofstream out(path); }
  const tests::TemporaryFolder folder_;
  const std::string root_ = folder_.path();
};

RunState full_state() {
  RunState state;
  state.run = "r1";
  state.state = "auditing";
  state.phase = "fault";
  state.step = 3;
  state.cluster_id = "abc";
  state.bootstrap = "127.0.0.1:9092";
  state.started = "2026-11-21T09:30:00.123Z";
  state.anchor_steady_ns = 5;
  state.anchor_wall_ns = 1'800'000'000'000'000'000;
  state.host = "h";
  state.tasks["writer-1"] = {.agent = "a",
                             .url = "http://127.0.0.1:1",
                             .kind = "produce",
                             .request = "{\"id\": 1}",
                             .state = "running",
                             .error = "e",
                             .pulled_bytes = 77,
                             .evidence_complete = true};
  state.infrastructure = {"agent a does not answer"};
  state.aborted = true;
  state.revert_failed = true;
  return state;
}

TEST_F(RunDirectoryTest, a_state_comes_back_as_it_was_and_replaces_the_one_before) {
  const auto run = RunDirectory::create(root_ + "/deep/er", "r1");
  ASSERT_TRUE(run) << run.error().what;
  EXPECT_EQ(run->state().error().kind, ErrorKind::not_found);
  ASSERT_TRUE(run->store(RunState{.run = "r1",
                                  .phase = {},
                                  .cluster_id = {},
                                  .bootstrap = {},
                                  .started = {},
                                  .host = {},
                                  .tasks = {},
                                  .infrastructure = {},
                                  .stopped = {}}));
  ASSERT_TRUE(run->store(full_state()));
  const auto back = run->state();
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_EQ(to_json(*back), to_json(full_state()));
  EXPECT_EQ(back->tasks.at("writer-1").pulled_bytes, 77);
  EXPECT_EQ(back->anchor_wall_ns, 1'800'000'000'000'000'000);
  EXPECT_FALSE(std::filesystem::exists(run->path() + "/run.json.new"));
}

TEST_F(RunDirectoryTest, a_state_that_cannot_be_written_leaves_the_one_before) {
  const auto run = RunDirectory::create(root_, "r1");
  ASSERT_TRUE(run->store(full_state()));
  std::filesystem::create_directory(run->path() + "/run.json.new");  // in the way of the fresh text
  RunState other = full_state();
  other.step = 9;
  EXPECT_FALSE(run->store(other));
  EXPECT_EQ(run->state()->step, 3);
}

TEST_F(RunDirectoryTest, a_broken_state_is_refused_with_every_mistake) {
  const auto run = RunDirectory::create(root_, "r1");
  auto json = to_json(full_state());
  json["step"] = -1;
  json["stat"] = 1;
  json["tasks"]["writer-1"]["pulled_bytes"] = "7";
  std::ofstream(run->path() + "/run.json") << json;
  const auto what = run->state().error().what;
  EXPECT_NE(what.find("run.json"), std::string::npos) << what;
  EXPECT_NE(what.find("`step`"), std::string::npos) << what;
  EXPECT_NE(what.find("`stat` is unknown"), std::string::npos) << what;
  EXPECT_NE(what.find("`tasks.writer-1.pulled_bytes`"), std::string::npos) << what;
}

TEST_F(RunDirectoryTest, a_run_is_created_once_and_opened_only_if_it_is_one) {
  ASSERT_TRUE(RunDirectory::create(root_, "r1"));
  EXPECT_EQ(RunDirectory::create(root_, "r1").error().kind, ErrorKind::conflict);
  EXPECT_EQ(RunDirectory::open(root_).error().kind, ErrorKind::not_found);
  EXPECT_EQ(RunDirectory::open(root_ + "/r1")->path(), root_ + "/r1");
  EXPECT_EQ(RunDirectory::open(root_ + "/r1/")->path(), root_ + "/r1");
}

TEST_F(RunDirectoryTest, evidence_is_read_conductor_first_then_by_name) {
  const auto run = RunDirectory::create(root_, "r1");
  for (const char* task : {"writer-1", "audit", "conductor", "reader-10", "reader-1"}) touch(run->evidence_file(task));
  touch(run->evidence_folder() + "/writer-1.fde.part");
  const auto files = run->evidence_files();
  ASSERT_TRUE(files);
  EXPECT_EQ(*files, (std::vector<std::string>{run->evidence_file("conductor"), run->evidence_file("audit"),
                                              run->evidence_file("reader-1"), run->evidence_file("reader-10"),
                                              run->evidence_file("writer-1")}));
}

TEST_F(RunDirectoryTest, evidence_that_is_missing_or_shorter_than_what_was_pulled_is_named_and_not_judged) {
  const auto run = RunDirectory::create(root_, "r1");
  ASSERT_TRUE(run->store(full_state()));  // 77 bytes of writer-1 were pulled
  const std::string file = run->evidence_file("writer-1");
  EXPECT_EQ(run->evidence_files().error().what, file + " is missing (77 bytes were pulled)");
  std::ofstream(file) << std::string(76, 'x');
  EXPECT_EQ(run->evidence_files().error().what, file + " ends at byte 76, but 77 bytes were pulled");
  std::ofstream(file) << std::string(77, 'x');
  EXPECT_TRUE(run->evidence_files());
}

}  // namespace
}  // namespace coordinator
