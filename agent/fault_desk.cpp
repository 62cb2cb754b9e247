#include "agent/fault_desk.h"

#include <algorithm>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "agent/faults/durable_file.h"
#include "agent/faults/revert.h"
#include "common/base/json_fields.h"
#include "common/base/log.h"

namespace agent {

namespace base = common::base;
namespace protocol = common::protocol;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr milliseconds kMargin{15'000};
constexpr milliseconds kUnguarded{3'000};  // as long as a new guardian needs, and some more

// As long as an earlier guardian may be at work.
milliseconds longest_revert(const AgentConfig& config) {
  milliseconds longest{0};
  for (const auto& service : config.services)
    longest = std::max(longest, service.stop_timeout + 2 * service.start_timeout);
  return longest + kMargin;
}

}  // namespace

base::Result<std::unique_ptr<FaultDesk>> FaultDesk::open(const AgentConfig& config) {
  const std::string folder = config.state_folder + "/journal";
  auto journal = faults::Journal::open(folder, milliseconds(0));
  if (journal.has_error() && journal.error().kind == base::ErrorKind::conflict) {
    base::log(base::Level::warning, "the guardian of an earlier agent still reverts; waiting", {{"journal", folder}});
    journal = faults::Journal::open(folder, longest_revert(config));
  }
  if (journal.has_error()) return journal.error();
  auto swept = faults::sweep(**journal);
  if (swept.has_error()) return swept.error();
  return std::unique_ptr<FaultDesk>(new FaultDesk(config, std::move(*journal), std::move(*swept)));
}

FaultDesk::FaultDesk(const AgentConfig& config, std::unique_ptr<faults::Journal> journal,
                     std::vector<faults::UndoRecord> swept)
    : config_(config),
      stop_file_(config.state_folder + "/STOP"),
      journal_(std::move(journal)),
      guardian_(config.guardian, journal_->folder()),
      swept_(std::move(swept)) {
  for (const auto& record : swept_) {
    if (record.reverted()) continue;
    claims_.keep_dirty(record);
  }
}

FaultDesk::~FaultDesk() {
  finish_cleaning();
  // The guardian must find the journal free when our end of its pipe closes.
  journal_.reset();
}

void FaultDesk::finish_cleaning() {
  if (cleaner_.joinable()) cleaner_.join();
}

void FaultDesk::settle_swept(TaskTable& table) {
  std::vector<faults::UndoRecord> swept;
  {
    const std::lock_guard lock(mutex_);
    swept.swap(swept_);
  }
  for (const auto& record : swept) {
    if (!table.settle(record, config_.host)) continue;
    if (auto removed = journal_->remove(record); removed.has_error())
      base::log(base::Level::warning, "journal", {{"task", record.task}, {"error", removed.error().what}});
  }
}

bool FaultDesk::allows(std::string_view kind) const {
  return std::find(config_.allow_faults.begin(), config_.allow_faults.end(), kind) != config_.allow_faults.end();
}

base::Result<const faults::Service*> FaultDesk::check(const faults::FaultKind& kind,
                                                      const protocol::FaultSpec& spec) const {
  const std::string name(kind.name());
  if (!allows(name))
    return base::fail(base::ErrorKind::forbidden,
                      "this agent does not allow the fault " + name + "; start it with --allow-faults " + name);
  const auto service = std::find_if(config_.services.begin(), config_.services.end(),
                                    [&](const auto& each) { return each.name == spec.service; });
  if (kind.row->of_service && spec.service.empty())
    return base::fail(base::ErrorKind::configuration, "field `service` is missing: " + name + " breaks a service");
  if (!kind.row->of_service && !spec.service.empty())
    return base::fail(base::ErrorKind::configuration,
                      "field `service` must be left out: " + name + " breaks the cluster, not a service");
  if (!kind.row->of_service && spec.cluster.bootstrap.empty())
    return base::fail(base::ErrorKind::configuration,
                      "field `cluster` is missing: the cluster that " + name + " breaks");
  if (kind.row->of_service && service == config_.services.end())
    return base::fail(base::ErrorKind::not_found, "this agent declares no service " + spec.service);
  if (config_.cluster_id.empty())
    return base::fail(base::ErrorKind::forbidden,
                      "this agent was not told which cluster it may break: write `cluster_id` into its configuration");
  if (spec.cluster_id != config_.cluster_id)
    return base::fail(base::ErrorKind::forbidden, "this agent was told cluster " + config_.cluster_id + ", not " +
                                                      (spec.cluster_id.empty() ? "an unnamed one" : spec.cluster_id));
  if (blocked())
    return base::fail(base::ErrorKind::conflict,
                      "faults are blocked since everything was reverted; POST /v1/release, or remove " + stop_file_);
  return kind.row->of_service ? &*service : nullptr;
}

base::Result<std::unique_ptr<faults::Fault>> FaultDesk::make(const faults::FaultKind& kind,
                                                             const protocol::FaultSpec& spec) const {
  const auto service = check(kind, spec);
  if (service.has_error()) return service.error();
  if (control_port_ == 0) return base::fail(base::ErrorKind::conflict, "this agent is still starting; ask again");
  base::Problems problems;
  const auto parameters = protocol::FaultParameters::read(*kind.row, spec.parameters, problems);
  for (auto& problem : problems) problem.path = "parameters." + problem.path;
  if (!problems.empty()) return to_error(problems);
  return kind.make({spec, parameters, *service, {control_port_, config_.state_folder}});
}

base::Result<std::vector<std::string>> FaultDesk::plan(const faults::FaultKind& kind,
                                                       const protocol::FaultSpec& spec) const {
  const auto fault = make(kind, spec);
  if (fault.has_error()) return fault.error();
  return (*fault)->plan();
}

base::Result<std::shared_ptr<Task>> FaultDesk::start(const faults::FaultKind& kind,
                                                     const protocol::TaskRequest& request, const TaskFiles& files) {
  const auto spec = protocol::fault_spec_from(request.spec);
  if (spec.has_error()) return base::context(spec.error(), "spec of `" + request.kind + "`");
  if (auto checked = check(kind, *spec); checked.has_error()) return checked.error();
  faults::UndoRecord record;
  record.task = request.id;
  record.run = request.run;
  record.fault = spec->fault;
  record.kind = request.kind;
  record.target = spec->target;
  record.service = spec->service;
  {
    const std::lock_guard lock(mutex_);
    if (auto taken = claims_.take(record); taken.has_error()) return taken.error();
  }
  const auto begin = [&]() -> base::Result<std::shared_ptr<Task>> {
    if (auto guarded = guardian_.ensure(); guarded.has_error()) return guarded.error();
    {
      const std::lock_guard lock(mutex_);
      guarded_at_ = steady_clock::now();
    }
    auto fault = make(kind, *spec);
    if (fault.has_error()) return fault.error();
    auto run = faults::FaultRun::plan(*spec, kind, std::move(*fault), record, *journal_);
    if (run.has_error()) return run.error();
    return FaultTask::start(request, std::move(*run), *journal_, files,
                            {config_.host, [this] { return must_end(); },
                             [this](const faults::UndoRecord& ended_record) { ended(ended_record); }});
  };
  auto task = begin();
  if (task.has_error()) {
    [[maybe_unused]] const auto removed = journal_->remove(record);  // planned at most: nothing was done
    const std::lock_guard lock(mutex_);
    claims_.release(record.task);
  }
  return task;
}

void FaultDesk::ended(const faults::UndoRecord& record) {
  const std::lock_guard lock(mutex_);
  if (record.reverted()) {
    claims_.release(record.task);
  } else {
    claims_.keep_dirty(record);
  }
}

// Asked by every fault ten times a second.
std::string FaultDesk::must_end() {
  if (blocked()) return "everything is reverted (" + stop_file_ + ")";
  const auto now = steady_clock::now();
  const bool guarded = guardian_.stands_guard();
  const std::lock_guard lock(mutex_);
  if (guarded) guarded_at_ = now;
  return now - guarded_at_ > kUnguarded ? "there is no guardian" : "";
}

bool FaultDesk::blocked() const {
  return blocked_ || access(stop_file_.c_str(), F_OK) == 0;
}

void FaultDesk::revert_all(TaskTable& table) {
  if (auto written = faults::write_durably(stop_file_, "reverted at " + base::wall_text(base::wall_now()) + "\n");
      written.has_error()) {
    blocked_ = true;  // at least as long as this agent lives
    base::log(base::Level::error, "faults are blocked until this agent ends", {{"error", written.error().what}});
  }
  for (const auto& broken_service : broken()) {
    if (const auto task = table.find(broken_service.task)) task->stop();
  }
  const std::lock_guard lock(mutex_);
  if (claims_.dirty().empty() || cleaning_) return;
  cleaning_ = true;
  cleaner_ = std::jthread([this, &table] { clean(table); });
}

void FaultDesk::clean(TaskTable& table) {
  std::map<std::string, faults::UndoRecord> dirty;
  {
    const std::lock_guard lock(mutex_);
    dirty = claims_.dirty();
  }
  for (auto& [task, record] : dirty) {
    // Its own task may just be writing its end.
    if (const auto own = table.find(task)) [[maybe_unused]]
      const bool ended = own->wait_ended(steady_clock::now() + kMargin);
    faults::revert(record, *journal_);
    const bool complete = table.settle(record, config_.host);
    if (complete) [[maybe_unused]]
      const auto removed = journal_->remove(record);
    const std::lock_guard lock(mutex_);
    if (record.reverted())
      claims_.release(task);
    else
      claims_.keep_dirty(record);
  }
  const std::lock_guard lock(mutex_);
  cleaning_ = false;
}

base::Result<void> FaultDesk::release() {
  blocked_ = false;
  return faults::remove_durably(stop_file_);
}

std::vector<FaultClaims::Broken> FaultDesk::broken() const {
  const std::lock_guard lock(mutex_);
  return claims_.all();
}

}  // namespace agent
