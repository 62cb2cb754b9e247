#include "workloads/transact_incarnation.h"

#include <algorithm>

#include "workloads/kafka/names.h"

namespace workloads {

using common::base::ErrorKind;
using common::base::fail;
using common::base::kMillisecond;
using common::base::kSecond;
using common::base::Nanos;
using common::base::Result;
using evidence::CommitState;
using evidence::TransactionState;

namespace {
constexpr Nanos kTakeOver = 30 * kSecond;  // of the transactional id: its coordinator may be moving
constexpr Nanos kSeek = 10 * kSecond;
}  // namespace

Result<std::unique_ptr<TransactIncarnation>> TransactIncarnation::start(const common::protocol::TransactSpec& spec,
                                                                        const WorkloadContext& context,
                                                                        Payload& payload, TransactPlan& plan,
                                                                        const std::stop_token& stop) {
  std::unique_ptr<TransactIncarnation> self(new TransactIncarnation(spec, context, plan));
  const std::string id = spec.transactional_id.empty() ? context.run + "." + context.task : spec.transactional_id;
  auto producer = ProduceIncarnation::start(spec.produce, context, payload, true, {id, spec.timeout_ms});
  if (!producer) return producer.error();
  self->producer_ = std::move(*producer);
  self->name_ = context.evidence.names().intern(self->producer_->name());
  Result<void> begun = self->producer_->check_topic(stop);
  if (begun) {
    const auto taken = kafka::init_transactions(self->producer_->producer(), context.clock.now() + kTakeOver, stop);
    if (taken) {
      self->note(*taken);
      begun = fail(ErrorKind::infrastructure, "transactional id `" + id + "` is not taken over: " + taken->text);
    }
  }
  if (begun && spec.processes()) {
    self->input_ = context.evidence.names().intern(spec.consume.topic);
    auto consumer = ConsumeIncarnation::start(spec.consume, context, stop, self.get());
    if (consumer) {
      self->consumer_ = std::move(*consumer);
      self->consumer_->consumer().signal(self->wakeup());
    } else {
      begun = consumer.error();
    }
  }
  if (begun) return self;
  self->kill();
  return begun.error();
}

// What hangs in librdkafka uses the handle and all that the handle knows; a few threads and buffers are the price.
TransactIncarnation::~TransactIncarnation() {
  if (hung_) (void)producer_.release();
}

bool TransactIncarnation::unusable() const {
  return broken_ || producer_->unusable() || (consumer_ != nullptr && consumer_->unusable());
}

kafka::Wakeup& TransactIncarnation::wakeup() {
  return producer_->producer().wakeup();
}

Nanos TransactIncarnation::due_at() const {
  return open_ ? begun_at_ + spec_.span_ms * kMillisecond : INT64_MAX;
}

std::map<std::int32_t, std::int64_t> TransactIncarnation::settled_positions() const {
  std::map<std::int32_t, std::int64_t> positions;
  if (consumer_ == nullptr) return positions;
  for (const auto& [partition, stream] : std::as_const(*consumer_).ledger().streams()) {
    positions[partition] = stream.next;
    for (const auto* earlier : {&first_, &owed_})
      if (const auto it = earlier->find(partition); it != earlier->end())
        positions[partition] = std::min(positions[partition], it->second);
  }
  return positions;
}

// ---- what a transaction holds ------------------------------------------------------------------------------------

bool TransactIncarnation::begin() {
  if (open_) return true;
  if (unusable()) return false;
  if (const auto failed = kafka::begin_transaction(producer_->producer())) {
    note(*failed);
    broken_ = true;
    return false;
  }
  open_ = true;
  ++number_;
  messages_ = 0;
  incomplete_ = false;
  unknown_before_ = producer_->ledger().unknown_count();
  refused_before_ = producer_->ledger().refused_count();
  begun_at_ = context_.clock.now();
  producer_->within(number_);
  if (consumer_ != nullptr) consumer_->ledger().within(name_, number_);
  context_.evidence.add(evidence::Transaction{
      .producer = name_, .transaction = number_, .state = TransactionState::begun, .at = begun_at_});
  return true;
}

Result<std::int64_t> TransactIncarnation::turn(const Pace& pace, std::int64_t from, std::int64_t count) {
  count = std::min(count, spec_.messages - (open_ ? messages_ : 0));
  if (count <= 0 || !begin()) return 0;
  auto settled = producer_->turn(pace, from, count);
  if (settled) messages_ += *settled;
  return settled;
}

Result<std::int64_t> TransactIncarnation::process() {
  const std::int64_t room = spec_.messages - (open_ ? messages_ : 0);
  if (room <= 0) return 0;
  const std::size_t handled = consumer_->poll(static_cast<std::size_t>(room));
  if (auto relayed = relay(); !relayed) return relayed.error();
  come_back();
  if (!written_) return written_.error();
  return static_cast<std::int64_t>(handled);
}

// What has to be come back to must not be passed: its partition is silent until the seek is done.
bool TransactIncarnation::take(const kafka::Record& record) {
  if (owed_.contains(record.partition) || !begin()) return false;
  inputs_.push_back({{input_, record.partition}, record.offset});
  first_.try_emplace(record.partition, record.offset);
  ++messages_;
  return true;
}

Result<void> TransactIncarnation::relay() {
  if (inputs_.empty()) return {};
  auto left = producer_->relay(inputs_);
  inputs_.clear();
  if (!left) return left.error();
  if (*left > 0 && !incomplete_)
    note(
        {.code = kafka::kQueueFull, .text = "outputs did not fit into the client's queue: the transaction is aborted"});
  incomplete_ = incomplete_ || *left > 0;
  return {};
}

// Called within poll(); the records of its batch come after this.
void TransactIncarnation::give_up(bool lost) {
  if (!open_ || !written_) return;
  written_ = relay();
  if (written_) written_ = finish(lost);
}

// ---- how it ends -------------------------------------------------------------------------------------------------

Result<void> TransactIncarnation::end_due(Nanos now) {
  if (!open_ || !(messages_ >= spec_.messages || now >= due_at())) return {};
  auto finished = finish(false);
  if (finished) come_back();
  return finished;
}

// Reports come first, also before an abort: what is aborted stands in the log then, so that readers have something to
// be spared, and nothing of it is on its way when the next transaction begins.
Result<void> TransactIncarnation::finish(bool abort) {
  const bool planned = plan_.next_aborts();
  const Nanos deadline = context_.clock.now() + spec_.timeout_ms * kMillisecond;
  while (producer_->in_flight() > 0 && !producer_->unusable() && context_.clock.now() < deadline)
    kafka::flush(producer_->producer(), std::min(deadline, context_.clock.now() + 100 * kMillisecond));
  const ProduceLedger& books = producer_->ledger();
  const bool failed = producer_->in_flight() > 0 || books.unknown_count() > unknown_before_ ||
                      books.refused_count() > refused_before_ || producer_->unusable();
  const Nanos answer_by = context_.clock.now() + spec_.timeout_ms * kMillisecond;
  const bool gives_up = abort || planned || failed || incomplete_ || !send_offsets(answer_by);
  Result<void> written;
  if (hung_) {
    written = give_up_on_hung();
  } else if (gives_up) {
    broken_ = broken_ || producer_->in_flight() > 0;
    written = this->abort(answer_by);
  } else {
    written = commit(answer_by);
  }
  close_transaction();
  return written;
}

bool TransactIncarnation::send_offsets(Nanos deadline) {
  if (consumer_ == nullptr || first_.empty()) return true;
  const Nanos at = context_.clock.now();
  for (const auto& [partition, first] : first_) {
    const auto stream = consumer_->ledger().streams().find(partition);
    if (stream == consumer_->ledger().streams().end()) continue;  // cannot be: a revocation ends the transaction
    offsets_.push_back({.where = {spec_.consume.topic, partition},
                        .offset = stream->second.next,
                        .leader_epoch = stream->second.leader_epoch});
    consumer_->ledger().committed(partition, stream->second.next, CommitState::asked, at);
  }
  const auto failed = kafka::send_offsets(producer_->producer(), consumer_->consumer(), offsets_, deadline);
  if (failed) note(*failed);
  hung_ = failed && failed->hung;
  return !failed;
}

Result<void> TransactIncarnation::give_up_on_hung() {
  broken_ = true;
  ++ended_.unknown;
  answer_offsets(CommitState::unknown);
  return note(TransactionState::unknown);
}

Result<void> TransactIncarnation::commit(Nanos deadline) {
  if (auto asked = note(TransactionState::commit_asked); !asked) {
    broken_ = true;  // nothing was asked of Kafka either
    return asked;
  }
  const auto failed = kafka::commit_transaction(producer_->producer(), deadline);
  if (failed) note(*failed);
  broken_ = broken_ || failed;
  ++(failed ? ended_.unknown : ended_.committed);
  answer_offsets(failed ? CommitState::unknown : CommitState::confirmed);
  return note(failed ? TransactionState::unknown : TransactionState::committed);
}

Result<void> TransactIncarnation::abort(Nanos deadline) {
  if (auto asked = note(TransactionState::abort_asked); !asked) {
    broken_ = true;
    return asked;
  }
  const auto failed = kafka::abort_transaction(producer_->producer(), deadline);
  if (failed) note(*failed);
  broken_ = broken_ || failed;
  ++(failed ? ended_.unknown : ended_.aborted);
  // Offsets of a transaction whose commit nobody asked for are never applied, but only an answer proves that it ended.
  answer_offsets(failed ? CommitState::unknown : CommitState::failed);
  for (const auto& [partition, first] : first_) owed_[partition] = first;
  return note(failed ? TransactionState::unknown : TransactionState::aborted);
}

void TransactIncarnation::answer_offsets(CommitState state) {
  const Nanos at = context_.clock.now();
  for (const kafka::PartitionOffset& asked : offsets_)
    consumer_->ledger().committed(asked.where.partition, asked.offset, state, at);
}

void TransactIncarnation::close_transaction() {
  open_ = false;
  offsets_.clear();
  first_.clear();
  producer_->within(evidence::kNoOffset);
  if (consumer_ != nullptr) consumer_->ledger().within(evidence::kNoId, evidence::kNoOffset);
}

void TransactIncarnation::come_back() {
  if (owed_.empty() || broken_) return;
  std::vector<kafka::PartitionOffset> to;
  for (const auto& [partition, first] : owed_)
    if (consumer_->ledger().owns(partition)) to.push_back({.where = {spec_.consume.topic, partition}, .offset = first});
  owed_.clear();  // what is not ours any more is its next owner's
  if (to.empty()) return;
  const Nanos now = context_.clock.now();
  for (const kafka::PartitionOffset& one : to) consumer_->ledger().sought(one.where.partition, one.offset, now);
  if (auto sought = consumer_->consumer().seek(to, now + kSeek); !sought) {
    note({.code = 0, .text = sought.error().what});
    broken_ = true;  // where it reads now is not known; the group's commits are
  }
}

// On disk before anything is asked of Kafka: a commit that a kill of this process hides would be a lie.
Result<void> TransactIncarnation::note(TransactionState state) {
  producer_->tick(context_.clock.now());
  context_.evidence.add(
      evidence::Transaction{.producer = name_, .transaction = number_, .state = state, .at = context_.clock.now()});
  const bool asked = state == TransactionState::commit_asked || state == TransactionState::abort_asked;
  return asked ? context_.evidence.flush() : Result<void>();
}

void TransactIncarnation::note(const kafka::Failure& failure) {
  evidence::Names& names = context_.evidence.names();
  context_.evidence.add(evidence::Problem{.actor = name_,
                                          .code = names.intern(kafka::error_name(failure.code)),
                                          .text = names.intern(failure.text),
                                          .at = context_.clock.now()});
}

// ---- the rest ----------------------------------------------------------------------------------------------------

void TransactIncarnation::poll() {
  producer_->poll();
}

void TransactIncarnation::tick(Nanos now) {
  producer_->tick(now);
  if (consumer_ != nullptr) consumer_->tick(now);
}

void TransactIncarnation::end() {
  if (open_) (void)finish(false);  // a full disk is told when the books are closed
  if (consumer_ != nullptr) consumer_->end();
  producer_->end(context_.clock.now());
}

void TransactIncarnation::kill() {
  if (open_) {
    ++ended_.unknown;
    answer_offsets(CommitState::unknown);
    (void)note(TransactionState::unknown);
    close_transaction();
  }
  if (consumer_ != nullptr) consumer_->kill();
  producer_->end(context_.clock.now());
}

}  // namespace workloads
