#include "common/protocol/fault_catalogue.h"

#include "common/protocol/fault_rows.h"

namespace common::protocol {

std::vector<const FaultDescription*> fault_catalogue() {
  std::vector<const FaultDescription*> all;
  for (const auto& group : {
           process_faults(),
       })
    for (const auto& row : group) all.push_back(&row);
  return all;
}

const FaultDescription* describe_fault(std::string_view name) {
  for (const auto* row : fault_catalogue())
    if (row->name == name) return row;
  return nullptr;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = text.find(' ');
    if (end != 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return words;
}

}  // namespace common::protocol
