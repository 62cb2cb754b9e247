// The catalogue of faults: one row per kind, for agent, coordinator, command line and docs/faults.md alike. What a row
// says is prose for people and rules for both sides; how a fault is done is agent/faults' business, in a table of the
// same names. Immutable.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace common::protocol {

enum class ParameterType {
  duration,  // 200ms; negative only if `least` is
  bytes,     // 64KiB
  rate,      // 10MB/s, 10Mbit/s: bytes per second
  count,     // 100, 20k
  number,    // 0.5
  percent,   // 20%
  flag,      // true, false
  choice,    // one of `choices`
  text,
  topic,  // a name; in a scenario one of its own, without the run's suffix
  list,   // of texts
  peers,  // addresses and CIDRs; in a scenario also broker 2, brokers, clients
};

struct FaultParameter {
  std::string_view name;
  ParameterType type = ParameterType::text;
  std::string_view fallback = "";  // as it would be written; "" and not required: may be absent
  std::string_view what = "";
  bool required = false;
  double least = 0;  // in the type's own unit: ns, bytes, bytes per second, percent
  double most = 9e18;
  std::string_view choices = "";  // "drop reject reset"
};

// What a fault takes from its node while it is active, as the blast radius counts it.
enum class Harm {
  none,      // slower at most, or nobody's replica
  cut_off,   // its replicas may fall out of the ISR: as good as down for whoever counts
  down,      // its process is gone
  data_loss  // what it stored is gone, too
};

struct FaultDescription {
  std::string_view name;
  std::string_view group;  // process, network, network quality, disk, resources, time and names, kafka, application
  std::string_view summary;
  std::span<const FaultParameter> parameters = {};
  // What of its service it claims, words: "process cpu". Two faults of one service that share one are refused.
  std::string_view aspects = "";
  Harm harm = Harm::none;
  bool of_service = true;        // false: of the cluster, by Kafka's own API
  bool reverts_at_once = false;  // once it was felt, whatever its duration
  bool destructive = false;      // what it destroys does not come back; needs `allow: data_loss`
  std::string_view privileges = "";
  std::string_view mechanism = "";
  std::string_view felt = "";    // what proves it
  std::string_view ends = "";    // how it is undone
  std::string_view left = "";    // if agent and guardian die at once
  std::string_view tested = "";  // on which kernel, or where else
};

std::vector<const FaultDescription*> fault_catalogue();  // group by group
const FaultDescription* describe_fault(std::string_view name);
std::vector<std::string> words_of(std::string_view text);  // "a b" -> a, b

}  // namespace common::protocol
