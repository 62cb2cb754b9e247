#include "workloads/kafka/consumer.h"

#include <algorithm>

#include "workloads/kafka/names.h"
#include "workloads/kafka/partition_list.h"

namespace workloads::kafka {

using common::base::ErrorKind;
using common::base::fail;
using common::base::kMillisecond;
using common::base::Nanos;
using common::base::Result;
using common::base::steady_now;

namespace {
constexpr int kCommittedTimeoutMs = 5'000;

Result<void> checked(int error, const std::string& doing) {
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  return fail(ErrorKind::infrastructure, doing + ": " + error_name(error) + ": " + error_text(error));
}

std::vector<TopicPartition> places_of(const rd_kafka_topic_partition_list_t* list) {
  std::vector<TopicPartition> places;
  for (int i = 0; i < list->cnt; ++i) places.push_back({list->elems[i].topic, list->elems[i].partition});
  return places;
}
}  // namespace

Result<std::unique_ptr<Consumer>> Consumer::create(Conf conf, const std::string& topic, ConsumerListener& listener) {
  std::unique_ptr<Consumer> consumer(new Consumer(listener));
  consumer->topic_ = topic;
  consumer->batch_.resize(kBatch);
  rd_kafka_conf_set_rebalance_cb(
      conf.native(), [](rd_kafka_t* handle, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* partitions,
                        void* opaque) { on_rebalance(handle, code, partitions, opaque); });
  rd_kafka_conf_set_offset_commit_cb(
      conf.native(), [](rd_kafka_t* handle, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* offsets,
                        void* opaque) { on_commit(handle, code, offsets, opaque); });
  auto client = Client::create(Role::consumer, std::move(conf), listener, consumer.get());
  if (!client) return client.error();
  consumer->client_ = std::move(*client);
  rd_kafka_t* handle = consumer->client_->native();
  rd_kafka_poll_set_consumer(handle);
  consumer->queue_ = rd_kafka_queue_get_consumer(handle);
  consumer->commit_queue_ = rd_kafka_queue_new(handle);
  consumer->signal(consumer->wakeup_);
  return consumer;
}

void Consumer::signal(Wakeup& other) {
  const std::uint64_t one = 1;
  for (rd_kafka_queue_t* queue : {queue_, commit_queue_})
    rd_kafka_queue_io_event_enable(queue, other.fd(), &one, sizeof one);
}

Consumer::~Consumer() {
  for (rd_kafka_queue_t* queue : {queue_, commit_queue_}) {
    if (queue == nullptr) continue;
    rd_kafka_queue_io_event_enable(queue, -1, nullptr, 0);  // the descriptor may be somebody else's soon
    rd_kafka_queue_destroy(queue);
  }
}

Result<void> Consumer::subscribe() {
  const PartitionList topics = list_of(std::vector<TopicPartition>{{topic_, RD_KAFKA_PARTITION_UA}});
  return checked(rd_kafka_subscribe(client_->native(), topics.get()), "subscribe to `" + topic_ + "`");
}

Result<void> Consumer::assign(const std::vector<PartitionOffset>& starts) {
  const PartitionList list = list_of(starts);
  listener_.assigned(starts);
  return checked(rd_kafka_assign(client_->native(), list.get()), "assign partitions of `" + topic_ + "`");
}

std::size_t Consumer::poll(std::size_t most) {
  const ssize_t count = rd_kafka_consume_batch_queue(queue_, 0, batch_.data(), std::min(most, batch_.size()));
  // The flag is up before anybody else can be given the partitions, the callback comes after what waits in the queue.
  const bool moot = closing_ || (count > 0 && rd_kafka_assignment_lost(client_->native()) != 0);
  for (ssize_t i = 0; i < count; ++i) {
    const bool of_reading =
        batch_[i]->err == RD_KAFKA_RESP_ERR_NO_ERROR || batch_[i]->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
    if (!moot || (!closing_ && !of_reading)) hand_over(*batch_[i]);
    rd_kafka_message_destroy(batch_[i]);
  }
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

void Consumer::hand_over(const rd_kafka_message_s& message) {
  if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    listener_.record({.partition = message.partition,
                      .offset = message.offset,
                      .leader_epoch = rd_kafka_message_leader_epoch(&message),
                      .key = {static_cast<const char*>(message.key), message.key_len},
                      .value = {static_cast<const char*>(message.payload), message.len}});
  } else if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    listener_.end_of_partition(message.partition, message.offset);
  } else if (message.err == RD_KAFKA_RESP_ERR__FATAL) {
    // A consumer's comes here, not to the error callback: fenced, for instance, by another member of its instance id.
    char cause[512] = "";
    const int code = rd_kafka_fatal_error(client_->native(), cause, sizeof cause);
    listener_.problem(code, cause, true);
  } else {
    listener_.partition_problem(message.rkt == nullptr ? -1 : message.partition, message.err,
                                rd_kafka_message_errstr(&message));
  }
}

void Consumer::on_rebalance(rd_kafka_s*, int code, rd_kafka_topic_partition_list_s* partitions, void* opaque) {
  static_cast<Consumer*>(Client::owner_of(opaque))->rebalance(code, partitions);
}

