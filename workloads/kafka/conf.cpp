#include "workloads/kafka/conf.h"

#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <vector>

#include <librdkafka/rdkafka.h>

#include "common/base/json_fields.h"

namespace workloads::kafka {

namespace {

bool is_secret(const std::string& name) {
  for (const char* part : {"password", "secret", "pem", "sasl.oauthbearer.config", "assertion"})
    if (name.find(part) != std::string::npos) return true;
  return false;
}

// The library tells its properties as a table only: a line each, the name before the first bar.
std::vector<std::string> property_names() {
  char* text = nullptr;
  std::size_t size = 0;
  FILE* stream = open_memstream(&text, &size);
  if (stream == nullptr) return {};
  rd_kafka_conf_properties_show(stream);
  std::fclose(stream);
  std::istringstream table(std::string(text, size));
  std::free(text);
  std::vector<std::string> names;
  for (std::string line; std::getline(table, line);) {
    const std::string name = line.substr(0, line.find_first_of(" |"));
    if (line.find('|') != std::string::npos &&
        name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._") == std::string::npos && !name.empty())
      names.push_back(name);
  }
  return names;
}

std::string no_such_property(const std::string& name) {
  static const std::vector<std::string> names = property_names();
  const std::string meant = common::base::nearest(name, names);
  return "librdkafka has no such property" + (meant.empty() ? "" : "; did you mean `" + meant + "`?");
}

}  // namespace

void Conf::Destroy::operator()(rd_kafka_conf_s* conf) const {
  rd_kafka_conf_destroy(conf);
}

Conf::Conf() : conf_(rd_kafka_conf_new()) {}

common::base::Result<Conf> Conf::create(const std::string& bootstrap,
                                        const std::map<std::string, std::string>& properties) {
  Conf conf;
  if (bootstrap.empty()) return common::base::fail(common::base::ErrorKind::configuration, "`bootstrap` is empty");
  const std::map<std::string, std::string> ours = {
      {"bootstrap.servers", bootstrap},     {"client.id", "firedrill"},
      {"enable.metrics.push", "false"},      // telemetry of a broken cluster is load that we did not plan
      {"reconnect.backoff.max.ms", "1000"},  // the default of 10 s would be measured as Kafka's unavailability
      {"socket.timeout.ms", "10000"},       {"topic.metadata.refresh.interval.ms", "10000"},
  };
  if (auto set = conf.set(ours); !set) return set.error();
  if (auto set = conf.set(properties); !set) return set.error();
  return conf;
}

common::base::Result<void> Conf::set(const std::string& name, const std::string& value) {
  char text[512];
  const rd_kafka_conf_res_t result = rd_kafka_conf_set(conf_.get(), name.c_str(), value.c_str(), text, sizeof text);
  if (result == RD_KAFKA_CONF_OK) return {};
  if (result == RD_KAFKA_CONF_UNKNOWN)
    return common::base::fail(common::base::ErrorKind::configuration,
                              "client property `" + name + "`: " + no_such_property(name));
  const std::string reason =
      is_secret(name) ? "its value is not accepted" : text;  // librdkafka's text quotes the value
  return common::base::fail(common::base::ErrorKind::configuration, "client property `" + name + "`: " + reason);
}

common::base::Result<void> Conf::set(const std::map<std::string, std::string>& properties) {
  for (const auto& [name, value] : properties)
    if (auto result = set(name, value); !result) return result;
  return {};
}

std::string Conf::get(const std::string& name) const {
  std::size_t size = 0;
  if (rd_kafka_conf_get(conf_.get(), name.c_str(), nullptr, &size) != RD_KAFKA_CONF_OK) return "";
  std::string value(size, '\0');
  rd_kafka_conf_get(conf_.get(), name.c_str(), value.data(), &size);
  while (!value.empty() && value.back() == '\0') value.pop_back();
  return value;
}

std::int64_t Conf::get_number(const std::string& name) const {
  return std::strtoll(get(name).c_str(), nullptr, 10);
}

}  // namespace workloads::kafka
