#include <gtest/gtest.h>

#include "agent/faults/fault.h"

namespace agent::faults {
namespace {

TEST(FaultTable, does_what_the_catalogue_describes_and_nothing_else) {
  EXPECT_EQ(fault_kinds().size(), common::protocol::fault_catalogue().size());
  for (const auto* row : common::protocol::fault_catalogue()) {
    const auto* kind = find_fault(row->name);
    ASSERT_NE(kind, nullptr) << row->name;
    EXPECT_EQ(kind->row, row);
    EXPECT_NE(kind->make, nullptr);
    EXPECT_NE(kind->revert, nullptr);
  }
  EXPECT_EQ(find_fault("earthquake"), nullptr);
}

}  // namespace
}  // namespace agent::faults
