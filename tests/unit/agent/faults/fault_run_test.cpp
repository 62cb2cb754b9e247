// The life of a fault against a fake one: what is on disk when, and how it ends.
#include "agent/faults/fault_run.h"

#include <atomic>
#include <condition_variable>
#include <thread>

#include <gtest/gtest.h>

#include "tests/temporary_folder.h"

namespace agent::faults {
namespace {

namespace base = common::base;
using std::chrono::milliseconds;
using workloads::evidence::FaultState;

// What the fake does, and the state that stood on disk when it was asked to.
struct Script {
  std::string journal;
  bool inject_fails = false;
  bool never_felt = false;
  bool bites = true;
  base::Nanos felt_at = base::steady_now();
  std::string on_disk_at_inject;
  std::string on_disk_at_end;  // when the fault itself was let go of
  nlohmann::json undo_at_inject;
};

std::string state_on_disk(const std::string& journal) {
  const auto records = Journal::list(journal);
  return records.has_error() || records->empty() ? "" : records->front().state;
}

class FakeFault final : public Fault {
 public:
  explicit FakeFault(Script& script) : script_(script) {}
  ~FakeFault() override { script_.on_disk_at_end = state_on_disk(script_.journal); }
  std::vector<std::string> plan() const override { return {"break it"}; }
  nlohmann::json undo() const override { return {{"what", "to undo"}}; }
  base::Result<void> inject() override {
    script_.on_disk_at_inject = state_on_disk(script_.journal);
    script_.undo_at_inject = Journal::list(script_.journal)->front().undo;
    if (script_.inject_fails) return base::fail(base::ErrorKind::forbidden, "not permitted");
    return {};
  }
  base::Result<std::optional<Felt>> felt(milliseconds patience) override {
    if (!script_.never_felt) return Felt{script_.felt_at, "felt"};
    std::this_thread::sleep_for(std::min(patience, milliseconds(1)));
    return std::optional<Felt>();
  }
  milliseconds felt_within() const override { return milliseconds(30); }
  base::Result<void> still_felt() override {
    if (script_.bites) return {};
    return base::fail(base::ErrorKind::infrastructure, "its teeth are gone");
  }

 private:
  Script& script_;
};

std::atomic<int> reverts;

base::Result<std::string> fake_revert(UndoRecord&, const Journal&) {
  ++reverts;
  return std::string("undone");
}

struct FaultRunTest : testing::Test {
  const tests::TemporaryFolder folder;
  std::unique_ptr<Journal> journal = std::move(*Journal::open(folder / "journal", milliseconds(0)));
  Script script;
  common::protocol::FaultSpec spec;
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<FaultState> told;
  std::vector<FaultHappening> happenings;
  std::string end_because;

  FaultRunTest() {
    reverts = 0;
    script.journal = folder / "journal";
    spec.duration_ms = 600'000;
    spec.lease_ms = 600'000;
  }
  std::unique_ptr<FaultRun> plan(bool at_once = false) {
    static constexpr common::protocol::FaultDescription kRows[] = {
        {.name = "fake", .group = "", .summary = ""},
        {.name = "fake", .group = "", .summary = "", .reverts_at_once = true}};
    static const FaultKind kinds[] = {{&kRows[0], nullptr, fake_revert}, {&kRows[1], nullptr, fake_revert}};
    UndoRecord record;
    record.task = "t";
    record.kind = "fake";
    auto run = FaultRun::plan(spec, kinds[at_once ? 1 : 0], std::make_unique<FakeFault>(script), record, *journal);
    EXPECT_TRUE(run.has_value());
    return std::move(*run);
  }
  FaultWatch watch() {
    return {[this](const FaultHappening& happening) {
              const std::lock_guard lock(mutex);
              told.push_back(happening.state);
              happenings.push_back(happening);
              changed.notify_all();
            },
            [this] {
              const std::lock_guard lock(mutex);
              return end_because;
            }};
  }
  bool wait_for(FaultState state) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(10), [&] { return !told.empty() && told.back() == state; });
  }
};

TEST_F(FaultRunTest, record_is_on_disk_before_the_first_effect) {
  auto run = plan(true);
  EXPECT_EQ(state_on_disk(folder / "journal"), "planned");
  EXPECT_TRUE(run->run({}, watch()).has_value());
  EXPECT_EQ(script.on_disk_at_inject, "injecting");
  EXPECT_EQ(script.undo_at_inject, (nlohmann::json{{"what", "to undo"}}));
  EXPECT_EQ(told,
            (std::vector{FaultState::injecting, FaultState::active, FaultState::reverting, FaultState::reverted}));
  EXPECT_EQ(happenings[1].at, script.felt_at) << "when the effect was there, not when it was proved";
  EXPECT_EQ(state_on_disk(folder / "journal"), "reverted");
  EXPECT_EQ(script.on_disk_at_end, "active") << "before its revert";
  EXPECT_EQ(reverts, 1);
}

