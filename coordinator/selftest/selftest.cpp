#include "coordinator/selftest/selftest.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "common/base/clock.h"
#include "common/base/temporary_folder.h"

namespace coordinator::selftest {
namespace base = common::base;
using workloads::evidence::Names;

namespace {

// A finding in names and single messages, so that what was planted and what was said can be held against each other.
struct Said {
  judge::Kind kind;
  judge::Severity severity;
  std::string topic;
  std::int32_t partition = 0;
  std::string consumer;
  std::vector<std::pair<std::string, std::int64_t>> messages;
  std::vector<std::int64_t> offsets;
  std::vector<std::pair<std::string, std::int64_t>> transactions;
  auto operator<=>(const Said&) const = default;

  void sort() {
    std::sort(messages.begin(), messages.end());
    std::sort(offsets.begin(), offsets.end());
    std::sort(transactions.begin(), transactions.end());
  }
};

std::string text_of(const Said& said) {
  std::string text = std::string(judge::name_of(said.kind)) + " [" + judge::name_of(said.severity) + "]";
  for (const auto& [producer, sequence] : said.messages) text += " " + producer + "#" + std::to_string(sequence);
  for (const auto& [producer, number] : said.transactions) text += " " + producer + "/" + std::to_string(number);
  if (!said.topic.empty()) text += " at " + said.topic + "-" + std::to_string(said.partition);
  for (const std::int64_t offset : said.offsets) text += " @" + std::to_string(offset);
  if (!said.consumer.empty()) text += " by " + said.consumer;
  return text;
}

Said said(const judge::Finding& finding, const Names& names) {
  const auto name = [&names](Id id) { return id == kNoId ? std::string() : names.text(id); };
  Said one{finding.kind,
           finding.severity,
           name(finding.where.topic),
           finding.where.partition,
           name(finding.consumer),
           {},
           {},
           {}};
  for (const auto& run : finding.messages)
    for (std::int64_t i = 0; i < run.count; ++i) one.messages.emplace_back(name(run.producer), run.sequence + i);
  for (const auto& run : finding.offsets)
    for (std::int64_t i = 0; i < run.count; ++i) one.offsets.push_back(run.offset + i);
  for (const auto& t : finding.transactions) one.transactions.emplace_back(name(t.producer), t.transaction);
  one.sort();
  return one;
}

Said said(const Expected& expected, const Mutation& mutation, const Names& names) {
  const auto name = [&names](Id id) { return id == kNoId ? std::string() : names.text(id); };
  Said one{*mutation.kind,
           mutation.severity,
           name(expected.where.topic),
           expected.where.partition,
           name(expected.consumer),
           {},
           expected.offsets,
           {}};
  for (const auto& [producer, sequence] : expected.messages) one.messages.emplace_back(name(producer), sequence);
  for (const auto& [producer, number] : expected.transactions) one.transactions.emplace_back(name(producer), number);
  one.sort();
  return one;
}

judge::Verdict verdict_of(const Mutation& mutation) {
  if (!mutation.kind || mutation.severity == judge::Severity::allowed) return judge::Verdict::pass;
  return mutation.severity == judge::Severity::violation ? judge::Verdict::fail : judge::Verdict::inconclusive;
}

// What one and not the other has.
std::vector<std::string> beyond(const std::vector<Said>& some, const std::vector<Said>& others) {
  std::vector<Said> left;
  std::set_difference(some.begin(), some.end(), others.begin(), others.end(), std::back_inserter(left));
  std::vector<std::string> texts;
  for (const Said& one : left) texts.push_back(text_of(one));
  return texts;
}

void compare(const Recording& recording, const Mutation& mutation, const Planted& planted, const Judged& judged,
             Miss& miss) {
  std::vector<Said> expected, got;
  for (const Expected& one : planted.findings) expected.push_back(said(one, mutation, *recording.names));
  for (const judge::Finding& one : judged.result.findings) got.push_back(said(one, judged.names));
  std::sort(expected.begin(), expected.end());
  std::sort(got.begin(), got.end());
  miss.expected = beyond(expected, got);
  miss.got = beyond(got, expected);
  if (const auto verdict = verdict_of(mutation); judged.result.verdict != verdict) {
    std::string what =
        std::string("the verdict ") + judge::name_of(judged.result.verdict) + " instead of " + judge::name_of(verdict);
    for (const std::string& reason : judged.result.reasons) what += "; " + reason;
    miss.got.push_back(what);
  }
  if (judged.result.books.foreign != planted.foreign)
    miss.got.push_back(std::to_string(judged.result.books.foreign) + " foreign records instead of " +
                       std::to_string(planted.foreign));
}

// What was called a violation while more might have come, and no violation in the end.
void taken_back(const Judged& judged, Miss& miss) {
  const auto of = [&judged](const judge::JudgeResult& result) {
    std::map<std::tuple<judge::Kind, std::string, std::int32_t>, std::set<std::string>> all;
    for (const judge::Finding& finding : result.findings) {
      if (finding.severity != judge::Severity::violation) continue;
      const Said one = said(finding, judged.names);
      auto& about = all[{one.kind, one.topic, one.partition}];
      about.insert("");
      for (const auto& [producer, sequence] : one.messages) about.insert(producer + "#" + std::to_string(sequence));
      for (const auto& [producer, number] : one.transactions) about.insert(producer + "/" + std::to_string(number));
      for (const std::int64_t offset : one.offsets) about.insert("@" + std::to_string(offset));
    }
    return all;
  };
  const auto last = of(judged.result);
  for (const auto& [where, about] : of(judged.so_far)) {
    const auto& [kind, topic, partition] = where;
    const auto found = last.find(where);
    if (found == last.end() || !std::includes(found->second.begin(), found->second.end(), about.begin(), about.end()))
      miss.got.push_back(std::string(judge::name_of(kind)) + " at " + topic + "-" + std::to_string(partition) +
                         " called before the end and taken back");
  }
}

class Trial {
 public:
  Trial(const std::vector<Recording>& recordings, const Options& options, const std::string& folder)
      : recordings_(recordings), options_(options), folder_(folder) {}

