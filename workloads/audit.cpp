#include "workloads/audit.h"

#include <algorithm>
#include <atomic>
#include <functional>

#include <nlohmann/json.hpp>

#include "workloads/consume_conf.h"
#include "workloads/kafka/consumer.h"
#include "workloads/kafka/names.h"
#include "workloads/read_ledger.h"
#include "workloads/reader_name.h"

namespace workloads {

using common::base::ErrorKind;
using common::base::fail;
using common::base::kMillisecond;
using common::base::kSecond;
using common::base::Nanos;
using common::base::Result;
using common::protocol::AuditSpec;
using kafka::OffsetPoint;

namespace {

constexpr Nanos kQuery = 5 * kSecond;
constexpr Nanos kPause = 100 * kMillisecond;
constexpr Nanos kClose = 5 * kSecond;

class Audit final : public Workload, private kafka::ConsumerListener {
 public:
  Audit(AuditSpec spec, const WorkloadContext& context)
      : spec_(std::move(spec)), context_(context), name_(reader_name(context)) {}
  Result<void> run(std::stop_token stop) override;
  nlohmann::json progress() const override;

 private:
  struct Range {
    std::int64_t start = 0;
    std::int64_t position = 0;  // everything below was read
    std::int64_t end = 0;       // to be reached
    std::string failed;         // why nothing can be claimed
    bool whole() const { return failed.empty() && position >= end; }
  };
  using Ends = std::map<std::int32_t, std::int64_t>;

  Result<void> audit(std::stop_token stop);
  Result<void> open();
  Result<Ends> query(OffsetPoint point, bool read_committed);
  Result<Ends> persist(std::stop_token stop, const std::function<Result<Ends>()>& ask);
  Result<Ends> stable_end(std::stop_token stop);
  Result<void> read_to_ends(std::stop_token stop);
  void extend(const Ends& ends);
  void claim();
  Result<void> complete() const;
  bool over(std::stop_token stop) const { return stop.stop_requested() || context_.clock.now() >= deadline_; }

  void record(const kafka::Record& record) override;
  void end_of_partition(std::int32_t partition, std::int64_t offset) override;
  void partition_problem(std::int32_t partition, int code, std::string_view text) override;
  void problem(int code, std::string_view text, bool fatal) override;
  void assigned(const std::vector<kafka::PartitionOffset>& starts) override;
  void revoking(const std::vector<kafka::TopicPartition>&, bool) override {}
  void committed(const std::vector<kafka::PartitionOffset>&) override {}

