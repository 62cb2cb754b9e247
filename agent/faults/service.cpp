#include "agent/faults/service.h"

#include <charconv>
#include <sys/stat.h>
#include <time.h>

#include <nlohmann/json.hpp>

#include "agent/faults/durable_file.h"
#include "agent/faults/probe.h"
#include "common/base/json_fields.h"

namespace agent::faults {

namespace base = common::base;

namespace {

// A process cannot be younger than the file that names it; slack for clock steps between the two and for coarse ticks.
constexpr std::chrono::seconds kSlack{2};

std::chrono::nanoseconds age_of_file(const struct stat& facts) {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return std::chrono::seconds(now.tv_sec - facts.st_mtim.tv_sec) +
         std::chrono::nanoseconds(now.tv_nsec - facts.st_mtim.tv_nsec);
}

}  // namespace

nlohmann::json to_json(const Service& service) {
  nlohmann::json json = {{"name", service.name},
                         {"node_id", service.node_id},
                         {"start", service.start},
                         {"pid_file", service.pid_file},
                         {"address", service.address},
                         {"broker", service.broker},
                         {"controller", service.controller},
                         {"stop_timeout_ms", service.stop_timeout.count()},
                         {"start_timeout_ms", service.start_timeout.count()}};
  if (!service.listeners.empty()) json["listeners"] = service.listeners;
  if (!service.log_dirs.empty()) json["log_dirs"] = service.log_dirs;
  if (!service.shim.empty()) json["shim"] = service.shim;
  return json;
}

Service service_from(const nlohmann::json& json, const std::string& path, base::Problems& problems) {
  constexpr std::int64_t kLongest = 3'600'000;
  base::Fields fields(json, path, problems);
  Service service;
  std::int64_t stop_ms = service.stop_timeout.count();
  std::int64_t start_ms = service.start_timeout.count();
  fields.required("name", service.name);
  fields.optional("node_id", service.node_id, -1);
  fields.required("start", service.start);
  fields.required("pid_file", service.pid_file);
  fields.required("address", service.address);
  fields.optional("broker", service.broker);
  fields.optional("controller", service.controller);
  if (const auto* listeners = fields.object("listeners", false)) {
    base::Fields ports(*listeners, fields.path_of("listeners"), problems);
    for (const std::string_view name : {"client", "inter_broker", "controller"}) {
      std::int64_t port = 0;
      ports.optional(name, port, 1, 65535);
      if (port != 0) service.listeners.emplace(name, port);
    }
    ports.finish();
  }
  fields.optional("log_dirs", service.log_dirs);
  fields.optional("shim", service.shim);
  fields.optional("stop_timeout_ms", stop_ms, 100, kLongest);
  fields.optional("start_timeout_ms", start_ms, 100, kLongest);
  fields.finish();
  if (fields.has("start") && (service.start.empty() || service.start[0].empty()))
    fields.problem("start", "must name a command and its arguments");
  if (!service.pid_file.empty() && service.pid_file[0] != '/') fields.problem("pid_file", "must be an absolute path");
  for (const auto& folder : service.log_dirs)
    if (folder.empty() || folder[0] != '/') fields.problem("log_dirs", "must be absolute paths");
  if (!service.shim.empty() && service.shim[0] != '/') fields.problem("shim", "must be an absolute path");
  if (!service.address.empty() && split_address(service.address).port.empty())
    fields.problem("address", "must be host:port, not `" + service.address + "`");
  service.stop_timeout = std::chrono::milliseconds(stop_ms);
  service.start_timeout = std::chrono::milliseconds(start_ms);
  return service;
}

base::Result<Process> process_of(const Service& service) {
  const auto said = [&](const std::string& what) {
    return base::fail(base::ErrorKind::not_found, "service " + service.name + " does not run: " + what);
  };
  const auto text = read_file(service.pid_file, 4096);
  if (text.has_error()) return said(text.error().what);
  std::int64_t pid = 0;
  const char* const end = text->data() + text->size();
  const auto [stopped, error] = std::from_chars(text->data(), end, pid);
  if (error != std::errc() || pid <= 1 || (stopped != end && *stopped != '\n' && *stopped != '\r'))
    return said(service.pid_file + " holds no pid");
  auto process = Process::open(pid);
  if (process.has_error() && process.error().kind != base::ErrorKind::not_found) return process.error();
  if (process.has_error()) return said(process.error().what + " (" + service.pid_file + ")");
  struct stat facts {};
  if (stat(service.pid_file.c_str(), &facts) != 0) return said(service.pid_file + " is gone");
  if (process->age() + kSlack < age_of_file(facts))
    return said("process " + std::to_string(pid) + " is younger than " + service.pid_file + ", which names it");
  return process;
}

}  // namespace agent::faults
