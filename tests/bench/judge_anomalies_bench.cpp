// What 10^6 planted anomalies cost: one sort at a time, a million defects of it, each a single message, all in one
// partition (which is the worst, since a partition is judged in one piece). None may be slow, huge or silent: prints
// seconds, the peak of resident memory, and how many findings are listed and counted. Each alone:
// FIREDRILL_BENCH_LONG=1 build/release/tests/bench --benchmark_filter=judge_anomalies/lost/1000000
#include <cstdint>
#include <cstdlib>
#include <string>
#include <sys/resource.h>

#include <benchmark/benchmark.h>

#include "coordinator/judge/judge.h"

namespace {

using namespace workloads::evidence;
using coordinator::judge::Kind;

class Plant {
 public:
  explicit Plant(std::int64_t defects) : judge(names), defects_(defects) {
    add(TopicInfo{topic_, 2, 3, 2, false, false});
    for (const Id producer : {p_, q_}) add(ProducerInfo{producer, host_, Acks::all, true, 5, kNoId});
    for (const Id consumer : {a_, b_}) add(ConsumerInfo{consumer, host_, group_, {}, {}});
    add(ConsumerInfo{auditor_, host_, kNoId, {}, {}});
  }

  void send(Id producer, std::int64_t sequence, std::int64_t offset, std::int64_t transaction = kNoOffset) {
    add(Send{producer, {topic_, 0}, sequence, 1, ++at_, transaction, kNoId});
    if (offset >= 0) add(Ack{producer, {topic_, 0}, sequence, offset, 1, ++at_, 0});
  }
  void deliver(Id consumer, Id producer, std::int64_t sequence, std::int64_t offset) {
    add(delivery(consumer, producer, sequence, offset));
  }
  Deliver delivery(Id consumer, Id producer, std::int64_t sequence, std::int64_t offset) {
    Deliver d;
    d.consumer = consumer;
    d.where = d.target = {topic_, 0};
    d.producer = producer;
    d.sequence = sequence;
    d.offset = offset;
    d.at = ++at_;
    return d;
  }
  void assign(Id consumer, std::int64_t position) { add(Assign{consumer, {topic_, 0}, position, ++at_}); }
  void revoke(Id consumer) { add(Revoke{consumer, {topic_, 0}, false, ++at_}); }
  void commit(Id consumer, std::int64_t offset) {
    add(Commit{consumer, {topic_, 0}, offset, CommitState::confirmed, ++at_});
  }
  void end_transaction(std::int64_t number, TransactionState state, Id producer) {
    add(Transaction{producer, number, state, ++at_});
  }
  void audit(std::int64_t end) { add(Audit{auditor_, {topic_, 0}, 0, end}); }
  void add(const Event& event) { judge.add(event, ++line_); }