  const AuditSpec spec_;
  const WorkloadContext context_;
  const std::string name_;
  Nanos deadline_ = 0;
  std::vector<kafka::TopicPartition> places_;
  std::map<std::int32_t, Range> ranges_;
  std::unique_ptr<ReadLedger> ledger_;
  std::atomic<std::int64_t> partitions_told_{0};  // what progress() reads
  std::atomic<std::int64_t> complete_told_{0};
  std::atomic<std::int64_t> records_told_{0};
  std::unique_ptr<kafka::Consumer> consumer_;
};

Result<void> Audit::run(std::stop_token stop) {
  deadline_ = context_.clock.now() + spec_.deadline_ms * kMillisecond;
  if (auto opened = open(); !opened) return opened;
  auto result = audit(stop);
  claim();
  consumer_->close(context_.clock.now() + kClose);
  ledger_->close(context_.clock.now());
  auto flushed = context_.evidence.flush();
  if (!result) return result;
  if (!flushed) return flushed;
  return complete();
}

Result<void> Audit::open() {
  auto conf = conf_of(spec_, "firedrill-" + name_);
  if (!conf) return conf.error();
  evidence::Names& names = context_.evidence.names();
  const evidence::Id consumer = names.intern(name_);
  context_.evidence.add(evidence::ConsumerInfo{.consumer = consumer,
                                               .host = names.intern(context_.host),
                                               .isolation = evidence::Isolation::read_committed,
                                               .reset = evidence::Reset::error});
  ledger_ = std::make_unique<ReadLedger>(context_.evidence, consumer, context_.run, spec_.topic);
  auto created = kafka::Consumer::create(std::move(*conf), spec_.topic, *this);
  if (!created) return created.error();
  consumer_ = std::move(*created);
  return {};
}

Result<void> Audit::audit(std::stop_token stop) {
  auto partitions =
      consumer_->client().partitions_of(spec_.topic, std::min(deadline_, context_.clock.now() + kConnect), stop);
  if (!partitions) return partitions.error();
  if (*partitions == 0) return fail(ErrorKind::not_found, "topic `" + spec_.topic + "` does not exist");
  for (std::int32_t partition = 0; partition < *partitions; ++partition) places_.push_back({spec_.topic, partition});
  partitions_told_ = *partitions;
  auto ends = stable_end(stop);
  if (!ends) return ends.error();
  auto starts = persist(stop, [this] { return query(OffsetPoint::log_start, true); });
  if (!starts) return starts.error();
  std::vector<kafka::PartitionOffset> assignment;
  for (const auto& [partition, start] : *starts) {
    ranges_[partition] = {.start = start, .position = start, .end = (*ends)[partition], .failed = {}};
    assignment.push_back({.where = {spec_.topic, partition}, .offset = start});
  }
  if (auto assigned = consumer_->assign(assignment); !assigned) return assigned;
  if (auto read = read_to_ends(stop); !read) return read;
  // Once more: a record that was on its way when the read began is in the log by now.
  auto again = stable_end(stop);
  if (!again) return again.error();
  extend(*again);
  return read_to_ends(stop);
}

Result<Audit::Ends> Audit::query(OffsetPoint point, bool read_committed) {
  auto offsets = kafka::Admin(consumer_->client()).list_offsets(places_, point, read_committed, kQuery);
  if (!offsets) return offsets.error();
  Ends ends;
  for (const kafka::PartitionOffset& told : *offsets) {
    if (told.error != 0 || told.offset < 0)
      return fail(ErrorKind::infrastructure, "partition " + std::to_string(told.where.partition) +
                                                 " tells no offset: " + kafka::error_name(told.error));
    ends[told.where.partition] = told.offset;
  }
  if (ends.size() != places_.size()) return fail(ErrorKind::infrastructure, "not every partition told its offset");
  return ends;
}

// Asks until there is an answer: a leader may be moving.
Result<Audit::Ends> Audit::persist(std::stop_token stop, const std::function<Result<Ends>()>& ask) {
  std::string last = "stopped";
  kafka::Wakeup pause;
  const std::stop_callback wake(stop, [&pause] { pause.signal(); });
  while (!over(stop)) {
    auto answer = ask();
    if (answer) return answer;
    last = answer.error().what;
    pause.wait_until(std::min(deadline_, context_.clock.now() + kPause));
  }
  return fail(ErrorKind::timeout,
              "audit of `" + spec_.topic + "` not within " + std::to_string(spec_.deadline_ms) + " ms: " + last);
}

// The end, once no open transaction hides what lies below it.
Result<Audit::Ends> Audit::stable_end(std::stop_token stop) {
  auto ends = persist(stop, [this] { return query(OffsetPoint::end, false); });
  if (!ends) return ends;
  auto visible = persist(stop, [&]() -> Result<Ends> {
    auto stable = query(OffsetPoint::end, true);
    if (!stable) return stable;
    for (const auto& [partition, end] : *ends)
      if ((*stable)[partition] < end)
        return fail(ErrorKind::timeout, "partition " + std::to_string(partition) +
                                            " has an open transaction: it is readable to " +
                                            std::to_string((*stable)[partition]) + " of " + std::to_string(end));
    return stable;
  });
  if (!visible) return visible.error();
  return ends;
}

Result<void> Audit::read_to_ends(std::stop_token stop) {
  const std::stop_callback wake(stop, [this] { consumer_->wakeup().signal(); });
  Nanos flush_at = 0;
  while (!over(stop)) {
    std::int64_t open = 0;
    std::int64_t whole = 0;
    for (const auto& [partition, range] : ranges_) {
      open += range.failed.empty() && !range.whole() ? 1 : 0;
      whole += range.whole() ? 1 : 0;
    }
    complete_told_ = whole;
    if (open == 0) return {};
    const Nanos now = context_.clock.now();
    if (now >= flush_at) {
      flush_at = now + kFlush;
      ledger_->write_open_runs();
      if (auto flushed = context_.evidence.flush(); !flushed) return flushed;
    }
    if (consumer_->poll() == 0) consumer_->wakeup().wait_until(std::min(deadline_, now + kPause));
  }
  return {};  // what is not whole is told by complete()
}

void Audit::extend(const Ends& ends) {
  for (const auto& [partition, end] : ends) {
    Range& range = ranges_[partition];
    if (end < range.end)
      range.failed = "its end went back from " + std::to_string(range.end) + " to " + std::to_string(end);
    range.end = std::max(range.end, end);
  }
}

void Audit::claim() {
  for (const auto& [partition, range] : ranges_)
    if (range.whole()) ledger_->audited(partition, range.start, range.position);
}

Result<void> Audit::complete() const {
  std::string missing;
  for (const auto& [partition, range] : ranges_) {
    if (range.whole()) continue;
    missing += (missing.empty() ? "" : "; ") + std::string("partition ") + std::to_string(partition) + " ";
    missing += range.failed.empty() ? "read to " + std::to_string(range.position) + " of " + std::to_string(range.end)
                                    : range.failed;
  }
  if (missing.empty()) return {};
  return fail(ErrorKind::timeout, "audit of `" + spec_.topic + "` is incomplete: " + missing);
}

void Audit::record(const kafka::Record& record) {
  ReadRecord read{.partition = record.partition, .offset = record.offset, .leader_epoch = record.leader_epoch};
  read.outcome = evidence::read_identity(record.key, record.value, read.identity);
  ledger_->delivered(read, context_.clock.now());
  Range& range = ranges_[record.partition];
  range.position = std::max(range.position, record.offset + 1);
  records_told_.fetch_add(1, std::memory_order_relaxed);
}

// Control records and aborted ones at the end are no deliveries; the end of the partition tells that they were passed.
void Audit::end_of_partition(std::int32_t partition, std::int64_t offset) {
  Range& range = ranges_[partition];
  range.position = std::max(range.position, offset);
}

void Audit::assigned(const std::vector<kafka::PartitionOffset>& starts) {
  const Nanos at = context_.clock.now();
  for (const kafka::PartitionOffset& start : starts) ledger_->assigned(start.where.partition, start.offset, at);
}

void Audit::partition_problem(std::int32_t partition, int code, std::string_view text) {
  problem(code, text, false);
  if (std::string_view(kafka::error_name(code)) == "_AUTO_OFFSET_RESET" && ranges_.count(partition) > 0)
    ranges_[partition].failed = "its position was no longer there: " + std::string(text);
}

void Audit::problem(int code, std::string_view text, bool) {
  evidence::Names& names = context_.evidence.names();
  context_.evidence.add(evidence::Problem{.actor = names.intern(name_),
                                          .code = names.intern(kafka::error_name(code)),
                                          .text = names.intern(text),
                                          .at = context_.clock.now()});
}

nlohmann::json Audit::progress() const {
  return {
      {"partitions", partitions_told_.load()}, {"complete", complete_told_.load()}, {"records", records_told_.load()}};
}

}  // namespace

Result<std::unique_ptr<Workload>> make_audit(const nlohmann::json& spec, const WorkloadContext& context) {
  auto parsed = common::protocol::audit_spec_from(spec);
  if (!parsed) return parsed.error();
  return std::unique_ptr<Workload>(std::make_unique<Audit>(std::move(*parsed), context));
}

}  // namespace workloads
