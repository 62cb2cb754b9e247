#include "coordinator/report/explain_select.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace coordinator::report {

using common::base::ErrorKind;
using common::base::fail;
using common::base::Result;
namespace evidence = workloads::evidence;

namespace {

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

struct Wanted {
  std::string kind, place;
  std::optional<std::int64_t> offset;
};
std::optional<Wanted> wanted_in(const std::string& text) {
  const auto first = text.find(':');
  if (first == std::string::npos) return std::nullopt;
  Wanted wanted{text.substr(0, first), text.substr(first + 1), {}};
  // A topic's name has no colon.
  if (const auto last = wanted.place.find(':'); last != std::string::npos) {
    wanted.offset = number_in(std::string_view(wanted.place).substr(last + 1));
    if (!wanted.offset) return std::nullopt;
    wanted.place.resize(last);
  }
  return wanted;
}

bool is_meant(const judge::Finding& finding, const Wanted& wanted, const evidence::Names& names,
              const std::string& suffix) {
  if (judge::name_of(finding.kind) != wanted.kind) return false;
  if (finding.where.topic == evidence::kNoId) return wanted.place.empty();
  std::string topic = names.text(finding.where.topic);
  const std::string partition = "-" + std::to_string(finding.where.partition);
  const bool full = topic + partition == wanted.place;
  if (!suffix.empty() && topic.ends_with(suffix)) topic.resize(topic.size() - suffix.size());
  if (!full && topic + partition != wanted.place) return false;
  if (!wanted.offset) return true;
  return std::any_of(finding.offsets.begin(), finding.offsets.end(), [&](const judge::OffsetRun& run) {
    return run.offset <= *wanted.offset && *wanted.offset < run.offset + run.count;
  });
}

}  // namespace

Result<std::size_t> select_finding(const judge::JudgeResult& judged, const evidence::Names& names,
                                   const std::string& wanted, const std::string& suffix) {
  const auto& findings = judged.findings;
  if (findings.empty()) return fail(ErrorKind::not_found, "there is nothing to explain: the judge found nothing");
  const std::string there_are =
      findings.size() == 1 ? "there is one finding" : "there are findings 1 to " + std::to_string(findings.size());
  if (const auto number = number_in(wanted)) {
    if (*number >= 1 && static_cast<std::size_t>(*number) <= findings.size())
      return static_cast<std::size_t>(*number - 1);
    return fail(ErrorKind::not_found, "there is no finding " + wanted + "; " + there_are);
  }
  const auto named = wanted_in(wanted);
  if (!named)
    return fail(ErrorKind::usage, "`" + wanted +
                                      "` names no finding; a number from the list of `firedrill judge`, or "
                                      "kind:topic-partition:offset (lost:orders-3:88120) does");
  const auto found = std::find_if(findings.begin(), findings.end(),
                                  [&](const judge::Finding& one) { return is_meant(one, *named, names, suffix); });
  if (found == findings.end()) return fail(ErrorKind::not_found, "there is no finding " + wanted + "; " + there_are);
  return static_cast<std::size_t>(found - findings.begin());
}

}  // namespace coordinator::report