// The start is fetched here rather than by librdkafka, so that evidence tells the position that is really used.
void Consumer::fill_committed(rd_kafka_topic_partition_list_t* partitions) {
  if (partitions->cnt == 0) return;
  const PartitionList asked(rd_kafka_topic_partition_list_copy(partitions));
  if (rd_kafka_committed(client_->native(), asked.get(), kCommittedTimeoutMs) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  for (int i = 0; i < asked->cnt; ++i) {
    const rd_kafka_topic_partition_t& told = asked->elems[i];
    if (told.err != RD_KAFKA_RESP_ERR_NO_ERROR || told.offset < 0) continue;
    auto* start = rd_kafka_topic_partition_list_find(partitions, told.topic, told.partition);
    if (start == nullptr) continue;
    start->offset = told.offset;
    rd_kafka_topic_partition_set_leader_epoch(start, rd_kafka_topic_partition_get_leader_epoch(&told));
  }
}

void Consumer::rebalance(int code, rd_kafka_topic_partition_list_t* partitions) {
  rd_kafka_t* handle = client_->native();
  const bool cooperative = std::string_view(rd_kafka_rebalance_protocol(handle)) == "COOPERATIVE";
  rd_kafka_error_t* error = nullptr;
  int result = RD_KAFKA_RESP_ERR_NO_ERROR;
  if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    fill_committed(partitions);
    listener_.assigned(offsets_of(partitions));
    if (cooperative) error = rd_kafka_incremental_assign(handle, partitions);
    if (!cooperative) result = rd_kafka_assign(handle, partitions);
  } else {
    listener_.revoking(places_of(partitions), rd_kafka_assignment_lost(handle) != 0);
    if (cooperative) error = rd_kafka_incremental_unassign(handle, partitions);
    if (!cooperative) result = rd_kafka_assign(handle, nullptr);
  }
  if (error != nullptr) {
    result = rd_kafka_error_code(error);
    rd_kafka_error_destroy(error);
  }
  if (result != RD_KAFKA_RESP_ERR_NO_ERROR) listener_.partition_problem(-1, result, "rebalance");
}

void Consumer::on_commit(rd_kafka_s*, int code, rd_kafka_topic_partition_list_s* offsets, void* opaque) {
  if (code == RD_KAFKA_RESP_ERR__NO_OFFSET) return;  // there was nothing to commit
  auto answers = offsets_of(offsets);
  std::erase_if(answers, [](const PartitionOffset& answer) { return answer.offset < 0; });
  for (PartitionOffset& answer : answers)
    if (answer.error == 0) answer.error = code;
  static_cast<Consumer*>(Client::owner_of(opaque))->listener_.committed(answers);
}

void Consumer::commit(const std::vector<PartitionOffset>& next_offsets) {
  const PartitionList list = list_of(next_offsets);
  const std::intptr_t id = ++commits_;
  outstanding_[id] = next_offsets;
  const int refused =
      rd_kafka_commit_queue(client_->native(), list.get(), commit_queue_, nullptr, reinterpret_cast<void*>(id));
  if (refused == RD_KAFKA_RESP_ERR_NO_ERROR) return;
  auto node = outstanding_.extract(id);
  for (PartitionOffset& answer : node.mapped()) answer.error = refused;
  listener_.committed(node.mapped());
}

void Consumer::take_answer(int timeout_ms) {
  rd_kafka_event_t* event = rd_kafka_queue_poll(commit_queue_, timeout_ms);
  if (event == nullptr) return;
  const auto id = reinterpret_cast<std::intptr_t>(rd_kafka_event_opaque(event));
  auto node = outstanding_.extract(id);  // none: given up before, and told as unknown
  if (!node.empty()) {
    auto& answers = node.mapped();
    const auto told = offsets_of(rd_kafka_event_topic_partition_list(event));
    const int error = rd_kafka_event_error(event);
    for (PartitionOffset& answer : answers) {
      answer.error = error;
      for (const PartitionOffset& one : told)
        if (one.where == answer.where && one.error != 0) answer.error = one.error;
    }
    listener_.committed(answers);
  }
  rd_kafka_event_destroy(event);
}

void Consumer::poll_commits() {
  const std::size_t before = outstanding_.size();
  if (before > 0) take_answer(0);
}

void Consumer::take_commits(Nanos deadline) {
  while (!outstanding_.empty()) {
    const Nanos left = deadline - steady_now();
    if (left <= 0) break;
    take_answer(static_cast<int>(std::max<Nanos>(1, left / kMillisecond)));
  }
  while (!outstanding_.empty()) {
    auto node = outstanding_.extract(outstanding_.begin());
    for (PartitionOffset& answer : node.mapped()) answer.error = RD_KAFKA_RESP_ERR__TIMED_OUT;
    listener_.committed(node.mapped());
  }
}

Result<void> Consumer::seek(const std::vector<PartitionOffset>& to, Nanos deadline) {
  const PartitionList list = list_of(to);
  const Nanos left = std::max<Nanos>(1, (deadline - steady_now()) / kMillisecond);
  rd_kafka_error_t* error = rd_kafka_seek_partitions(client_->native(), list.get(), static_cast<int>(left));
  if (error != nullptr) {
    const std::string text = rd_kafka_error_string(error);
    rd_kafka_error_destroy(error);
    return fail(ErrorKind::infrastructure, "seek: " + text);
  }
  for (const PartitionOffset& answer : offsets_of(list.get()))
    if (answer.error != 0) return checked(answer.error, "seek partition " + std::to_string(answer.where.partition));
  return {};
}

void Consumer::close(Nanos deadline) {
  closing_ = true;  // what is still fetched is not delivered any more
  rd_kafka_t* handle = client_->native();
  if (rd_kafka_error_t* error = rd_kafka_consumer_close_queue(handle, queue_)) {
    listener_.partition_problem(-1, rd_kafka_error_code(error), "close");
    rd_kafka_error_destroy(error);
    return;
  }
  while (rd_kafka_consumer_closed(handle) == 0) {
    const Nanos now = steady_now();
    if (now >= deadline) {
      listener_.partition_problem(-1, RD_KAFKA_RESP_ERR__TIMED_OUT, "the consumer did not close in time");
      return;
    }
    poll();
    wakeup_.wait_until(std::min(deadline, now + 10 * kMillisecond));
  }
}

}  // namespace workloads::kafka
