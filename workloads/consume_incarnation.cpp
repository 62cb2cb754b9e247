#include "workloads/consume_incarnation.h"

#include <algorithm>
#include <charconv>

#include "workloads/consume_conf.h"
#include "workloads/kafka/names.h"
#include "workloads/reader_name.h"

namespace workloads {

using common::base::ErrorKind;
using common::base::fail;
using common::base::kSecond;
using common::base::Nanos;
using common::base::Result;
using evidence::CommitState;

namespace {

constexpr Nanos kCommitAnswer = 10 * kSecond;
constexpr Nanos kLeave = 15 * kSecond;
constexpr std::size_t kMostCommitsOutstanding = 5;
constexpr std::size_t kMostResets = 1000;

// Only what surely never reached a broker, or was refused before anything is stored, failed. A coordinator that moves
// can answer an error after its log has taken the commit, and librdkafka may have asked twice and tells the last answer
// only.
CommitState state_of(int code) {
  if (code == 0) return CommitState::confirmed;
  const std::string_view name = kafka::error_name(code);
  for (const std::string_view refused :
       {"_STATE", "_INVALID_ARG", "_UNKNOWN_PARTITION", "_UNKNOWN_TOPIC", "_CONFLICT", "GROUP_AUTHORIZATION_FAILED",
        "TOPIC_AUTHORIZATION_FAILED", "OFFSET_METADATA_TOO_LARGE", "INVALID_GROUP_ID"})
    if (name == refused) return CommitState::failed;
  return CommitState::unknown;
}

// "orders [3]: offset reset (at ...": the partition, -1 if the text is another one.
std::int32_t reset_partition(std::string_view text) {
  if (text.find("offset reset") == std::string_view::npos) return -1;
  const auto open = text.find(" [");
  std::int32_t partition = -1;
  if (open != std::string_view::npos) std::from_chars(text.data() + open + 2, text.data() + text.size(), partition);
  return partition;
}

}  // namespace

ConsumeIncarnation::ConsumeIncarnation(const common::protocol::ConsumeSpec& spec, const WorkloadContext& context,
                                       Processor* processor)
    : spec_(spec), context_(context), processor_(processor), name_(reader_name(context)) {}

Result<std::unique_ptr<ConsumeIncarnation>> ConsumeIncarnation::start(const common::protocol::ConsumeSpec& spec,
                                                                      const WorkloadContext& context,
                                                                      const std::stop_token& stop,
                                                                      Processor* processor) {
  std::unique_ptr<ConsumeIncarnation> self(new ConsumeIncarnation(spec, context, processor));
  // librdkafka wants a group name even where no group is joined and nothing is committed.
  auto conf = conf_of(spec, spec.group.empty() ? "firedrill-" + self->name_ : spec.group);
  if (!conf) return conf.error();
  self->declare(*conf);
  auto consumer = kafka::Consumer::create(std::move(*conf), spec.topic, *self);
  if (!consumer) return consumer.error();
  self->consumer_ = std::move(*consumer);
  if (auto begun = self->begin(stop); !begun) {
    self->end();
    return begun.error();
  }
  return self;
}

void ConsumeIncarnation::declare(const kafka::Conf& conf) {
  evidence::Names& names = context_.evidence.names();
  const evidence::Id consumer = names.intern(name_);
  const std::string reset = conf.get("auto.offset.reset");
  context_.evidence.add(evidence::ConsumerInfo{
      .consumer = consumer,
      .host = names.intern(context_.host),
      .group = spec_.group.empty() ? evidence::kNoId : names.intern(spec_.group),
      .isolation = conf.get("isolation.level") == "read_committed" ? evidence::Isolation::read_committed
                                                                   : evidence::Isolation::read_uncommitted,
      .reset = spec_.reset == "error"
                   ? evidence::Reset::error
                   : (spec_.reset == "latest" ? evidence::Reset::latest : evidence::Reset::earliest)});
  ledger_ = std::make_unique<ReadLedger>(context_.evidence, consumer, context_.run, spec_.topic);
  end_to_end_ = std::make_unique<EndToEnd>(context_.evidence, consumer);
}

Result<void> ConsumeIncarnation::begin(const std::stop_token& stop) {
  auto partitions = consumer_->client().partitions_of(spec_.topic, context_.clock.now() + kConnect, stop);
  if (!partitions) return partitions.error();
  if (*partitions == 0) return fail(ErrorKind::not_found, "topic `" + spec_.topic + "` does not exist");
  for (const std::int64_t partition : spec_.partitions)
    if (partition >= *partitions)
      return fail(ErrorKind::configuration, "topic `" + spec_.topic + "` has " + std::to_string(*partitions) +
                                                " partitions, so there is no " + std::to_string(partition));
  if (!spec_.group.empty()) return consumer_->subscribe();
  std::vector<kafka::TopicPartition> places;
  for (const std::int64_t partition : spec_.partitions)
    places.push_back({spec_.topic, static_cast<std::int32_t>(partition)});
  for (std::int32_t partition = 0; spec_.partitions.empty() && partition < *partitions; ++partition)
    places.push_back({spec_.topic, partition});
  auto starts = kafka::Admin(consumer_->client()).list_offsets(places, kafka::OffsetPoint::log_start, false, kConnect);
  if (!starts) return starts.error();
  for (kafka::PartitionOffset& start : *starts) {
    if (start.offset < 0)
      return fail(ErrorKind::infrastructure, "the log start of `" + spec_.topic + "` partition " +
                                                 std::to_string(start.where.partition) +
                                                 " is not told: " + kafka::error_name(start.error));
    start.leader_epoch = -1;  // of the start it says nothing that the position needs
  }
  return consumer_->assign(*starts);
}

Nanos ConsumeIncarnation::coarse_now() {
  if (calls_++ % 16 == 0) now_ = context_.clock.now();
  return now_;
}

std::size_t ConsumeIncarnation::poll(std::size_t most) {
  if (resets_told_.exchange(false)) take_resets();
  calls_ = 0;
  consumer_->poll_commits();
  return consumer_->poll(most);
}

void ConsumeIncarnation::record(const kafka::Record& record) {
  if (!ledger_->owns(record.partition)) return;  // fetched before a revocation; its next owner gets it
  if (processor_ != nullptr && !processor_->take(record)) return;
  const Nanos at = coarse_now();
  ReadRecord read{.partition = record.partition, .offset = record.offset, .leader_epoch = record.leader_epoch};
  read.outcome = evidence::read_identity(record.key, record.value, read.identity);
  const evidence::Id producer = ledger_->delivered(read, at);
  if (producer != evidence::kNoId) end_to_end_->record(producer, read.identity.intended_at, at);
}

// What stands there besides deliveries (markers of transactions, aborted records) is read as well.
void ConsumeIncarnation::end_of_partition(std::int32_t partition, std::int64_t offset) {
  ledger_->passed(partition, offset, context_.clock.now());
}

void ConsumeIncarnation::assigned(const std::vector<kafka::PartitionOffset>& partitions) {
  assigned_once_ = true;
  const Nanos at = context_.clock.now();
  for (const kafka::PartitionOffset& start : partitions) {
    ledger_->assigned(start.where.partition, start.offset, at);
    // Where it starts needs no commit.
    ledger_->streams()[start.where.partition].commit_asked = start.offset;
  }
}

void ConsumeIncarnation::revoking(const std::vector<kafka::TopicPartition>& partitions, bool lost) {
  if (processor_ != nullptr) processor_->give_up(lost);
  std::vector<std::int32_t> numbers;
  for (const kafka::TopicPartition& where : partitions) numbers.push_back(where.partition);
  if (!lost && commits_itself()) {
    const auto offsets = ask(numbers, context_.clock.now());
    if (!offsets.empty()) consumer_->commit(offsets);
    consumer_->take_commits(context_.clock.now() + kCommitAnswer);
  }
  const Nanos at = context_.clock.now();
  for (const std::int32_t partition : numbers) ledger_->revoked(partition, lost, at);
}

// The positions that were not asked to be committed yet; from here on they are.
std::vector<kafka::PartitionOffset> ConsumeIncarnation::ask(const std::vector<std::int32_t>& partitions, Nanos now) {
  std::vector<kafka::PartitionOffset> offsets;
  for (const std::int32_t partition : partitions) {
    const auto it = ledger_->streams().find(partition);
    if (it == ledger_->streams().end()) continue;
    const ReadLedger::Stream& stream = it->second;
    if (stream.next == evidence::kNoOffset || stream.next == stream.commit_asked) continue;
    offsets.push_back({.where = {spec_.topic, partition}, .offset = stream.next, .leader_epoch = stream.leader_epoch});
    ledger_->committed(partition, stream.next, CommitState::asked, now);
  }
  return offsets;
}

void ConsumeIncarnation::commit(Nanos now) {
  if (!commits_itself() || spec_.group.empty()) return;
  if (consumer_->commits_outstanding() >= kMostCommitsOutstanding) return;
  std::vector<std::int32_t> owned;
  for (const auto& [partition, stream] : ledger_->streams()) owned.push_back(partition);
  const auto offsets = ask(owned, now);
  if (offsets.empty()) return;
  consumer_->commit(offsets);
  if (spec_.commit == "sync") consumer_->take_commits(now + kCommitAnswer);
}

void ConsumeIncarnation::committed(const std::vector<kafka::PartitionOffset>& offsets) {
  const Nanos at = context_.clock.now();
  for (const kafka::PartitionOffset& answer : offsets) {
    // librdkafka's own commits are only known by their answer.
    if (!commits_itself()) ledger_->committed(answer.where.partition, answer.offset, CommitState::asked, at);
    ledger_->committed(answer.where.partition, answer.offset, state_of(answer.error), at);
    if (answer.error == 0) {
      ++commits_confirmed_;
    } else {
      partition_problem(answer.where.partition, answer.error, "commit");
      if (const auto it = ledger_->streams().find(answer.where.partition); it != ledger_->streams().end())
        it->second.commit_asked = evidence::kNoOffset;  // to be asked again
    }
  }
}

void ConsumeIncarnation::note(evidence::Id code, std::string_view text, std::int32_t partition) {
  evidence::Names& names = context_.evidence.names();
  evidence::Problem event{.actor = names.intern(name_), .code = code, .text = names.intern(text)};
  if (partition >= 0) event.where = {names.intern(spec_.topic), partition};
  event.at = context_.clock.now();
  context_.evidence.add(event);
}

void ConsumeIncarnation::partition_problem(std::int32_t partition, int code, std::string_view text) {
  note(context_.evidence.names().intern(kafka::error_name(code)), text, partition);
}

void ConsumeIncarnation::problem(int code, std::string_view text, bool fatal) {
  note(context_.evidence.names().intern(kafka::error_name(code)), text, -1);
  fatal_ = fatal_ || fatal;
}

// librdkafka resets a position without an event; only its log tells.
void ConsumeIncarnation::warning(std::string_view facility, std::string_view text) {
  if (facility != "OFFSET") return;
  const std::lock_guard lock(mutex_);
  if (resets_.size() < kMostResets) resets_.emplace_back(text);
  resets_told_.store(true);
}

void ConsumeIncarnation::take_resets() {
  std::vector<std::string> texts;
  {
    const std::lock_guard lock(mutex_);
    texts.swap(resets_);
  }
  for (const std::string& text : texts) {
    const std::int32_t partition = reset_partition(text);
    note(context_.evidence.names().intern("OFFSET"), text, partition);
    ledger_->reset(partition);
  }
}

void ConsumeIncarnation::tick(Nanos now) {
  ledger_->write_open_runs();
  end_to_end_->tick(now);
}

void ConsumeIncarnation::end() {
  // Leaving a group revokes, and that commits; without a group nothing is left but to go.
  consumer_->close(context_.clock.now() + kLeave);
  doubt_own_commits();  // of partitions that are still held: it did not close in time
  const Nanos at = context_.clock.now();
  while (!ledger_->streams().empty()) ledger_->revoked(ledger_->streams().begin()->first, false, at);
  end_to_end_->close();
  ledger_->close(at);
}

// librdkafka commits by itself and tells the answer only: what it had asked for when nobody listens any more may stand
// at the broker, up to where we are.
void ConsumeIncarnation::doubt_own_commits() {
  if (spec_.commit != "auto") return;
  const Nanos at = context_.clock.now();
  for (const auto& [partition, stream] : std::as_const(*ledger_).streams())
    if (stream.next != evidence::kNoOffset)
      for (const CommitState state : {CommitState::asked, CommitState::unknown})
        ledger_->committed(partition, stream.next, state, at);
}

// No ownership ends here: for the group it goes on until the session is over.
void ConsumeIncarnation::kill() {
  doubt_own_commits();
  end_to_end_->close();
  ledger_->close(context_.clock.now());
}

}  // namespace workloads
