// The doctor's words, for people and as JSON.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "common/base/units.h"
#include "coordinator/doctor/diagnosis.h"
#include "coordinator/report/sheet.h"
#include "coordinator/report/text_layout.h"

namespace coordinator::doctor {

using common::base::count_text;
using common::protocol::ClusterSetup;
using report::Colour;

namespace {

constexpr std::size_t kPlacesShown = 4;

std::string plural(std::size_t count, const std::string& one) {
  return count_text(static_cast<std::int64_t>(count)) + " " + one + (count == 1 ? "" : "s");
}

std::size_t count_of(const Diagnoses& diagnoses, Concern concern) {
  return static_cast<std::size_t>(std::count_if(diagnoses.all.begin(), diagnoses.all.end(),
                                                [&](const Diagnosis& one) { return one.concern == concern; }));
}

std::string sentence(const Diagnoses& diagnoses) {
  if (diagnoses.all.empty()) return diagnoses.unknown.empty() ? "Nothing found." : "Nothing found in what was told.";
  std::string text;
  for (const Concern concern : {Concern::danger, Concern::warning, Concern::note})
    if (const std::size_t count = count_of(diagnoses, concern); count > 0)
      text += (text.empty() ? "" : ", ") + plural(count, std::string(judge::name_of(concern)));
  return text + (worst(diagnoses) == Concern::danger ? "; see to the dangers before anything is broken." : ".");
}

std::string places_of(const Diagnosis& diagnosis, bool all) {
  std::string text;
  const std::size_t shown = all ? diagnosis.places.size() : std::min(diagnosis.places.size(), kPlacesShown);
  for (std::size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : ", ") + diagnosis.places[i];
  if (shown < diagnosis.places.size())
    text += " and " + count_text(static_cast<std::int64_t>(diagnosis.places.size() - shown)) + " more";
  return text;
}

Colour colour_of(Concern concern) {
  return concern == Concern::danger    ? Colour::red
         : concern == Concern::warning ? Colour::yellow
         : concern == Concern::note    ? Colour::dim
                                       : Colour::green;
}

std::size_t partitions_of(const ClusterSetup& cluster) {
  std::size_t count = 0;
  for (const auto& topic : cluster.topics) count += topic.partitions.size();
  return count;
}

}  // namespace

std::string text_of(const Diagnoses& diagnoses, const ClusterSetup& cluster, const std::string& bootstrap,
                    const TextOptions& options) {
  report::Sheet sheet(options.colour, options.width);
  const Concern concern = worst(diagnoses);
  const bool all_told = diagnoses.unknown.empty();
  const std::string title = concern == Concern::danger    ? "DANGER"
                            : concern == Concern::warning ? "WARNING"
                            : all_told                    ? "HEALTHY"
                                                          : "NOT ALL TOLD";
  const Colour colour = concern > Concern::note ? colour_of(concern) : all_told ? Colour::green : Colour::yellow;
  std::string head = sheet.painted(colour, title) + "  " + sentence(diagnoses) + "\n";
  std::string about =
      "cluster " + cluster.cluster_id + " at " + bootstrap + ": " + plural(cluster.brokers.size(), "broker");
  if (!cluster.voters.empty()) about += ", " + plural(cluster.voters.size(), "voter");
  about += ", " + plural(cluster.topics.size(), "topic") + " with " + plural(partitions_of(cluster), "partition");
  sheet.aside(about);
  for (const Diagnosis& one : diagnoses.all) {
    sheet.begin(std::string(judge::name_of(one.concern)).c_str());
    sheet.prose_with(colour_of(one.concern), one.what.size(), one.what + ": " + places_of(one, options.all), 2);
    sheet.prose("  at stake: " + one.stake + (one.when.empty() ? "" : ", when " + one.when), 12);
    sheet.prose("  because:  " + one.why, 12);
    if (!one.set.empty()) sheet.prose("  set:      " + one.set, 12);
  }
  if (!diagnoses.unknown.empty()) {
    sheet.begin("not told");
    for (const std::string& what : diagnoses.unknown) sheet.prose("- " + what, 2);
  }
  return head + sheet.take();
}

nlohmann::json to_json(const Diagnoses& diagnoses, const ClusterSetup& cluster, const std::string& bootstrap) {
  nlohmann::json list = nlohmann::json::array();
  for (const Diagnosis& one : diagnoses.all)
    list.push_back({{"concern", judge::name_of(one.concern)},
                    {"what", one.what},
                    {"places", one.places},
                    {"at_stake", one.stake},
                    {"when", one.when},
                    {"why", one.why},
                    {"set", one.set}});
  return {{"format", 1},
          {"cluster_id", cluster.cluster_id},
          {"bootstrap", bootstrap},
          {"brokers", cluster.brokers},
          {"voters", cluster.voters},
          {"topics", cluster.topics.size()},
          {"partitions", partitions_of(cluster)},
          {"worst", diagnoses.all.empty() ? "none" : judge::name_of(worst(diagnoses))},
          {"diagnoses", std::move(list)},
          {"not_told", diagnoses.unknown}};
}

}  // namespace coordinator::doctor
