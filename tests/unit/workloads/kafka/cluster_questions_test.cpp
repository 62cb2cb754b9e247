#include "workloads/kafka/cluster_questions.h"

#include <gtest/gtest.h>

namespace workloads::kafka {
namespace {

std::string quorum_answer(int error, int partition_error) {
  WireWriter body;
  body.int16(static_cast<std::int16_t>(error)).compact_count(1).compact_string("__cluster_metadata").compact_count(1);
  body.int32(0).int16(static_cast<std::int16_t>(partition_error)).int32(3001).int32(17);
  body.int32(0).int32(40).compact_count(2);  // the high watermark, then two voters, each with its own end
  for (const std::int32_t voter : {3001, 3002}) body.int32(voter).int32(0).int32(40).no_tags();
  return body.bytes();
}

TEST(cluster_questions, the_request_is_framed_as_kafka_wants_it) {
  const std::string bytes = frame(describe_quorum_request(), 7);
  WireReader reader(bytes);
  EXPECT_EQ(reader.int32(), static_cast<std::int32_t>(bytes.size()) - 4);
  EXPECT_EQ(reader.int16(), 55);
  EXPECT_EQ(reader.int16(), 0);
  EXPECT_EQ(reader.int32(), 7);
  EXPECT_EQ(reader.string(), "firedrill");
  reader.skip_tags();
  EXPECT_EQ(reader.compact_count(), 1);
  EXPECT_EQ(reader.compact_string(), "__cluster_metadata");
  EXPECT_TRUE(reader.ok());
}

TEST(cluster_questions, the_controller_is_read_from_the_answer) {
  const auto leader = parse_quorum(quorum_answer(0, 0));
  ASSERT_TRUE(leader);
  EXPECT_EQ(leader->controller, 3001);
  EXPECT_EQ(leader->epoch, 17);
  EXPECT_EQ(leader->voters, (std::vector<std::int32_t>{3001, 3002}));
}

TEST(cluster_questions, an_error_or_an_answer_cut_anywhere_names_no_controller) {
  EXPECT_EQ(parse_quorum(quorum_answer(41, 0)).error().what, "DescribeQuorum: NOT_CONTROLLER");
  EXPECT_TRUE(parse_quorum(quorum_answer(0, 6)).has_error());
  const std::string whole = quorum_answer(0, 0);
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_TRUE(parse_quorum(whole.substr(0, size)).has_error()) << size;
}

TEST(cluster_questions, coordinator_and_groups_are_read_from_their_answers) {
  WireWriter found;
  found.int16(0).int32(2).string("host-2").int32(9092);
  const auto coordinator = parse_coordinator(found.bytes());
  ASSERT_TRUE(coordinator);
  EXPECT_EQ(coordinator->host, "host-2");
  WireWriter of_transactions;
  of_transactions.int32(0).int16(0).string("NONE").int32(3).string("host-3").int32(9093);
  const auto decides = parse_transaction_coordinator(of_transactions.bytes());
  ASSERT_TRUE(decides);
  EXPECT_EQ(decides->id, 3);
  EXPECT_EQ(decides->host, "host-3");
  WireWriter classic;
  classic.int32(1).int16(0).string("g").string("Stable").string("consumer").string("range").int32(3);
  EXPECT_EQ(parse_classic(classic.bytes())->members, 3);
  WireWriter modern;
  modern.int32(0).compact_count(1).int16(0).compact_string("").compact_string("g").compact_string("Stable");
  modern.int32(5).int32(5).compact_string("uniform").compact_count(2);
  const auto state = parse_consumer(modern.bytes());
  ASSERT_TRUE(state);
  EXPECT_EQ(state->state, "Stable");
  EXPECT_EQ(state->members, 2);
}

std::string metadata_answer() {
  WireWriter body;
  body.int32(0).int32(1).int32(7).string("host-7").int32(9092).string("rack");
  body.string("cluster").int32(7).int32(2);
  body.int16(0).string("orders").int8(0).int32(1);
  body.int16(5).int32(3).int32(-1).int32(17).int32(2).int32(7).int32(8).int32(1).int32(8).int32(1).int32(7);
  body.int16(3).string("gone").int8(0).int32(0);
  return body.bytes();
}

TEST(cluster_questions, leaders_are_read_with_their_epochs_and_unknown_topics_are_left_out) {
  const auto topics = parse_metadata(metadata_answer());
  ASSERT_TRUE(topics);
  ASSERT_EQ(topics->size(), 1u);
  ASSERT_EQ(topics->at(0).partitions.size(), 1u);
  const PartitionState& state = topics->at(0).partitions[0];
  EXPECT_EQ(state.partition, 3);
  EXPECT_EQ(state.leader, -1);
  EXPECT_EQ(state.leader_epoch, 17);
  EXPECT_EQ(state.replicas, (std::vector<std::int32_t>{7, 8}));
  EXPECT_EQ(state.isr, (std::vector<std::int32_t>{8}));
  const std::string whole = metadata_answer();
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_TRUE(parse_metadata(whole.substr(0, size)).has_error()) << size;
}

TEST(cluster_questions, nobody_at_the_address_is_an_error_not_a_wait) {
  EXPECT_TRUE(quorum_leader("127.0.0.1", 1, common::base::kSecond).has_error());
}

}  // namespace
}  // namespace workloads::kafka
