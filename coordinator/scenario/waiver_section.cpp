// `waive`: which violations the author of a scenario accepts, and why. They are told as waived; books stay as they are.
#include <algorithm>

#include "common/base/json_fields.h"
#include "coordinator/scenario/metric_table.h"
#include "coordinator/scenario/sections.h"

namespace coordinator::scenario {

namespace {

// They are undecided in every configuration, and never a violation.
bool never_violates(const std::string& finding) {
  return finding == "unread" || finding == "unprocessed";
}

}  // namespace

Waiver read_waiver(const Node& node, Reading& reading) {
  Section section(node, "a waiver", reading);
  Waiver waiver{section.text("finding", required), section.text("because", required)};
  section.finish();
  const std::vector<std::string> known = finding_names();
  if (!waiver.finding.empty() && std::count(known.begin(), known.end(), waiver.finding) == 0) {
    const std::string meant = common::base::nearest(waiver.finding, known);
    section.mistake("finding",
                    "there is no finding `" + waiver.finding + "`" +
                        (meant.empty() ? "; docs/findings.md lists them" : "; did you mean `" + meant + "`?"));
  } else if (never_violates(waiver.finding)) {
    section.mistake("finding", "`" + waiver.finding + "` is no violation but undecided: there is nothing to waive");
  }
  if (section.has("because") && waiver.because.find_first_not_of(" \t\n") == std::string::npos)
    section.mistake("because", "`because` says why, for whoever reads the report");
  return waiver;
}

}  // namespace coordinator::scenario
