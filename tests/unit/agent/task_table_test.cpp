#include "agent/task_table.h"

#include <fstream>

#include <gtest/gtest.h>

#include "agent/ended_task.h"
#include "tests/temporary_folder.h"
#include "workloads/evidence/segment_writer.h"

namespace agent {
namespace {

namespace base = common::base;
namespace protocol = common::protocol;

struct TaskTableTest : testing::Test {
  tests::TemporaryFolder folder;
  int starts = 0;
  std::string state = "running";
  bool start_fails = false;

  TaskTable table(TaskLimits limits = {}) {
    return TaskTable(
        folder / "tasks", limits,
        [this](const protocol::TaskRequest& request, const TaskFiles&) -> base::Result<std::shared_ptr<Task>> {
          ++starts;
          if (start_fails) return base::fail(base::ErrorKind::configuration, "spec");
          protocol::TaskStatus status;
          status.id = request.id;
          status.run = request.run;
          status.kind = request.kind;
          status.state = state;
          return std::shared_ptr<Task>(std::make_shared<EndedTask>(status));
        });
  }
  static protocol::TaskRequest request(const std::string& id, const std::string& kind = "produce") {
    return {id, "r1", kind, {{"rate", 1}}};
  }
};

TEST_F(TaskTableTest, same_id_and_body_is_started_once) {
  auto tasks = table();
  ASSERT_TRUE(tasks.restore().has_value());
  EXPECT_TRUE(tasks.create(request("t"))->fresh);
  EXPECT_FALSE(tasks.create(request("t"))->fresh);
  EXPECT_EQ(starts, 1);
}

TEST_F(TaskTableTest, same_id_with_another_body_is_a_conflict) {
  auto tasks = table();
  ASSERT_TRUE(tasks.restore().has_value());
  ASSERT_TRUE(tasks.create(request("t")).has_value());
  auto other = request("t");
  other.spec["rate"] = 2;
  EXPECT_EQ(tasks.create(other).error().kind, base::ErrorKind::conflict);
  EXPECT_EQ(tasks.create(request("t", "consume")).error().kind, base::ErrorKind::conflict);
}

TEST_F(TaskTableTest, task_that_cannot_start_leaves_nothing_and_may_be_tried_again) {
  auto tasks = table();
  ASSERT_TRUE(tasks.restore().has_value());
  start_fails = true;
  EXPECT_TRUE(tasks.create(request("t")).has_error());
  EXPECT_TRUE(std::filesystem::is_empty(folder / "tasks"));
  start_fails = false;
  EXPECT_TRUE(tasks.create(request("t")).has_value());
}

TEST_F(TaskTableTest, bounds_on_running_and_on_kept_tasks) {
  auto tasks = table({.kept = 2, .running = 1});
  ASSERT_TRUE(tasks.restore().has_value());
  ASSERT_TRUE(tasks.create(request("t1")).has_value());
  EXPECT_EQ(tasks.create(request("t2")).error().kind, base::ErrorKind::limit);
  state = "done";
  auto ended = table({.kept = 2, .running = 1});
  ASSERT_TRUE(ended.restore().has_value());
  ASSERT_TRUE(ended.create(request("t2")).has_value());
  EXPECT_EQ(ended.create(request("t3")).error().kind, base::ErrorKind::limit);
  ASSERT_TRUE(ended.remove("t2").has_value());
  EXPECT_TRUE(ended.create(request("t3")).has_value());
}

TEST_F(TaskTableTest, what_did_not_end_by_itself_is_lost_and_what_did_is_as_it_was) {
  {
    auto tasks = table();
    ASSERT_TRUE(tasks.restore().has_value());
    ASSERT_TRUE(tasks.create(request("ran")).has_value());
    ASSERT_TRUE(tasks.create(request("ended")).has_value());
    auto status = tasks.find("ended")->status();
    status.state = "done";
    status.progress["sent"] = 7;
    ASSERT_TRUE(tasks.files("ended").save_status(status).has_value());
  }
  auto tasks = table();
  ASSERT_TRUE(tasks.restore().has_value());
  EXPECT_EQ(tasks.find("ran")->status().state, "lost");
  EXPECT_TRUE(tasks.find("ran")->status().evidence_complete);
  EXPECT_EQ(tasks.find("ended")->status().state, "done");
  EXPECT_EQ(tasks.find("ended")->status().progress["sent"], 7);
  EXPECT_FALSE(tasks.create(request("ran"))->fresh) << "it is known by its body still";
}

TEST_F(TaskTableTest, folder_without_a_readable_request_is_left_alone) {
  std::filesystem::create_directories(folder / "tasks/strange");
  std::ofstream(folder / "tasks/strange/request.json") << "{";
  auto tasks = table();
  ASSERT_TRUE(tasks.restore().has_value());
  EXPECT_FALSE(tasks.find("strange"));
  EXPECT_TRUE(std::filesystem::exists(folder / "tasks/strange/request.json"));
}

TEST_F(TaskTableTest, running_or_dirty_tasks_are_not_removed) {
  auto tasks = table();
  ASSERT_TRUE(tasks.restore().has_value());
  ASSERT_TRUE(tasks.create(request("t1")).has_value());
  EXPECT_EQ(tasks.remove("t1").error().kind, base::ErrorKind::conflict);
  state = "revert_failed";
  ASSERT_TRUE(tasks.create(request("t2")).has_value());
  EXPECT_EQ(tasks.remove("t2").error().kind, base::ErrorKind::conflict);
  EXPECT_EQ(tasks.remove("t3").error().kind, base::ErrorKind::not_found);
}

TEST_F(TaskTableTest, revert_by_somebody_else_completes_the_evidence) {
  auto tasks = table();
  ASSERT_TRUE(tasks.restore().has_value());
  state = "lost";
  ASSERT_TRUE(tasks.create(request("f", "kill")).has_value());
  auto writer = workloads::evidence::SegmentWriter::create(tasks.files("f").evidence_path());
  ASSERT_TRUE((*writer)->close().has_value());
  const auto before = tasks.files("f").evidence_bytes();
  faults::UndoRecord record;
  record.task = "f";
  record.state = "revert_failed";
  record.proof = "does not start";
  EXPECT_FALSE(tasks.settle(record, "h")) << "the record is still needed";
  EXPECT_EQ(tasks.find("f")->status().state, "revert_failed");
  EXPECT_EQ(tasks.find("f")->status().error, "does not start");
  record.state = "reverted";
  record.reverting_at = 1;
  record.ended_at = 2;
  EXPECT_TRUE(tasks.settle(record, "h"));
  EXPECT_EQ(tasks.find("f")->status().state, "failed");
  EXPECT_GT(tasks.files("f").evidence_bytes(), before);
}

TEST_F(TaskTableTest, record_that_was_only_planned_needs_no_evidence) {
  auto tasks = table();
  ASSERT_TRUE(tasks.restore().has_value());
  state = "lost";
  ASSERT_TRUE(tasks.create(request("f", "kill")).has_value());
  faults::UndoRecord record;
  record.task = "f";
  record.state = "reverted";
  EXPECT_TRUE(tasks.settle(record, "h"));
  EXPECT_EQ(tasks.find("f")->status().state, "lost");
}

TEST_F(TaskTableTest, closed_takes_no_further_task) {
  auto tasks = table();
  ASSERT_TRUE(tasks.restore().has_value());
  ASSERT_TRUE(tasks.create(request("t1")).has_value());
  tasks.close();
  EXPECT_EQ(tasks.create(request("t2")).error().kind, base::ErrorKind::conflict);
  EXPECT_TRUE(tasks.create(request("t1")).has_value());
}

}  // namespace
}  // namespace agent
