// librdkafka's mock cluster for tests of client-side behaviour: it stores and delivers records, but knows nothing of
// replication, idempotence or isolation, and says nothing about Kafka.
#pragma once

#include <string>

#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

namespace workloads {

class MockCluster {
 public:
  explicit MockCluster(int partitions) {
    char text[256];
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "log_level", "0", text, sizeof text);
    handle_ = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text);
    cluster_ = rd_kafka_mock_cluster_new(handle_, 1);
    rd_kafka_mock_topic_create(cluster_, "orders", partitions, 1);
    rd_kafka_mock_group_initial_rebalance_delay_ms(cluster_, 10);
  }
  ~MockCluster() {
    rd_kafka_mock_cluster_destroy(cluster_);
    rd_kafka_destroy(handle_);
  }
  MockCluster(const MockCluster&) = delete;
  MockCluster& operator=(const MockCluster&) = delete;

  void create(const std::string& topic, int partitions) {
    rd_kafka_mock_topic_create(cluster_, topic.c_str(), partitions, 1);
  }
  std::string bootstrap() const { return rd_kafka_mock_cluster_bootstraps(cluster_); }
  void set_down() { rd_kafka_mock_broker_set_down(cluster_, 1); }
  // The next requests of that kind are answered so, before anything is stored.
  void fail_next(int api_key, rd_kafka_resp_err_t error) {
    rd_kafka_mock_push_request_errors(cluster_, static_cast<int16_t>(api_key), 1, error);
  }

 private:
  rd_kafka_t* handle_;
  rd_kafka_mock_cluster_t* cluster_;
};

}  // namespace workloads
