#include "cli/scenario_file.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "common/base/json_fields.h"

namespace cli {

using common::base::ErrorKind;
using common::base::fail;
using common::base::Result;
namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t kMostBytes = 1 << 20;  // of a scenario; parse_scenario says so too, but after it was read

std::vector<fs::path> folders() {
  std::vector<fs::path> found;
  if (const char* told = std::getenv("FIREDRILL_SCENARIOS"); told != nullptr && *told != 0) found.emplace_back(told);
  std::error_code error;
  const fs::path binary = fs::read_symlink("/proc/self/exe", error);
  if (!error) {
    const fs::path beside = binary.parent_path();
    found.push_back(beside / "scenarios");
    found.push_back(beside.parent_path() / "share/firedrill/scenarios");
    found.push_back(beside.parent_path().parent_path() / "harness/scenarios");  // build/release/firedrill
  }
  return found;
}

Result<ScenarioFile> read(const fs::path& path) {
  std::error_code error;
  if (fs::file_size(path, error) > kMostBytes && !error)
    return fail(ErrorKind::configuration, path.string() + ": is larger than 1 MiB");
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(ErrorKind::configuration, path.string() + ": cannot be read");
  return ScenarioFile{path.string(), {std::istreambuf_iterator<char>(file), {}}};
}

}  // namespace

Result<ScenarioFile> find_scenario(const std::string& file_or_name) {
  std::error_code ignored;
  if (fs::is_regular_file(file_or_name, ignored)) return read(file_or_name);
  std::vector<std::string> names;
  if (file_or_name.find('/') == std::string::npos) {
    for (const auto& folder : folders()) {
      const fs::path path = folder / (file_or_name + ".yaml");
      if (fs::is_regular_file(path, ignored)) return read(path);
      for (fs::directory_iterator entry(folder, ignored), end; !ignored && entry != end; entry.increment(ignored))
        if (entry->path().extension() == ".yaml") names.push_back(entry->path().stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  std::string what = "there is no scenario `" + file_or_name + "`, neither a file nor a shipped one";
  const auto meant = common::base::nearest(file_or_name, names);
  if (!meant.empty()) {
    what += "; did you mean `" + meant + "`?";
  } else if (!names.empty()) {
    what += " (shipped are";
    for (const auto& name : names) what += " " + name;
    what += ")";
  }
  return fail(ErrorKind::configuration, what);
}

}  // namespace cli
