#include "coordinator/fault_binding.h"

#include <algorithm>

#include "common/protocol/fault_catalogue.h"

namespace coordinator {

using common::base::ErrorKind;
using common::base::fail;
using common::base::Result;
using common::protocol::ParameterType;

namespace {

using Words = std::vector<std::string>;

// Of "host:port" or "http://host:port"; IPv6 without its brackets.
std::string host_of(std::string address) {
  if (const std::size_t scheme = address.find("://"); scheme != std::string::npos) address.erase(0, scheme + 3);
  if (address.starts_with('[')) return address.substr(1, address.find(']') - 1);
  return address.substr(0, address.find_first_of(":/"));
}

void add_once(Words& words, std::string word) {
  if (!word.empty() && std::find(words.begin(), words.end(), word) == words.end()) words.push_back(std::move(word));
}

Result<void> add_peer(const std::string& peer, const BindingFacts& facts, Words& bound) {
  const bool one = peer.starts_with("broker ");
  if (peer == "clients") {
    for (const auto& name : facts.client_agents)
      if (const auto* agent = facts.fleet.find(name); agent != nullptr) add_once(bound, host_of(agent->url));
  } else if (one || peer == "brokers") {
    for (const auto& agent : facts.fleet.agents())
      for (const auto& service : agent.info.services)
        if (one ? peer.substr(7) == std::to_string(service.node_id) : service.node_id != facts.node)
          add_once(bound, host_of(service.address));
  } else {
    add_once(bound, peer);
    return {};
  }
  if (bound.empty()) return fail(ErrorKind::not_found, "no agent declares `" + peer + "`, which is to be a peer");
  return {};
}

}  // namespace

Result<common::protocol::FaultWords> bind_parameters(const scenario::FaultStep& step, const BindingFacts& facts) {
  auto bound = step.parameters;
  const auto* row = common::protocol::describe_fault(step.kind);
  if (row == nullptr) return bound;
  for (const auto& parameter : row->parameters) {
    const auto words = bound.find(std::string(parameter.name));
    if (words == bound.end()) continue;
    if (parameter.type == ParameterType::topic) {
      for (auto& word : words->second)
        if (facts.topics.contains(word)) word += facts.suffix;
    } else if (parameter.type == ParameterType::peers) {
      Words peers;
      for (const auto& word : words->second)
        if (const auto added = add_peer(word, facts, peers); added.has_error()) return added.error();
      words->second = std::move(peers);
    }
  }
  return bound;
}

}  // namespace coordinator