  // Each plants about defects_ of its sort.
  void lost() {
    for (std::int64_t i = 0; i < 2 * defects_; ++i) {
      send(p_, i, i);
      if (i % 2 == 0) deliver(a_, p_, i, i), deliver(auditor_, p_, i, i);
    }
    audit(2 * defects_);
  }
  void duplicated() {
    for (std::int64_t i = 0; i < defects_; ++i) send(p_, i, 2 * i), deliver(a_, p_, i, 2 * i);
    for (std::int64_t i = 0; i < defects_; ++i) deliver(a_, p_, i, 2 * defects_ + 2 * i);
  }
  void reordered() {
    for (std::int64_t i = 0; i < 2 * defects_; ++i) send(p_, i, i ^ 1);
    for (std::int64_t i = 0; i < 2 * defects_; ++i) deliver(a_, p_, i ^ 1, i);
  }
  void realtime_reordered() {
    for (std::int64_t i = 0; i < defects_; ++i) send(p_, i, 2 * i + 1), send(q_, i, 2 * i);
    for (std::int64_t i = 0; i < defects_; ++i) deliver(a_, q_, i, 2 * i), deliver(a_, p_, i, 2 * i + 1);
  }
  void rewound() {
    for (std::int64_t i = 0; i < defects_; ++i) send(p_, i, i), deliver(a_, p_, i, i), deliver(a_, p_, i, i);
  }
  void redelivered() {
    for (std::int64_t i = 0; i < defects_; ++i) {
      const Id reader = i % 2 == 0 ? a_ : b_;
      send(p_, i, i);
      assign(reader, i > 0 ? i - 1 : 0);
      if (i > 0) deliver(reader, p_, i - 1, i - 1);
      deliver(reader, p_, i, i);
      commit(reader, i + 1);
      revoke(reader);
    }
  }
  void resume_mismatch() {
    for (std::int64_t i = 0; i < defects_; ++i) {
      const Id reader = i % 2 == 0 ? a_ : b_;
      send(p_, 2 * i, 2 * i), send(p_, 2 * i + 1, 2 * i + 1);
      assign(reader, 2 * i + 1);
      deliver(reader, p_, 2 * i + 1, 2 * i + 1);
      commit(reader, 2 * i + 2);
      revoke(reader);
    }
  }
  void double_owner() {
    for (std::int64_t i = 0; i < 2 * defects_; ++i) send(p_, i, i);
    assign(a_, 0), assign(b_, 0);
    for (std::int64_t i = 0; i < 2 * defects_; ++i) deliver(i % 2 == 0 ? a_ : b_, p_, i, i);
  }
  void skipped_and_committed() {
    for (std::int64_t i = 0; i < 2 * defects_; ++i) {
      send(p_, i, i);
      deliver(auditor_, p_, i, i);
      if (i % 2 == 0) deliver(a_, p_, i, i), commit(a_, i + 1);
    }
  }
  void commit_ahead() {
    for (std::int64_t i = 0; i < defects_; ++i) {
      send(p_, i, i);
      commit(a_, i + 1);
      deliver(a_, p_, i, i);
    }
  }
  void phantom() {
    for (std::int64_t i = 0; i < defects_; ++i) send(p_, i, 2 * i), deliver(a_, q_, 2 * i, 2 * i + 1);
  }
  void misrouted() {
    for (std::int64_t i = 0; i < defects_; ++i) {
      send(p_, i, kNoOffset);
      Deliver d = delivery(a_, p_, i, 2 * i);
      d.where.partition = 1;
      add(d);
    }
  }
  void corrupt() {
    for (std::int64_t i = 0; i < 2 * defects_; ++i) {
      send(p_, i, i);
      Deliver d = delivery(a_, p_, i, i);
      d.intact = i % 2 == 0;
      add(d);
    }
  }
  void wrong_ack_offset() {
    for (std::int64_t i = 0; i < defects_; ++i) send(p_, i, 0), deliver(a_, p_, i, i + 1);
    audit(defects_ + 1);
  }
  void offset_conflict() {
    for (std::int64_t i = 0; i < defects_; ++i) send(p_, i, i), send(q_, 2 * i, kNoOffset);
    for (std::int64_t i = 0; i < defects_; ++i) deliver(a_, p_, i, i), deliver(b_, q_, 2 * i, i);
  }
  void one_place_for_all() {
    for (std::int64_t i = 0; i < defects_ / 100; ++i) send(p_, i, 0);
  }
  void epoch_regressed() {
    for (std::int64_t i = 0; i < 2 * defects_; ++i) {
      send(p_, i, i);
      Deliver d = delivery(a_, p_, i, i);
      d.leader_epoch = i % 2 == 0 ? 1 : 0;
      add(d);
    }
  }
  void end_regressed() {
    for (std::int64_t i = 0; i < 2 * defects_; ++i) {
      Sample sample;
      sample.where = {topic_, 0};
      sample.at = ++at_;
      sample.host = i % 3 == 0 ? host_ : kNoId;
      sample.end = i % 4;
      add(sample);
    }
  }
  void aborted_read() {
    for (std::int64_t i = 0; i < defects_; ++i) {
      send(p_, i, 2 * i, i);
      end_transaction(i, TransactionState::aborted, p_);
      deliver(a_, p_, i, 2 * i);
    }
  }
  void processed_twice() {
    for (std::int64_t i = 0; i < 2 * defects_; ++i) {
      send(p_, i, 2 * i, i);
      add(Input{p_, {topic_, 0}, i, {topic_, 1}, i / 2});
      end_transaction(i, TransactionState::commit_asked, p_);
      end_transaction(i, TransactionState::committed, p_);
      deliver(a_, p_, i, 2 * i);
    }
  }
  void owed_and_left() {
    for (std::int64_t i = 0; i < defects_; ++i) send(p_, i, i);
    for (std::int64_t i = 0; i < defects_; ++i) {
      Deliver d = delivery(a_, p_, i, i);
      d.within_producer = q_;
      d.within_transaction = i / 10'000;
      add(d);
      if (i % 10'000 == 0) end_transaction(i / 10'000, TransactionState::aborted, q_);
    }
  }
  void read_cycle() {
    for (std::int64_t i = 0; i < defects_; ++i) {
      const Id producer = i % 2 == 0 ? p_ : q_, other = i % 2 == 0 ? q_ : p_;
      send(producer, i / 2, i, i / 2);
      end_transaction(i / 2, TransactionState::committed, producer);
      Deliver d = delivery(producer == p_ ? a_ : b_, other, i / 2, i ^ 1);
      d.within_producer = producer;
      d.within_transaction = i / 2;
      add(d);
    }
  }

