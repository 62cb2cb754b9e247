#include "workloads/kafka/transactions.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

#include <librdkafka/rdkafka.h>

#include "workloads/kafka/partition_list.h"

namespace workloads::kafka {

using common::base::kMillisecond;
using common::base::Nanos;
using common::base::steady_now;

namespace {

constexpr Nanos kGrace = 5 * common::base::kSecond;

int left_ms(Nanos deadline) {
  constexpr Nanos kLongest = INT32_MAX;
  return static_cast<int>(std::clamp<Nanos>((deadline - steady_now()) / kMillisecond, 1, kLongest));
}

struct Told {
  Outcome outcome;
  bool retriable = false;
};

Told take(rd_kafka_error_t* error) {
  if (error == nullptr) return {};
  const Told told{Failure{.code = rd_kafka_error_code(error),
                          .text = rd_kafka_error_string(error),
                          .fatal = rd_kafka_error_is_fatal(error) != 0},
                  rd_kafka_error_is_retriable(error) != 0};
  rd_kafka_error_destroy(error);
  return told;
}

// A call that timed out goes on in the background, and is resumed by calling it again.
template <typename Call>
Outcome persist(Producer& producer, Nanos deadline, const std::stop_token& stop, Call call) {
  constexpr int kPauseMs = 20;                  // some retriable errors come at once
  constexpr Nanos kSlice = 500 * kMillisecond;  // where a stop is to be heard
  for (;;) {
    const Nanos until = stop.stop_possible() ? std::min(deadline, steady_now() + kSlice) : deadline;
    const Told told = take(call(left_ms(until)));
    if (!told.outcome || !told.retriable || steady_now() >= deadline || stop.stop_requested()) return told.outcome;
    rd_kafka_poll(producer.client().native(), kPauseMs);
  }
}

struct Answer {
  bool came = false;
  rd_kafka_error_t* error = nullptr;
};

Answer ask_apart(rd_kafka_t* handle, PartitionList offsets, rd_kafka_consumer_group_metadata_t* member, int ms) {
  struct Call {
    std::mutex mutex;
    std::condition_variable ended;
    Answer answer;
  };
  const auto call = std::make_shared<Call>();
  std::thread([call, handle, list = std::shared_ptr(std::move(offsets)), member, ms] {
    rd_kafka_error_t* error = rd_kafka_send_offsets_to_transaction(handle, list.get(), member, ms);
    if (member != nullptr) rd_kafka_consumer_group_metadata_destroy(member);
    const std::lock_guard lock(call->mutex);
    call->answer = {true, error};
    call->ended.notify_all();
  }).detach();
  std::unique_lock lock(call->mutex);
  call->ended.wait_for(lock, std::chrono::milliseconds(ms) + std::chrono::nanoseconds(kGrace),
                       [&call] { return call->answer.came; });
  return call->answer;
}

}  // namespace

Outcome init_transactions(Producer& producer, Nanos deadline, const std::stop_token& stop) {
  return persist(producer, deadline, stop,
                 [&](int ms) { return rd_kafka_init_transactions(producer.client().native(), ms); });
}

Outcome begin_transaction(Producer& producer) {
  return take(rd_kafka_begin_transaction(producer.client().native())).outcome;
}

Outcome send_offsets(Producer& producer, Consumer& consumer, const std::vector<PartitionOffset>& next_offsets,
                     Nanos deadline) {
  Answer answer;
  const Outcome outcome = persist(producer, deadline, {}, [&](int ms) {
    // Anew each time: a member that was given another generation meanwhile commits as what it is now.
    answer = ask_apart(producer.client().native(), list_of(next_offsets),
                       rd_kafka_consumer_group_metadata(consumer.client().native()), ms);
    return answer.error;
  });
  if (answer.came) return outcome;
  return Failure{.code = RD_KAFKA_RESP_ERR__TIMED_OUT,
                 .text = "send_offsets_to_transaction outlived its own timeout; this client is left behind",
                 .fatal = true,
                 .hung = true};
}

Outcome commit_transaction(Producer& producer, Nanos deadline) {
  return persist(producer, deadline, {},
                 [&](int ms) { return rd_kafka_commit_transaction(producer.client().native(), ms); });
}

Outcome abort_transaction(Producer& producer, Nanos deadline) {
  return persist(producer, deadline, {},
                 [&](int ms) { return rd_kafka_abort_transaction(producer.client().native(), ms); });
}

void flush(Producer& producer, Nanos deadline) {
  rd_kafka_flush(producer.client().native(), left_ms(deadline));
}

}  // namespace workloads::kafka
