#include "coordinator/report/terminal_text.h"

#include <algorithm>
#include <cstdlib>
#include <unistd.h>

#include "common/base/units.h"
#include "coordinator/report/fault_text.h"
#include "coordinator/report/text_layout.h"

namespace coordinator::report {

using common::base::count_text;
using common::base::Nanos;
using common::base::rate_text;

namespace {

constexpr std::size_t kMargin = 11;  // of everything beside the section's name
constexpr std::size_t kFindingsShown = 8;

class Text {
 public:
  Text(const Report& report, const TextOptions& options)
      : report_(report), options_(options), paint_(options.colour), width_(static_cast<std::size_t>(options.width)) {}

  std::string whole() {
    head();
    books();
    findings();
    phases();
    faults();
    expectations();
    not_proved();
    return std::move(text_);
  }

 private:
  void line(const std::string& what) { text_ += what + "\n"; }
  // The section's name stands beside its first line only.
  void begin(const char* name) {
    text_ += "\n";
    name_ = name;
  }
  void item(const std::string& what) {
    line(paint_(Colour::bold, left(name_, kMargin)) + what);
    name_ = "";
  }
  // Wrapped beside the margin.
  std::string beside(const std::string& what, std::size_t indent) const {
    std::string lines = wrapped(what, width_ - kMargin, indent);
    for (std::size_t at = lines.find('\n'); at != std::string::npos; at = lines.find('\n', at + 1))
      lines.insert(at + 1, kMargin, ' ');
    return lines;
  }
  void prose(const std::string& what, std::size_t indent) { item(beside(what, indent)); }

  Colour verdict_colour() const {
    switch (report_.verdict) {
      case Verdict::pass:
        return Colour::green;
      case Verdict::inconclusive:
      case Verdict::aborted:
        return Colour::yellow;
      default:
        return Colour::red;
    }
  }

