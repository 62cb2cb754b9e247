// The report's block `promises`: a line for each, with the configuration from which it follows.
#include "common/base/units.h"
#include "coordinator/report/judged_text.h"

namespace coordinator::report {

using common::base::count_text;

namespace {

Colour colour_of(Became became) {
  switch (became) {
    case Became::kept:
      return Colour::green;
    case Became::broken:
      return Colour::red;
    case Became::waived:
    case Became::not_proved:
    case Became::happened:
      return Colour::yellow;
    case Became::did_not_happen:
      break;
  }
  return Colour::dim;
}

std::string outcome_text(const Promised& promised) {
  std::string text = name_of(promised.outcome);
  if (promised.findings > 0 && promised.outcome != Became::not_proved)
    text += ", " + count_text(promised.findings) + (promised.findings == 1 ? " finding" : " findings");
  return text;
}

}  // namespace

void promises_text(Sheet& sheet, const Report& report, bool all) {
  if (report.promises.empty() || report.judged.books.sent == 0) return;
  sheet.begin("promises");
  for (std::size_t i = 0; i < report.promises.size(); ++i) {
    const Promised& one = report.promises[i];
    const auto same = [&](std::size_t other) { return report.promises[other].row->hazard == one.row->hazard; };
    const bool several = (i > 0 && same(i - 1)) || (i + 1 < report.promises.size() && same(i + 1));
    const std::string_view name = judge::name_of(one.row->hazard);
    std::string line = left(name, 19) + (one.row->promised() ? "excluded" : "possible");
    if (!one.configuration.empty()) line += " by " + one.configuration;
    if (several || all)
      for (std::size_t j = 0; j < one.of.size(); ++j)
        line += (j == 0 ? ", for " : ", ") + in_scenario(report.facts, one.of[j].first) + " with " +
                in_scenario(report.facts, one.of[j].second);
    sheet.prose_with(colour_of(one.outcome), name.size(), line + ": " + outcome_text(one), 19);
  }
}

}  // namespace coordinator::report
