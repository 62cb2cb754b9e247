#include "agent/faults/probe.h"

#include <memory>
#include <thread>

#include <gtest/gtest.h>

#include "tests/unit/agent/faults/loopback_listener.h"
#include "tests/unit/agent/faults/patience.h"

namespace agent::faults {
namespace {

using std::chrono::milliseconds;
using std::string_literals::operator""s;

TEST(Probe, broker_that_answers_is_well) {
  const LoopbackListener listener;
  std::string asked;
  std::jthread broker([&] { asked = listener.answer_once("\0\0\0\x0a"s + "\x46\x49\x72\x65"s + "\0\0\0\0\0\0"s); });
  const auto look = probe(listener.address(), kLong);
  broker.join();
  EXPECT_EQ(look.outcome, Probe::Outcome::answered) << look.what;
  EXPECT_EQ(asked, "\0\0\0\x13\0\x12\0\0\x46\x49\x72\x65\0\x09"s + "firedrill");
}

TEST(Probe, frozen_broker_accepts_and_is_silent) {
  const LoopbackListener listener;  // the kernel accepts; nobody reads
  EXPECT_EQ(probe(listener.address(), milliseconds(50)).outcome, Probe::Outcome::silent);
}

TEST(Probe, nobody_there_refuses) {
  auto listener = std::make_unique<LoopbackListener>();
  const std::string address = listener->address();
  listener.reset();
  const auto look = probe(address, kLong);
  EXPECT_EQ(look.outcome, Probe::Outcome::refused);
  EXPECT_EQ(look.what, address + " refuses connections");
}

TEST(Probe, other_server_or_one_that_hangs_up_is_no_broker) {
  for (const auto& answer : {"HTTP/1.1 400 Bad Request\r\n"s, ""s, "\0\0"s}) {
    const LoopbackListener listener;
    std::jthread other([&] { listener.answer_once(answer); });
    EXPECT_EQ(probe(listener.address(), kLong).outcome, Probe::Outcome::broken) << answer;
  }
}

TEST(Probe, address_is_cut_at_its_last_colon) {
  EXPECT_EQ(split_address("h:9092").port, "9092");
  EXPECT_EQ(split_address("[::1]:9092").host, "::1");
  for (const char* wrong : {"", "h", "h:", ":1", "h:0", "h:65536", "h:1x", "h:-1"})
    EXPECT_EQ(split_address(wrong).port, "") << wrong;
}

}  // namespace
}  // namespace agent::faults
