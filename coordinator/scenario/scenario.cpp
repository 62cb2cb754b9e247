#include "coordinator/scenario/scenario.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "coordinator/scenario/make_plan.h"

namespace coordinator::scenario {

using common::base::ErrorKind;
using common::base::fail;
using common::base::Result;

namespace {

constexpr std::size_t kMaxBytes = 1 << 20;

// `rate: 5k/s`, or `how: {default: kill, one_of: [kill, stop], about: ...}`.
Parameter read_parameter(const Node& key, const Node& value, Reading& reading) {
  Parameter parameter;
  parameter.name = key.text;
  if (key.text == "run" || key.text == "brokers")
    reading.mistake(key, "`" + key.text + "` is given by Firedrill; choose another name");
  if (value.kind == Node::Kind::scalar) {
    parameter.value = value.text;
    return parameter;
  }
  Section section(value, "the parameter `" + key.text + "`", reading);
  parameter.value = section.text("default", required);
  parameter.about = section.text("about", "");
  if (const Node* words = section.list("one_of"); words != nullptr)
    for (const Node& word : words->items) parameter.one_of.push_back(word.text);
  section.finish();
  if (!parameter.one_of.empty() && std::count(parameter.one_of.begin(), parameter.one_of.end(), parameter.value) == 0)
    section.mistake("default", "`default` is not one of `one_of`");
  return parameter;
}

}  // namespace

Result<Scenario> parse_scenario(std::string_view text, const std::string& file) {
  if (text.size() > kMaxBytes) return fail(ErrorKind::configuration, file + ": is larger than 1 MiB");
  auto document = parse_document(text, file);
  if (!document) return document.error();
  Scenario scenario;
  scenario.file = file;
  scenario.document = std::move(*document);

  Reading reading;
  Section section(scenario.document, "the scenario", reading);
  if (const Node* parameters = section.map("parameters"); parameters != nullptr)
    for (const auto& [key, value] : parameters->entries)
      scenario.parameters.push_back(read_parameter(key, value, reading));
  for (const Parameter& parameter : scenario.parameters) reading.values[parameter.name] = parameter.value;

  // Any cluster does for finding mistakes: loops are read once, and a broker that is not there may be there in earnest.
  const Plan plan = read_plan(scenario, {{1, 2, 3}}, "run", 1, reading);
  scenario.name = plan.scenario;
  scenario.description = plan.description;
  if (!reading.mistakes.empty()) return to_error(file, std::move(reading.mistakes));
  return scenario;
}

Result<Scenario> load_scenario(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf())) return fail(ErrorKind::not_found, path + ": cannot be read");
  return parse_scenario(text.str(), path);
}

}  // namespace coordinator::scenario
