#include <cstdio>
#include <cstdlib>
#include <sys/resource.h>
#include <vector>

#include <librdkafka/rdkafka.h>

#include "common/base/clock.h"
#include "tests/bench/workload_bench.h"

namespace workloads {

namespace {

constexpr int kTurn = 500;
constexpr std::int64_t kMostInFlight = 100'000;

rd_kafka_conf_t* conf_with(std::initializer_list<std::pair<const char*, std::string>> properties) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  char text[512];
  for (const auto& [name, value] : properties) {
    if (rd_kafka_conf_set(conf, name, value.c_str(), text, sizeof text) == RD_KAFKA_CONF_OK) continue;
    std::fprintf(stderr, "%s\n", text);
    std::exit(1);
  }
  return conf;
}

rd_kafka_t* open_client(rd_kafka_type_t type, rd_kafka_conf_t* conf) {
  char text[512];
  rd_kafka_t* handle = rd_kafka_new(type, conf, text, sizeof text);
  if (handle != nullptr) return handle;
  std::fprintf(stderr, "%s\n", text);
  std::exit(1);
}

void count_report(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
  if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) ++*static_cast<std::int64_t*>(opaque);
}

}  // namespace

double process_cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

Measured bare_produce(const std::string& bootstrap, const std::string& topic, int partitions, std::int64_t messages) {
  std::int64_t reported = 0;
  const double cpu = process_cpu_seconds();
  const common::base::Nanos began = common::base::steady_now();
  rd_kafka_conf_t* conf = conf_with({{"bootstrap.servers", bootstrap},
                                     {"acks", "all"},
                                     {"enable.idempotence", "true"},
                                     {"linger.ms", "5"},
                                     {"enable.metrics.push", "false"},
                                     {"queue.buffering.max.messages", std::to_string(kMostInFlight)}});
  rd_kafka_conf_set_dr_msg_cb(conf, &count_report);
  rd_kafka_conf_set_opaque(conf, &reported);
  rd_kafka_t* handle = open_client(RD_KAFKA_PRODUCER, conf);
  rd_kafka_topic_t* topic_handle = rd_kafka_topic_new(handle, topic.c_str(), nullptr);
  std::vector<char> value(100, 'x');
  std::vector<rd_kafka_message_t> batch(kTurn);
  for (auto& message : batch) {
    message.payload = value.data();
    message.len = value.size();
  }
  std::int64_t sent = 0;
  for (int partition = 0; sent < messages; partition = (partition + 1) % partitions) {
    while (sent - reported + kTurn > kMostInFlight) rd_kafka_poll(handle, 100);
    sent += rd_kafka_produce_batch(topic_handle, partition, RD_KAFKA_MSG_F_COPY, batch.data(), kTurn);
    rd_kafka_poll(handle, 0);
  }
  while (reported < sent) rd_kafka_poll(handle, 100);
  const double seconds = static_cast<double>(common::base::steady_now() - began) * 1e-9;
  rd_kafka_topic_destroy(topic_handle);
  rd_kafka_destroy(handle);
  return {.seconds = seconds, .cpu_seconds = process_cpu_seconds() - cpu, .messages = reported};
}

Measured bare_consume(const std::string& bootstrap, const std::string& topic, int partitions, std::int64_t messages) {
  const double cpu = process_cpu_seconds();
  const common::base::Nanos began = common::base::steady_now();
  rd_kafka_t* handle = open_client(RD_KAFKA_CONSUMER, conf_with({{"bootstrap.servers", bootstrap},
                                                                 {"group.id", "bare"},
                                                                 {"enable.auto.commit", "false"},
                                                                 {"enable.auto.offset.store", "false"},
                                                                 {"enable.metrics.push", "false"},
                                                                 {"check.crcs", "true"},
                                                                 {"queued.min.messages", "1000000"},
                                                                 {"fetch.queue.backoff.ms", "5"},
                                                                 {"fetch.wait.max.ms", "100"}}));
  rd_kafka_poll_set_consumer(handle);
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(partitions);
  for (int partition = 0; partition < partitions; ++partition)
    rd_kafka_topic_partition_list_add(list, topic.c_str(), partition)->offset = 0;
  rd_kafka_assign(handle, list);
  rd_kafka_topic_partition_list_destroy(list);
  rd_kafka_queue_t* queue = rd_kafka_queue_get_consumer(handle);
  std::vector<rd_kafka_message_t*> batch(1000);
  std::int64_t read = 0;
  while (read < messages) {
    const ssize_t count = rd_kafka_consume_batch_queue(queue, 100, batch.data(), batch.size());
    for (ssize_t i = 0; i < count; ++i) {
      if (batch[i]->err == RD_KAFKA_RESP_ERR_NO_ERROR) ++read;
      rd_kafka_message_destroy(batch[i]);
    }
  }
  const double seconds = static_cast<double>(common::base::steady_now() - began) * 1e-9;
  rd_kafka_queue_destroy(queue);
  rd_kafka_destroy(handle);
  return {.seconds = seconds, .cpu_seconds = process_cpu_seconds() - cpu, .messages = read};
}

}  // namespace workloads
