// Producing with explicit partitions, many records a call, one delivery report each. One thread sends, polls and
// destroys.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "workloads/kafka/client.h"
#include "workloads/kafka/names.h"
#include "workloads/kafka/offsets_told.h"
#include "workloads/kafka/wakeup.h"

struct rd_kafka_s;
struct rd_kafka_message_s;
struct rd_kafka_topic_s;

namespace workloads::kafka {

struct DeliveryReport {
  std::int32_t partition;
  std::int64_t sequence;  // as given to Batch::add
  std::int64_t offset;    // -1: not told
  const char* value;      // the record's own bytes, as they were sent
  std::int64_t size;      // of key and value
  int error;              // 0: none
  Persisted status;
};

class ProducerListener : public ClientListener {
 public:
  virtual void delivered(const DeliveryReport& report) = 0;  // within poll(), on its thread
};

// Records of one send() call. Key and value must stay until then; librdkafka copies them.
class Batch {
 public:
  Batch();
  ~Batch();
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  void add(std::int32_t partition, std::string_view key, const char* value, std::size_t size, std::int64_t sequence);
  void clear();
  std::size_t size() const;
  std::int32_t partition_of(std::size_t index) const;
  int error_of(std::size_t index) const;  // after send(): 0 if it was accepted

 private:
  friend class Producer;
  struct Records;
  std::unique_ptr<Records> records_;
};

class Producer {
 public:
  static common::base::Result<std::unique_ptr<Producer>> create(Conf conf, const std::string& topic,
                                                                ProducerListener& listener);
  ~Producer();  // every report must be in: what is still queued here would vanish without one
  Producer(const Producer&) = delete;
  Producer& operator=(const Producer&) = delete;

  Client& client() { return *client_; }
  Wakeup& wakeup() { return wakeup_; }  // signalled when there is something to poll

  // Hands the records over in order. Number accepted; a record that was not has its error, and when the queue was full
  // every later record has kQueueFull too, so that order is kept.
  std::size_t send(Batch& batch);
  void poll();   // serves delivery reports and problems that are there
  void purge();  // gives up what is queued and in flight; the reports come by poll()
  bool fatal() const;

 private:
  explicit Producer(ProducerListener& listener) : listener_(listener) {}
  static void on_delivery(rd_kafka_s* handle, const rd_kafka_message_s* message, void* opaque);

  ProducerListener& listener_;
  OffsetsTold offsets_;
  std::unique_ptr<Client> client_;
  Wakeup wakeup_;
  rd_kafka_topic_s* topic_ = nullptr;
};

}  // namespace workloads::kafka