  void head() {
    std::string title(word(report_.verdict));
    std::transform(title.begin(), title.end(), title.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    const std::string words = wrapped(title + "  " + report_.sentence, width_, title.size() + 2);
    line(paint_(verdict_colour(), title) + words.substr(title.size()));
    const RunFacts& facts = report_.facts;
    std::string about = facts.scenario + ", run " + facts.run + ", seed " + std::to_string(facts.seed);
    if (!facts.cluster_id.empty()) about += ", cluster " + facts.cluster_id;
    about += ", " + compact(report_.measured.run.end - report_.measured.run.begin) + ", exit " +
             std::to_string(exit_code(report_.verdict));
    line(paint_(Colour::dim, about));
    if (report_.reasons.empty() || report_.verdict == Verdict::pass) return;
    begin(report_.verdict == Verdict::inconclusive ? "because" : "besides");
    for (const std::string& reason : report_.reasons) prose("- " + reason, 2);
  }

  void books() {
    const judge::Books& books = report_.judged.books;
    begin("books");
    item("sent  " + count_text(books.sent) + " = acked " + count_text(books.acked) + " + refused " +
         count_text(books.refused) + " + unknown " + count_text(books.unknown) + " + aborted " +
         count_text(books.aborted));
    item("acked " + count_text(books.acked) + " = present " + count_text(books.present) + " + lost " +
         count_text(books.lost) + " + unread " + count_text(books.unread) + " + excused " + count_text(books.excused));
    item("beside them in the log: " + count_text(books.unknown_landed) + " unknown that landed, " +
         count_text(books.extra_copies) + " extra copies, " + count_text(books.phantom) + " phantoms, " +
         count_text(books.foreign) + " foreign");
    for (const Stream& one : report_.measured.streams)
      if (options_.all || !one.settled()) item(paint_(one.settled() ? Colour::none : Colour::yellow, stream_line(one)));
    item(books.balanced ? paint_(Colour::dim, "the books balance") : paint_(Colour::red, "THE BOOKS DO NOT BALANCE"));
  }

  std::string stream_line(const Stream& one) const {
    std::string line = "  " + left(partition_text(report_, one.where), 12) + " " + report_.names->text(one.producer) +
                       ": sent " + count_text(one.sent) + ", acked " + count_text(one.acked);
    if (one.refused > 0) line += ", refused " + count_text(one.refused);
    if (one.unknown > 0) line += ", unknown " + count_text(one.unknown);
    const std::int64_t open = one.sent - one.acked - one.refused - one.unknown;
    if (open != 0) line += ", without outcome " + count_text(open);
    return line;
  }

  void findings() {
    begin("findings");
    const auto& all = report_.judged.findings;
    if (all.empty()) item("none: nothing lost, duplicated, reordered, skipped or invented");
    const std::size_t shown = options_.all ? all.size() : std::min(all.size(), kFindingsShown);
    for (std::size_t i = 0; i < shown; ++i) finding(all[i]);
    if (shown < all.size())
      item("... and " + count_text(static_cast<std::int64_t>(all.size() - shown)) + " more (--all)");
  }

  void finding(const judge::Finding& finding) {
    const bool violation = finding.severity == judge::Severity::violation;
    std::string tail = "[";
    tail += judge::name_of(finding.severity);
    for (const auto fault : finding.faults) tail += ", during " + report_.names->text(fault);
    if (!finding.witnesses.empty()) {
      tail += ", lines";
      for (std::size_t i = 0; i < std::min<std::size_t>(finding.witnesses.size(), 4); ++i)
        tail += " " + std::to_string(finding.witnesses[i]);
    }
    const std::string kind = judge::name_of(finding.kind);
    const std::string words =
        beside(kind + ": " + in_scenario(report_.facts, judge::explain(finding, *report_.names)) + " " + tail + "]", 2);
    item(paint_(violation ? Colour::red : Colour::yellow, kind) + words.substr(kind.size()));
  }

  static std::string quantiles(const Percentiles& percentiles) {
    std::string cells;
    for (const double quantile : {0.5, 0.9, 0.99, 0.999, 1.0})
      cells += right(percentiles.histogram.count() > 0 ? brief(percentiles.histogram.quantile(quantile)) : "-", 6);
    return cells;
  }

  static bool idle(const Measured& phase) {
    return phase.sent + phase.acked + phase.delivered == 0 && phase.ack.histogram.count() == 0;
  }

  void phases() {
    const auto& all = report_.measured.phases;
    if (std::all_of(all.begin(), all.end(), idle)) return;
    begin("phases");
    const auto& error = report_.measured.run.end_to_end.clock_error;
    const std::string exact = !error ? "clock error unknown" : *error == 0 ? "one clock" : "± " + compact(*error);
    item(paint_(Colour::dim, std::string(28, ' ') + left("ack", 30) + "end to end, " + exact));
    item(paint_(Colour::dim, left("", 10) + right("lasted", 7) + right("acked", 8) + "   p50   p90   p99 p99.9   max" +
                                 "   p50   p90   p99 p99.9   max"));
    for (const Measured& phase : all) {
      if (idle(phase)) continue;
      const double seconds = static_cast<double>(phase.end - phase.begin) / 1e9;
      item(left(phase.phase, 10) + right(compact(phase.end - phase.begin), 7) +
           right(seconds > 0 ? rate_text(static_cast<double>(phase.acked) / seconds) : "-", 8) + quantiles(phase.ack) +
           quantiles(phase.end_to_end));
    }
  }

  void faults() {
    for (const FaultMeasured& fault : report_.measured.faults) {
      begin("fault");
      for (const std::string& what : fault_lines(fault, report_, options_.all))
        prose(what, what.find("  ") == 0 ? 4 : 2);
    }
  }

  void expectations() {
    std::size_t width = 0;
    for (const auto* all : {&report_.expectations, &report_.validity})
      for (const Evaluated& one : *all) width = std::max(width, one.expectation.text.size());
    const auto show = [this, width](const char* name, const std::vector<Evaluated>& all) {
      if (all.empty()) return;
      begin(name);
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
        item(paint_(colour, mark) + "  " + left(one.expectation.text, width) + "  " + measured);
      }
    };
    show("expected", report_.expectations);
    show("valid if", report_.validity);
  }

  void not_proved() {
    if (report_.not_proved.empty()) return;
    begin("not proved");
    for (const std::string& what : report_.not_proved) prose("- " + what, 2);
  }

  const Report& report_;
  const TextOptions& options_;
  Painter paint_;
  std::size_t width_;
  std::string name_;
  std::string text_;
};

}  // namespace

std::string terminal_text(const Report& report, const TextOptions& options) {
  return Text(report, options).whole();
}

bool wants_colour(int file_descriptor) {
  const char* no_colour = std::getenv("NO_COLOR");
  return (no_colour == nullptr || *no_colour == '\0') && isatty(file_descriptor) == 1;
}

}  // namespace coordinator::report
