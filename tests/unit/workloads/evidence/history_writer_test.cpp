#include "workloads/evidence/history_writer.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace workloads::evidence {
namespace {

class HistoryLines : public ::testing::Test {
 protected:
  Id id(const char* text) { return names_.intern(text); }
  std::string line(const Event& event) {
    std::string out;
    const bool shown = writer_.append(event, out);
    EXPECT_EQ(shown, !out.empty());
    EXPECT_TRUE(out.empty() || out.back() == '\n');
    if (!out.empty()) {
      out.pop_back();
      EXPECT_TRUE(nlohmann::json::accept(out)) << out;
    }
    return out;
  }
  Names names_;
  HistoryWriter writer_{names_};
  Partition where_{names_.intern("orders"), 3};
};

TEST_F(HistoryLines, run_topic_producer_and_consumer_declare_themselves) {
  EXPECT_EQ(line(RunStart{"r-1"}), R"({"event":"run","format":1,"run":"r-1"})");
  EXPECT_EQ(line(TopicInfo{.topic = id("orders"), .partitions = 6}),
            R"({"event":"topic","topic":"orders","partitions":6,"replication_factor":3,"min_insync_replicas":2,)"
            R"("unclean_leader_election":false,"cleanup_policy":"delete"})");
  EXPECT_EQ(line(ProducerInfo{.producer = id("p"), .host = id("h"), .acks = Acks::one, .idempotence = false}),
            R"({"event":"producer","producer":"p","host":"h","acks":"1","idempotence":false,"max_in_flight":5})");
  EXPECT_EQ(line(ConsumerInfo{.consumer = id("c"), .reset = Reset::latest}),
            R"({"event":"consumer","consumer":"c","isolation":"read_committed","reset":"latest"})");
}

TEST_F(HistoryLines, only_what_is_known_is_told) {
  EXPECT_EQ(line(Send{.producer = id("p"), .where = where_, .sequence = 4}),
            R"({"event":"send","producer":"p","topic":"orders","partition":3,"sequence":4})");
  EXPECT_EQ(
      line(Send{
          .producer = id("p"), .where = where_, .sequence = 4, .count = 9, .at = 7, .transaction = 0, .key = id("k")}),
      R"({"event":"send","producer":"p","topic":"orders","partition":3,"sequence":4,"count":9,"at":7,"transaction":0,"key":"k"})");
  EXPECT_EQ(line(Ack{.producer = id("p"), .where = where_, .sequence = 4, .offset = kNoOffset, .at = 8, .span = 5}),
            R"({"event":"ack","producer":"p","topic":"orders","partition":3,"sequence":4,"offset":null,"at":8})");
  EXPECT_EQ(line(Ack{.producer = id("p"), .where = where_, .sequence = 4, .offset = 10, .count = 2}),
            R"({"event":"ack","producer":"p","topic":"orders","partition":3,"sequence":4,"offset":10,"count":2})");
  EXPECT_EQ(line(Refuse{.producer = id("p"), .where = where_, .sequence = 1, .reason = id("_QUEUE_FULL")}),
            R"({"event":"refuse","producer":"p","topic":"orders","partition":3,"sequence":1,"reason":"_QUEUE_FULL"})");
  EXPECT_EQ(line(Unknown{.producer = id("p"), .where = where_, .sequence = 1, .count = 2, .at = 3}),
            R"({"event":"unknown","producer":"p","topic":"orders","partition":3,"sequence":1,"count":2,"at":3})");
  EXPECT_EQ(line(Transaction{.producer = id("p"), .transaction = 2, .state = TransactionState::commit_asked}),
            R"({"event":"transaction","producer":"p","transaction":2,"state":"commit_asked"})");
}

TEST_F(HistoryLines, a_delivery_tells_what_is_not_as_usual) {
  EXPECT_EQ(
      line(Deliver{
          .consumer = id("c"), .where = where_, .offset = 5, .producer = id("p"), .sequence = 4, .target = where_}),
      R"({"event":"deliver","consumer":"c","topic":"orders","partition":3,"offset":5,"producer":"p","sequence":4})");
  EXPECT_EQ(
      line(Deliver{.consumer = id("c"), .where = where_, .offset = 5, .count = 2}),
      R"({"event":"deliver","consumer":"c","topic":"orders","partition":3,"offset":5,"producer":null,"count":2})");
  EXPECT_EQ(
      line(Deliver{.consumer = id("c"),
                   .where = where_,
                   .offset = 5,
                   .producer = id("p"),
                   .sequence = 4,
                   .target = {id("bills"), 1},
                   .at = 9,
                   .intact = false,
                   .leader_epoch = 0,
                   .within_producer = id("q"),
                   .within_transaction = 8}),
      R"({"event":"deliver","consumer":"c","topic":"orders","partition":3,"offset":5,"producer":"p","sequence":4,)"
      R"("target":{"topic":"bills","partition":1},"at":9,"intact":false,"leader_epoch":0,)"
      R"("within":{"producer":"q","transaction":8}})");
}

TEST_F(HistoryLines, the_life_of_a_consumer) {
  EXPECT_EQ(line(Assign{.consumer = id("c"), .where = where_, .position = 0, .at = 1}),
            R"({"event":"assign","consumer":"c","topic":"orders","partition":3,"position":0,"at":1})");
  EXPECT_EQ(line(Revoke{.consumer = id("c"), .where = where_, .lost = true}),
            R"({"event":"revoke","consumer":"c","topic":"orders","partition":3,"lost":true})");
  EXPECT_EQ(line(Seek{.consumer = id("c"), .where = where_, .offset = 6}),
            R"({"event":"seek","consumer":"c","topic":"orders","partition":3,"offset":6})");
  EXPECT_EQ(
      line(Commit{.consumer = id("c"), .where = where_, .offset = 6, .state = CommitState::confirmed, .at = 2}),
      R"({"event":"commit","consumer":"c","topic":"orders","partition":3,"offset":6,"state":"confirmed","at":2})");
  EXPECT_EQ(
      line(Input{.producer = id("p"), .where = where_, .sequence = 1, .of = {id("in"), 0}, .of_offset = 2}),
      R"({"event":"input","producer":"p","topic":"orders","partition":3,"sequence":1,"of":{"topic":"in","partition":0,"offset":2}})");
  EXPECT_EQ(line(Audit{.consumer = id("a"), .where = where_, .start = 0, .end = 7}),
            R"({"event":"audit","consumer":"a","topic":"orders","partition":3,"start":0,"end":7})");
}

TEST_F(HistoryLines, what_cluster_clocks_and_faults_tell) {
  EXPECT_EQ(line(Sample{.where = where_, .at = 1, .end = 5, .isr_told = true}),
            R"({"event":"sample","topic":"orders","partition":3,"at":1,"end":5,"isr":[]})");
  EXPECT_EQ(
      line(Sample{.where = where_,
                  .at = 1,
                  .host = id("h"),
                  .log_start = 0,
                  .end = 5,
                  .leader = 2,
                  .leader_epoch = 1,
                  .isr_told = true,
                  .isr = {2, 3}}),
      R"({"event":"sample","topic":"orders","partition":3,"at":1,"host":"h","log_start":0,"end":5,"leader":2,"leader_epoch":1,"isr":[2,3]})");
  EXPECT_EQ(line(ClockOffset{.host = id("h"), .offset_ns = -4, .error_ns = 2}),
            R"({"event":"clock","host":"h","offset_ns":-4,"error_ns":2})");
  EXPECT_EQ(
      line(Fault{.fault = id("f"),
                 .kind = id("kill"),
                 .target = id("broker 2"),
                 .state = FaultState::active,
                 .at = 3,
                 .host = id("h"),
                 .proof = id("pid 7 exited")}),
      R"({"event":"fault","fault":"f","kind":"kill","target":"broker 2","state":"active","at":3,"host":"h","proof":"pid 7 exited"})");
  EXPECT_EQ(line(End{}), R"({"event":"end"})");
}

TEST_F(HistoryLines, what_only_binary_evidence_holds_is_left_out) {
  EXPECT_EQ(line(Reserve{}), "");
  EXPECT_EQ(line(Close{}), "");
  EXPECT_EQ(line(Latency{}), "");
  EXPECT_EQ(line(Problem{}), "");
  EXPECT_EQ(line(Phase{}), "");
  EXPECT_EQ(line(Gauge{}), "");
}

TEST_F(HistoryLines, texts_of_strangers_become_valid_json) {
  EXPECT_EQ(line(RunStart{"a\"b\\c\n"}), R"({"event":"run","format":1,"run":"a\"b\\c\n"})");
  EXPECT_EQ(line(Refuse{.producer = id("p"), .where = where_, .reason = id("bad \xff byte")}),
            "{\"event\":\"refuse\",\"producer\":\"p\",\"topic\":\"orders\",\"partition\":3,\"sequence\":0,"
            "\"reason\":\"bad \xef\xbf\xbd byte\"}");
}

}  // namespace
}  // namespace workloads::evidence
