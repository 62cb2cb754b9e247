#include "agent/faults/journal.h"

#include <filesystem>

#include "agent/faults/durable_file.h"
#include "common/base/json_fields.h"
#include "common/base/json_text.h"

namespace agent::faults {

namespace base = common::base;
using nlohmann::json;

namespace {

constexpr const char* kSuffix = ".undo.json";

std::string path_of(const std::string& folder, const UndoRecord& record) {
  return folder + "/" + record.task + kSuffix;
}

}  // namespace

json to_json(const UndoRecord& record) {
  return {{"format", 1},
          {"task", record.task},
          {"run", record.run},
          {"fault", record.fault},
          {"kind", record.kind},
          {"target", record.target},
          {"service", record.service},
          {"state", record.state},
          {"proof", record.proof},
          {"ends_by", record.ends_by},
          {"reverting_at", record.reverting_at},
          {"ended_at", record.ended_at},
          {"undo", record.undo}};
}

base::Result<UndoRecord> undo_record_from(const json& value) {
  base::Problems problems;
  base::Fields fields(value, "", problems);
  UndoRecord record;
  std::int64_t format = 0;
  fields.required("format", format, 1, 1);
  fields.required("task", record.task);
  fields.required("run", record.run);
  fields.required("fault", record.fault);
  fields.required("kind", record.kind);
  fields.required("target", record.target);
  fields.required("service", record.service);
  fields.required("state", record.state, {"planned", "injecting", "active", "reverting", "reverted", "revert_failed"});
  fields.required("proof", record.proof);
  fields.optional("ends_by", record.ends_by, 0);
  fields.required("reverting_at", record.reverting_at, 0);
  fields.required("ended_at", record.ended_at, 0);
  if (const json* undo = fields.object("undo", true)) record.undo = *undo;
  fields.finish();
  if (!problems.empty()) return to_error(problems);
  return record;
}

base::Result<std::unique_ptr<Journal>> Journal::open(const std::string& folder, std::chrono::milliseconds patience) {
  if (auto made = make_folder(folder); made.has_error()) return made.error();
  auto lock = base::FileLock::take(folder + "/.lock", patience);
  if (lock.has_error()) return lock.error();
  return std::unique_ptr<Journal>(new Journal(folder, std::move(*lock)));
}

base::Result<std::vector<UndoRecord>> Journal::list(const std::string& folder) {
  std::vector<UndoRecord> records;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string path = entry.path().string();
    if (!path.ends_with(kSuffix)) continue;
    auto text = read_file(path);
    if (text.has_error()) return text.error();
    auto parsed = base::parse_json(*text);
    auto record = parsed.has_error() ? base::Result<UndoRecord>(parsed.error()) : undo_record_from(*parsed);
    // Of unknown origin: nobody guesses what it would have undone.
    if (record.has_error())
      return base::context(record.error(), path + " is no undo record; look at it, make good what it names, remove it");
    records.push_back(std::move(*record));
  }
  if (error) return base::fail(base::ErrorKind::infrastructure, "cannot list " + folder + ": " + error.message());
  return records;
}

base::Result<void> Journal::write(const UndoRecord& record) const {
  return write_durably(path_of(folder_, record), common::base::json_text(to_json(record)) + "\n");
}

base::Result<void> Journal::remove(const UndoRecord& record) const {
  return remove_durably(path_of(folder_, record));
}

}  // namespace agent::faults
