#include "agent/faults/command.h"

#include <fcntl.h>

#include <gtest/gtest.h>

#include "agent/faults/durable_file.h"
#include "tests/temporary_folder.h"
#include "tests/unit/agent/faults/patience.h"

namespace agent::faults {
namespace {

using common::base::ErrorKind;
using common::base::Result;

Result<void> nothing(const ProcessIdentity&) {
  return {};
}

TEST(Command, runs_without_a_shell) {
  const tests::TemporaryFolder folder;
  const std::string name = folder / "a b;$HOME";
  ASSERT_TRUE(run_command({"touch", name}, kLong, nothing).has_value());
  EXPECT_TRUE(std::filesystem::exists(name));
}

TEST(Command, failure_tells_its_exit_code_and_last_line) {
  const auto ended = run_command({"sh", "-c", "echo one; echo two >&2; exit 7"}, kLong, nothing);
  ASSERT_TRUE(ended.has_error());
  EXPECT_EQ(ended.error().what, "`sh -c 'echo one; echo two >&2; exit 7'` ended with exit code 7: two");
}

TEST(Command, that_does_not_exist_is_told) {
  const auto ended = run_command({"/no/such/command"}, kLong, nothing);
  ASSERT_TRUE(ended.has_error());
  EXPECT_NE(ended.error().what.find("No such file"), std::string::npos);
}

TEST(Command, is_announced_before_its_first_effect) {
  const tests::TemporaryFolder folder;
  const std::string mark = folder / "mark";
  std::int64_t announced = 0;
  const auto ended =
      run_command({"sh", "-c", "echo $$ > " + mark}, kLong, [&](const ProcessIdentity& child) -> Result<void> {
        announced = child.pid;
        EXPECT_TRUE(Process::open(child).has_value());
        EXPECT_FALSE(std::filesystem::exists(mark));
        return {};
      });
  ASSERT_TRUE(ended.has_value()) << ended.error().what;
  EXPECT_EQ(*read_file(mark), std::to_string(announced) + "\n");
}

TEST(Command, that_could_not_be_announced_executes_nothing) {
  const tests::TemporaryFolder folder;
  const std::string mark = folder / "mark";
  const auto ended = run_command({"touch", mark}, kLong, [](const ProcessIdentity&) -> Result<void> {
    return common::base::fail(ErrorKind::infrastructure, "the disk is full");
  });
  EXPECT_EQ(ended.error().what, "the disk is full");
  EXPECT_FALSE(std::filesystem::exists(mark));
}

TEST(Command, that_does_not_return_is_ended_at_its_deadline) {
  const auto ended = run_command({"sleep", "600"}, std::chrono::milliseconds(50), nothing);
  EXPECT_EQ(ended.error().kind, ErrorKind::timeout);
}

TEST(Command, inherits_no_descriptor_of_ours_and_has_a_session_of_its_own) {
  const tests::TemporaryFolder folder;
  const int inheritable = ::open("/dev/null", O_RDONLY);  // as a library might leave it: without CLOEXEC
  const auto ended = run_command({"sh", "-c",
                                  "ls /proc/$$/fd > " + folder.path() + "/fds; cut -d' ' -f6 /proc/$$/stat > " +
                                      folder.path() + "/session; echo $$ > " + folder.path() + "/pid"},
                                 kLong, nothing);
  close(inheritable);
  ASSERT_TRUE(ended.has_value()) << ended.error().what;
  const auto fds = *read_file(folder / "fds");
  EXPECT_EQ(fds.find(std::to_string(inheritable) + "\n"), std::string::npos) << fds;
  EXPECT_EQ(*read_file(folder / "session"), *read_file(folder / "pid"));
}

TEST(Command, many_lines_of_output_block_nobody) {
  EXPECT_TRUE(run_command({"sh", "-c", "head -c 1000000 /dev/zero 2>/dev/null; exit 0"}, kLong, nothing).has_value());
}

TEST(Command, is_shown_as_a_shell_would_take_it) {
  EXPECT_EQ(shown({"/bin/start", "a b", "it's", ""}), "/bin/start 'a b' 'it'\\''s' ''");
}

}  // namespace
}  // namespace agent::faults
