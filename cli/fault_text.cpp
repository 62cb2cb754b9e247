#include "cli/fault_text.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace cli {

using common::protocol::FaultDescription;
using nlohmann::json;

namespace {

std::string padded(std::string_view text, std::size_t width) {
  std::string result(text);
  result.resize(std::max(width, result.size() + 1), ' ');
  return result;
}

void add(std::string& text, const char* what, std::string_view said) {
  if (!said.empty()) text += "  " + padded(what, 12) + std::string(said) + "\n";
}

}  // namespace

std::string fault_line(const json& status) {
  const std::string state = status.value("state", "");
  std::string proof = status.value("error", "");
  const json progress = status.value("progress", json::object());
  if (proof.empty() && state == "done") proof = progress.value("reverted", "");
  if (proof.empty()) proof = progress.value(state, "");
  const std::string shown = state == "done" ? "reverted" : state;
  return padded(shown, 14) + status.value("id", "") + (proof.empty() ? "" : ": " + proof) + "\n";
}

std::string faults_text(const json& facts, const json& info) {
  std::string text = facts.value("blocked", false)
                         ? "everything was reverted; faults are blocked until `firedrill fault release`\n"
                         : "";
  for (const json& each : facts.at("broken")) {
    const std::string service = each.value("service", "");
    text += padded(each.value("dirty", false) ? "left broken" : "broken", 14) +
            padded(service.empty() ? "the cluster" : service, 16) + padded(each.value("kind", ""), 20) +
            each.value("task", "") + "\n";
  }
  if (facts.at("broken").empty()) text += "nothing is broken\n";
  std::string services, allowed;
  for (const json& service : info.at("services"))
    services += (services.empty() ? "" : ", ") + service.value("name", "") + " (" + service.value("address", "") + ")";
  for (const json& kind : facts.at("kinds"))
    if (kind.value("allowed", false)) allowed += (allowed.empty() ? "" : ", ") + kind.value("kind", "");
  text += "services  " + (services.empty() ? "none is declared" : services) + "\n";
  text += "allowed   " + (allowed.empty() ? "no fault: start the agent with --allow-faults" : allowed) + "\n";
  return text;
}

std::string kinds_text() {
  std::string text, group;
  for (const auto* row : common::protocol::fault_catalogue()) {
    if (row->group != group) text += (text.empty() ? "" : "\n") + std::string(row->group) + "\n";
    group = row->group;
    text += "  " + padded(row->name, 20) + std::string(row->summary) + "\n";
  }
  return text;
}

std::string kind_text(const FaultDescription& row) {
  std::string text = std::string(row.name) + ": " + std::string(row.summary) + "\n";
  for (const auto& parameter : row.parameters) {
    text += "  --set " + padded(std::string(parameter.name) + "=", 14) + std::string(parameter.what);
    if (!parameter.choices.empty()) {
      std::string choices(parameter.choices);
      std::replace(choices.begin(), choices.end(), ' ', '|');
      text += " (" + choices + ")";
    }
    if (parameter.required)
      text += "; required";
    else if (!parameter.fallback.empty())
      text += "; default " + std::string(parameter.fallback);
    text += "\n";
  }
  add(text, "mechanism", row.mechanism);
  add(text, "felt when", row.felt);
  add(text, "ends", row.ends);
  add(text, "left", row.left);
  add(text, "privileges", row.privileges);
  add(text, "tested", row.tested);
  return text;
}

}  // namespace cli
