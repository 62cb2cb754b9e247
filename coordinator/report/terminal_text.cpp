#include "coordinator/report/terminal_text.h"

#include <algorithm>
#include <cstdlib>
#include <unistd.h>

#include "common/base/units.h"
#include "coordinator/report/fault_text.h"
#include "coordinator/report/judged_text.h"
#include "coordinator/report/sheet.h"
#include "coordinator/report/text_layout.h"

namespace coordinator::report {

using common::base::count_text;
using common::base::Nanos;
using common::base::rate_text;

namespace {

class Text {
 public:
  Text(const Report& report, const TextOptions& options)
      : report_(report), options_(options), sheet_(options.colour, options.width) {}

  std::string whole() {
    head();
    reasons_text(sheet_, report_);
    books_text(sheet_, report_, options_.all);
    findings_text(sheet_, report_, "`firedrill evidence dump RUN_DIR`", options_.all);
    promises_text(sheet_, report_, options_.all);
    phases();
    faults();
    expectations();
    not_proved();
    return sheet_.take();
  }

 private:
  void head() {
    sheet_.head(report_.verdict, report_.sentence);
    const RunFacts& facts = report_.facts;
    std::string about = facts.scenario + ", run " + facts.run + ", seed " + std::to_string(facts.seed);
    if (!facts.cluster_id.empty()) about += ", cluster " + facts.cluster_id;
    if (!facts.started.empty()) about += ", started " + facts.started;
    const Nanos lasted = report_.measured.run.end - report_.measured.run.begin;
    if (report_.judged.books.sent > 0) about += ", lasted " + compact(lasted);
    sheet_.aside(about + ", exit " + std::to_string(exit_code(report_.verdict)));
  }

  static std::string quantiles(const Percentiles& percentiles) {
    std::string cells;
    for (const double quantile : {0.5, 0.9, 0.99, 0.999, 1.0})
      cells += right(percentiles.histogram.count() > 0 ? brief(percentiles.histogram.quantile(quantile)) : "–", 6);
    return cells;
  }

  static bool idle(const Measured& phase) {
    return phase.sent + phase.acked + phase.delivered == 0 && phase.ack.histogram.count() == 0;
  }

  void phases() {
    const auto& all = report_.measured.phases;
    if (std::all_of(all.begin(), all.end(), idle)) return;
    sheet_.begin("phases");
    const auto& error = report_.measured.run.end_to_end.clock_error;
    const std::string exact = !error ? "clock error unknown" : *error == 0 ? "one clock" : "± " + compact(*error);
    sheet_.item(sheet_.painted(Colour::dim, std::string(28, ' ') + left("ack", 30) + "end to end, " + exact));
    sheet_.item(sheet_.painted(Colour::dim, left("", 10) + right("lasted", 7) + right("acked", 8) +
                                                "   p50   p90   p99 p99.9   max" + "   p50   p90   p99 p99.9   max"));
    for (const Measured& phase : all) {
      if (idle(phase)) continue;
      const double seconds = static_cast<double>(phase.end - phase.begin) / 1e9;
      sheet_.item(left(phase.phase, 10) + right(compact(phase.end - phase.begin), 7) +
                  right(seconds > 0 ? rate_text(static_cast<double>(phase.acked) / seconds) : "–", 8) +
                  quantiles(phase.ack) + quantiles(phase.end_to_end));
    }
  }

  void faults() {
    for (const FaultMeasured& fault : report_.measured.faults) {
      sheet_.begin("fault");
      for (const std::string& what : fault_lines(fault, report_, options_.all))
        sheet_.prose(what, what.find("  ") == 0 ? 4 : 2);
    }
  }

  void expectations() {
    std::size_t width = 0;
    for (const auto* all : {&report_.expectations, &report_.validity})
      for (const Evaluated& one : *all) width = std::max(width, one.expectation.text.size());
    const auto show = [this, width](const char* name, const std::vector<Evaluated>& all) {
      if (all.empty()) return;
      sheet_.begin(name);
      if (report_.judged.books.sent == 0) {
        sheet_.item("not judged: nothing was sent");
        return;
      }
      for (const Evaluated& one : all) {
        const char* mark = one.outcome == Outcome::hit      ? "ok    "
                           : one.outcome == Outcome::missed ? "MISSED"
                                                            : "?     ";
        const Colour colour = one.outcome == Outcome::hit      ? Colour::green
                              : one.outcome == Outcome::missed ? Colour::red
                                                               : Colour::yellow;
        const std::string measured = one.measured.empty() ? one.why
                                     : one.why.empty()    ? one.measured
                                                          : one.measured + ": " + one.why;
        sheet_.item(sheet_.painted(colour, mark) + "  " + left(one.expectation.text, width) + "  " + measured);
      }
    };
    show("expected", report_.expectations);
    show("valid if", report_.validity);
  }

  void not_proved() {
    if (report_.not_proved.empty()) return;
    sheet_.begin("not proved");
    for (const std::string& what : report_.not_proved) sheet_.prose("- " + what, 2);
  }

  const Report& report_;
  const TextOptions& options_;
  Sheet sheet_;
};

}  // namespace

std::string terminal_text(const Report& report, const TextOptions& options) {
  return Text(report, options).whole();
}

std::string judge_text(judge::JudgeResult result, std::shared_ptr<const workloads::evidence::Names> names,
                       const std::string& lines_of, const TextOptions& options) {
  ReportInput input;
  input.judged = std::move(result);
  input.names = std::move(names);
  const Report report = compose(std::move(input));
  Sheet sheet(options.colour, options.width);
  sheet.head(report.verdict, report.sentence);
  reasons_text(sheet, report);
  books_text(sheet, report, options.all);
  findings_text(sheet, report, lines_of, options.all);
  return sheet.take();
}

bool wants_colour(int file_descriptor) {
  const char* no_colour = std::getenv("NO_COLOR");
  return (no_colour == nullptr || *no_colour == '\0') && isatty(file_descriptor) == 1;
}

}  // namespace coordinator::report