  Row clean() const {
    Row row{"", "nothing", 0, 0, {}};
    const Mutation none{"", {}, judge::Severity::allowed, nullptr};
    for (const Recording& recording : recordings_) check(recording, none, Planted{"nothing", {}}, 0, row);
    return row;
  }

  Row planted(const Mutation& mutation) const {
    Row row{mutation.name, "nothing", 0, 0, {}};
    if (mutation.kind)
      row.expects = std::string(judge::name_of(*mutation.kind)) + ", " + judge::name_of(mutation.severity);
    for (const Recording& recording : recordings_) {
      const Random streams = Random(options_.seed).fork(recording.name).fork(mutation.name);
      // Some draws hit a place that does not fit; four times as many draws as plants find all that can be had.
      int done = 0;
      for (int draw = 0; draw < 4 * options_.trials && done < options_.trials; ++draw) {
        Random random = streams.fork(std::to_string(draw));
        Recording mutated = recording;
        const auto planted = mutation.plant(mutated, random);
        if (!planted) continue;
        ++done;
        check(mutated, mutation, *planted, static_cast<std::uint64_t>(draw), row);
      }
    }
    return row;
  }

 private:
  void check(const Recording& recording, const Mutation& mutation, const Planted& planted, std::uint64_t draw,
             Row& row) const {
    for (const Form form : {Form::history, Form::segments}) {
      ++row.planted;
      Miss miss{recording.name, form, draw, planted.what, {}, {}};
      const auto result = judged(recording, form, folder_);
      if (!result)
        miss.got.push_back("refused: " + result.error().what);
      else
        compare(recording, mutation, planted, *result, miss), taken_back(*result, miss);
      if (miss.expected.empty() && miss.got.empty())
        ++row.found;
      else
        row.misses.push_back(std::move(miss));
    }
  }

  const std::vector<Recording>& recordings_;
  const Options& options_;
  const std::string& folder_;
};

}  // namespace

bool Outcome::passed() const {
  return std::all_of(rows.begin(), rows.end(),
                     [](const Row& row) { return row.planted > 0 && row.found == row.planted; });
}

base::Result<Outcome> run_selftest(const std::vector<Recording>& recordings, const std::vector<Mutation>& table,
                                   const Options& options) {
  const base::TemporaryFolder folder("firedrill-selftest");
  if (folder.path().empty())
    return base::fail(base::ErrorKind::infrastructure,
                      "cannot create a folder for evidence where temporary files belong (TMPDIR)");
  const auto begin = base::steady_now();
  const Trial trial(recordings, options, folder.path());
  Outcome outcome;
  outcome.seed = options.seed;
  for (const Recording& recording : recordings) outcome.recordings.push_back(recording.name);
  outcome.rows.push_back(trial.clean());
  for (const Mutation& mutation : table) outcome.rows.push_back(trial.planted(mutation));
  outcome.seconds = static_cast<double>(base::steady_now() - begin) / 1e9;
  return outcome;
}

}  // namespace coordinator::selftest
