#include "workloads/kafka/transactions.h"

#include <algorithm>
#include <stop_token>

#include <librdkafka/rdkafka.h>

#include "workloads/kafka/partition_list.h"

namespace workloads::kafka {

using common::base::kMillisecond;
using common::base::Nanos;
using common::base::steady_now;

namespace {

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
  const PartitionList list = list_of(next_offsets);
  return persist(producer, deadline, {}, [&](int ms) {
    // Anew each time: a member that was given another generation meanwhile commits as what it is now.
    rd_kafka_consumer_group_metadata_t* member = rd_kafka_consumer_group_metadata(consumer.client().native());
    rd_kafka_error_t* error = rd_kafka_send_offsets_to_transaction(producer.client().native(), list.get(), member, ms);
    if (member != nullptr) rd_kafka_consumer_group_metadata_destroy(member);
    return error;
  });
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
