#include "coordinator/evidence_pull.h"

#include <csignal>
#include <fstream>
#include <functional>
#include <sys/resource.h>

#include <gtest/gtest.h>

#include "tests/temporary_folder.h"
#include "tests/unit/coordinator/fake_agent.h"

namespace coordinator {
namespace {

using faked::FakeAgent;
using tests::TemporaryFolder;

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class evidence_pull : public ::testing::Test {
 protected:
  void SetUp() override {
    auto made = AgentClient::create(agent_.url());
    ASSERT_TRUE(made.has_value());
    client_ = std::make_unique<AgentClient>(std::move(*made));
    common::protocol::TaskRequest request;
    request.id = "t";
    request.run = "r";
    request.kind = "topics";
    ASSERT_TRUE(client_->create_task(request).has_value());
    original_ = content(agent_folder_.path() + "/t.fde");
    ASSERT_FALSE(original_.empty());
  }
  TemporaryFolder agent_folder_;
  TemporaryFolder folder_;
  FakeAgent agent_{agent_folder_.path()};
  std::unique_ptr<AgentClient> client_;
  std::string original_;
  const std::string copy_ = folder_.path() + "/t.fde";
};

TEST_F(evidence_pull, copy_is_the_original_to_the_byte) {
  auto pull = EvidencePull::open("t", copy_);
  ASSERT_TRUE(pull.has_value());
  const auto result = pull->pull(*client_, 4);
  ASSERT_TRUE(result.has_value()) << result.error().what;
  EXPECT_TRUE(result->complete);
  EXPECT_EQ(content(copy_), original_);
}

TEST_F(evidence_pull, page_that_arrives_damaged_twice_is_asked_for_again) {
  agent_.bend([](auto& b) { b.damaged_pages = 2; });
  auto pull = EvidencePull::open("t", copy_);
  const auto result = pull->pull(*client_, 4);
  ASSERT_TRUE(result.has_value()) << result.error().what;
  EXPECT_TRUE(result->complete);
  EXPECT_EQ(content(copy_), original_);
}

TEST_F(evidence_pull, page_that_is_damaged_three_times_is_an_error_and_nothing_of_it_is_kept) {
  agent_.bend([](auto& b) { b.damaged_pages = 3; });
  auto pull = EvidencePull::open("t", copy_);
  const auto result = pull->pull(*client_, 4);
  ASSERT_TRUE(result.has_error());
  EXPECT_NE(result.error().what.find("evidence page of t at byte 0 is damaged"), std::string::npos)
      << result.error().what;
  EXPECT_EQ(content(copy_), "");
}

TEST_F(evidence_pull, copy_cut_at_any_byte_is_continued_to_the_whole) {
  for (std::size_t cut = 0; cut <= original_.size(); ++cut) {
    std::ofstream(copy_, std::ios::binary | std::ios::trunc) << original_.substr(0, cut);
    auto pull = EvidencePull::open("t", copy_);
    ASSERT_TRUE(pull.has_value()) << cut << ": " << pull.error().what;
    const auto result = pull->pull(*client_, 4);
    ASSERT_TRUE(result.has_value()) << cut << ": " << result.error().what;
    EXPECT_TRUE(result->complete) << cut;
    ASSERT_EQ(content(copy_), original_) << cut;
  }
}

TEST_F(evidence_pull, full_disk_is_an_error_that_keeps_what_was_there) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  auto pull = EvidencePull::open("t", copy_);
  const rlimit tight{original_.size() / 2, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
  const auto refused = pull->pull(*client_, 4);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  ASSERT_TRUE(refused.has_error());
  EXPECT_NE(refused.error().what.find("cannot write evidence to " + copy_), std::string::npos) << refused.error().what;
  EXPECT_EQ(content(copy_), "") << "a page counts as a whole or not at all";
  const auto later = pull->pull(*client_, 4);
  ASSERT_TRUE(later.has_value());
  EXPECT_EQ(content(copy_), original_);
}

TEST_F(evidence_pull, agent_without_answer_is_unreachable_and_not_an_error) {
  auto pull = EvidencePull::open("t", copy_);
  agent_.go_away();
  const auto result = pull->pull(*client_, 4);
  ASSERT_TRUE(result.has_value());
  EXPECT_TRUE(result->unreachable);
  EXPECT_FALSE(result->complete);
}

}  // namespace
}  // namespace coordinator
