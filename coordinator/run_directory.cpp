#include "coordinator/run_directory.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "common/base/json_fields.h"
#include "common/base/json_text.h"
#include "coordinator/run_state_json.h"

namespace coordinator {
namespace base = common::base;
namespace fs = std::filesystem;

namespace {

base::Error cannot(const std::string& what, const std::string& path, const std::string& why) {
  return base::fail(base::ErrorKind::infrastructure, "cannot " + what + " " + path + ": " + why);
}

base::Result<void> sync_folder(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return cannot("open", path, std::strerror(errno));
  const int synced = ::fsync(fd);
  const int error = errno;
  ::close(fd);
  if (synced != 0) return cannot("sync", path, std::strerror(error));
  return {};
}

base::Result<void> write_and_sync(const std::string& path, const std::string& text) {
  const int fd = ::open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);
  if (fd < 0) return cannot("create", path, std::strerror(errno));
  std::size_t done = 0;
  int error = 0;
  while (done < text.size() && error == 0) {
    const ssize_t n = ::write(fd, text.data() + done, text.size() - done);
    if (n > 0)
      done += static_cast<std::size_t>(n);
    else if (errno != EINTR)
      error = errno;
  }
  if (error == 0 && ::fsync(fd) != 0) error = errno;
  ::close(fd);
  if (error != 0) return cannot("write", path, std::strerror(error));
  return {};
}

// Whoever reads `path` finds the old text or the new one, whenever this process or this host dies.
base::Result<void> replace_atomically(const std::string& path, const std::string& text) {
  const std::string fresh = path + ".new";
  if (auto written = write_and_sync(fresh, text); !written) return written;
  if (::rename(fresh.c_str(), path.c_str()) != 0) return cannot("replace", path, std::strerror(errno));
  return sync_folder(fs::path(path).parent_path().string());
}

}  // namespace

base::Result<RunDirectory> RunDirectory::create(const std::string& root, const std::string& run) {
  std::error_code error;
  fs::create_directories(root, error);
  if (error) return cannot("create", root, error.message());
  const std::string path = root + "/" + run;
  if (!fs::create_directory(path, error)) {
    if (error) return cannot("create", path, error.message());
    return base::fail(base::ErrorKind::conflict, "run " + run + " exists: " + path);
  }
  RunDirectory directory(path);
  fs::create_directory(directory.evidence_folder(), error);
  if (error) return cannot("create", directory.evidence_folder(), error.message());
  return directory;
}

base::Result<RunDirectory> RunDirectory::open(const std::string& path) {
  RunDirectory directory(fs::path(path).has_filename() ? path : fs::path(path).parent_path().string());
  std::error_code error;
  if (!fs::is_directory(directory.evidence_folder(), error))
    return base::fail(base::ErrorKind::not_found, path + " is no run: it has no folder `evidence`");
  return directory;
}

base::Result<RunState> RunDirectory::state() const {
  const std::string file = path_ + "/run.json";
  std::ifstream in(file, std::ios::binary);
  if (!in) return base::fail(base::ErrorKind::not_found, "cannot open " + file);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto json = base::parse_json(text);
  if (!json) return base::context(json.error(), file);
  auto state = run_state_from(*json);
  if (!state) return base::context(state.error(), file);
  return state;
}

base::Result<void> RunDirectory::store(const RunState& state) const {
  return replace_atomically(path_ + "/run.json", common::base::json_text(to_json(state), 2) + "\n");
}

// A line for each file that is missing or shorter than what was pulled.
base::Result<std::vector<std::string>> RunDirectory::missing_evidence() const {
  std::vector<std::string> missing;
  std::error_code error;
  if (!fs::exists(path_ + "/run.json", error)) return missing;  // evidence that somebody put together by hand
  const auto told = state();
  if (!told) return told.error();
  for (const auto& [task, record] : told->tasks) {
    if (record.pulled_bytes == 0) continue;
    const auto size = fs::file_size(evidence_file(task), error);
    const std::string pulled = std::to_string(record.pulled_bytes) + " bytes were pulled";
    if (error)
      missing.push_back(evidence_file(task) + " is missing (" + pulled + ")");
    else if (static_cast<std::int64_t>(size) < record.pulled_bytes)
      missing.push_back(evidence_file(task) + " ends at byte " + std::to_string(size) + ", but " + pulled);
  }
  return missing;
}

// Judging what is left of a run's evidence would acquit, or accuse, by what is missing.
base::Result<std::vector<std::string>> RunDirectory::evidence_files() const {
  const auto missing = missing_evidence();
  if (!missing) return missing.error();
  if (!missing->empty()) return base::fail(base::ErrorKind::configuration, missing->front());
  return files_there();
}

base::Result<std::vector<std::string>> RunDirectory::intact_evidence_files(std::vector<std::string>& missing) const {
  if (const auto told = missing_evidence())
    missing.insert(missing.end(), told->begin(), told->end());
  else
    missing.push_back(told.error().what);
  return files_there();
}

base::Result<std::vector<std::string>> RunDirectory::files_there() const {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator entry(evidence_folder(), error), end; !error && entry != end; entry.increment(error))
    if (entry->path().extension() == ".fde") files.push_back(entry->path().filename().string());
  if (error) return cannot("read", evidence_folder(), error.message());
  const auto is_conductor = [](const std::string& name) { return name == "conductor.fde"; };
  std::sort(files.begin(), files.end());
  std::stable_partition(files.begin(), files.end(), is_conductor);
  for (auto& file : files) file.insert(0, evidence_folder() + "/");
  return files;
}

}  // namespace coordinator
