#include "coordinator/report/judged_text.h"

#include <algorithm>

#include "common/base/units.h"

namespace coordinator::report {

using common::base::count_text;

namespace {

constexpr std::size_t kFindingsShown = 8;
constexpr std::size_t kWitnessesShown = 4;

// These verdicts are what their reasons say; beside the others a reason is one thing more.
bool comes_of_its_reasons(Verdict verdict) {
  return verdict == Verdict::inconclusive || verdict == Verdict::infrastructure || verdict == Verdict::hang ||
         verdict == Verdict::revert_failed;
}

std::string stream_line(const Report& report, const Stream& one) {
  std::string line = left(partition_text(report, one.where), 12) + " " +
                     in_scenario(report.facts, report.names->text(one.producer)) + ": sent " + count_text(one.sent) +
                     ", acked " + count_text(one.acked);
  if (one.refused > 0) line += ", refused " + count_text(one.refused);
  if (one.unknown > 0) line += ", unknown " + count_text(one.unknown);
  const std::int64_t open = one.sent - one.acked - one.refused - one.unknown;
  if (open != 0) line += ", without outcome " + count_text(open);
  return line;
}

std::string tail_of(const Report& report, const judge::Finding& finding) {
  std::string tail = " [";
  tail += judge::name_of(finding.severity);
  if (const std::string* because = waived(report, finding)) tail += ", waived: " + *because;
  if (!finding.witnesses.empty()) {
    tail += finding.witnesses.size() == 1 ? ", line" : ", lines";
    for (std::size_t i = 0; i < std::min(finding.witnesses.size(), kWitnessesShown); ++i)
      tail += " " + std::to_string(finding.witnesses[i]);
    if (finding.witnesses.size() > kWitnessesShown)
      tail += " and " + std::to_string(finding.witnesses.size() - kWitnessesShown) + " more";
  }
  return tail + "]";
}

// That nothing was found is news only if everything could have been found.
std::string none_found(const Report& report) {
  if (report.judged.verdict == judge::Verdict::pass)
    return "none: nothing lost, duplicated, reordered, skipped or invented";
  return report.judged.books.sent == 0 ? "not judged: nothing was sent"
                                       : "none was found; that there are none is not proved";
}

// What is a line of its own: a finding, or all allowed ones of a kind.
struct FindingsLine {
  const judge::Finding* finding = nullptr;  // the first
  std::int64_t findings = 0;
  judge::Count records;
};

// The worst first, so that nothing allowed stands before a violation, or keeps it from being shown.
std::vector<FindingsLine> lines_to_show(const std::vector<judge::Finding>& findings, bool all) {
  std::vector<const judge::Finding*> sorted;
  for (const judge::Finding& finding : findings) sorted.push_back(&finding);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto* a, const auto* b) { return a->severity < b->severity; });
  std::vector<FindingsLine> lines;
  for (const judge::Finding* finding : sorted) {
    auto line = lines.end();
    if (!all && finding->severity == judge::Severity::allowed)
      line = std::find_if(lines.begin(), lines.end(), [&](const FindingsLine& one) {
        return one.finding->severity == finding->severity && one.finding->kind == finding->kind;
      });
    if (line == lines.end()) line = lines.insert(lines.end(), {finding, 0, 0});
    ++line->findings;
    for (const judge::MessageRun& run : finding->messages) line->records += run.count;
  }
  return lines;
}

}  // namespace

void reasons_text(Sheet& sheet, const Report& report) {
  const bool because = comes_of_its_reasons(report.verdict);
  // The only reason stands in the sentence already.
  if (report.reasons.empty() || (because && report.reasons.size() == 1)) return;
  sheet.begin(because ? "because" : "besides");
  for (const std::string& reason : report.reasons) sheet.prose("- " + reason, 2);
}

void books_text(Sheet& sheet, const Report& report, bool all) {
  const judge::Books& books = report.judged.books;
  sheet.begin("books");
  if (books.sent + books.phantom + books.foreign == 0) {
    sheet.item("empty: nothing was sent");
    return;
  }
  sheet.prose("sent  " + count_text(books.sent) + " = acked " + count_text(books.acked) + " + refused " +
                  count_text(books.refused) + " + unknown " + count_text(books.unknown) + " + aborted " +
                  count_text(books.aborted),
              6);
  sheet.prose("acked " + count_text(books.acked) + " = present " + count_text(books.present) + " + lost " +
                  count_text(books.lost) + " + unread " + count_text(books.unread) + " + excused " +
                  count_text(books.excused),
              6);
  sheet.prose("beside them in the log: " + count_text(books.unknown_landed) + " unknown that landed, " +
                  count_text(books.extra_copies) + " extra copies, " + count_text(books.phantom) + " phantoms, " +
                  count_text(books.foreign) + " foreign",
              2);
  for (const Stream& one : report.measured.streams)
    if (all || !one.settled())
      sheet.prose("  " + stream_line(report, one), 4, one.settled() ? Colour::none : Colour::yellow);
  sheet.item(books.balanced ? sheet.painted(Colour::dim, "the books balance")
                            : sheet.painted(Colour::red, "THE BOOKS DO NOT BALANCE"));
}

void findings_text(Sheet& sheet, const Report& report, const std::string& lines_of, bool all) {
  sheet.begin("findings");
  const auto lines = lines_to_show(report.judged.findings, all);
  if (lines.empty()) sheet.item(none_found(report));
  const std::size_t shown = all ? lines.size() : std::min(lines.size(), kFindingsShown);
  bool witnesses = false;
  for (std::size_t i = 0; i < shown; ++i) {
    const judge::Finding& finding = *lines[i].finding;
    const std::string kind = judge::name_of(finding.kind);
    const std::string what =
        lines[i].findings > 1
            ? count_text(lines[i].records) + " records in " + count_text(lines[i].findings) + " findings [" +
                  judge::name_of(finding.severity) + ", --all shows each]"
            : in_scenario(report.facts, judge::explain(finding, *report.names)) + tail_of(report, finding);
    const bool open = report.judged.so_far && finding.severity == judge::Severity::undecided;
    // Its number is that by which `firedrill explain` knows it; several told as one have none.
    const auto number = &finding - report.judged.findings.data() + 1;
    const std::string head = (lines[i].findings > 1 ? "" : std::to_string(number) + ". ") + kind;
    const bool red = finding.severity == judge::Severity::violation && waived(report, finding) == nullptr;
    sheet.prose_with(red ? Colour::red : Colour::yellow, head.size(),
                     head + ": " + what + (open ? std::string(", unless ") + judge::name_excuse(finding.kind) : ""), 2);
    witnesses = witnesses || (lines[i].findings == 1 && !finding.witnesses.empty());
  }
  if (shown < lines.size())
    sheet.item("... and " + count_text(static_cast<std::int64_t>(lines.size() - shown)) + " more (--all)");
  for (const judge::LeftOut& left : report.judged.left_out)
    sheet.item(count_text(left.findings) + " more " + judge::name_of(left.kind) + " findings (" +
               judge::name_of(left.severity) + ", " + count_text(left.records) + " records) are counted, not listed");
  for (const Waived& one : report.waived)
    if (one.findings == 0 && report.judged.books.sent > 0)
      sheet.prose("the waiver of " + one.waiver.finding + " was not needed: there was none", 2, Colour::dim);
  if (witnesses) sheet.prose("lines are those of " + lines_of, 2, Colour::dim);
}

}  // namespace coordinator::report
