#include <algorithm>
#include <cctype>

#include "common/base/json_fields.h"
#include "coordinator/scenario/sections.h"

namespace coordinator::scenario {

namespace {

using common::base::kMillisecond;
using common::protocol::FaultDescription;
using common::protocol::FaultParameter;
using common::protocol::ParameterType;

const FaultDescription* row_of(Section& section, const std::string& kind) {
  if (kind.empty()) return nullptr;  // told already
  if (const auto* row = common::protocol::describe_fault(kind); row != nullptr) return row;
  std::vector<std::string> known;
  std::string all;
  for (const auto* row : common::protocol::fault_catalogue()) {
    known.emplace_back(row->name);
    all += (all.empty() ? "`" : ", `") + known.back() + "`";
  }
  const std::string meant = common::base::nearest(kind, known);
  section.mistake("kind", "there is no fault `" + kind + "`" +
                              (meant.empty() ? "; there are " + all : "; did you mean `" + meant + "`?"));
  return nullptr;
}

// An address, a CIDR or a name of a host: the agent that resolves it says what is wrong with it.
bool is_address(const std::string& peer) {
  return peer.find(' ') == std::string::npos && peer.find_first_of(".:") != std::string::npos;
}

void check_peers(const FaultParameter& parameter, const std::vector<std::string>& peers, Section& section,
                 const Surroundings& around, Reading& reading) {
  const Node& at = section.place(parameter.name);
  for (const auto& peer : peers) {
    if (peer == "brokers" || peer == "clients" || is_address(peer)) continue;
    if (peer.starts_with("broker "))
      check_target(peer, at, around, reading);
    else
      reading.mistake(at,
                      "`" + peer + "` is no peer: `broker N`, `brokers` (all others), `clients`, an address or a CIDR");
  }
}

void read_parameters(const FaultDescription& row, FaultStep& fault, Section& section, const Surroundings& around,
                     Reading& reading) {
  const std::size_t before = reading.mistakes.size();
  for (const auto& parameter : row.parameters)
    if (section.has(parameter.name)) fault.parameters[std::string(parameter.name)] = section.texts(parameter.name);
  if (reading.mistakes.size() > before) return;
  common::base::Problems problems;
  const auto read = common::protocol::FaultParameters::read(row, fault.parameters, problems);
  for (const auto& problem : problems) section.mistake(problem.path, "`" + problem.path + "` " + problem.message);
  if (!problems.empty()) return;
  for (const auto& parameter : row.parameters)
    if (parameter.type == ParameterType::peers)
      check_peers(parameter, read.list(parameter.name), section, around, reading);
}

// A field that only another fault takes: which one, instead of a list of what this one takes.
void name_strangers(const FaultDescription& row, Section& section) {
  for (const auto* other : common::protocol::fault_catalogue()) {
    for (const auto& parameter : other->parameters) {
      const bool own = std::any_of(row.parameters.begin(), row.parameters.end(),
                                   [&](const auto& each) { return each.name == parameter.name; });
      if (own || &section.place(parameter.name) == &section.node() || !section.unknown(parameter.name)) continue;
      section.has(parameter.name);
      section.mistake(parameter.name, "`" + std::string(parameter.name) + "` goes with `kind: " +
                                          std::string(other->name) + "`, not with `" + std::string(row.name) + "`");
    }
  }
}

}  // namespace

FaultStep read_fault(Section& section, const Surroundings& around, Reading& reading) {
  FaultStep fault;
  fault.name = section.text("fault", required);
  fault.kind = section.text("kind", required);
  const auto* row = row_of(section, fault.kind);
  const bool of_service = row == nullptr || row->of_service;
  fault.target = of_service ? section.text("target", required) : section.text("target", "");
  const std::size_t mistakes = reading.mistakes.size();
  fault.duration = section.duration("for", required);
  if (reading.mistakes.size() == mistakes && (fault.duration < kMillisecond || fault.duration > kLongestFault))
    section.mistake("for", "`for` must be from 1ms to 1h: every fault ends by itself");
  fault.background = section.flag("background", false);
  fault.allow = section.word("allow", {"unavailable", "data_loss"}, "");
  if (row == nullptr) {
    for (const auto* any : common::protocol::fault_catalogue())
      for (const auto& parameter : any->parameters) section.has(parameter.name);
    return fault;
  }
  read_parameters(*row, fault, section, around, reading);
  name_strangers(*row, section);
  if (row->destructive && fault.allow != "data_loss")
    section.mistake("allow", "`" + fault.kind + "` destroys what does not come back; say `allow: data_loss`");
  if (!of_service && !fault.target.empty())
    section.mistake("target", "`" + fault.kind + "` has no target: it is done to the cluster");
  if (of_service) check_target(fault.target, section.place("target"), around, reading);
  check_permission(fault, section.place("kind"), around.cluster, reading);
  return fault;
}

}  // namespace coordinator::scenario
