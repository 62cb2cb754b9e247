#include "workloads/kafka/producer.h"

#include <vector>

#include <librdkafka/rdkafka.h>

namespace workloads::kafka {

namespace {

Persisted persisted(const rd_kafka_message_t* message) {
  switch (rd_kafka_message_status(message)) {
    case RD_KAFKA_MSG_STATUS_PERSISTED:
      return Persisted::yes;
    case RD_KAFKA_MSG_STATUS_POSSIBLY_PERSISTED:
      return Persisted::possibly;
    case RD_KAFKA_MSG_STATUS_NOT_PERSISTED:
      return Persisted::no;
  }
  return Persisted::possibly;
}

// Sequence numbers travel as the message's opaque pointer: no allocation and no lookup per record.
void* as_pointer(std::int64_t sequence) {
  return reinterpret_cast<void*>(static_cast<std::intptr_t>(sequence));
}

}  // namespace

struct Batch::Records {
  std::vector<rd_kafka_message_t> list;
};

Batch::Batch() : records_(std::make_unique<Records>()) {}
Batch::~Batch() = default;

void Batch::add(std::int32_t partition, std::string_view key, const char* value, std::size_t size,
                std::int64_t sequence) {
  rd_kafka_message_t& record = records_->list.emplace_back();
  record.partition = partition;
  record.key = key.empty() ? nullptr : const_cast<char*>(key.data());  // the C API is not const-correct; it only reads
  record.key_len = key.size();
  record.payload = const_cast<char*>(value);
  record.len = size;
  record._private = as_pointer(sequence);
}

void Batch::clear() {
  records_->list.clear();
}

std::size_t Batch::size() const {
  return records_->list.size();
}

std::int32_t Batch::partition_of(std::size_t index) const {
  return records_->list[index].partition;
}

int Batch::error_of(std::size_t index) const {
  return records_->list[index].err;
}

common::base::Result<std::unique_ptr<Producer>> Producer::create(Conf conf, const std::string& topic,
                                                                 ProducerListener& listener) {
  std::unique_ptr<Producer> producer(new Producer(listener));
  rd_kafka_conf_set_dr_msg_cb(conf.native(), &Producer::on_delivery);
  if (auto set = conf.set("delivery.report.only.error", "false"); !set) return set.error();
  auto client = Client::create(Role::producer, std::move(conf), listener, producer.get());
  if (!client) return client.error();
  producer->client_ = std::move(*client);
  producer->topic_ = rd_kafka_topic_new(producer->client_->native(), topic.c_str(), nullptr);
  if (producer->topic_ == nullptr)
    return common::base::fail(common::base::ErrorKind::configuration, "`" + topic + "` is no name of a topic");
  rd_kafka_queue_t* queue = rd_kafka_queue_get_main(producer->client_->native());
  const std::uint64_t one = 1;
  rd_kafka_queue_io_event_enable(queue, producer->wakeup_.fd(), &one, sizeof one);
  rd_kafka_queue_destroy(queue);
  return producer;
}

Producer::~Producer() {
  if (topic_ != nullptr) rd_kafka_topic_destroy(topic_);
  if (client_ == nullptr) return;
  rd_kafka_queue_t* queue = rd_kafka_queue_get_main(client_->native());
  rd_kafka_queue_io_event_enable(queue, -1, nullptr, 0);  // the descriptor may be somebody else's soon
  rd_kafka_queue_destroy(queue);
}

void Producer::on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
  auto* self = static_cast<Producer*>(Client::owner_of(opaque));
  const bool delivered = message->err == RD_KAFKA_RESP_ERR_NO_ERROR;
  self->listener_.delivered({.partition = message->partition,
                             .sequence = reinterpret_cast<std::intptr_t>(message->_private),
                             .offset = delivered ? self->offsets_.told(message->partition, message->offset) : -1,
                             .value = static_cast<const char*>(message->payload),
                             .size = static_cast<std::int64_t>(message->len + message->key_len),
                             .error = message->err,
                             .status = persisted(message)});
}

std::size_t Producer::send(Batch& batch) {
  auto& list = batch.records_->list;
  if (list.empty()) return 0;
  bool one_partition = true;
  for (const auto& record : list) one_partition = one_partition && record.partition == list.front().partition;
  const int flags = RD_KAFKA_MSG_F_COPY | (one_partition ? 0 : RD_KAFKA_MSG_F_PARTITION);
  return static_cast<std::size_t>(
      rd_kafka_produce_batch(topic_, list.front().partition, flags, list.data(), static_cast<int>(list.size())));
}

void Producer::poll() {
  rd_kafka_poll(client_->native(), 0);
}

void Producer::purge() {
  rd_kafka_purge(client_->native(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
}

bool Producer::fatal() const {
  return rd_kafka_fatal_error(client_->native(), nullptr, 0) != RD_KAFKA_RESP_ERR_NO_ERROR;
}

}  // namespace workloads::kafka