 private:
  Names names;
  Id topic_ = names.intern("orders"), host_ = names.intern("h"), group_ = names.intern("g"), p_ = names.intern("p"),
     q_ = names.intern("q"), a_ = names.intern("a"), b_ = names.intern("b"), auditor_ = names.intern("auditor");

 public:
  coordinator::judge::Judge judge;

 private:
  std::int64_t defects_, line_ = 0, at_ = 0;
};

void judge_anomalies(benchmark::State& state, void (Plant::*plant)()) {
  for (auto _ : state) {
    Plant planted(state.range(0));
    (planted.*plant)();
    planted.add(End{});
    const auto result = planted.judge.result();
    std::int64_t left_out = 0;
    for (const auto& left : result.left_out) left_out += left.findings;
    state.counters["listed"] = static_cast<double>(result.findings.size());
    state.counters["left_out"] = static_cast<double>(left_out);
    if (result.findings.empty()) state.SkipWithError("nothing was found");
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  state.counters["peak_MB"] = static_cast<double>(usage.ru_maxrss) / 1024;
}

// A million takes a minute for all of them together.
void sizes(benchmark::internal::Benchmark* shape) {
  shape->Arg(30'000);
  if (std::getenv("FIREDRILL_BENCH_LONG") != nullptr) shape->Arg(1'000'000);
}

#define FIREDRILL_PLANT(shape) \
  BENCHMARK_CAPTURE(judge_anomalies, shape, &Plant::shape)->Apply(sizes)->Unit(benchmark::kMillisecond)->Iterations(1)
FIREDRILL_PLANT(lost);
FIREDRILL_PLANT(duplicated);
FIREDRILL_PLANT(reordered);
FIREDRILL_PLANT(realtime_reordered);
FIREDRILL_PLANT(rewound);
FIREDRILL_PLANT(redelivered);
FIREDRILL_PLANT(resume_mismatch);
FIREDRILL_PLANT(double_owner);
FIREDRILL_PLANT(skipped_and_committed);
FIREDRILL_PLANT(commit_ahead);
FIREDRILL_PLANT(phantom);
FIREDRILL_PLANT(misrouted);
FIREDRILL_PLANT(corrupt);
FIREDRILL_PLANT(wrong_ack_offset);
FIREDRILL_PLANT(offset_conflict);
FIREDRILL_PLANT(one_place_for_all);
FIREDRILL_PLANT(epoch_regressed);
FIREDRILL_PLANT(end_regressed);
FIREDRILL_PLANT(aborted_read);
FIREDRILL_PLANT(processed_twice);
FIREDRILL_PLANT(owed_and_left);
FIREDRILL_PLANT(read_cycle);
#undef FIREDRILL_PLANT

}  // namespace
