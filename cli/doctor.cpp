// `firedrill doctor`: what a live cluster, and the clients that will use it, do not promise, before anything is broken.
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/client_config.h"
#include "cli/command.h"
#include "cli/scenario_file.h"
#include "common/base/json_text.h"
#include "common/protocol/bootstrap.h"
#include "coordinator/doctor/diagnosis.h"
#include "coordinator/report/terminal_text.h"
#include "coordinator/scenario/scenario.h"
#include "workloads/ask_setup.h"
#include "workloads/client_property.h"

namespace cli {

using common::base::ErrorKind;
using common::base::fail;
using common::base::kSecond;
using common::base::Result;
namespace doctor = coordinator::doctor;

namespace {

constexpr const char* kFooter =
    "It asks, and changes nothing:\n"
    "  firedrill doctor --bootstrap 127.0.0.1:9092 --property acks=1 --property enable.auto.commit=true\n"
    "  firedrill doctor --bootstrap 127.0.0.1:9092 --scenario leader-election\n"
    "docs/promises.md has the table by which it judges.\n"
    "Exit codes: 0 no danger, 2 bad input, 11 a danger was found, 20 the cluster does not answer.";

struct Options {
  std::string bootstrap;
  std::string client_config;
  std::vector<std::string> properties;
  std::string scenario;
  std::vector<std::string> set;
  bool json = false;
  bool all = false;
};

struct Asked {
  common::protocol::ClusterAccess access;
  std::optional<coordinator::scenario::Scenario> scenario;
  std::map<std::string, std::string> set;  // its parameters
  std::vector<common::protocol::TopicSpec> topics;
  std::vector<doctor::ClientSettings> clients;
};

Result<std::map<std::string, std::string>> pairs(const char* option, const std::vector<std::string>& items) {
  std::map<std::string, std::string> pairs;
  for (const std::string& item : items) {
    const auto equal = item.find('=');
    if (equal == std::string::npos || equal == 0)
      return fail(ErrorKind::usage, std::string(option) + " takes NAME=VALUE, not `" + item + "`");
    if (!pairs.emplace(item.substr(0, equal), item.substr(equal + 1)).second)
      return fail(ErrorKind::configuration,
                  std::string(option) + " gives `" + item.substr(0, equal) + "` twice; it has one value");
  }
  return pairs;
}

Result<void> read_scenario(const Options& options, Asked& asked) {
  const auto file = find_scenario(options.scenario);
  if (file.has_error()) return file.error();
  auto scenario = coordinator::scenario::parse_scenario(file->text, file->path);
  if (scenario.has_error()) return scenario.error();
  asked.scenario = std::move(*scenario);
  auto set = pairs("--set", options.set);
  if (set.has_error()) return set.error();
  asked.set = std::move(*set);
  return {};
}

// What the scenario would do there: how many replicas it may have, and what its ${brokers} is, the cluster says.
Result<void> plan_for(const common::protocol::ClusterSetup& cluster, Asked& asked) {
  if (!asked.scenario) return {};
  std::set<std::int64_t> brokers(cluster.brokers.begin(), cluster.brokers.end());
  for (const auto& topic : cluster.topics)  // one that is down is a broker, too
    for (const auto& partition : topic.partitions) brokers.insert(partition.replicas.begin(), partition.replicas.end());
  coordinator::scenario::ClusterFacts facts{{brokers.begin(), brokers.end()}};
  facts.running = facts.brokers;
  facts.check_property = workloads::check_client_property;
  const auto plan = coordinator::scenario::make_plan(*asked.scenario, asked.set, facts, "doctor", 1);
  if (plan.has_error()) return plan.error();
  asked.topics = plan->topics;
  auto clients = doctor::clients_of(*plan);
  if (clients.has_error()) return clients.error();
  asked.clients.insert(asked.clients.begin(), clients->begin(), clients->end());
  return {};
}

Result<Asked> read(const Options& options) {
  Asked asked;
  if (const auto mistake = common::protocol::bootstrap_mistake(options.bootstrap); !mistake.empty())
    return fail(ErrorKind::configuration, "--bootstrap " + mistake);
  asked.access.bootstrap = options.bootstrap;
  if (!options.client_config.empty()) {
    auto client = read_client_config(options.client_config);
    if (client.has_error()) return client.error();
    asked.access.client = std::move(*client);
  }
  if (!options.scenario.empty()) {
    if (auto read = read_scenario(options, asked); read.has_error()) return read.error();
  } else if (!options.set.empty()) {
    return fail(ErrorKind::usage, "--set goes with --scenario");
  }
  const auto properties = pairs("--property", options.properties);
  if (properties.has_error()) return properties.error();
  for (const auto& [name, value] : *properties)
    if (const auto checked = workloads::check_client_property("application", name, value); checked.has_error())
      return fail(ErrorKind::configuration, "--property " + checked.error().what);
  for (auto& client : doctor::clients_with(*properties)) asked.clients.push_back(std::move(client));
  return asked;
}

int examine(const Options& options) {
  auto asked = read(options);
  if (asked.has_error()) return report_error(asked.error());
  const auto cluster = workloads::ask_setup(asked->access, 20 * kSecond);
  if (cluster.has_error()) return report_error(cluster.error());
  if (const auto planned = plan_for(*cluster, *asked); planned.has_error()) return report_error(planned.error());
  const auto diagnoses = doctor::diagnose(*cluster, asked->topics, asked->clients);
  if (options.json) {
    std::printf("%s\n", common::base::json_text(doctor::to_json(diagnoses, *cluster, options.bootstrap), 2).c_str());
  } else {
    const doctor::TextOptions text{coordinator::report::wants_colour(STDOUT_FILENO), options.all};
    std::fputs(doctor::text_of(diagnoses, *cluster, options.bootstrap, text).c_str(), stdout);
  }
  return doctor::worst(diagnoses) == doctor::Concern::danger ? 11 : 0;
}

}  // namespace

void add_doctor(CLI::App& app, int& exit_code) {
  auto* command =
      app.add_subcommand("doctor", "Say what a cluster and its clients would lose, before anything is broken");
  command->footer(kFooter);
  auto options = std::make_shared<Options>();
  command->add_option("--bootstrap", options->bootstrap, "where the cluster is: HOST:PORT,...; [IPv6]:PORT")
      ->required();
  command
      ->add_option("--client-config", options->client_config,
                   "librdkafka properties to reach it with, NAME=VALUE lines")
      ->type_name("FILE");
  command->add_option("--property", options->properties, "of the clients to judge, by librdkafka's names (repeat)")
      ->type_name("NAME=VALUE");
  command->add_option("--scenario", options->scenario, "judge its topics and workloads, too")->type_name("SCENARIO");
  command->add_option("--set", options->set, "a parameter of the scenario (repeat)")->type_name("NAME=VALUE");
  command->add_flag("--json", options->json, "as JSON on standard output");
  command->add_flag("--all", options->all, "every topic and partition by name");
  command->callback([options, &exit_code] { exit_code = examine(*options); });
}

}  // namespace cli
