#include "workloads/evidence/message.h"

#include <string>

#include <gtest/gtest.h>

#include "workloads/evidence/crc32c.h"

namespace workloads::evidence {
namespace {

Identity identity() {
  return {.run = 0x1111222233334444,
          .producer = 0x5555666677778888,
          .topic = 0x99aabbcc,
          .partition = 7,
          .sequence = 123'456'789'012,
          .intended_at = 5'000'000'000,
          .sent_at = 5'000'123'000,
          .transaction = 42};
}

std::string value_of(const Identity& identity, std::string_view key, std::size_t size) {
  std::string value(size, 'x');
  write_identity(identity, key, value.data(), value.size());
  return value;
}

TEST(crc32c, gives_the_values_of_rfc_3720) {
  EXPECT_EQ(crc32c(std::string(32, '\0').data(), 32), 0x8a9136aau);
  EXPECT_EQ(crc32c(std::string(32, '\xff').data(), 32), 0x62a8ab43u);
  EXPECT_EQ(crc32c("123456789", 9), 0xe3069283u);
}

TEST(crc32c, parts_chain_and_the_table_agrees_at_every_length) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) bytes.push_back(static_cast<char>(i * 37));
  for (std::size_t n = 0; n <= bytes.size(); ++n) {
    const std::uint32_t whole = crc32c(bytes.data(), n);
    ASSERT_EQ(crc32c_by_table(bytes.data(), n), whole) << n;
    ASSERT_EQ(crc32c(bytes.data() + n / 3, n - n / 3, crc32c(bytes.data(), n / 3)), whole) << n;
  }
}

TEST(message, an_identity_comes_back_as_it_was) {
  for (const std::size_t size : {64u, 65u, 100u, 5000u}) {
    const std::string value = value_of(identity(), "k1", size);
    Identity read;
    ASSERT_EQ(read_identity("k1", value, read), ReadOutcome::intact);
    EXPECT_EQ(read.run, identity().run);
    EXPECT_EQ(read.producer, identity().producer);
    EXPECT_EQ(read.topic, identity().topic);
    EXPECT_EQ(read.partition, 7);
    EXPECT_EQ(read.sequence, 123'456'789'012);
    EXPECT_EQ(read.intended_at, 5'000'000'000);
    EXPECT_EQ(read.sent_at, 5'000'123'000);
    EXPECT_EQ(read.transaction, 42);
  }
}

TEST(message, any_flipped_bit_of_value_or_key_is_seen) {
  const std::string value = value_of(identity(), "key", 100);
  Identity read;
  for (std::size_t at = 0; at < value.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = value;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      EXPECT_EQ(read_identity("key", damaged, read), at < 4 ? ReadOutcome::foreign : ReadOutcome::corrupt) << at;
    }
  }
  EXPECT_EQ(read_identity("kez", value, read), ReadOutcome::corrupt);
  EXPECT_EQ(read_identity("", value, read), ReadOutcome::corrupt);
}

TEST(message, a_value_that_lost_or_gained_bytes_is_corrupt_and_any_other_is_foreign) {
  const std::string value = value_of(identity(), "", 100);
  Identity read;
  for (std::size_t size = 4; size < value.size(); ++size)
    EXPECT_EQ(read_identity("", value.substr(0, size), read), ReadOutcome::corrupt) << size;
  EXPECT_EQ(read_identity("", value + "x", read), ReadOutcome::corrupt);
  EXPECT_EQ(read_identity("", "", read), ReadOutcome::foreign);
  EXPECT_EQ(read_identity("", "FDM", read), ReadOutcome::foreign);
  EXPECT_EQ(read_identity("", std::string(200, 'a'), read), ReadOutcome::foreign);
}

TEST(message, a_send_before_its_time_counts_as_on_time) {
  Identity early = identity();
  early.sent_at = early.intended_at - 1;
  Identity read;
  ASSERT_EQ(read_identity("", value_of(early, "", 64), read), ReadOutcome::intact);
  EXPECT_EQ(read.sent_at, early.intended_at);
}

}  // namespace
}  // namespace workloads::evidence
