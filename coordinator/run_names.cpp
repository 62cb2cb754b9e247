#include "coordinator/run_names.h"

#include <array>
#include <cstdio>

#include "common/base/random.h"

namespace coordinator {

std::string suffix_of_run(const std::string& run) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), ".%06x", static_cast<unsigned>(common::base::hash64(run) & 0xffffff));
  return text.data();
}

std::string transactional_id_of(const std::string& run, const std::string& task) {
  return run + "." + task;
}

std::string name_in_scenario(const std::string& name_on_cluster, const std::string& run) {
  const std::string suffix = suffix_of_run(run);
  if (name_on_cluster.size() <= suffix.size()) return name_on_cluster;
  const std::size_t start = name_on_cluster.size() - suffix.size();
  return name_on_cluster.compare(start, suffix.size(), suffix) == 0 ? name_on_cluster.substr(0, start)
                                                                    : name_on_cluster;
}

}  // namespace coordinator
