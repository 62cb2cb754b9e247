#include "agent/evidence_page.h"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/temporary_folder.h"

namespace agent {
namespace {

struct EvidencePage : testing::Test {
  tests::TemporaryFolder folder;
  const std::string path = folder / "e.fde";
  EvidencePage() { std::ofstream(path) << "0123456789"; }
};

TEST_F(EvidencePage, is_what_was_asked_for_within_what_is_whole) {
  EXPECT_EQ(*read_page(path, 0, 4, 10), "0123");
  EXPECT_EQ(*read_page(path, 4, 100, 8), "4567") << "bytes beyond `end` may be half a frame";
  EXPECT_EQ(*read_page(path, 8, 100, 8), "");
  EXPECT_EQ(*read_page(path, 0, 0, 10), "");
}

TEST_F(EvidencePage, of_a_file_that_is_shorter_than_told_is_an_error) {
  EXPECT_TRUE(read_page(path, 0, 100, 11).has_error());
  EXPECT_TRUE(read_page(folder / "none", 0, 1, 1).has_error());
}

TEST_F(EvidencePage, is_bounded_whatever_is_asked) {
  std::filesystem::resize_file(path, 3 * kLargestPageBytes);
  EXPECT_EQ(read_page(path, 0, 1LL << 60, 3 * kLargestPageBytes)->size(), std::size_t(kLargestPageBytes));
}

}  // namespace
}  // namespace agent
