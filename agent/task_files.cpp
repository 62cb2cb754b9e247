#include "agent/task_files.h"

#include <filesystem>

#include "agent/faults/durable_file.h"
#include "common/base/json_fields.h"
#include "common/base/json_text.h"

namespace agent {

namespace base = common::base;
namespace protocol = common::protocol;

namespace {
constexpr std::size_t kLongestFile = 16 << 20;  // larger than any body that the server takes
}

TaskFiles::TaskFiles(const std::string& folder_of_tasks, const std::string& id)
    : folder_(folder_of_tasks + "/" + id), evidence_path_(folder_ + "/evidence.fde") {}

std::vector<std::string> TaskFiles::ids(const std::string& folder_of_tasks) {
  std::vector<std::string> ids;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder_of_tasks, ignored)) {
    std::string name = entry.path().filename().string();
    if (protocol::valid_id(name)) ids.push_back(std::move(name));
  }
  return ids;
}

base::Result<void> TaskFiles::create(const protocol::TaskRequest& request) const {
  if (auto made = faults::make_folder(folder_); made.has_error()) return made;
  auto written = faults::write_durably(folder_ + "/request.json", common::base::json_text(to_json(request)) + "\n");
  if (written.has_error()) remove();
  return written;
}

void TaskFiles::remove() const {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

base::Result<protocol::TaskRequest> TaskFiles::request() const {
  const auto text = faults::read_file(folder_ + "/request.json", kLongestFile);
  if (text.has_error()) return text.error();
  const auto parsed = base::parse_json(*text);
  if (parsed.has_error()) return parsed.error();
  return protocol::task_request_from(*parsed);
}

std::optional<protocol::TaskStatus> TaskFiles::final_status() const {
  const auto text = faults::read_file(folder_ + "/status.json", kLongestFile);
  if (text.has_error()) return std::nullopt;
  const auto parsed = base::parse_json(*text);
  if (parsed.has_error()) return std::nullopt;
  auto status = protocol::task_status_from(*parsed);
  if (status.has_error() || !status->ended()) return std::nullopt;
  return *status;
}

base::Result<void> TaskFiles::save_status(const protocol::TaskStatus& status) const {
  return faults::write_durably(folder_ + "/status.json", common::base::json_text(to_json(status)) + "\n");
}

std::int64_t TaskFiles::evidence_bytes() const {
  std::error_code error;
  const auto size = std::filesystem::file_size(evidence_path_, error);
  return error ? 0 : static_cast<std::int64_t>(size);
}

}  // namespace agent
