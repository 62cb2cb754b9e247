#include "agent/faults/process.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/agent/faults/child_process.h"
#include "tests/unit/agent/faults/patience.h"

namespace agent::faults {
namespace {

using common::base::ErrorKind;
using std::chrono::milliseconds;

TEST(Process, is_held_by_its_identity_and_not_by_its_pid) {
  const ChildProcess child;
  const auto process = Process::open(child.pid());
  ASSERT_TRUE(process.has_value()) << process.error().what;
  EXPECT_TRUE(Process::open(process->identity()).has_value());
  ProcessIdentity later = process->identity();
  later.start_time += 1;
  EXPECT_EQ(Process::open(later).error().kind, ErrorKind::not_found) << "the same pid, given to a later process";
  ProcessIdentity other_boot = process->identity();
  other_boot.boot_id = "another";
  EXPECT_EQ(Process::open(other_boot).error().kind, ErrorKind::not_found);
}

TEST(Process, end_is_noticed_and_no_signal_follows) {
  ChildProcess child;
  const auto process = Process::open(child.pid());
  EXPECT_FALSE(process->exited_within(milliseconds(0)));
  ASSERT_TRUE(process->send(SIGKILL).has_value());
  EXPECT_TRUE(process->exited_within(kLong));
  child.end();
  EXPECT_EQ(process->send(SIGKILL).error().kind, ErrorKind::not_found);
  EXPECT_EQ(process->state(), '?');
  EXPECT_EQ(Process::open(process->identity()).error().kind, ErrorKind::not_found);
}

TEST(Process, zombie_has_ended) {
  const ChildProcess child;
  const auto process = Process::open(child.pid());
  child.kill_only();
  ASSERT_TRUE(process->exited_within(kLong));
  EXPECT_EQ(Process::open(child.pid()).error().kind, ErrorKind::not_found);
}

TEST(Process, stopped_one_says_so) {
  const ChildProcess child;
  const auto process = Process::open(child.pid());
  ASSERT_TRUE(process->send(SIGSTOP).has_value());
  int status = 0;
  ASSERT_EQ(waitpid(child.pid(), &status, WUNTRACED), child.pid());
  EXPECT_EQ(process->state(), 'T');
}

TEST(Process, identity_survives_the_way_to_disk_and_back) {
  const ChildProcess child;
  const auto identity = Process::open(child.pid())->identity();
  EXPECT_EQ(*process_identity_from(to_json(identity)), identity);
  auto broken = to_json(identity);
  broken["pid"] = 0;
  EXPECT_TRUE(process_identity_from(broken).has_error());
}

}  // namespace
}  // namespace agent::faults