TEST_F(FaultRunTest, fault_that_bites_no_more_has_failed_and_is_reverted) {
  script.bites = false;
  const auto ended = plan()->run({}, watch());
  ASSERT_TRUE(ended.has_error());
  EXPECT_EQ(ended.error().what, "it stopped biting: its teeth are gone");
  EXPECT_EQ(told, (std::vector{FaultState::injecting, FaultState::active, FaultState::failed, FaultState::reverting,
                               FaultState::reverted}));
  EXPECT_EQ(happenings[2].proof, "it bites no more: its teeth are gone");
  EXPECT_EQ(reverts, 1);
}

TEST_F(FaultRunTest, journal_that_cannot_be_written_means_that_nothing_is_done) {
  auto run = plan(true);
  std::filesystem::remove_all(folder / "journal");
  const auto ended = run->run({}, watch());
  ASSERT_TRUE(ended.has_error());
  EXPECT_NE(ended.error().what.find("nothing is broken"), std::string::npos);
  EXPECT_EQ(script.on_disk_at_inject, "") << "inject was not called";
  EXPECT_EQ(reverts, 0);
}

TEST_F(FaultRunTest, half_an_injection_is_reverted) {
  script.inject_fails = true;
  const auto ended = plan()->run({}, watch());
  ASSERT_TRUE(ended.has_error());
  EXPECT_EQ(ended.error().what, "not permitted");
  EXPECT_EQ(told,
            (std::vector{FaultState::injecting, FaultState::failed, FaultState::reverting, FaultState::reverted}));
  EXPECT_EQ(reverts, 1);
}

TEST_F(FaultRunTest, fault_that_is_not_felt_in_time_has_failed_and_is_reverted) {
  script.never_felt = true;
  const auto ended = plan()->run({}, watch());
  ASSERT_TRUE(ended.has_error());
  EXPECT_EQ(told[1], FaultState::failed);
  EXPECT_EQ(told.back(), FaultState::reverted);
}

TEST_F(FaultRunTest, duration_ends_it) {
  spec.duration_ms = 1;
  EXPECT_TRUE(plan()->run({}, watch()).has_value());
  EXPECT_EQ(happenings[2].proof, "its duration is over");
}

TEST_F(FaultRunTest, duration_counts_from_when_it_was_felt) {
  spec.duration_ms = 600'000;
  script.felt_at -= 3600 * base::kSecond;  // it took an hour to prove it
  auto run = plan();
  ASSERT_TRUE(run->run({}, watch()));
  EXPECT_EQ(happenings[2].proof, "its duration is over");
}

TEST_F(FaultRunTest, lease_ends_it_and_a_renewal_keeps_it) {
  spec.lease_ms = 1;
  auto first = plan();
  first->renew(std::chrono::minutes(10));
  std::jthread thread([&] { EXPECT_TRUE(first->run({}, watch()).has_value()); });
  ASSERT_TRUE(wait_for(FaultState::active));
  first->renew(milliseconds(1));
  ASSERT_TRUE(wait_for(FaultState::reverted));
  EXPECT_EQ(happenings[2].proof, "nobody renewed the lease");
}

TEST_F(FaultRunTest, stop_ends_it) {
  auto run = plan();
  std::stop_source source;
  std::jthread thread([&] { EXPECT_TRUE(run->run(source.get_token(), watch()).has_value()); });
  ASSERT_TRUE(wait_for(FaultState::active));
  source.request_stop();
  ASSERT_TRUE(wait_for(FaultState::reverted));
}

TEST_F(FaultRunTest, reason_from_outside_ends_it) {
  auto run = plan();
  std::jthread thread([&] { EXPECT_TRUE(run->run({}, watch()).has_value()); });
  ASSERT_TRUE(wait_for(FaultState::active));
  {
    const std::lock_guard lock(mutex);
    end_because = "there is no guardian";
  }
  ASSERT_TRUE(wait_for(FaultState::reverted));
  EXPECT_EQ(happenings[2].proof, "there is no guardian");
}

}  // namespace
}  // namespace agent::faults
