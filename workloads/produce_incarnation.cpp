#include "workloads/produce_incarnation.h"

#include <algorithm>

#include "common/base/log.h"
#include "workloads/client_property.h"
#include "workloads/kafka/admin.h"
#include "workloads/kafka/statistics.h"

namespace workloads {

using common::base::ErrorKind;
using common::base::fail;
using common::base::hash64;
using common::base::Nanos;
using common::base::Result;

namespace {

constexpr std::int64_t kTurn = 500;  // messages; more gains nothing (librdkafka's batches are its own)
constexpr std::size_t kTurnBytes = std::size_t{1} << 20;

}  // namespace

ProduceIncarnation::ProduceIncarnation(const common::protocol::ProduceSpec& spec, const WorkloadContext& context,
                                       Payload& payload, bool record_keys)
    : spec_(spec),
      context_(context),
      payload_(payload),
      record_keys_(record_keys),
      id_(hash64(context.run + "/" + context.task + "/" + std::to_string(context.clock.now()))),
      name_(evidence::producer_name(id_)),
      run_hash_(hash64(context.run)),
      topic_hash_(static_cast<std::uint32_t>(hash64(spec.topic))),
      turn_limit_(std::clamp<std::int64_t>(static_cast<std::int64_t>(kTurnBytes / payload.largest()), 1, kTurn)),
      values_(static_cast<std::size_t>(turn_limit_) * payload.largest()),
      keys_(static_cast<std::size_t>(turn_limit_)),
      sizes_(static_cast<std::size_t>(turn_limit_)),
      drawn_(static_cast<std::size_t>(spec.partitions)) {}

Result<std::unique_ptr<ProduceIncarnation>> ProduceIncarnation::start(const common::protocol::ProduceSpec& spec,
                                                                      const WorkloadContext& context, Payload& payload,
                                                                      bool record_keys,
                                                                      const Transactional& transactional) {
  std::unique_ptr<ProduceIncarnation> self(new ProduceIncarnation(spec, context, payload, record_keys));
  auto conf = self->conf_of(transactional);
  if (!conf) return conf.error();
  self->declare(*conf);
  auto producer = kafka::Producer::create(std::move(*conf), spec.topic, *self);
  if (!producer) return producer.error();
  self->producer_ = std::move(*producer);
  return self;
}

Result<kafka::Conf> ProduceIncarnation::conf_of(const Transactional& transactional) const {
  auto conf = kafka::Conf::create(spec_.cluster.bootstrap, spec_.cluster.client);
  if (!conf) return conf;
  std::map<std::string, std::string> fields = {
      {"acks", spec_.acks},
      {"enable.idempotence", spec_.idempotence ? "true" : "false"},
      {"compression.type", spec_.compression},
      {"linger.ms", std::to_string(spec_.linger_ms)},
      {"max.in.flight.requests.per.connection", std::to_string(spec_.max_in_flight_requests)},
      {"delivery.timeout.ms", std::to_string(spec_.delivery_timeout_ms)},
      {"queue.buffering.max.messages", std::to_string(spec_.max_in_flight_messages)},
      {"statistics.interval.ms", "1000"},  // for retries
  };
  if (!transactional.id.empty()) {
    fields["transactional.id"] = transactional.id;
    fields["transaction.timeout.ms"] = std::to_string(transactional.timeout_ms);
    // librdkafka wants a request to end before the transaction does.
    const std::int64_t socket_ms = conf->get_number("socket.timeout.ms");
    fields["socket.timeout.ms"] = std::to_string(std::min(socket_ms, transactional.timeout_ms));
  }
  if (auto set = conf->set(fields); !set) return set.error();
  const char* kind = transactional.id.empty() ? "produce" : "transact";
  for (const auto& [name, value] : spec_.properties)
    if (auto chosen = check_may_choose(kind, name); !chosen) return chosen.error();
  if (auto set = conf->set(spec_.properties); !set) return set.error();
  return conf;
}

Result<void> ProduceIncarnation::check_topic(const std::stop_token& stop) {
  kafka::Client& client = producer_->client();
  auto partitions = client.partitions_of(spec_.topic, context_.clock.now() + kConnect, stop);
  if (!partitions) return partitions.error();
  if (*partitions == 0) return fail(ErrorKind::not_found, "topic `" + spec_.topic + "` does not exist");
  if (*partitions != spec_.partitions)
    return fail(ErrorKind::conflict, "topic `" + spec_.topic + "` has " + std::to_string(*partitions) +
                                         " partitions, not " + std::to_string(spec_.partitions));
  if (!payload_.keyed()) return {};
  // Only a compacted topic's judgement needs keys, and a key of its own costs each message an event of its own. If the
  // policy is not told, keys are recorded.
  if (auto config = kafka::Admin(client).topic_config(spec_.topic, kConnect))
    record_keys_ = (*config)["cleanup.policy"].find("compact") != std::string::npos;
  return {};
}

// What counts is what librdkafka was told in the end: properties win over the fields of the spec.
void ProduceIncarnation::declare(const kafka::Conf& conf) {
  evidence::Names& names = context_.evidence.names();
  const evidence::Id producer = names.intern(name_);
  const std::string acks = conf.get("acks");
  const std::string transactional_id = conf.get("transactional.id");
  acks_all_ = acks == "-1" || acks == "all";
  context_.evidence.add(evidence::ProducerInfo{
      .producer = producer,
      .host = names.intern(context_.host),
      .acks = acks_all_ ? evidence::Acks::all : (acks == "0" ? evidence::Acks::zero : evidence::Acks::one),
      .idempotence = conf.get("enable.idempotence") == "true",
      .max_in_flight = static_cast<std::int32_t>(conf.get_number("max.in.flight.requests.per.connection")),
      .transactional_id = transactional_id.empty() ? evidence::kNoId : names.intern(transactional_id)});
  ledger_ = std::make_unique<ProduceLedger>(context_.evidence, producer, names.intern(spec_.topic), spec_.partitions);
  ack_latency_ = std::make_unique<LatencySeconds>(context_.evidence, producer, "ack");
  service_latency_ = std::make_unique<LatencySeconds>(context_.evidence, producer, "service");
  // Our bounds lie within librdkafka's, so that its queue is never full.
  const std::int64_t most = conf.get_number("queue.buffering.max.messages");  // 0: no limit
  most_messages_ = most > 0 ? std::min(spec_.max_in_flight_messages, most) : spec_.max_in_flight_messages;
  most_bytes_ = conf.get_number("queue.buffering.max.kbytes") * 1024;
}

// Within a batch of ours one look at the clock serves 16 messages. Elsewhere nothing says how long ago the last was.
Nanos ProduceIncarnation::batch_now() {
  if (!in_batch_ || calls_++ % 16 == 0) now_ = context_.clock.now();
  return now_;
}

void ProduceIncarnation::begin_batch() {
  in_batch_ = true;
  calls_ = 0;
}

std::int64_t ProduceIncarnation::room() const {
  constexpr std::int64_t kLargestKey = 24;
  const std::int64_t each = static_cast<std::int64_t>(payload_.largest()) + kLargestKey;
  return std::min({turn_limit_, most_messages_ - in_flight(), (most_bytes_ - bytes_in_flight_) / each});
}

Result<std::int64_t> ProduceIncarnation::turn(const Pace& pace, std::int64_t from, std::int64_t count) {
  count = std::min(count, room());
  if (count <= 0) return 0;
  if (auto reserved = reserve(count); !reserved) return reserved.error();
  compose(pace, from, count);
  producer_->send(batch_);
  return settle();
}

// Without keys only the partition whose turn it is gets messages; with keys any of them may get all.
Result<void> ProduceIncarnation::reserve(std::int64_t count) {
  const Nanos now = context_.clock.now();
  if (!payload_.keyed()) return ledger_->reserve(next_partition_, count, now);
  for (std::int32_t partition = 0; partition < spec_.partitions; ++partition)
    if (auto reserved = ledger_->reserve(partition, count, now); !reserved) return reserved;
  return {};
}

void ProduceIncarnation::compose(const Pace& pace, std::int64_t from, std::int64_t count) {
  batch_.clear();
  std::fill(drawn_.begin(), drawn_.end(), 0);
  begin_batch();
  evidence::Identity identity{.run = run_hash_, .producer = id_, .topic = topic_hash_, .transaction = transaction_};
  for (std::int64_t i = 0; i < count; ++i) {
    const auto slot = static_cast<std::size_t>(i);
    identity.partition = next_partition_;
    std::string_view key;
    if (payload_.keyed()) {
      key = keys_[slot] = payload_.next_key();
      identity.partition = static_cast<std::int32_t>(hash64(key) % static_cast<std::uint64_t>(spec_.partitions));
    }
    identity.sent_at = batch_now();
    if (i == 0) turn_at_ = identity.sent_at;
    identity.intended_at = pace.intended(from + i, identity.sent_at);
    compose_one(slot, identity, key);
  }
  in_batch_ = false;
  if (++next_partition_ == spec_.partitions) next_partition_ = 0;
}

void ProduceIncarnation::compose_one(std::size_t slot, evidence::Identity& identity, std::string_view key) {
  char* value = values_.data() + slot * payload_.largest();
  sizes_[slot] = payload_.next_size();
  payload_.fill(value, sizes_[slot]);
  identity.sequence = ledger_->next(identity.partition) + drawn_[identity.partition]++;
  evidence::write_identity(identity, key, value, sizes_[slot]);
  batch_.add(identity.partition, key, value, sizes_[slot], identity.sequence);
}

Result<std::int64_t> ProduceIncarnation::relay(const std::vector<InputPlace>& inputs) {
  std::int64_t left = 0;
  for (std::size_t from = 0; from < inputs.size();) {
    const auto count = std::min(inputs.size() - from, static_cast<std::size_t>(turn_limit_));
    for (std::int32_t partition = 0; partition < spec_.partitions; ++partition)
      if (auto reserved = ledger_->reserve(partition, static_cast<std::int64_t>(count), context_.clock.now());
          !reserved)
        return reserved.error();
    batch_.clear();
    std::fill(drawn_.begin(), drawn_.end(), 0);
    begin_batch();
    evidence::Identity identity{.run = run_hash_, .producer = id_, .topic = topic_hash_, .transaction = transaction_};
    std::vector<evidence::Input> made;
    for (std::size_t i = 0; i < count; ++i) {
      const InputPlace& input = inputs[from + i];
      identity.partition = input.where.partition % static_cast<std::int32_t>(spec_.partitions);
      identity.sent_at = identity.intended_at = batch_now();
      if (i == 0) turn_at_ = identity.sent_at;
      std::string_view key;
      if (payload_.keyed()) key = keys_[i] = payload_.next_key();
      compose_one(i, identity, key);
      made.push_back({.producer = context_.evidence.names().intern(name_),
                      .where = {context_.evidence.names().intern(spec_.topic), identity.partition},
                      .sequence = identity.sequence,
                      .of = input.where,
                      .of_offset = input.offset});
    }
    in_batch_ = false;
    producer_->send(batch_);
    settle();
    for (std::size_t i = 0; i < count; ++i) {
      if (batch_.error_of(i) == 0) context_.evidence.add(made[i]);
      left += batch_.error_of(i) == 0 ? 0 : 1;
    }
    from += count;
  }
  return left;
}

std::int64_t ProduceIncarnation::settle() {
  const Nanos at = turn_at_;
  for (std::size_t i = 0; i < batch_.size(); ++i) {
    const int error = batch_.error_of(i);
    // A full queue is not an outcome: nothing happened, and the same numbers are used again. All later ones failed too.
    if (error == kafka::kQueueFull) return static_cast<std::int64_t>(i);
    if (error == 0) {
      const bool key = record_keys_ && payload_.keyed();
      ledger_->sent(batch_.partition_of(i), at, key ? context_.evidence.names().intern(keys_[i]) : evidence::kNoId,
                    transaction_);
      bytes_in_flight_ += static_cast<std::int64_t>(sizes_[i] + (payload_.keyed() ? keys_[i].size() : 0));
    } else {
      ledger_->refused(batch_.partition_of(i), context_.evidence.names().intern(kafka::error_name(error)), at);
      fatal_ = fatal_ || error == kafka::kFatal;
    }
  }
  return static_cast<std::int64_t>(batch_.size());
}

void ProduceIncarnation::poll() {
  begin_batch();
  producer_->poll();
  in_batch_ = false;
}

void ProduceIncarnation::tick(Nanos now) {
  ledger_->write_open_runs();
  ack_latency_->tick(now);
  service_latency_->tick(now);
}

void ProduceIncarnation::end(Nanos deadline) {
  constexpr Nanos kStep = 100 * common::base::kMillisecond;
  constexpr Nanos kPurge = 5 * common::base::kSecond;
  const auto wait_until = [this](Nanos end_at) {
    while (in_flight() > 0 && context_.clock.now() < end_at) {
      producer_->wakeup().wait_until(std::min(end_at, context_.clock.now() + kStep));
      poll();
      tick(context_.clock.now());
      // A disk that is full now may have room later; what is open stays in memory, and closing tells what is not
      // written.
      (void)context_.evidence.flush();
    }
  };
  wait_until(deadline);
  if (in_flight() > 0) {
    producer_->purge();
    wait_until(context_.clock.now() + kPurge);
  }
  ack_latency_->close();
  service_latency_->close();
  ledger_->close(context_.clock.now());
}

void ProduceIncarnation::delivered(const kafka::DeliveryReport& report) {
  const Nanos at = batch_now();
  bytes_in_flight_ -= report.size;
  const bool acked = report.error == 0 && (!acks_all_ || report.status == kafka::Persisted::yes);
  if (!acked) {
    ledger_->unknown(report.partition, report.sequence, reason_of(report), at);
    return;
  }
  ledger_->acked(report.partition, report.sequence, report.offset, at);
  const evidence::SendTimes times = evidence::send_times(report.value);
  ack_latency_->record(at, at - times.intended_at);
  service_latency_->record(at, at - times.sent_at);
}

evidence::Id ProduceIncarnation::reason_of(const kafka::DeliveryReport& report) {
  const int key = report.error * 4 + static_cast<int>(report.status);
  const auto [it, fresh] = reasons_.try_emplace(key, evidence::kNoId);
  if (fresh) {
    const std::string text = std::string(kafka::error_name(report.error)) + ", " + kafka::status_name(report.status);
    it->second = context_.evidence.names().intern(text);
  }
  return it->second;
}

void ProduceIncarnation::problem(int code, std::string_view text, bool fatal) {
  evidence::Names& names = context_.evidence.names();
  context_.evidence.add(evidence::Problem{.actor = names.intern(name_),
                                          .code = names.intern(kafka::error_name(code)),
                                          .text = names.intern(text),
                                          .at = context_.clock.now()});
  fatal_ = fatal_ || fatal;
}

// librdkafka does not tell how often a message was sent, but how many were, counting each time. What was accepted and
// not sent yet hides as many retries: they are told once the queue is empty, never too many of them.
void ProduceIncarnation::statistics(std::string_view json) {
  const auto transmitted = kafka::messages_transmitted(json);
  if (!transmitted) return;
  retries_ = std::max(retries_, *transmitted - ledger_->accepted());
  evidence::Names& names = context_.evidence.names();
  context_.evidence.add(evidence::Gauge{
      .actor = names.intern(name_), .name = names.intern("retries"), .at = context_.clock.now(), .value = retries_});
}

}  // namespace workloads
